"""The observer breaks the statistics of the first edition by each attack of the trial, before it judges the second."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.privacy.observer import exact, first_edition

ATTACKS = ("C1", "C2", "H1", "H2", "H3", "H4", "H5")


def broken(story: dict[str, Any]) -> bool:
    """Whether what was to stay hidden follows from what was told."""
    secret = story["secret"]
    found = exact.facts(story["told"], known=secret.get("known", ()))
    if "values" in secret:
        return found.values == pytest.approx(secret["values"], abs=1e-4)
    if "trips" in secret:
        heard = {(o, d, at[11:16], mode) for o, d, at, mode in found.present}
        return heard == {tuple(trip) for trip in secret["trips"]}
    if "steps" in secret:
        return {step for step, people in found.persons.items() if people} == set(secret["steps"])
    atom = (secret.get("step", 0), secret.get("snapshot", 0))
    told = [value for (function, _, where), value in found.figures.items() if function == "sum" and where == atom]
    return told == [pytest.approx(secret["value"])]


@pytest.fixture(scope="module")
def stories() -> dict[str, dict[str, Any]]:
    return {story["attack"]: story for story in json.loads(first_edition.KEPT.read_text("utf-8"))}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_kept_history_is_broken(attack: str, stories: dict[str, dict[str, Any]]) -> None:
    assert broken(stories[attack])


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_part_of_it_is_enough(attack: str, stories: dict[str, dict[str, Any]]) -> None:
    """The observer takes it from the answers: with the last ones away it does not follow."""
    story = json.loads(json.dumps(stories[attack]))
    answers = story["told"]
    if len(answers) > 1:
        del answers[len(answers) // 2 :]
    else:
        cells = answers[0]["cells"]
        cells[-1]["figures"] = cells[-1]["figures"][:-2]
        answers[0]["measures"] = answers[0]["measures"][: len(cells[-1]["figures"])] or answers[0]["measures"]
        del cells[1 + len(cells) // 2 :]
    assert not broken(story)


@pytest.mark.deep
def test_the_edition_itself_is_broken_anew(stories: dict[str, dict[str, Any]]) -> None:
    """From its own code, in the history of this repository."""
    played = first_edition.played()
    assert [story["attack"] for story in played if broken(story)] == [*ATTACKS]
    assert {story["attack"]: story["secret"] for story in played} == {a: stories[a]["secret"] for a in ATTACKS}
