"""Extensions of the model that are installed: vendors' packages of artefacts, found by the entry point group below.

An extension that cannot be used is refused as a whole: its classes are unknown, those of the model and of other
extensions stay as they are.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Raw, Struct, json

from machimori.catalogue import refusals, terms
from machimori.catalogue.reading import read
from machimori.catalogue.terms import Catalogue
from machimori.errors import ExtensionError, MissingArtefactError
from machimori.messages import Message

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "machimori.models"


@dataclass(frozen=True)
class Extension:
    """One installed extension: the package that holds its artefacts, and its catalogue."""

    name: str
    distribution: str
    package: str
    catalogue: Catalogue = field(repr=False)

    @property
    def iri(self) -> str:
        """The IRI of the extension's model."""
        return self.catalogue.iri

    def artefact(self, path: str) -> str:
        """The text of one of its artefacts; ``MissingArtefactError`` where the package was made without it."""
        try:
            return (files(self.package) / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise MissingArtefactError(self.name, self.distribution, path) from None

    def names(self) -> Iterator[tuple[str, str]]:
        """Each term that the catalogue names, as its kind and its name."""
        for kind, names in self.catalogue.kinds().items():
            yield from ((kind, name) for name in names)


@dataclass(frozen=True)
class Installed:
    """The extensions in use, and why the others are not; ``refused`` by the classes that each would have had."""

    used: tuple[Extension, ...]
    refused: tuple[tuple[ExtensionError, frozenset[str]], ...]

    def refusal(self, class_name: str) -> ExtensionError | None:
        """Why a class is not there although an installed extension has it."""
        return next((error for error, classes in self.refused if class_name in classes), None)


@cache
def installed(base: Catalogue) -> Installed:
    """The extensions of the model whose catalogue is ``base``, found once a process."""
    taken = frozenset((kind, name) for kind, names in base.kinds().items() for name in names)
    found: list[Extension] = []
    refused: list[tuple[ExtensionError, frozenset[str]]] = []
    for point in _entry_points():
        distribution = _distribution(point)
        try:
            text = (files(point.value) / "catalogue.json").read_bytes()
            head = json.decode(text, type=_Head)
            if (fault := _version_fault(head.extends.version, base.version)) is not None:
                refused.append((ExtensionError(point.name, distribution, fault), frozenset(head.classes)))
            else:
                found.append(Extension(point.name, distribution, point.value, read(text, base)))
        except Exception as error:  # noqa: BLE001 - a foreign package may fail in any way, and must not take the model along
            reason = Message("its artefacts cannot be read ({found})", found=f"{type(error).__name__}: {error}")
            refused.append((ExtensionError(point.name, distribution, reason), frozenset()))
    counted = Counter(name for extension in found for name in extension.names())
    used = []
    for extension in found:
        fault = _fault(extension, taken, counted)
        if fault is None:
            used.append(extension)
        else:
            refusal = ExtensionError(extension.name, extension.distribution, fault)
            refused.append((refusal, frozenset(extension.catalogue.classes)))
    for told, _ in refused:
        refusals.tell(told)
    return Installed(tuple(used), tuple(refused))


def _entry_points() -> list[EntryPoint]:
    if not _mentioned():
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value))


def _mentioned() -> bool:
    """Whether any installed package names the group.

    Most often none does, and to ask ``importlib.metadata`` takes 40 ms in an environment of 140 packages; to look costs 2.
    """
    return any(GROUP.encode() in _held(f"{info}/entry_points.txt") for folder in sys.path for info in _infos(folder))


def _infos(folder: str) -> list[str]:
    try:
        with os.scandir(folder or ".") as found:
            return [entry.path for entry in found if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return []


def _held(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - Path would double the time
            return file.read()
    except OSError:
        return b""


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


class _Head(Struct):
    """What is asked of a catalogue before it is read: a catalogue of another time may have another form."""

    iri: Annotated[str, Meta(min_length=1)]
    extends: terms.Base
    classes: dict[str, Raw]


def _version_fault(built_on: str, version: str) -> Message | None:
    if not built_on:
        raise ValueError("a catalogue without version")
    if _series(built_on) == _series(version):
        return None
    return Message(
        "it was built on version {built_on} of the model and this is {version}: build it again",
        built_on=built_on,
        version=version,
    )


def _fault(
    extension: Extension, taken: frozenset[tuple[str, str]], counted: Counter[tuple[str, str]]
) -> Message | None:
    clashes = tuple(sorted(f"{kind}/{name}" for kind, name in extension.names() if (kind, name) in taken))
    if clashes:
        return Message("the model itself has {clashes}", clashes=clashes)
    clashes = tuple(sorted(f"{kind}/{name}" for kind, name in extension.names() if counted[kind, name] > 1))
    return Message("another extension has {clashes} too", clashes=clashes) if clashes else None


def _series(version: str) -> tuple[str, ...]:
    """Versions that differ elsewhere only are compatible (semantic versioning: before 1.0 the second number breaks)."""
    parts = version.split(".")
    return tuple(parts[:2] if parts[0] == "0" else parts[:1])
