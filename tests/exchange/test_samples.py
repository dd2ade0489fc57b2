"""The shipped samples are what their description says."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import machimori as mm
from machimori.exchange.formats import read

SAMPLES = Path(str(files("machimori.samples")))


def test_the_sheet_has_the_dirt_of_real_ones() -> None:
    content = (SAMPLES / "evacuation_sites.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == 13
    conversion = read(SAMPLES / "evacuation_sites.csv", "municipal")
    report = conversion.losses
    assert (report.rows, report.records, report.rows_lost) == (12, 10, 2)
    assert all(mm.validate(record).ok for record in conversion)
    assert [loss.reason for loss in report.losses if loss.reason != "conditional"] == [
        "swapped",
        "not-a-telephone",
        "no-name",
        "capacity-text",
        "id-used",
        "no-value",
        "not-a-url",
    ]
    done = {reason for account in report.columns for reason in account.changes}
    assert {"float", "check-digit", "leading-zero", "half-width", "capacity-summed", "yes-mark", "spaces"} <= done
    assert [record.get("capacity") for record in conversion] == [6841, 4850, 2740, 85, 120, 3200, 500, 120, None, 900]


def test_the_sheet_also_gives_the_shelters_that_it_flags() -> None:
    conversion = read(SAMPLES / "evacuation_sites.csv", "municipal", "DesignatedShelter")
    assert [record["site_number"] for record in conversion] == ["1", "3", "9"]


def test_the_records_have_three_faults_and_no_message_shows_a_value_about_a_person() -> None:
    report = mm.validate_stream(SAMPLES / "mixed.ndjson")
    found = [(issue.line, issue.code, issue.path) for issue in report.issues]
    assert found == [(4, "MM203", "/energy"), (7, "MM101", "/name"), (9, "MM201", "/opening_status")]
    assert (report.records, report.invalid) == (10, 3)
    text = (SAMPLES / "mixed.ndjson").read_text(encoding="utf-8")
    assert "735420" in text
    shown = mm.validate_stream(SAMPLES / "mixed.ndjson")
    assert not any("735420" in issue.text(language) for issue in shown for language in ("en", "ja"))
