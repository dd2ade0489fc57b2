"""No report, message or error shows the value of a person-related field, whatever is wrong with it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydantic
import pytest
from machimori.model import class_named

import machimori as mm
from machimori.catalogue import catalogue, paths
from machimori.findings.issue import Report
from machimori.findings.reporters import FORMATS, Style, Totals, reporter
from machimori.samples.sampling import _Maker as Maker

CANARY = "カナリア71934カナリア"
NUMBER = 719_340_719.34
CONCRETE = [n for n, c in catalogue.catalogue()["classes"].items() if not c["abstract"]]
ABOUT_PEOPLE = [
    n for n in CONCRETE if any(paths.person_related(f["privacy"]) for f in catalogue.class_data(n)["fields"].values())
]


def whole(entity: str) -> dict[str, Any]:
    """A valid record with every optional field."""
    from random import Random

    return Maker(Random(entity), whole=True).record(entity, 0)


def spoiled(entity: str) -> Iterator[dict[str, Any]]:
    """Invalid records in each of which one or all values of person-related fields are canaries of some type."""
    for canary in (CANARY, NUMBER, [CANARY], {"inner": CANARY}, {"type": CANARY}, f"urn:{CANARY}"):
        every = whole(entity)
        for keys in list(places(every, entity)):
            one = {**whole(entity), "no_such_field": canary}
            _put(one, keys, canary)
            yield one
            _put(every, keys, canary)
        yield {**every, "no_such_field": canary}


def places(record: dict[str, Any], entity: str) -> Iterator[tuple[str | int, ...]]:
    """The way to every value under a person-related profile; what stands inside another one is left to that."""

    def below(value: Any, way: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in inner:
            here = (*way, key)
            _, profile = paths.along(entity, here, record)
            yield from below(item, here)
            if paths.person_related(profile) and here != ("type",):
                yield here

    return below(record, ())


def _put(record: Any, keys: tuple[str | int, ...], value: Any) -> None:
    for key in keys[:-1]:
        if not isinstance(record, (dict, list)) or (isinstance(record, dict) and key not in record):
            return
        record = record[key]
    if isinstance(record, (dict, list)):
        record[keys[-1]] = value


def shown(report: Report) -> Iterator[str]:
    """Everything that can be made of a report."""
    yield repr(report)
    for form in FORMATS:
        for style in (Style("en", remedies=True), Style("ja", remedies=True), Style("ja", terminal=True)):
            out = io.StringIO()
            made = reporter(form, out, style)
            for issue in report.issues:
                made.finding(issue)
            made.end(Totals(1, 1, len(report.issues), ok=False))
            yield out.getvalue()
    for issue in report.issues:
        yield from (
            repr(issue),
            str(issue),
            issue.message,
            issue.text("ja"),
            json.dumps(issue.data("ja"), ensure_ascii=False),
        )


def tells(text: str) -> bool:
    return "カナリア" in text or "71934" in text or "719_340" in text or "\\u30ab" in text


@pytest.mark.full
@pytest.mark.parametrize("entity", ABOUT_PEOPLE)
def test_no_canary_is_ever_shown(entity: str) -> None:
    for record in spoiled(entity):
        report = mm.validate(json.dumps(record, ensure_ascii=False), entity)
        assert not report.ok
        assert not any(map(tells, shown(report)))
        with pytest.raises(pydantic.ValidationError) as refused:
            class_named(entity).model_validate_json(json.dumps(record))
        assert not tells(str(refused.value))
        assert not tells(repr(refused.value))


def test_the_holder_may_ask_for_the_values() -> None:
    record = {**whole("ElectricityUse"), "energy": NUMBER}
    assert "value withheld (personal.energy_use)" in mm.validate(record).issues[0].message
    assert "719340719.34" in mm.validate(record, show_values=True).issues[0].message


@pytest.mark.parametrize(
    "text",
    [
        f'{{"type": "Trip", "{CANARY}": 1}}',
        f'{{"type": "Trip", "{CANARY}": 1, "{CANARY}": 2}}',
        f'{{"type": "{CANARY}"}}',
        f'{{"type": "Trip", "traveller": "{CANARY}',
        f'{{"type": "Trip", "traveller": {CANARY}}}',
        f'"{CANARY}"',
        f'{{"type": "Trip", "origin": {{"{CANARY}": 1}}}}',
        '{"type": "Trip", "09071934719": 1, "09071934719": 2}',
    ],
)
def test_names_and_broken_text_show_nothing_either(text: str) -> None:
    report = mm.validate(text)
    assert not report.ok
    assert not any(map(tells, shown(report)))


def test_text_that_is_not_utf_8_shows_nothing() -> None:
    report = mm.validate(f'{{"type": "Trip", "traveller": "{CANARY}"}}'.encode("cp932"))
    assert [i.code for i in report.issues] == ["MM002"]
    assert not any(map(tells, shown(report)))


def test_a_report_cannot_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb.json"
    path.write_text('{"type": "EvacuationSite", "hazard_types": ["\\u009b2J\\u202eflood"]}')
    out = io.StringIO()
    made = reporter("text", out, Style())
    for issue in mm.validate_stream(path):
        made.finding(issue)
    assert "hazard_types" in out.getvalue()
    assert not {"\x1b", "\x9b", "\u202e"} & {*out.getvalue()}
