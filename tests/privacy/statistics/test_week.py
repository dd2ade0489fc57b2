"""Statistics of a week in Minato ward: connected records of every domain in one stream."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.privacy.statistics.city import QUERY, asking, cells, gate, value

import machimori as mm
from machimori.samples import week

BY_HOUR = {
    **QUERY,
    "entity": "ElectricityUse",
    "measures": [{"aggregate_function": "sum", "field": "energy"}, {"aggregate_function": "subjects"}],
    "group_by": [{"field": "interval_start", "granularity": {"time_step": "PT1H"}}],
}
FLOWS = {**QUERY, "group_by": [{"field": f, "granularity": {"space_step": 8}} for f in ("origin", "destination")]}


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return list(week.records())


@pytest.mark.parametrize("totals", [False, True])
@pytest.mark.parametrize(("holder", "query"), [("power", BY_HOUR), ("railway", FLOWS)])
def test_what_is_released_is_what_the_records_say(
    holder: str, query: dict[str, Any], totals: bool, records: list[dict[str, Any]]
) -> None:
    entity = query["entity"]
    made = gate(holder).statistics(records, asking(entity=entity), query, totals=totals)
    own = [r for r in records if r["type"] == entity]
    people = {r.get("traveller") or r.get("customer") for r in own}
    assert made.notes.get("other-class") == len(records) - len(own)
    if made.decision.denied:
        assert made.decision.rule == "below-minimum-group"
        return
    assert mm.validate(made.release).ok
    shown = [c for c in made.cells if not c["suppressed"]]
    assert shown
    assert all(10 <= c["group_size"] <= len(people) for c in shown)
    text = json.dumps(made.release)
    assert not any(person in text for person in people if person)
    if () in cells(made) and not cells(made)[()]["suppressed"]:
        assert value(cells(made)[()], "subjects") == len(people)
