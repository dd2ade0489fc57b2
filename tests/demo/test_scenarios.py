"""Each scenario tells its story in both languages, in seconds, and ends with what the resident sees in the log."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from machimori import demo, messages
from machimori.demo.stage import NOTHING

STORIES = {
    # scenario: rules that must have denied, rules that must have granted
    "energy": (
        ("no-bulk-trace", "public-body-needs-individual-order"),
        ("statistics", "infrastructure-data", "own-data"),
    ),
    "congestion": (("no-live-tracking", "no-bulk-trace"), ("statistics", "open-data", "own-data")),
    "infection": (("purpose-not-allowed", "order-too-long", "no-bulk-trace"), ("open-data", "emergency-statistics")),
    "disaster": (("no-bulk-trace", "refer-to-counsel", "order-not-in-force"), ("rescue-order", "open-data")),
    "care": (("no-consent", "purpose-not-allowed", "consent-withdrawn"), ("consent",)),
}


def told(scenario: str, language: str) -> str:
    out = StringIO()
    demo.show(scenario, language, Console(file=out, width=400, highlight=False, markup=False, emoji=False))
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scenario", STORIES)
def test_a_scenario_shows_what_is_given_and_what_is_not(scenario: str, language: str) -> None:
    text = told(scenario, language)
    denied, granted = STORIES[scenario]
    blocks = text.split(messages.text(language, "  gets: {what}", what=""))[1:]
    ruled = {
        (block.partition("\n")[0] == messages.text(language, NOTHING), rule)
        for block in blocks
        for rule in (*denied, *granted)
        if f"[{rule}]" in block
    }
    assert ruled == {(True, r) for r in denied} | {(False, r) for r in granted}
    log = messages.text(language, "What the resident sees in the log")
    assert log in text
    assert text.index(log) > text.rindex(messages.text(language, "  gets: {what}", what=""))


def test_a_story_is_the_same_every_time() -> None:
    assert told("care", "en") == told("care", "en")
