"""The engines agree on generated valid payloads and on mutated ones, for every class of the model."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.agreement.differences import excused, known
from tests.agreement.engines import at_parse_speed, fastjsonschema, pydantic, schema, sdk, verdicts, verdicts_of_all
from tests.agreement.making import Maker
from tests.agreement.mutating import Mutant, drawn_mutants, every_mutant, to_text
from tests.agreement.summary import Tally
from tests.names import concrete_classes

from machimori.catalogue import catalogue
from machimori.validation.record import validate

pytestmark = pytest.mark.full

VALID = 200
MUTATED = 200
DRAWN = 60
SHOWN = 20


def judge(class_name: str, mutants: Iterable[Mutant], kind: str, tally: Tally) -> list[str]:
    """What the engines say otherwise than each other, or otherwise than the design demands."""
    wrong = []
    mutants = list(mutants)
    texts = [m.text for m in mutants]
    verdicts_here = zip(at_parse_speed(texts, class_name), verdicts_of_all(texts, class_name), strict=True)
    for mutant, (accepted, found) in zip(mutants, verdicts_here, strict=True):
        tally[f"{kind} accepted at parse speed"] += accepted
        if accepted and not (all(found.values()) and validate(mutant.text, class_name).ok):
            wrong.append(f"{class_name}: {mutant.name} is accepted at parse speed: {found}\n    {mutant.text[:300]}")
        agreed = excused(mutant.name, found)
        tally.count(kind, all(agreed.values()))
        tally[f"{kind} excused"] += len(agreed) < len(found)
        if len(set(agreed.values())) > 1 or (mutant.accepted is not None and mutant.accepted not in agreed.values()):
            demanded = {None: "", True: ", must be accepted", False: ", must be refused"}[mutant.accepted]
            place = "/".join(map(str, mutant.path))
            wrong.append(f"{class_name}/{place}: {mutant.name}{demanded}: {found}\n    {mutant.text[:300]}")
    return wrong


def other_classes(class_name: str) -> list[str]:
    """Names that a ``type`` may wrongly have: every abstract class, and a few others."""
    classes = catalogue.catalogue()["classes"]
    others = [n for n, c in classes.items() if not c["abstract"] and n != class_name]
    return [n for n, c in classes.items() if c["abstract"]] + others[:3] + others[-3:]


def valid_payloads(maker: Maker) -> list[Mutant]:
    """Distinct valid payloads: the fullest, the smallest, and drawn ones."""
    texts = {to_text(maker.minimal()): None, to_text(maker.full()): None}
    for _ in range(VALID * 50):
        if len(texts) >= VALID:
            break
        texts[to_text(maker.drawn())] = None
    return [Mutant("valid", (), text, True) for text in texts]


@pytest.mark.parametrize("class_name", concrete_classes())
def test_generated_payloads_are_accepted_by_every_engine(class_name: str, request: pytest.FixtureRequest) -> None:
    tally = Tally({"generated classes": 1})
    wrong = judge(class_name, valid_payloads(Maker(schema(class_name), class_name)), "generated", tally)
    tally.told(request)
    assert not wrong, "\n".join(wrong[:SHOWN])
    assert tally["generated accepted"] >= VALID
    assert tally["generated accepted at parse speed"]


@pytest.mark.parametrize("class_name", concrete_classes())
def test_mutated_payloads_get_one_verdict(class_name: str, request: pytest.FixtureRequest) -> None:
    maker, others = Maker(schema(class_name), f"mutated {class_name}"), other_classes(class_name)
    mutants = [*every_mutant(maker, maker.full(), others), *drawn_mutants(maker, others, DRAWN)]
    tally = Tally({"mutated classes": 1})
    wrong = judge(class_name, mutants, "mutated", tally)
    tally.told(request)
    assert not wrong, f"{len(wrong)} of {len(mutants)}\n" + "\n".join(wrong[:SHOWN])
    assert len({m.text for m in mutants}) >= MUTATED
    assert tally["mutated accepted"], "nothing is accepted"
    assert tally["mutated refused"], "nothing is refused"


def test_an_abstract_class_has_no_instances() -> None:
    for class_name, held in catalogue.catalogue()["classes"].items():
        if held["abstract"]:
            member = held["members"][0]
            text = to_text(Maker(schema(member), member).full()).replace(f'"{member}"', f'"{class_name}"')
            assert not pydantic(text, class_name)
            assert not sdk(text, class_name)
            assert not fastjsonschema(text, member)


def test_a_known_difference_has_a_reason_and_is_still_there() -> None:
    for difference in known():
        found = verdicts(difference.payload, difference.class_name)
        others = {v for engine, v in found.items() if engine != difference.engine}
        assert others == {not found[difference.engine]}, f"no longer a difference: {difference}"
        assert difference.reason
