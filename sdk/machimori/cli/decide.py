"""``machimori decide``: the decision on one request, from files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from machimori import messages
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.gate_files import GateFiles, budget, gate_files, refused
from machimori.cli.inputs import text_of
from machimori.cli.paths import INPUT
from machimori.errors import InvalidDocumentError
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.privacy.decision.decision import Decision

WITHHELD = msgid("withheld", context="fields of a request")


@command(
    "decide",
    details=msgid(
        "Who asks, what is on hand and what time it is are the holder's knowledge; the request only says what is wanted. With a store the decision is logged; without one it is a trial, by which nothing is given."
    ),
    examples=(
        "machimori decide request.json --holder holder.json --k 50",
        "machimori decide request.json --holder holder.json --store gate.db",
        "machimori decide request.json --holder holder.json --consents consents.jws --now 2026-04-01T09:00:00+09:00 --json",
    ),
    verdict=True,
)
@argument(
    "request",
    type=INPUT,
    metavar="REQUEST.json",
    help=msgid("The request (class DisclosureRequest), or - for standard input."),
)
@gate_files
@budget
@option(
    "--k",
    type=click.IntRange(min=0),
    metavar="N",
    help=msgid("Persons or households behind the smallest cell, as it would be shown; none counts as 0."),
)
@option("--json", "as_json", is_flag=True, help=msgid("Print the decision as JSON (class Decision)."))
@click.pass_obj
def decide(language: str, *, request: str, files: GateFiles, budget: float | None, k: int | None, as_json: bool) -> int:
    """Decide and print; 0 for a grant, also a partial one, 1 for a denial, 2 for what is no request."""
    asked = text_of(request)
    try:
        with files.gate() as gate:
            decision = gate.decide(asked, k=k, budget=budget)
    except InvalidDocumentError as error:
        return refused(error, language)
    if files.store is None:
        print(messages.text(language, "a trial: nothing was logged, and nothing is given by it"), file=sys.stderr)
    if as_json:
        print(decision.json().decode())
    else:
        show(decision, language)
    return Status.REFUSED if decision.denied else Status.GOOD


def show(decision: Decision, language: str) -> None:
    """Print a decision for people."""
    from machimori.catalogue import catalogue
    from machimori.cli.terminal import console

    forms = catalogue.enumeration("DecisionForm").values

    def title(form: str) -> str:
        return forms[form].title.text(language)

    count, total = len(decision.granted), len(decision.granted) + len(decision.withheld)
    form = title(decision.form)
    if decision.denied:
        head = messages.text(language, "denied")
    elif 0 < count < total:
        head = messages.text(
            language, "given as {form} ({count} of {total} fields)", form=form, count=count, total=total
        )
    else:
        head = messages.text(language, "given as {form}", form=form)
    out = console()
    out.print(head, style="bold red" if decision.denied else "bold green")
    rows = [
        (messages.text(language, "why"), decision.text(language)),
        (messages.text(language, "rule"), decision.rule),
        (messages.text(language, "sources"), "; ".join(decision.sources)),
        *((messages.text(language, "granted"), f"{g.field}  {g.transform}  ({g.rule})") for g in decision.granted),
        *((messages.text(language, WITHHELD), f"{w.field}  ({w.rule})") for w in decision.withheld),
        (messages.text(language, "obligations"), ", ".join(decision.obligations)),
        *([(messages.text(language, "delete by"), decision.delete_by)] if decision.delete_by else []),
        (messages.text(language, "strongest form permitted"), title(decision.strongest_permitted)),
    ]
    width = max(len(name) for name, _ in rows)
    previous = ""
    for name, text in rows:
        out.print(f"  {name if name != previous else '':<{width}}  {text}")
        previous = name
