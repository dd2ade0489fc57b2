"""The RDF of the model answers the competency questions, and two engines answer them alike.

A query of ``model/questions`` names in its head the files that it is asked of; the answer stands beside it. After a
change of the model write the answers anew, and read the difference before it is committed::

    pytest -n 0 tests/questions/test_questions.py --update-answers
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from rdflib import Graph

from machimori.build.pages.questions import ANSWER, Question, folder, questions
from machimori.catalogue import catalogue
from machimori.rdf.conversion import to_graph

pytestmark = pytest.mark.full

SOURCES = files("machimori.sources")
QUESTIONS = [pytest.param(q, id=q.slug) for q in questions()]
SHORT = {
    "https://w3id.org/machimori/profile/": "profile:",
    "https://w3id.org/machimori/": "mm:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
}


@cache
def graph(name: str) -> Graph:
    if name != "examples":
        return Graph().parse(data=catalogue.artefact(name), format="turtle")
    found = Graph()
    for class_folder in (SOURCES / "examples").iterdir():
        for file in class_folder.iterdir():
            if file.name.startswith("valid-"):
                found += to_graph(json.loads(file.read_text(encoding="utf-8")), class_folder.name)
    return found


@cache
def union(names: tuple[str, ...]) -> Graph:
    whole = Graph()
    for name in names:
        whole += graph(name)
    return whole


@cache
def store(names: tuple[str, ...]) -> pyoxigraph.Store:
    held = pyoxigraph.Store()
    held.load(union(names).serialize(format="nt", encoding="utf-8"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return held


def text(variables: Iterable[str], solutions: Iterable[Any]) -> str:
    """Solutions as CSV, in the order of their text, so that a new one is one new line."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(variables)
    writer.writerows(sorted([short(value) for value in row] for row in solutions))
    return written.getvalue()


def short(value: Any) -> str:
    """A term of either engine: those of rdflib are ``str``, those of Oxigraph hold one."""
    shown = "" if value is None else str(value) if isinstance(value, str) else value.value
    return next((prefix + shown.removeprefix(iri) for iri, prefix in SHORT.items() if shown.startswith(iri)), shown)


@cache
def by_rdflib(names: tuple[str, ...], query: str) -> str:
    result = union(names).query(query)
    return text(map(str, result.vars or ()), result)


def by_oxigraph(held: pyoxigraph.Store, query: str) -> str:
    result = held.query(query)
    assert isinstance(result, pyoxigraph.QuerySolutions)
    return text((v.value for v in result.variables), result)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_expected_answer(question: Question, request: pytest.FixtureRequest) -> None:
    answer = by_rdflib(question.data, question.query)
    if request.config.getoption("update_answers", default=False):
        Path(str(folder() / f"{question.slug}{ANSWER}")).write_text(answer, encoding="utf-8", newline="\n")
    else:
        assert answer == question.answer, "see the head of this file for how to write the answers anew"


@pytest.mark.parametrize("question", QUESTIONS)
def test_another_engine_gives_the_same_answer(question: Question) -> None:
    assert by_oxigraph(store(question.data), question.query) == by_rdflib(question.data, question.query)


def test_every_answer_belongs_to_a_question() -> None:
    held = {f.name for f in folder().iterdir()}
    assert {n for n in held if n.endswith(ANSWER)} == {f"{q.slug}{ANSWER}" for q in questions()}


def test_an_answer_that_lacks_a_row_is_not_the_expected_one() -> None:
    question = next(q for q in questions() if q.slug.startswith("01-"))
    changed = pyoxigraph.Store()
    changed.extend(q for q in store(question.data) if "face_template" not in str(q.object))
    assert by_oxigraph(changed, question.query) != question.answer
