"""What the page on statistics shows of the engine: the table of the noise, what the observer was told, and two pictures.

Everything is computed by the SDK when the pages are built, so that it cannot drift; docs/hooks.py fills it in. What the observer
was told stands in `observer.json` as `tests/privacy/observer/results.py` wrote it.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from machimori.privacy import Gate
from machimori.privacy.statistics import cells, draws
from machimori.privacy.statistics.grid import grid
from machimori.privacy.statistics.kept import MemoryKept
from machimori.privacy.statistics.persons import Cell
from machimori.samples import week

OBSERVED = Path(__file__).with_name("observer.json")
SECRET = bytes(32)
"""Of the pictures alone."""
MINIMUM = 10
"""The minimum group of the table of the noise."""
AIMS = {
    "size": {"en": "the size of a hidden group of 1 to 9", "ja": "1人から9人までの秘匿された集団の人数"},
    "presence": {"en": "whether one person is in a cell", "ja": "一人がセルにいるか否か"},
    "value": {"en": "one person's value, within 20 %", "ja": "一人の値（上下20%以内）"},
    "zero": {"en": "whether one person's value is zero", "ja": "一人の値が0か否か"},
}
BEYOND = {"en": "{}, beyond the target", "ja": "{}（目標を超えるもの）"}
BY_CHANCE = {
    "size": {"en": "histories made by chance: a size", "ja": "偶然の履歴における人数"},
    "presence": {"en": "histories made by chance: a presence", "ja": "偶然の履歴における一人の有無"},
}
KINDS = {
    "flat": {"en": "evenly filled", "ja": "均等な街"},
    "skewed": {"en": "skewed", "ja": "偏った街"},
    "real-looking": {"en": "like a real one", "ja": "実際に似た街"},
}
USE = ("shown", "persons of 50 and more", "persons of 50 to 99", "sums over 50 to 200 persons")
UNKNOWN = "–"

# -- the noise --------------------------------------------------------------------------------------------------------


def noise(language: str) -> str:
    """Rows by looks: variance and reach of one draw, how far off a figure usually is, from how many on a cell is shown."""
    del language
    rows = []
    for looks in range(1, draws.MOST_LOOKS + 1):
        made = draws.noise(looks)
        usual = (2 * made.variance) ** 0.5
        rows.append(
            f"| {looks} | {made.variance:.2f} | ±{made.reach} | {usual:.1f} | ±{2 * made.reach} | {MINIMUM + looks} | "
            f"{_share(looks, 5)} | {_share(looks, 20)} | {_share(looks, 40)} |"
        )
    return "\n".join(rows)


def _share(looks: int, persons: int) -> str:
    """How often a cell of so many persons is shown."""
    made = draws.noise(looks)
    held = [high - low for low, high in zip((0, *made.thresholds), made.thresholds, strict=False)]
    amounts = range(-made.reach, made.reach + 1)
    reached = sum(
        a * b
        for m, a in zip(amounts, held, strict=True)
        for n, b in zip(amounts, held, strict=True)
        if persons + m + n >= MINIMUM + looks
    )
    found = 100 * reached / (1 << 2 * draws.BITS)
    return "0 %" if not reached else f"{found:.0f} %" if found >= 1 else "< 1 %"


# -- the observer -----------------------------------------------------------------------------------------------------


@cache
def _observed() -> dict[str, Any]:
    """The deep run where there is one, else what is played at each change; nothing where neither was."""
    if not OBSERVED.is_file():
        return {}
    told = json.loads(OBSERVED.read_text(encoding="utf-8"))
    return dict(told.get("deep") or told["ci"])


def attacks(language: str) -> str:
    """A row an aim, of the attack that comes nearest to its target; one more for those beyond it; then histories made by chance."""
    rows = []
    for aim, said in AIMS.items():
        played = [row for row in _observed().get("aimed", ()) if row["aim"] == aim]
        within = [row for row in played if row["sure"] <= row["limit"]]
        beyond = [row for row in played if row["sure"] > row["limit"]]
        rows.append(_attack(said[language], within))
        if beyond:
            rows.append(_attack(BEYOND[language].format(said[language]), beyond))
    for row in (row for row in _observed().get("random", ()) if row["design"] == "today"):
        for what, said in BY_CHANCE.items():
            guessed, told, right = (row[what + end] for end in ("_by_margins", "", "_right"))
            rows.append(_row(said[language], 1, row["tries"], guessed, told, right, guessed + row["limit"]))
    return "\n".join(rows)


def _attack(said: str, played: list[dict[str, Any]]) -> str:
    if not played:
        return f"| {said} |" + f" {UNKNOWN} |" * 6
    most = max(played, key=lambda row: float(row["sure"] / row["limit"]))
    return _row(said, len(played), *(most[name] for name in ("tries", "guessed", "sure", "right", "limit")))


def _row(said: str, attacks: int, tries: int, *shares: float) -> str:
    return f"| {said} | {attacks} | {tries:,} | {' | '.join(f'{share:.2f}' for share in shares)} |"


def useful(language: str) -> str:
    """A row a kind of town: what share is shown, and how far off the middle figure is."""
    found = _observed().get("useful", {})
    rows = ([_percent(found[kind][of]) for of in USE] if kind in found else [UNKNOWN] * len(USE) for kind in KINDS)
    return "\n".join(
        f"| {said[language]} | {' | '.join(row)} |" for said, row in zip(KINDS.values(), rows, strict=True)
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


# -- why three sums gave a household away -----------------------------------------------------------------------------

HOUSEHOLD = 7.345
HALF_HOURS = ("18:00", "18:30", "19:00")
HELD = ([1 + n / 100 for n in range(20)], [HOUSEHOLD], [2 + n / 100 for n in range(20, 40)])
"""kWh of the households that used electricity in each half hour."""
WORDS = {
    "before": {"en": "Exact sums of any period", "ja": "任意の期間の正確な合計"},
    "after": {"en": "Half hours, settled once, with noise", "ja": "一度だけ確定し、ノイズを加えた30分ごとの値"},
    "persons": {"en": "{} households", "ja": "{}世帯"},
    "person": {"en": "{} household", "ja": "{}世帯"},
    "hidden": {"en": "hidden", "ja": "秘匿"},
    "gives": {"en": "A + B − C = {} kWh: the one household", "ja": "A + B − C = {} kWh：その一世帯の使用量"},
    "nothing": {
        "en": "No sum of these is a household’s",
        "ja": "どう足し引きしても、一世帯の使用量にはならない",
    },
    "household": {
        "en": "Three exact sums that overlap give one household away; cells that are settled once do not",
        "ja": "重なる三つの正確な合計からは一世帯の値が分かるが、一度だけ確定したセルからは分からない",
    },
    "planner": {
        "en": "Trips between two squares by hour: as they were, and as a planner sees them",
        "ja": "二つのメッシュの間の1時間ごとの移動。実際の人数と、計画の担当者に示される値",
    },
    "true": {"en": "as it was", "ja": "実際の人数"},
    "shown": {"en": "as it is shown", "ja": "示される値"},
}
WIDE, LINE = 152, 26


@cache
def settled() -> list[dict[str, Any]]:
    """The three half hours as a gate gives them."""
    template = next(r for r in week.records() if r["type"] == "ElectricityUse")
    ends = (*HALF_HOURS[1:], "19:30")
    records = [
        template
        | {
            "id": f"urn:machimori:electricity-use:{slot}-{n}",
            "customer": f"urn:machimori:customer:{slot}-{n}",
            "interval_start": f"2026-08-18T{start}:00+09:00",
            "interval_end": f"2026-08-18T{end}:00+09:00",
            "energy": value,
        }
        for slot, (start, end, values) in enumerate(zip(HALF_HOURS, ends, HELD, strict=True))
        for n, value in enumerate(values)
    ]
    company = {"id": "urn:machimori:org:minato-power", "kind": "company", "country": "JP"}
    city = {"id": "urn:machimori:org:minatogawa-city", "kind": "municipality", "country": "JP"}
    holding = {
        "type": "Holding",
        "id": "urn:machimori:holding:page",
        "holder": company,
        "collector": company,
        "parties": [city],
    }
    at = "2026-09-01T09:00:00+09:00"
    gate = Gate(holding, kept=MemoryKept(SECRET), clock=lambda: datetime.fromisoformat(at).timestamp())
    request = {
        "type": "DisclosureRequest",
        "id": "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a01",
        "at": at,
        "requester": city,
        "role": "third_party",
        "purpose": "energy_saving",
        "form": "statistics",
        "entity": "ElectricityUse",
    }
    query = {
        "type": "StatisticsQuery",
        "id": "urn:machimori:query:page",
        "entity": "ElectricityUse",
        "measures": [{"aggregate_function": "sum", "field": "energy"}],
        "group_by": [{"field": "interval_start", "granularity": {"time_step": "PT30M"}}],
        "period": {"starts_at": "2026-08-18T18:00:00+09:00", "ends_at": "2026-08-18T19:30:00+09:00"},
    }
    return gate.statistics(records, request, query).cells


def household(language: str) -> str:
    """The picture: above three sums that overlap, below the cells of a table."""
    left, top = 12, 46
    drawn = [_text(left, 16, WORDS["before"][language], weight="bold")]
    for slot, (start, values) in enumerate(zip(HALF_HOURS, HELD, strict=True)):
        x = left + slot * WIDE
        drawn += [_text(x + WIDE / 2, 36, start, middle=True)]
        drawn += [_box(x, top, WIDE, LINE, accent=len(values) == 1)]
        drawn += [
            _text(
                x + WIDE / 2,
                top + 17,
                WORDS["persons" if len(values) > 1 else "person"][language].format(len(values)),
                middle=True,
            )
        ]
    for line, (name, first, last) in enumerate((("A", 0, 2), ("B", 1, 3), ("C", 0, 3))):
        y = top + (line + 1) * (LINE + 6)
        total = sum(sum(values) for values in HELD[first:last])
        drawn += [_box(left + first * WIDE, y, (last - first) * WIDE, LINE)]
        middle = left + (first + last) * WIDE / 2
        drawn += [_text(middle, y + 17, f"{name} = {total:.3f} kWh", middle=True)]
    y = top + 4 * (LINE + 6) + 16
    drawn += [_text(left, y, WORDS["gives"][language].format(HOUSEHOLD), accent=True, weight="bold")]
    y += 40
    drawn += [_text(left, y, WORDS["after"][language], weight="bold")]
    for slot, (start, cell) in enumerate(zip(HALF_HOURS, settled(), strict=True)):
        x = left + slot * WIDE
        said = (
            WORDS["hidden"][language] if cell["suppressed"] else f"{cell['cell_values'][0]['released_value']:.3f} kWh"
        )
        drawn += [_text(x + WIDE / 2, y + 20, start, middle=True)]
        drawn += [_box(x, y + 30, WIDE, LINE, dashed=cell["suppressed"])]
        drawn += [_text(x + WIDE / 2, y + 47, said, middle=True)]
    drawn += [_text(left, y + 30 + LINE + 22, WORDS["nothing"][language])]
    return _svg(2 * left + 3 * WIDE, y + 30 + LINE + 34, WORDS["household"][language], drawn)


# -- what a planner sees ----------------------------------------------------------------------------------------------

TRIPS = (4, 2, 1, 1, 2, 7, 24, 58, 74, 41, 30, 29, 36, 31, 30, 33, 42, 61, 55, 37, 26, 19, 13, 8)
"""Persons by hour of a day."""
BAR, UP = 19, 2


@cache
def flow() -> tuple[int | None, ...]:
    """What is shown of each hour; ``None`` where it is hidden."""
    found = grid("Trip")
    assert found is not None
    perturbed = cells.Perturbed(SECRET, found, "flows")
    counts = tuple(cells.NOBODY for _ in found.sums_of("flows"))
    shown = []
    for hour, persons in enumerate(TRIPS):
        keys = [draws.person_key(SECRET, "Trip", f"urn:machimori:person:{hour}-{n}") for n in range(persons)]
        cell = Cell(hour, ("52350162", "52350173"), persons, sum(map(draws.key_number, keys)), counts, ())
        shown.append(perturbed.figures(cell, f"2026-08-18T{hour:02}:00:00+09:00").persons)
    return tuple(shown)


def planner(language: str) -> str:
    """The picture: hours of a day, beside each other the truth and what is shown of it."""
    left, base = 8, 190
    drawn = [
        f'<rect x="{left}" y="8" width="10" height="10" fill="currentColor" fill-opacity=".22"/>',
        _text(left + 16, 17, WORDS["true"][language]),
        f'<rect x="{left + 130}" y="8" width="10" height="10" class="mm-accent"/>',
        _text(left + 146, 17, WORDS["shown"][language]),
        _text(left + 260, 17, f"× {WORDS['hidden'][language]}"),
    ]
    for hour, (persons, seen) in enumerate(zip(TRIPS, flow(), strict=True)):
        x = left + hour * BAR
        drawn += [
            f'<rect x="{x + 1}" y="{base - UP * persons}" width="8" height="{UP * persons}" fill="currentColor" '
            f'fill-opacity=".22"/>'
        ]
        if seen is None:
            drawn += [_text(x + 13, base - 3, "×", middle=True)]
        else:
            drawn += [f'<rect x="{x + 9}" y="{base - UP * seen}" width="8" height="{UP * seen}" class="mm-accent"/>']
        if hour % 3 == 0:
            drawn += [_text(x + 9, base + 16, f"{hour}", middle=True)]
    drawn += [f'<path d="M{left} {base}h{24 * BAR}" stroke="currentColor" stroke-opacity=".5" fill="none"/>']
    return _svg(2 * left + 24 * BAR, base + 24, WORDS["planner"][language], drawn)


# -- drawing ----------------------------------------------------------------------------------------------------------


def _svg(width: float, height: float, label: str, drawn: list[str]) -> str:
    """A picture to be laid into a page: it takes the colours of the text around it, and has no blank line."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
    return "\n".join([f'{head}aria-label="{escape(label)}" font-size="13">', *drawn, "</svg>"])


def _text(x: float, y: float, said: str, *, middle: bool = False, accent: bool = False, weight: str = "normal") -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    fill = 'class="mm-accent"' if accent else 'fill="currentColor"'
    return f'<text x="{x:g}" y="{y:g}"{anchor} font-weight="{weight}" {fill}>{escape(said)}</text>'


def _box(x: float, y: float, width: float, height: float, *, accent: bool = False, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    fill = 'class="mm-accent" fill-opacity=".35"' if accent else 'fill="currentColor" fill-opacity=".06"'
    place = f'x="{x + 2:g}" y="{y:g}" width="{width - 4:g}" height="{height:g}" rx="4"'
    return f'<rect {place} {fill} stroke="currentColor" stroke-opacity=".6"{dashes}/>'


PLACES = {
    "noise_of_looks": noise,
    "observer_attacks": attacks,
    "observer_use": useful,
    "picture_household": household,
    "picture_planner": planner,
}
"""What the page may write between double braces."""
