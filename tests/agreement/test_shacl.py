"""pySHACL over the JSON-LD expansion gives the verdict of the JSON engines, or is shown that RDF cannot tell the two.

JSON-LD forgets the difference between a scalar and a list of one, between ``[]``, ``null`` and absence, and an unknown
key with ``null``. So SHACL may accept what JSON refuses, but only where the graph is that of a record that every JSON
engine accepts. The proof is made for each such payload: the record is read back from the graph, held against the JSON
engines, and its graph compared with the first.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from random import Random
from typing import Any

import msgspec
import pytest
from rdflib.compare import isomorphic
from tests.agreement.engines import schema, verdicts
from tests.agreement.making import Maker
from tests.agreement.mutating import Mutant, drawn_mutants, every_mutant, to_text
from tests.agreement.shacl_oracle import accepts, expanded
from tests.agreement.summary import Tally
from tests.agreement.test_payloads import other_classes
from tests.names import concrete_classes

from machimori.rdf.conversion import from_jsonld

pytestmark = pytest.mark.full

EXAMPLES = files("machimori.sources") / "examples"
MUTATED = 20
ALIKE = 2
"""How many of the mutants tried may be of one family, so that the few are unlike each other."""
GENERATED = 5


def record_in(text: str) -> dict[str, Any] | None:
    """The object that the text is, if it is JSON at all: what is not never becomes a graph."""
    try:
        msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeError):
        return None
    record = json.loads(text)
    return record if isinstance(record, dict) else None


def same_graph_as_an_accepted_record(record: dict[str, Any], class_name: str) -> bool:
    """Whether some record that every JSON engine accepts has this very graph."""
    other = from_jsonld(record, class_name)
    accepted = all(verdicts(json.dumps(other), class_name).values())
    return accepted and isomorphic(expanded(other, class_name)[0], expanded(record, class_name)[0])


def fault(text: str, class_name: str, kind: str, tally: Tally) -> str | None:
    """Why the verdict of SHACL on a payload cannot stand beside that of JSON."""
    record = record_in(text)
    assert record is not None
    by_json, by_shacl = all(verdicts(text, class_name).values()), accepts(record, class_name)
    tally.count(kind, by_shacl)
    if by_json and not by_shacl:
        return f"SHACL refuses what JSON accepts: {text[:300]}"
    if by_shacl and not by_json:
        tally[f"{kind} accepted beyond JSON with proof"] += 1
        if not same_graph_as_an_accepted_record(record, class_name):
            return f"SHACL accepts what JSON refuses, and no accepted record has that graph: {text[:300]}"
    return None


def unlike(mutants: list[Mutant], random: Random) -> list[Mutant]:
    """Drawn mutants that are JSON objects, few of each family."""
    families: Counter[str] = Counter()
    chosen: list[Mutant] = []
    for mutant in random.sample(mutants, len(mutants)):
        family = mutant.name.split()[0]
        if len(chosen) < MUTATED and families[family] < ALIKE and record_in(mutant.text) is not None:
            families[family] += 1
            chosen.append(mutant)
    return chosen


@pytest.mark.parametrize("class_name", concrete_classes())
def test_shacl_on_every_example(class_name: str, request: pytest.FixtureRequest) -> None:
    tally = Tally()
    texts = {f.name: f.read_text(encoding="utf-8") for f in sorted((EXAMPLES / class_name).iterdir(), key=str)}
    faults = {name: fault(text, class_name, "SHACL, examples", tally) for name, text in texts.items()}
    tally.told(request)
    assert faults == dict.fromkeys(texts)


@pytest.mark.parametrize("class_name", concrete_classes())
def test_shacl_on_generated_and_mutated_payloads(class_name: str, request: pytest.FixtureRequest) -> None:
    maker, others, tally = Maker(schema(class_name), f"shacl {class_name}"), other_classes(class_name), Tally()
    full = maker.full()
    texts = [to_text(full), to_text(maker.minimal()), *(to_text(maker.drawn()) for _ in range(GENERATED - 2))]
    found = [fault(text, class_name, "SHACL, generated", tally) for text in texts]
    mutants = unlike([*every_mutant(maker, full, others), *drawn_mutants(maker, others, MUTATED)], maker.random)
    found += [fault(m.text, class_name, "SHACL, mutated", tally) for m in mutants]
    tally.told(request)
    assert not [f for f in found if f]
    assert len(mutants) == MUTATED
    assert tally["SHACL, mutated refused"], "nothing is refused"
