"""Payloads to verdicts as JSON: one record, the records of an array, the lines of a stream."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from machimori.findings.issue import Issue, Report
from machimori.records import splitting
from machimori.records.pieces import SPACE, Piece
from machimori.service.metrics import METRICS
from machimori.service.problems import ProblemError
from machimori.validation.judge import placed
from machimori.validation.record import validate

SHOWN = 1000
"""How many findings of one record are told; the rest is counted."""
NO_JSON = {"MM001", "MM002", "MM003", "MM005", "MM006", "MM007", "MM009"}
"""Findings of a text that is not one JSON value within the limits."""
NO_RECORD = NO_JSON | {"MM008"}
encode = msgspec.json.Encoder().encode


def one_or_many(body: bytes, entity: str | None, language: str) -> bytes:
    """The verdict on a record, or on each record of an array, counted; ``ProblemError`` where the body is neither."""
    found = judged(body, entity)
    METRICS.count(found if isinstance(found, list) else [found])
    return encode(said(found, language))


def lines(pieces: Iterable[Piece], entity: str | None, language: str) -> bytes:
    """A line a record, counted: its verdict, and the number of the line that it came in."""
    told: list[bytes] = []
    for piece in pieces:
        report = _judged(piece, entity)
        METRICS.count([report])
        told += encode({"line": piece.line, **said(report, language)}), b"\n"
    return b"".join(told)


def judged(body: bytes, entity: str | None) -> Report | list[Report]:
    """The report on a record, or those on the records of an array; ``ProblemError`` where the body is neither."""
    if body.lstrip(SPACE).startswith(b"["):
        many = []
        for report in _elements(body, entity):
            _refuse_what_is_no_json(report, NO_JSON)
            many.append(report)
        return many
    one = validate(body, entity)
    _refuse_what_is_no_json(one, NO_RECORD)
    return one


def said(found: Report | list[Report], language: str) -> dict[str, Any]:
    """Reports as JSON data."""
    if isinstance(found, list):
        invalid = sum(not report.ok for report in found)
        results = [said(report, language) for report in found]
        return {"ok": not invalid, "records": len(found), "invalid": invalid, "results": results}
    told = [issue.data(language) for issue in found.issues[:SHOWN]]
    verdict: dict[str, Any] = {"ok": found.ok, "entity": found.entity, "issues": told}
    return {**verdict, "more": len(found.issues) - SHOWN} if len(found.issues) > SHOWN else verdict


def _refuse_what_is_no_json(report: Report, codes: set[str]) -> None:
    if faults := [issue for issue in report.issues if issue.code in codes]:
        raise ProblemError("unreadable", issues=faults)


def _elements(body: bytes, entity: str | None) -> Iterator[Report]:
    return (_judged(piece, entity) for piece in splitting.records(io.BytesIO(body)))


def _judged(piece: Piece, entity: str | None) -> Report:
    found: list[Issue] = [replace(piece.fault, line=piece.fault.line or piece.line)] if piece.fault else []
    if not piece.text:
        return Report(tuple(found), entity)
    report = validate(piece.text, entity)
    return replace(report, issues=(*found, *(placed(issue, piece, None) for issue in report.issues)))
