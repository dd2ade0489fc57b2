"""``machimori sample``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.errors import UnknownNameError
from machimori.files import writing
from machimori.samples import sampling

LINE = {"en": "line {number}: {code} {name}", "ja": "{number}行目：{code} {name}（{title}）"}
SCENARIOS = ("week",)
"""Modules of ``machimori.samples`` whose ``records`` are connected records of many classes."""


def sample(
    entity: str,
    *,
    count: int | None,
    seed: int | None,
    invalid: bool,
    code: str | None,
    out: str,
    language: str,
) -> int:
    """Write ``count`` records as NDJSON; the codes that invalid ones break go to standard error."""
    number, start = 1 if count is None else count, seed or 0
    if not (invalid or code):
        return _written(sampling.valid(entity, number, start), out)
    return _written(_told(sampling.broken(entity, number, start, code), language), out)


def scenario(name: str, out: str) -> int:
    """Write the records of a scenario as NDJSON."""
    if name not in SCENARIOS:
        raise UnknownNameError("scenario", name, catalogue.close(name, SCENARIOS) or SCENARIOS)
    return _written(import_module(f"machimori.samples.{name}").records(), out)


def unclear() -> int:
    """Refuse a call that names neither a class nor a scenario, or both, or asks a scenario for what a class can do."""
    raise CallError(
        "name either a CLASS, with --count, --seed, --invalid, --code, or a --scenario, without them",
        "CLASS（--count、--seed、--invalid、--codeを併用できる）か、--scenario（併用できない）のいずれかを指定してください",
    )


def _told(broken: Iterator[tuple[str, dict[str, Any]]], language: str) -> Iterator[dict[str, Any]]:
    for number, (code, record) in enumerate(broken, 1):
        yield record
        held = catalogue.codes()[code]
        said = LINE[language].format(number=number, code=code, name=held["name"], title=held["title"][language])
        print(said, file=sys.stderr)


def _written(records: Iterator[dict[str, Any]], out: str) -> int:
    with writing(out) as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return Status.GOOD
