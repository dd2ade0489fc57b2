"""``machimori build``: every artefact from the model, or the lines of the model that keep it from being built."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from machimori import messages
from machimori.catalogue import catalogue
from machimori.cli.app import command
from machimori.cli.command import option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.paths import INPUT, OUTPUT
from machimori.errors import CannotReadError, MachimoriError, OverlapError
from machimori.extras import need
from machimori.files import content, name_of
from machimori.messages import Message, msgid


@command(
    "build",
    details=msgid("Or say which line of the model keeps them from being built. Needs the extra `build`."),
    examples=("machimori build", "machimori build --check", "machimori build --model model --out generated"),
    verdict=True,
)
@option("--check", is_flag=True, help=msgid("Write nothing; fail where the artefacts are not current."))
@option("--model", type=INPUT, metavar="DIR", help=msgid("Folder of the model; in a source checkout its own."))
@option(
    "--out",
    type=OUTPUT,
    metavar="DIR",
    help=msgid("Where the artefacts go; in a source checkout `generated`."),
)
@option(
    "--looks",
    is_flag=True,
    help=msgid("Say how many figures of one fact the tables of each class give; 8 are the most."),
)
@click.pass_obj
def build_(language: str, *, check: bool, model: str | None, out: str | None, looks: bool) -> int:
    """Build, or compare; 0 if all is well, 1 for a fault of the model or, with ``check``, for stale artefacts."""
    folder, target = _places(model, out)
    if not folder.is_dir():
        raise CannotReadError(name_of(folder), Message("no such folder"))
    if _one_in_the_other(folder.resolve(), target.resolve()):
        raise OverlapError(str(target), "folder")
    need("build")
    from machimori.build import run
    from machimori.build.sources import Sources

    outcome = run.build(folder, target, check=check, progress=_step)
    if outcome.faults:
        codes = _codes(Sources(folder))
        for fault in outcome.faults:
            print(_fault(fault, codes, language))
        count = len(outcome.faults)
        print(messages.text(language, "{count} faults; nothing was written", count=count), file=sys.stderr)
        return Status.REFUSED
    if outcome.stale:
        for path in outcome.stale:
            print(messages.text(language, "{path}: not what the model gives", path=path))
        if ours := len(outcome.stale) - outcome.outdated_validators:
            told = messages.text(language, "{count} artefacts are not current; run machimori build", count=ours)
            print(told, file=sys.stderr)
        _tell_of_npm(outcome, target, language)
        return Status.REFUSED
    if outcome.unchanged:
        print(messages.text(language, "nothing changed"))
    elif check:
        print(messages.text(language, "{out} is current", out=target))
    else:
        print(messages.text(language, "{count} artefacts written to {out}", count=outcome.written, out=target))
    _tell_of_npm(outcome, target, language)
    if looks:
        _tell_of_looks(target)
    return Status.GOOD


def _tell_of_looks(target: Path) -> None:
    """The looks of each class with tables, the classes with the same facts beside it."""
    whole = json.loads(content(target / "catalogue.json"))
    for name, class_ in whole["classes"].items():
        held = class_.get("statistics") or {}
        if held.get("tables"):
            print(f"{held['looks']}  {', '.join((name, *held.get('same_facts_as', ())))}")


def _tell_of_npm(outcome: Any, target: Path, language: str) -> None:
    """Which command makes what the build itself cannot, where that is called for."""
    from machimori.build import javascript

    if outcome.outdated_validators:
        said = messages.text(
            language,
            "{path} is of other JSON Schemas; Ajv makes it anew (Node.js, npm):\n  {command}",
            path=javascript.VALIDATORS,
            command=javascript.making(target),
        )
        print(said, file=sys.stderr)


def _places(model: str | None, out: str | None) -> tuple[Path, Path]:
    """The folders given, or those of the source checkout that the current folder lies in."""
    checkout = _checkout()
    if (model is None or out is None) and checkout is None:
        raise CallError("folders")
    home = checkout or Path()
    return (
        home / "model" if model is None else Path(model),
        home / "generated" if out is None else Path(out),
    )


def _one_in_the_other(folder: Path, target: Path) -> bool:
    """A build takes out of its folder what it wrote there before, and reads every file of the model's."""
    return folder.is_relative_to(target) or target.is_relative_to(folder)


def _checkout() -> Path | None:
    here = Path.cwd()
    return next(
        (
            p
            for p in (here, *here.parents)
            if (p / "model/machimori.yaml").is_file() and (p / "pyproject.toml").is_file()
        ),
        None,
    )


def _step(step: str) -> None:
    if sys.stderr.isatty():
        print(f"  {step}", file=sys.stderr)


def _codes(sources: Any) -> dict[str, Any]:
    """The codes of the model that is built; the shipped ones where it has none that can be read."""
    from machimori.build.composing import UnfitError

    try:
        held = {} if sources.extends else sources.data("codes")
    except UnfitError:
        held = {}
    try:
        return {**catalogue.codes(), **held}
    except MachimoriError:
        return dict(held)


def _fault(fault: Any, codes: dict[str, Any], language: str) -> str:
    from machimori.build.composing import visible

    code = codes.get(fault.code, {})
    name = code.get("name", "")
    message = messages.of({messages.ENGLISH: "{element} {detail}", **code.get("message", {})}, language)
    remedy = messages.of({messages.ENGLISH: "", **code.get("remedy", {})}, language)
    text = message.format(element=visible(fault.element), detail=visible(fault.detail))
    return f"{fault.place}: {fault.code} {name} {text}" + (f"\n    → {remedy}" if remedy else "")
