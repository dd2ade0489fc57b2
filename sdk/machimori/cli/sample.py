"""``machimori sample``: invented records of a class, or those of a scenario."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click

from machimori import messages
from machimori.catalogue import catalogue
from machimori.cli import options
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.errors import UnknownNameError
from machimori.files import writing
from machimori.messages import msgid

SCENARIOS = ("week",)
"""Modules of ``machimori.samples`` whose ``records`` are connected records of many classes."""


@command(
    "sample",
    details=msgid(
        "Of one class, each for itself; or with --scenario a whole story, in which records refer to one another."
    ),
    examples=(
        "machimori sample Trip --count 1000 --seed 7 > trips.ndjson",
        "machimori sample Trip --count 5 --invalid | machimori validate -",
        "machimori sample Place --count 3 --code MM203",
        "machimori sample --scenario week -o week.ndjson",
    ),
)
@argument(
    "name", required=False, metavar="[CLASS]", help=msgid("A class of the model, such as Trip; or else a --scenario.")
)
@option(
    "--count", type=click.IntRange(min=0), metavar="N", help=msgid("How many records of the class; 1 if not given.")
)
@option("--seed", type=int, metavar="S", help=msgid("The same seed gives the same records."))
@option("--invalid", is_flag=True, help=msgid("Break exactly one rule in each; which one is told on standard error."))
@option("--code", metavar="MMnnn", help=msgid("Break the rule of this code in each (implies --invalid)."))
@option(
    "--scenario",
    metavar="NAME",
    help=msgid("Connected records of every domain instead: week, a week in Minato ward."),
)
@options.out
@click.pass_obj
def sample(
    language: str,
    *,
    name: str | None,
    count: int | None,
    seed: int | None,
    invalid: bool,
    code: str | None,
    scenario: str | None,
    out: str,
) -> int:
    """Write records as NDJSON; the codes that invalid ones break go to standard error."""
    from machimori.samples import sampling

    if scenario is not None and (name, count, seed, code, invalid) == (None, None, None, None, False):
        return _written(_story(scenario), out)
    if name is None or scenario is not None:
        raise CallError("sample")
    number, start = 1 if count is None else count, seed or 0
    if not (invalid or code):
        return _written(sampling.valid(name, number, start), out)
    return _written(_told(sampling.broken(name, number, start, code), language), out)


def _story(name: str) -> Iterator[dict[str, Any]]:
    """The records of a scenario."""
    if name not in SCENARIOS:
        raise UnknownNameError("scenario", name, catalogue.close(name, SCENARIOS) or SCENARIOS)
    records: Iterator[dict[str, Any]] = import_module(f"machimori.samples.{name}").records()
    return records


def _told(broken: Iterator[tuple[str, dict[str, Any]]], language: str) -> Iterator[dict[str, Any]]:
    for number, (code, record) in enumerate(broken, 1):
        yield record
        held = catalogue.codes()[code]
        said = messages.text(
            language,
            "line {number}: {code} {name} ({title})",
            number=number,
            code=code,
            name=held["name"],
            title=held["title"],
        )
        print(said, file=sys.stderr)


def _written(records: Iterator[dict[str, Any]], out: str) -> int:
    with writing(out) as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return Status.GOOD
