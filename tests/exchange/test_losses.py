"""The loss report speaks both languages, as data and as text, from one closed list of reasons."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import machimori.exchange
import machimori.standards
from machimori import messages
from machimori.exchange.account import Loss, LossReport, shown
from machimori.exchange.account_text import rendered
from machimori.exchange.reasons import LOSS_KINDS, LOSS_REASONS, ROW_KINDS

ROOM = Path(machimori.exchange.__file__).parent
SOURCES = [*ROOM.rglob("*.py"), ROOM.parent / "standards" / "local_government.py"]
CODE = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "reasons.py")


@pytest.mark.parametrize("key", LOSS_REASONS)
def test_every_reason_has_a_kind_and_both_languages(key: str) -> None:
    reason = LOSS_REASONS[key]
    assert reason.kind in LOSS_KINDS
    facts = {name: "" for _, name, _, _ in Formatter().parse(reason.sentence) if name}
    assert messages.text("en", reason.sentence, **facts).replace("°", "").isascii()
    assert not messages.text("ja", reason.sentence, **facts).isascii()


@pytest.mark.parametrize("key", LOSS_REASONS)
def test_every_reason_is_used(key: str) -> None:
    assert f'"{key}"' in CODE


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_every_kind_has_a_reason(kind: str) -> None:
    assert any(reason.kind == kind for reason in LOSS_REASONS.values())


def test_rows_that_give_no_record_are_never_quiet() -> None:
    assert not any(LOSS_KINDS[kind].quiet for kind in ROW_KINDS)


def test_a_report_is_json_in_both_languages(site: Any) -> None:
    report = site(災害種別_洪水="△", 標高="不明", 画像="x").losses
    for language in ("en", "ja"):
        assert json.loads(json.dumps(report.data(language))) == report.data(language)
    assert report.data("en")["summary"] == report.data("ja")["summary"]
    assert report.data("ja")["losses"][0]["title"] == "読み取れない値"


def test_a_report_without_losses_says_so(site: Any) -> None:
    report = site(ID="1").losses
    assert rendered(report, "en").endswith("Nothing was lost.")
    assert rendered(report, "ja").endswith("失われたものはありません。")


def test_an_unconverted_row_has_its_issue_code(site: Any) -> None:
    report: LossReport = site(名称="", ID="1").losses
    [issue] = report.issues
    assert (issue.code, issue.severity) == ("MM601", "warning")
    assert issue.text("en") == "row 2 was not converted: no name is given"
    assert report.losses[0].code == "MM601"
    assert report.losses[0].why("en") == "no name is given"
    assert report.losses[0].why("ja") == "名称がありません"


def test_a_report_of_person_related_fields_shows_no_value() -> None:
    assert shown("ElectricityUse", "energy", "735420") is None
    assert shown("EvacuationSite", "contact_point.telephone", "山田太郎") is None
    assert shown("EvacuationSite", "place.elevation", "不明") == "不明"
    assert shown("EvacuationSite", "name", "港" * 80) == "港" * 60 + "…"


def test_rows_are_counted_through_ranges() -> None:
    report = LossReport("x", "municipal", "EvacuationSite")
    for row in (2, 3, 4, 6):
        report.lose_row(Loss("no-name", row))
    assert [loss.rows for loss in report.unconverted] == ["2-4", "6"]
    assert report.rows_lost == 4
    assert "rows 2-4, 6" in rendered(report, "en")
