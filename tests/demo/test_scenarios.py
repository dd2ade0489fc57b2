"""Each scenario tells its story in both languages, in seconds, and ends with what the resident sees in the log."""

from __future__ import annotations

import re
from io import StringIO
from itertools import permutations

import pytest
from rich.console import Console

from machimori import demo, messages
from machimori.demo import crowd, together
from machimori.demo.stage import NOTHING, POWER, stage

pytestmark = pytest.mark.full

STORIES = {
    # scenario: rules that must have denied, rules that must have granted
    "energy": (
        ("no-bulk-trace", "public-body-needs-individual-order", "below-minimum-group"),
        ("statistics", "infrastructure-data", "own-data"),
    ),
    "congestion": (("no-live-tracking", "no-bulk-trace"), ("statistics", "open-data", "own-data")),
    "infection": (("purpose-not-allowed", "order-too-long", "no-bulk-trace"), ("open-data", "emergency-statistics")),
    "disaster": (("no-bulk-trace", "refer-to-counsel", "order-not-in-force"), ("rescue-order", "open-data")),
    "together": (("off-grid", "not-settled"), ("statistics", "own-data")),
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


@pytest.mark.parametrize("scenario", ["care", "energy", "together"])
def test_a_story_is_the_same_every_time(scenario: str) -> None:
    assert told(scenario, "en") == told(scenario, "en")


def test_every_story_on_the_gate_is_told_here() -> None:
    assert {*STORIES} == {name for name, module in demo.SCENARIOS.items() if module != "tour"}


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_whoever_asks_first_all_get_the_same_figures_and_none_of_the_one_home(order: tuple[int, ...]) -> None:
    with stage(POWER, "en", Console(file=StringIO()), crowd.uses()) as s:
        found: dict[int, dict[str, float]] = {n: together._sums(s, *together.ASKED[n]) for n in order}
    assert found[0] | found[1] == found[1] | found[0] == found[2]
    assert sorted(found[2]) == [f"{crowd.THURSDAY}T{hour}:00+09:00" for hour in ("18:00", "19:00")]
    first, second, third = (sum(found[n].values()) for n in range(3))
    assert round(first + second - third, 6) == 0


def test_three_exact_sums_would_give_the_home_away() -> None:
    first, second, third = (together._exact(*asked[3:]) for asked in together.ASKED)
    assert first + second - third == pytest.approx(crowd.ITS_USE)


@pytest.mark.parametrize("use", [0.0, 0.734, 40.0])
def test_what_is_told_to_others_does_not_depend_on_what_the_home_used(
    use: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_others() -> str:
        text = told("together", "en")
        return re.sub(r"exact: .*", "", text[: text.index("One alone sees")])

    usual = to_others()
    monkeypatch.setattr(crowd, "ITS_USE", use)
    assert to_others() == usual
