"""Statistics tell nothing of anyone: each attack on today's design stays below its target, and finds what weaker designs lack."""

from __future__ import annotations

import json
from functools import cache

import pytest
from tests.privacy.observer import results, utility
from tests.privacy.observer.attacks import AIMED, BEYOND, FOUND_BY, Attack
from tests.privacy.observer.reference import TODAY, WEAKER

pytestmark = pytest.mark.full

BY_NAME = {attack.name: attack for attack in AIMED}


@cache
def aimed(name: str) -> dict[str, float]:
    return results.aimed(BY_NAME[name], TODAY, results.CI.tries)


@pytest.mark.parametrize("attack", AIMED, ids=lambda attack: attack.name)
def test_an_attack_stays_below_its_target(attack: Attack) -> None:
    found = aimed(attack.name)
    assert found["sure"] <= attack.limit
    assert found["right"] <= attack.limit + 3 * found["error"]


@pytest.mark.parametrize("attack", AIMED, ids=lambda attack: attack.name)
def test_an_attack_knows_how_sure_it_can_be(attack: Attack) -> None:
    """Or it would misjudge the design: what it takes for likely comes as often."""
    found = aimed(attack.name)
    assert abs(found["sure"] - found["right"]) <= 3.5 * found["error"]


@pytest.mark.parametrize(("design", "attack"), [(d, a) for d, attacks in FOUND_BY.items() for a in attacks])
def test_a_weaker_design_is_found(design: str, attack: str) -> None:
    found = results.aimed(BY_NAME[attack], WEAKER[design], results.CI.of_weaker)
    assert found["sure"] > BY_NAME[attack].limit


def test_every_weaker_design_is_attacked() -> None:
    assert {*FOUND_BY} == {*WEAKER}


@pytest.mark.parametrize("size", results.SIZES)
def test_the_page_tells_of_every_attack(size: str) -> None:
    """What ``docs/observer.json`` has is of the attacks and designs that there are; a size that was not played is not there."""
    told = json.loads(results.KEPT.read_text("utf-8"))
    assert "ci" in told
    rows = told.get(size, told["ci"])
    assert [row["attack"] for row in rows["aimed"]] == [attack.name for attack in (*AIMED, *BEYOND)]
    assert [(row["design"], row["attack"]) for row in rows["weaker"]] == [
        (d, a) for d, of in FOUND_BY.items() for a in of
    ]
    assert results.fallen_short(rows) == []


@pytest.mark.parametrize("attack", BEYOND, ids=lambda attack: attack.name)
def test_what_the_noise_does_not_cover_is_no_worse_than_is_said(attack: Attack) -> None:
    found = results.aimed(attack, TODAY, results.CI.of_weaker)
    assert found["sure"] <= attack.guessed + 0.17


@pytest.mark.parametrize("looks", range(1, 9))
def test_one_presence_by_calculation(looks: int) -> None:
    assert results.by_calculation(TODAY.but("", looks=looks)) <= 0.3


class TestRandomHistories:
    @staticmethod
    def gains(design: str) -> tuple[float, float]:
        found = played(design)
        return found["size"] - found["size_by_margins"], found["presence"] - found["presence_by_margins"]

    def test_they_tell_hardly_more_than_the_margins(self) -> None:
        assert max(self.gains("today")) <= results.GAIN

    def test_the_observer_knows_how_sure_he_can_be(self) -> None:
        found = played("today")
        for what in ("size", "presence"):
            error = (found[what] * (1 - found[what]) / found["tries"]) ** 0.5
            assert abs(found[what] - found[f"{what}_right"]) <= 3.5 * error

    def test_noise_that_is_made_for_one_look_is_found(self) -> None:
        assert max(self.gains("noise for one look")) > results.GAIN


@cache
def played(design: str) -> dict[str, float]:
    of = {d.name: d for d in (TODAY, results.ONE_LOOK)}[design]
    return results.random(of, results.CI.random)


@pytest.mark.parametrize("kind", [kind.name for kind in utility.KINDS])
class TestHonestUse:
    def test_enough_is_shown(self, kind: str) -> None:
        found = seen()[kind]
        assert min(found["shown"], found["sums shown"]) >= utility.SHOWN

    @pytest.mark.parametrize("what", utility.LIMITS)
    def test_it_is_near_enough(self, kind: str, what: str) -> None:
        assert seen()[kind][what] <= utility.LIMITS[what]


@cache
def seen() -> dict[str, dict[str, float]]:
    return results.useful(TODAY, results.CI.towns)
