"""What other standards have and the model refuses: read from ``model/crosswalk/exclusions.yaml``, held against the model.

An exclusion says which term of which standard it is, on the page of which class a reader looks for it, why it is not
there, and which class or field serves instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from machimori.build.model import Model, Term
from machimori.build.sources import Place, Sources

KEY = "exclusions"
LANGUAGES = ("en", "ja")
Report = Callable[[str, Place, str, str], Any]


def faults(model: Model, sources: Sources, fault: Report) -> Iterator[Any]:
    """Every fault of an exclusion as ``fault(code, place, element, detail)``."""
    mapped = {i: name for name, term in _terms(model) for i in term.mappings.exact + term.mappings.close}
    for path in sources.files:
        if path in sources.schemas:
            continue
        for name, entry in (sources.document(path).get(KEY) or {}).items():
            place = sources.at(path, KEY, name)
            for code, detail in _wrong(model, entry, mapped):
                yield fault(code, place, name, detail)


def _wrong(model: Model, entry: Any, mapped: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Code and detail of each fault of one exclusion."""
    if not isinstance(entry, dict):
        yield "MM913", "an exclusion that is not a mapping"
        return
    for text in ("term", "why"):
        held = entry.get(text)
        if not isinstance(held, dict) or not all(held.get(language) for language in LANGUAGES):
            yield "MM907", text
    if not entry.get("instead"):
        yield "MM907", "instead"
    for named in (entry.get("class"), *(entry.get("instead") or [])):
        if not _known(model, str(named)):
            yield "MM914", str(named)
    for iri in entry.get("iris") or []:
        if iri in mapped:
            yield "MM909", f"{iri} is also a mapping of {mapped[iri]}"


def _known(model: Model, name: str) -> bool:
    """Whether ``Class`` or ``Class.field`` is there."""
    class_, dot, field = name.partition(".")
    return class_ in model.classes and (not dot or field in model.classes[class_].fields)


def _terms(model: Model) -> Iterator[tuple[str, Term]]:
    for class_ in model.classes.values():
        yield class_.name, class_
        for field in class_.fields.values():
            yield f"{class_.name}.{field.name}", field
