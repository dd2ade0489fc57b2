"""What a model's schemas import and what their prefixes stand for, decided before LinkML sees any of them.

LinkML would open any path and fetch any address that an import, or the prefix of an import, leads to. A schema may import
``linkml:types``, modules of the model as ``machimori:domains/energy``, and files of its own folder; nothing else is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from machimori.build.composing import shown
from machimori.build.model import PREFIX
from machimori.build.sources import BASE, MODULE, Sources, namespace_of

FIXED_PREFIXES = {
    "linkml": "https://w3id.org/linkml/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    BASE.removesuffix(":"): "the modules of the model",
}
"""Prefixes that mean the same to everybody; the last is no prefix at all."""
CURIES = ("exact_mappings", "close_mappings", "broad_mappings", "narrow_mappings", "related_mappings", "see_also")
ADDRESSES = ("http://", "https://", "urn:")
Report = Callable[..., Any]


def faults(sources: Sources, fault: Report) -> Iterator[Any]:
    """Imports that lead nowhere or elsewhere, and prefixes that mean another thing or nothing."""
    declared = {**FIXED_PREFIXES, **_declared(sources, *sources.base, *sources.schemas)}
    for path in sources.schemas:
        for name in map(str, sources.document(path).get("imports") or []):
            if sources.imported(path, name) is None:
                code = "MM914" if _is_module(sources, path, name) else "MM922"
                yield fault(code, sources.at(path, "imports"), path.name, shown(name))
        elsewhere = FIXED_PREFIXES | _declared(sources, *(p for p in (*sources.base, *sources.schemas) if p != path))
        for name, iri in _declared(sources, path).items():
            if elsewhere.get(name, iri) != iri and f"{name}:" != PREFIX:
                place = sources.at(path, "prefixes", name)
                yield fault("MM909", place, name, f"the prefix of {shown(elsewhere[name])}")
        for keys, curie in _curies(sources.document(path), ()):
            is_name = keys[-2:-1] == ("annotations",)  # which is a CURIE, never an address
            if (is_name or not curie.startswith(ADDRESSES)) and curie.partition(":")[0] not in declared:
                yield fault("MM914", sources.at(path, *keys), shown(curie), f"the prefix {curie.partition(':')[0]}")


def _is_module(sources: Sources, path: Path, name: str) -> bool:
    """Whether an import names something that could be a module of the model or a file of the folder."""
    if name.startswith(BASE):
        return MODULE.fullmatch(name.removeprefix(BASE)) is not None and ".." not in name
    inside = (path.parent / name).resolve().is_relative_to(sources.folder.resolve())
    return MODULE.fullmatch(name) is not None and inside


def _declared(sources: Sources, *paths: Path) -> dict[str, str]:
    return {
        str(name): namespace_of(iri)
        for path in paths
        for name, iri in (sources.document(path).get("prefixes") or {}).items()
    }


def _curies(node: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every CURIE or IRI of a schema, the names of annotations among them, with the keys that lead to it."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key in CURIES and isinstance(value, list):
            yield from (((*keys, str(key)), str(curie)) for curie in value)
        elif key in ("slot_uri", "uri") and isinstance(value, str):
            yield (*keys, str(key)), value
        elif key == "annotations" and isinstance(value, dict):
            yield from (((*keys, "annotations", str(name)), str(name)) for name in value)
        else:
            yield from _curies(value, (*keys, str(key)))
