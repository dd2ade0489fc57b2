"""The competency questions: what the RDF of the model has to answer, each as a query with its answer beside it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language

ANSWER = ".expected.csv"
LONG = 20
"""Answers with more rows are folded."""

HEAD = re.compile(r"# (en|ja|data): (.+)")
Rows = list[list[str]]


@dataclass(frozen=True)
class Question:
    """A question in both languages, the files that know the answer, and the query.

    Names in an answer are short: ``mm:Trip`` is https://w3id.org/machimori/Trip.
    """

    slug: str
    text: dict[str, str]
    data: tuple[str, ...]
    query: str
    """SPARQL 1.1, without the lines that hold the other three."""
    answer: str
    """CSV: the variables, then the rows in the order of their text."""

    @property
    def rows(self) -> Rows:
        """The cells of the answer, its heading first."""
        return list(csv.reader(io.StringIO(self.answer)))


def folder() -> Traversable:
    return files("machimori.sources") / "questions"


def questions() -> list[Question]:
    """Every question, in the order of its number."""
    held = sorted((f for f in folder().iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return [_question(f.name.removesuffix(".rq"), f.read_text(encoding="utf-8")) for f in held]


def _question(slug: str, text: str) -> Question:
    head = dict(HEAD.findall(text))
    answer = folder() / f"{slug}{ANSWER}"
    return Question(
        slug,
        {"en": head["en"], "ja": head["ja"]},
        tuple(head["data"].split()),
        HEAD.sub("", text).strip() + "\n",
        answer.read_text(encoding="utf-8") if answer.is_file() else "",
    )


def pages(book: Book, language: Language) -> dict[str, str]:
    sheet = Sheet(book, language, "questions.md")
    held = [_section(sheet, question) for question in questions()]
    return {"questions.md": sheet.page("questions.md", questions=held, most=LONG)}


def _section(sheet: Sheet, question: Question) -> dict[str, Any]:
    header, *rows = question.rows
    return {
        "slug": question.slug,
        "text": question.text,
        "sources": sheet.listed(_source(sheet, name) for name in question.data),
        "query": question.query,
        "header": list(map(md.code, header)),
        "rows": [[_cell(sheet, cell) for cell in row] for row in rows],
    }


def _cell(sheet: Sheet, text: str) -> str:
    """A value of the answer; a class or a profile with its page."""
    prefix, _, name = text.partition(":")
    if prefix == "mm" and name in sheet.book.classes:
        return sheet.class_link(name)
    if prefix == "profile" and name in sheet.book.profiles:
        return sheet.badge(name)
    return md.code_cell(text) if text else ""


def _source(sheet: Sheet, name: str) -> str:
    return sheet.word("valid_examples") if name == "examples" else md.code(name)
