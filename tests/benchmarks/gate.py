"""Print what the gate costs: `python tests/benchmarks/gate.py`. Nothing here is asserted in a test.

Process time of one process; a ratio to a peer is taken in the same run on the same bytes, the best of several turns each.
"""

from __future__ import annotations

import json
import platform
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import orjson

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.turns import best
from tests.privacy.gate.world import PERSON, consent, gate, request, tokens

from machimori.privacy.gate import Gate
from machimori.samples.sampling import sample

RECORDS, TURNS = 20_000, 9
ENERGY = ["ElectricityUse.energy", "ElectricityUse.interval_start"]
HALF = ["interval_start", "interval_end", "energy", "quality"]


def _decide(holder: Gate, text: str, count: int) -> None:
    for _ in range(count):
        holder.decide(text, k=50)


def decisions() -> None:
    """Microseconds of a decision, of its record and of its JSON."""
    cases: dict[str, tuple[Gate, dict[str, Any]]] = {
        "open data": (gate(), request("city", "TransitStop", "research", fields=["name", "place"])),
        "own service": (gate(), request("power", "ElectricityUse", "billing", role="own_service", fields=["energy"])),
        "consent": (
            gate(lines=tokens(consent(ENERGY))),
            request("care", "ElectricityUse", "welfare_watch", fields=["energy", "interval_start"], subject=PERSON),
        ),
        "denied in bulk": (gate(), request("city", "ElectricityUse", "city_planning", fields=["energy"])),
    }
    for name, (holder, asked) in cases.items():
        text = json.dumps(asked)
        count = 2000
        (taken,) = best(TURNS, partial(_decide, holder, text, count))
        print(f"decide, {name:16} {taken / count * 1e6:8.1f} µs")


def _disclosed(holder: Gate, lines: list[bytes], asked: dict[str, Any]) -> list[Any]:
    return [*holder.disclose(lines, asked)]


def disclosures() -> None:
    """Records a second with half the fields withheld, and the ratio to a round trip of orjson."""
    decode = msgspec.json.Decoder().decode
    lines = [
        json.dumps({**r, "customer": PERSON}, separators=(",", ":")).encode() for r in sample("ElectricityUse", RECORDS)
    ]
    for name, form, fields in (
        ("half of the fields", "identified", HALF),
        ("all fields", "identified", None),
        ("half, pseudonymised", "pseudonymised", HALF),
    ):
        holder = gate()
        holder.secret = b"benchmark"
        asked = request("power", "ElectricityUse", "billing", form, role="own_service", fields=fields)
        ours, peer, other = best(
            TURNS,
            partial(_disclosed, holder, lines, asked),
            lambda: [orjson.dumps(orjson.loads(line)) for line in lines],
            lambda: [msgspec.json.encode(decode(line)) for line in lines],
        )
        print(
            f"disclose, {name:20} {RECORDS / ours:10,.0f} records/s   {ours / peer:5.2f} × orjson   {ours / other:5.2f} × msgspec"
        )


def main() -> None:
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    decisions()
    disclosures()


if __name__ == "__main__":
    main()
