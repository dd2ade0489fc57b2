"""``machimori schema``: the part of an artefact that one class needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import click

from machimori.catalogue import catalogue
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.messages import msgid

TURTLE = {"shacl": "shapes.ttl", "owl": "ontology.ttl"}
_SUBJECT = re.compile(r"([a-z][a-z0-9]*):(\S+)|<([^>]*)>")
_TYPE = re.compile(r"^export (?:type|interface) (\w+)", re.MULTILINE)
_PREFIX = re.compile(r"^@prefix (\S+): <([^>]*)> \.$", re.MULTILINE)


@command(
    "schema",
    examples=("machimori schema Trip --as json-schema > Trip.json", "machimori schema EvacuationSite --as shacl"),
)
@argument("name", metavar="CLASS", help=msgid("A class of the model, such as Trip."))
@option(
    "--as",
    "form",
    required=True,
    type=click.Choice(("json-schema", "typescript", *TURTLE, "context")),
    help=msgid("Schema language."),
)
def schema(*, name: str, form: str) -> int:
    """Print the schema of a class in the form asked for."""
    class_ = catalogue.class_(name)
    if form == "typescript":
        print(_typescript(_texts("javascript/types.d.ts", name), name).rstrip())
    elif form == "json-schema":
        if class_.abstract:
            raise CallError("abstract", name=name, members=class_.members)
        print(catalogue.artefact(f"jsonschema/{name}.json", name).rstrip())
    elif form == "context":
        print(json.dumps(_context(name), ensure_ascii=False, indent=1))
    else:
        print(_turtle(_texts(TURTLE[form], name), name, shapes=form == "shacl").rstrip())
    return Status.GOOD


def _typescript(texts: list[str], name: str) -> str:
    """The types of the class and of what it needs, out of whole files; one block of lines a type."""
    classes = needed(name)
    wanted = {*classes, *(f.range for c in classes for f in catalogue.class_(c).fields.values())}
    blocks = [block for text in texts for block in text.split("\n\n")]
    kept = [b for b in blocks if (found := _TYPE.search(b)) and found[1] in wanted]
    return "\n\n".join([blocks[0], *kept])


def needed(name: str) -> list[str]:
    """The class with every class that its records can hold inside, and every class above them."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one in found:
            continue
        found.append(one)
        class_ = catalogue.class_(one)
        waiting += [field.range for field in class_.objects]
        waiting += [*class_.members, *filter(None, [class_.parent])]
    return found


def _texts(path: str, name: str) -> list[str]:
    """The artefact that has the class; in an extension also the model's, which it builds on."""
    texts = [catalogue.artefact(path, name)]
    return texts if catalogue.extension_of("classes", name) is None else [*texts, catalogue.artefact(path)]


def _context(name: str) -> dict[str, Any]:
    whole, *base = (json.loads(text) for text in _texts("context.jsonld", name))
    held = base[0]["@context"] | whole["@context"][1] if base else whole["@context"]
    classes = needed(name)
    terms = {*classes, *(f for c in classes for f in catalogue.class_(c).fields)}
    kept = {key: value for key, value in held.items() if key.startswith("@") or key in ("id", "type") or key in terms}
    return {**whole, "@context": kept}


def _turtle(texts: list[str], name: str, *, shapes: bool) -> str:
    """The statements about the class and what it needs, out of whole files; one block of lines a subject."""
    wanted = {f"{catalogue.class_(c).iri}Shape" for c in needed(name)} if shapes else {*_terms(needed(name))}
    declared: dict[str, str] = {}
    kept: list[str] = []
    for text in texts:
        prefixes = dict(_PREFIX.findall(text))
        declared |= prefixes
        kept += [block for block in text.split("\n\n")[2:] if _subject(block, prefixes) in wanted]
    lines = "\n".join(f"@prefix {prefix}: <{declared[prefix]}> ." for prefix in sorted(declared))
    return "\n\n".join([texts[0].partition("\n\n")[0], lines, *kept])


def _terms(classes: Iterable[str]) -> Iterable[str]:
    """The IRIs of the classes, their fields and lists of values."""
    for name in classes:
        yield catalogue.class_(name).iri
        for field in catalogue.class_(name).fields.values():
            yield field.iri
            if field.enum is not None:
                yield field.enum.iri


def _subject(block: str, prefixes: dict[str, str]) -> str | None:
    found = _SUBJECT.match(block.lstrip())
    if found is None:
        return None
    return found[3] or prefixes.get(found[1], "") + (found[2] or "")
