"""``machimori schema``: the part of an artefact that one class needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from machimori import catalogue
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status

TURTLE = {"shacl": "shapes.ttl", "owl": "ontology.ttl"}
_SUBJECT = re.compile(r"mm:(\S+)|<([^>]*)>")


def schema(name: str, form: str) -> int:
    """Print the schema of a class in the form asked for."""
    class_ = catalogue.class_data(name)
    if form == "typescript":
        raise CallError("TypeScript types are not part of this release yet", "TypeScriptの型はまだ含まれていません")
    if form == "json-schema":
        if class_["abstract"]:
            members = ", ".join(class_["members"])
            raise CallError(
                f"{name} is abstract and has no JSON Schema of its own; use one of {members}",
                f"{name}は抽象クラスで、単独のJSON Schemaはありません。{members}のいずれかを用いてください",
            )
        print(catalogue.artefact(f"jsonschema/{name}.json").rstrip())
    elif form == "context":
        print(json.dumps(_context(name), ensure_ascii=False, indent=1))
    else:
        print(_turtle(catalogue.artefact(TURTLE[form]), name, shapes=form == "shacl").rstrip())
    return Status.GOOD


def needed(name: str) -> list[str]:
    """The class with every class that its records can hold inside, and every class above them."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one in found:
            continue
        found.append(one)
        class_ = catalogue.class_data(one)
        waiting += [f["range"] for f in class_["fields"].values() if f["inlined"]]
        waiting += [*class_["members"], *filter(None, [class_["parent"]])]
    return found


def _context(name: str) -> dict[str, Any]:
    whole = json.loads(catalogue.artefact("context.jsonld"))
    classes = needed(name)
    terms = {*classes, *(f for c in classes for f in catalogue.class_data(c)["fields"])}
    held = {
        key: value
        for key, value in whole["@context"].items()
        if key.startswith("@") or key in ("id", "type") or key in terms
    }
    return {**whole, "@context": held}


def _turtle(text: str, name: str, *, shapes: bool) -> str:
    """The statements about the class and what it needs, out of a whole file; one block of lines a subject."""
    head, *blocks = text.split("\n\n")
    prefixes = [b for b in blocks if b.lstrip().startswith("@prefix")]
    wanted = {f"{c}Shape" for c in needed(name)} if shapes else set(_terms(needed(name)))
    kept = [b for b in blocks if b not in prefixes and _subject(b) in wanted]
    return "\n\n".join([head, *prefixes, *kept])


def _terms(classes: Iterable[str]) -> Iterable[str]:
    """Names below the model's IRI of the classes, their fields and lists of values."""
    base = catalogue.catalogue()["iri"]
    for name in classes:
        yield name
        for field in catalogue.class_data(name)["fields"].values():
            yield str(field["iri"]).removeprefix(base)
            if field["range"] in catalogue.catalogue()["enums"]:
                yield field["range"]


def _subject(block: str) -> str | None:
    found = _SUBJECT.match(block.lstrip())
    if found is None:
        return None
    return found[1] or found[2].removeprefix(catalogue.catalogue()["iri"])
