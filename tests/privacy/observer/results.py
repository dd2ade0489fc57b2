"""The table of the observer: each attack on today's design and on the weaker ones, random histories, and honest use.

``python -m tests.privacy.observer.results`` plays the deep run and writes ``docs/observer.json``, which a page shows; CI plays
fewer histories by the same seed (``test_results``).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from tests.privacy.observer import first_edition, histories, likelihood, utility
from tests.privacy.observer.attacks import AIMED, BEYOND, FOUND_BY, Attack, measured
from tests.privacy.observer.reference import TODAY, WEAKER, Design

KEPT = Path(__file__).parents[3] / "docs" / "observer.json"
SEED = 17
GAIN = 0.05
"""The target of random histories: how much more often than by the margins alone the best guess may be right."""
ONE_LOOK = TODAY.but("noise for one look", planned=1)
"""The weaker design that random histories find."""


@dataclass(frozen=True)
class Size:
    """How much is played."""

    tries: int
    """Histories of each attack on today's design."""
    of_weaker: int
    random: int
    towns: int
    """Of each kind, for honest use."""


CI = Size(tries=200, of_weaker=60, random=300, towns=8)
DEEP = Size(tries=1000, of_weaker=150, random=10_000, towns=24)

SIZES = {"ci": CI, "deep": DEEP}


def aimed(attack: Attack, design: Design, tries: int, seed: int = SEED) -> dict[str, float]:
    """What an attack tells of a design."""
    found = measured(attack, design, tries, seed)
    return {"sure": found.sure, "right": found.right, "error": found.spread, "tries": tries}


def random(design: Design, count: int, seed: int = SEED) -> dict[str, float]:
    """What random histories tell of a design, beyond the margins."""
    chance = Random(f"{seed} random {design.name}")
    played = np.array([histories.played(design, chance) for _ in range(count)])
    names = ("size_by_margins", "size_by_margins_right", "size", "size_right")
    names += ("presence_by_margins", "presence", "presence_right")
    return dict(zip(names, map(float, played.mean(axis=0)), strict=True)) | {"tries": count}


def useful(design: Design, towns: int, seed: int = SEED) -> dict[str, dict[str, float]]:
    """What a planner sees, by kind of town: the share shown, and how far off the middle cell is."""
    found = {kind.name: utility.usefulness(design, kind, towns, seed) for kind in utility.KINDS}
    return {
        name: {"shown": of.shown / of.cells, "sums shown": of.sums_shown / of.sums, "cells": of.cells, **of.medians()}
        for name, of in found.items()
    }


def by_calculation(design: Design) -> float:
    """The advantage of telling one presence where all lasting draws are known: no chance in it."""
    return likelihood.advantage(design.fresh_noise, design.looks)


def table(size: Size, seed: int = SEED) -> dict[str, Any]:
    """Everything that is told of an edition."""
    by_name = {attack.name: attack for attack in AIMED}
    return {
        "aimed": [
            {
                "attack": a.name,
                "aim": a.aim,
                "guessed": a.guessed,
                "limit": a.limit,
                "promised": a.name in by_name,
                **aimed(a, TODAY, size.tries, seed),
            }
            for a in (*AIMED, *BEYOND)
        ],
        "weaker": [
            {"design": name, "attack": a, "limit": by_name[a].limit}
            | aimed(by_name[a], WEAKER[name], size.of_weaker, seed)
            for name, found_by in FOUND_BY.items()
            for a in found_by
        ],
        "random": [
            {"design": design.name, "limit": GAIN} | random(design, count, seed)
            for design, count in ((TODAY, size.random), (ONE_LOOK, size.of_weaker * 5))
        ],
        "useful": useful(TODAY, size.towns, seed),
    }


def fallen_short(told: dict[str, Any]) -> list[str]:
    """What of a table is beyond its target: an attack that tells too much, a weaker design that is not found, use that is none."""
    rows = (row for row in told["aimed"] if row["promised"] and row["sure"] > row["limit"])
    short = [f"{row['attack']}: {row['sure']:.3f} > {row['limit']:.3f}" for row in rows]
    short += [f"not found: {row['design']}" for row in told["weaker"] if row["sure"] <= row["limit"]]
    for row in told["random"]:
        gain = max(row["size"] - row["size_by_margins"], row["presence"] - row["presence_by_margins"])
        if (gain > row["limit"]) == (row["design"] == TODAY.name):
            short.append(f"random histories, {row['design']}: {gain:.3f}")
    for kind, seen in told["useful"].items():
        short += [f"{kind}: {what} {seen[what]:.3f}" for what, limit in utility.LIMITS.items() if seen[what] > limit]
        if min(seen["shown"], seen["sums shown"]) < utility.SHOWN:
            short.append(f"{kind}: too little shown")
    return short


def rounded(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: rounded(value) for name, value in told.items()}
    if isinstance(told, list):
        return [rounded(value) for value in told]
    return round(float(told), 4) if isinstance(told, float) else told


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"of the histories ({SEED})")
    parser.add_argument("--size", choices=SIZES, nargs="+", default=[*SIZES], help="some of the two alone")
    asked = parser.parse_args()
    told: dict[str, Any] = {
        "looks": TODAY.looks,
        "first_edition": [story["attack"] for story in json.loads(first_edition.KEPT.read_text("utf-8"))],
        "presence_by_calculation": {str(n): by_calculation(TODAY.but("", looks=n)) for n in range(1, 9)},
        "limits": {"shown": utility.SHOWN, **utility.LIMITS},
    }
    short, count = [], 0
    for name in asked.size:
        begun, seed = time.process_time(), SEED if name == "ci" else asked.seed
        played = table(SIZES[name], seed)
        seconds = round(time.process_time() - begun)
        before = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
        told |= {size: before[size] for size in SIZES if size in before}
        told[name] = {"date": date.today().isoformat(), "seed": seed, "cpu_seconds": seconds, **played}
        KEPT.write_text(json.dumps(rounded(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        short += [f"{name}: {what}" for what in fallen_short(played)]
        count += sum(row["tries"] for part in ("aimed", "weaker", "random") for row in played[part])
        print(f"{count:,} histories in {seconds} s", flush=True)
    print("\n".join(short) or "every target holds")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
