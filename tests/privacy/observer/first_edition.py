"""Histories of the statistics of the first edition, played on its own code: what it told, and what was to stay hidden.

``python -m tests.privacy.observer.first_edition`` writes ``data/first-edition.json`` anew, from which CI breaks them each time
(``broken``). The code of that edition is taken from the history of this repository, so a whole clone is needed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

COMMIT = "1c6600f"
HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
KEPT = HERE.parent / "data" / "first-edition.json"
PACKAGES = {"model": "generated/python", "artefacts": "generated", "sources": "model"}
"""Where the packages of that edition lie in its checkout, beside ``sdk/machimori``."""

DAY = datetime.fromisoformat("2026-04-01T00:00:00+09:00")
MODES = ("walk", "bus", "rail", "bicycle")


def played() -> list[dict[str, Any]]:
    """What the edition tells in each history, today as ever."""
    with tempfile.TemporaryDirectory() as folder:
        checkout(Path(folder))
        paths = os.pathsep.join((f"{folder}/site", folder))
        run = subprocess.run(
            [sys.executable, str(HERE), "play", folder],
            env=os.environ | {"PYTHONPATH": paths},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return list(json.loads(run.stdout))


def checkout(folder: Path) -> None:
    """Lay out the edition's code as it was installed."""
    wanted = ("sdk", "generated", "model", "tests/privacy")
    archive = subprocess.run(["git", "archive", COMMIT, *wanted], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    site = folder / "site"
    site.mkdir()
    (folder / "sdk" / "machimori").rename(site / "machimori")
    for name, place in PACKAGES.items():
        (site / "machimori" / name).symlink_to(folder / place)


class Story:
    """A gate of the edition, and all that it told."""

    def __init__(self, attack: str, folder: str) -> None:
        from tests.privacy.gate import world

        from machimori.privacy.gate import Gate

        self.attack, self.world = attack, world
        self.told: list[dict[str, Any]] = []
        at = datetime.fromisoformat("2026-04-10T09:00:00+09:00").timestamp()
        self.gate = Gate(world.holding(), store=f"sqlite:///{folder}/{attack}.db", clock=lambda: at)

    def ask(
        self,
        records: list[dict[str, Any]],
        measures: list[dict[str, Any]],
        steps: tuple[int, int] | None = None,
        **more: Any,
    ) -> None:
        """Put a question for some half hours, and write down all that comes of it."""
        from machimori.errors import MachimoriError

        who, purpose, entity = more.pop("who", "city"), more.pop("purpose", "city_planning"), records[0]["type"]
        snapshot = more.pop("snapshot", 0)
        query = {
            "type": "StatisticsQuery",
            "id": "urn:machimori:query:1",
            "entity": entity,
            "measures": measures,
            **more,
        }
        if steps is not None:
            query["period"] = {"starts_at": moment(steps[0]), "ends_at": moment(steps[1])}
        request = self.world.request(who, entity, purpose, "statistics")
        told = {"who": who, "steps": steps, "snapshot": snapshot, "measures": measures, "cells": []}
        self.told.append(told)
        try:
            made = self.gate.statistics(records, request, query)
        except MachimoriError as error:
            told["rule"] = getattr(error, "reason", type(error).__name__)
            return
        told["rule"] = made.decision.rule
        told["cells"] = [
            {
                "keys": {k["field"]: k["key_value"] for k in cell.get("cell_keys", ())},
                "persons": cell.get("group_size"),
                "figures": [v["released_value"] for v in cell.get("cell_values", ())],
            }
            for cell in made.cells
        ]

    def done(self, secret: Any) -> dict[str, Any]:
        return {"attack": self.attack, "told": self.told, "secret": secret}


def moment(step: int) -> str:
    return (DAY + timedelta(minutes=30 * step)).isoformat()


def use(customer: int, step: int, energy: float, **more: Any) -> dict[str, Any]:
    return {
        "type": "ElectricityUse",
        "id": f"urn:machimori:use:{customer}-{step}",
        "customer": f"urn:machimori:customer:{customer}",
        "meter": f"urn:machimori:meter:{customer}",
        "interval_start": moment(step),
        "interval_end": moment(step + 1),
        "energy": energy,
        **more,
    }


SUM = {"aggregate_function": "sum", "field": "energy"}
EXPORTED = {"aggregate_function": "sum", "field": "energy_exported"}
COUNT = {"aggregate_function": "count"}
SUBJECTS = {"aggregate_function": "subjects"}


def stories(folder: str) -> Iterator[dict[str, Any]]:
    """One history of each attack that the trial names."""
    yield overlapping(Story("C1", folder))
    yield quantiles(Story("C2", folder))
    yield newcomer(Story("H1", folder))
    yield keys(Story("H2", folder))
    yield one_value(Story("H3", folder))
    yield oracle(Story("H4", folder))
    yield recipients(Story("H5", folder))


def overlapping(story: Story) -> dict[str, Any]:
    records = [use(i, 0, 1 + i / 100) for i in range(20)] + [use(i, 2, 2 + i / 100) for i in range(20, 40)]
    records.append(use(99, 1, 7.345))
    for steps in ((0, 2), (1, 3), (0, 3)):
        story.ask(records, [SUM, COUNT, SUBJECTS], steps)
    return story.done({"step": 1, "value": 7.345})


def quantiles(story: Story) -> dict[str, Any]:
    chance = random.Random(17)
    values = [0.0] * 10 + sorted(round(chance.uniform(0.05, 4), 3) for _ in range(20))
    window, people = 10, len(values)
    ranks = [(j + window / 2) / people for j in range(people - window + 1)]
    asked = [  # a hair towards the middle: at both ends half a group must stand outside
        {"aggregate_function": "quantile", "field": "energy", "probability": p + (0.5 - p) * 1e-9} for p in ranks
    ]
    story.ask([use(i, 0, v) for i, v in enumerate(values)], asked)
    return story.done({"window": window, "known": values[:10], "values": values[10:]})


def newcomer(story: Story) -> dict[str, Any]:
    records = [use(i, 0, 1 + i / 100) for i in range(15)]
    story.ask(records, [SUM, SUBJECTS], snapshot=0)
    story.ask([*records, use(77, 0, 4.321)], [SUM, SUBJECTS], snapshot=1)
    return story.done({"snapshot": 1, "value": 4.321})


def keys(story: Story) -> dict[str, Any]:
    from tests.privacy.gate import world

    chance = random.Random(17)
    squares = [f"5235011{a}{b}" for a in range(1, 5) for b in range(1, 5)]
    trips: list[tuple[str, str, int, str]] = [(squares[0], squares[1], 8, "bus")] * 12
    trips += [(*chance.sample(squares, 2), chance.randrange(24), chance.choice(MODES)) for _ in range(20)]
    records = [
        {
            "type": "Trip",
            "id": f"urn:machimori:trip:{n}",
            "traveller": f"urn:machimori:person:{n}",
            "origin": {"mesh_code": origin},
            "destination": {"mesh_code": destination},
            "started_at": (DAY + timedelta(hours=hour, minutes=15)).isoformat(),
            "mode": mode,
        }
        for n, (origin, destination, hour, mode) in enumerate(trips)
    ]
    story.gate.holding = type(story.gate)(world.holding("railway")).holding
    by = [
        {"field": "origin", "granularity": {"space_step": 9}},
        {"field": "destination", "granularity": {"space_step": 9}},
        {"field": "started_at", "granularity": {"time_step": "PT1H"}},
        {"field": "mode"},
    ]
    story.ask(records, [COUNT], group_by=by)
    return story.done({"trips": sorted({(o, d, f"{h:02}:00", m) for o, d, h, m in trips[12:]})})


def one_value(story: Story) -> dict[str, Any]:
    records = [use(i, 0, 1.0, energy_exported=1 + i / 100) for i in range(15)]
    records += [use(i, 1, 1.0) for i in range(20, 35)] + [use(99, 1, 1.0, energy_exported=4.321)]
    story.ask(records, [EXPORTED, SUBJECTS], (0, 1))
    story.ask(records, [EXPORTED, SUBJECTS], (0, 2))
    return story.done({"step": 1, "value": 4.321})


def oracle(story: Story) -> dict[str, Any]:
    chance = random.Random(17)
    held = sorted(chance.sample(range(48), 27))
    records = [use(n, step, 1.0) for n, step in enumerate(held)]
    first, last = 0, 1
    while first < 48:
        more = last <= 48
        if more:
            story.ask(records, [SUBJECTS], (first, last), epsilon=0.000001)
        if more and not (story.told[-1]["cells"] and story.told[-1]["cells"][0]["figures"]):
            last += 1
        else:
            first += 1
            last = max(last, first + 1)
    return story.done({"steps": held})


def recipients(story: Story) -> dict[str, Any]:
    records = [use(i, 0, 1 + i / 100) for i in range(15)] + [use(77, 1, 4.321)]
    story.ask(records, [SUM, SUBJECTS], (0, 1), who="university", purpose="research")
    story.ask(records, [SUM, SUBJECTS], (0, 2))
    return story.done({"step": 1, "value": 4.321})


if __name__ == "__main__":
    if sys.argv[1:2] == ["play"]:
        print(json.dumps(list(stories(sys.argv[2])), ensure_ascii=False))
    else:
        KEPT.write_text("[\n" + ",\n".join(json.dumps(s, ensure_ascii=False) for s in played()) + "\n]\n", "utf-8")
