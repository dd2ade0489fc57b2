"""``machimori disclose``: the permitted views of records, as NDJSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from machimori import messages
from machimori.cli import options
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.gate_files import GateFiles, budget, gate_files, noted, refused, request
from machimori.cli.inputs import text_of
from machimori.cli.paths import INPUT
from machimori.cli.terminal import ReadingBar
from machimori.errors import InvalidDocumentError
from machimori.files import writing
from machimori.messages import msgid


@command(
    "disclose",
    details=msgid(
        "One line a record, without what is withheld. The decision and counts go to standard error. What is given of data about people is logged: name the store, or say --no-store."
    ),
    examples=(
        "machimori disclose trips.ndjson --request request.json --holder holder.json --store gate.db -o views.ndjson",
        "machimori disclose use.ndjson --request request.json --holder holder.json --store gate.db --keys keys.json",
        "machimori disclose stops.ndjson --request request.json --holder holder.json --no-store",
    ),
)
@argument(
    "records",
    type=INPUT,
    metavar="RECORDS",
    help=msgid("File of records (NDJSON or a JSON array), or - for standard input."),
)
@request
@gate_files
@option("--keys", type=INPUT, metavar="F", help=msgid("Keys of pseudonyms (JSON), readable by their owner alone."))
@budget
@options.out
@click.pass_obj
def disclose(
    language: str,
    *,
    records: str,
    request: str,
    files: GateFiles,
    keys: str | None,
    budget: float | None,
    out: str,
) -> int:
    """Release what is permitted; 0 for a grant, 1 for a denial, 2 for what is no request."""
    from machimori.privacy.disclosure.disclosure import WrongFormError
    from machimori.privacy.disclosure.pseudonym_keys import read_keys
    from machimori.records import lines, opening

    asked = text_of(request)
    secret = read_keys(Path(keys)) if keys else None
    bar = ReadingBar()
    try:
        files.logs(asked)
        with (
            opening.held(records) as source,
            files.gate(secret) as gate,
            gate.disclose(lines.lines_of_input(source, bar.follow(records)), asked, budget=budget) as given,
        ):
            decision = given.decision
            print(f"{decision.form} ({decision.rule}): {decision.text(language)}", file=sys.stderr)
            files.say_unlogged(language)
            if decision.denied:
                return Status.REFUSED
            with writing(out, private=True) as stream:
                for view in given:
                    assert isinstance(view, bytes)  # records came as text
                    stream.write(view + b"\n")
    except InvalidDocumentError as error:
        return refused(error, language)
    except WrongFormError:
        raise CallError("statistics") from None
    bar.clear()
    print(_counted(given.released, given.skipped, language), file=sys.stderr)
    return Status.GOOD


def _counted(released: int, skipped: Mapping[str, int], language: str) -> str:
    if not skipped:
        return messages.text(language, "released {released}", released=released)
    left_out = noted(skipped, language)
    return messages.text(language, "released {released}; left out: {left_out}", released=released, left_out=left_out)
