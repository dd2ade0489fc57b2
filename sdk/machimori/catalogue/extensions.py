"""Extensions of the model that are installed: vendors' packages of artefacts, found by the entry point group below.

An extension that cannot be used is refused as a whole: its classes are unknown, those of the model and of other
extensions stay as they are.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from machimori.errors import ExtensionError, MissingArtefactError
from machimori.messages import Message

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "machimori.models"
KINDS = ("classes", "enums", "types", "profiles", "categories", "domains", "units", "exclusions")
"""The parts of a catalogue whose names must be unique over the model and all extensions."""


@dataclass(frozen=True)
class Extension:
    """One installed extension: the package that holds its artefacts, and its catalogue."""

    name: str
    distribution: str
    package: str
    catalogue: dict[str, Any] = field(repr=False)

    @property
    def iri(self) -> str:
        return str(self.catalogue["iri"])

    def artefact(self, path: str) -> str:
        """The text of one of its artefacts; ``MissingArtefactError`` where the package was made without it."""
        try:
            return (files(self.package) / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise MissingArtefactError(self.name, self.distribution, path) from None

    def names(self) -> Iterator[tuple[str, str]]:
        for kind in KINDS:
            for name in self.catalogue[kind]:
                yield kind, name


@dataclass(frozen=True)
class Installed:
    """The extensions in use, and why the others are not; ``refused`` by the classes that each would have had."""

    used: tuple[Extension, ...]
    refused: tuple[tuple[ExtensionError, frozenset[str]], ...]

    def refusal(self, class_name: str) -> ExtensionError | None:
        """Why a class is not there although an installed extension has it."""
        return next((error for error, classes in self.refused if class_name in classes), None)


def _log(error: ExtensionError) -> None:
    import logging

    logging.getLogger("machimori").warning("%s", error)


tell: Callable[[ExtensionError], None] = _log
"""Told of each extension that is refused, once a process; the command line says it in the language of the call."""


def installed(base: dict[str, Any]) -> Installed:
    """The extensions of the model whose catalogue is ``base``, found once a process."""
    return _installed(base["version"], frozenset((kind, name) for kind in KINDS for name in base[kind]))


@cache
def _installed(version: str, taken: frozenset[tuple[str, str]]) -> Installed:
    read: list[Extension] = []
    refused: list[tuple[ExtensionError, frozenset[str]]] = []
    for point in _entry_points():
        distribution = _distribution(point)
        try:
            extension = _read(point, distribution)
        except Exception as error:  # noqa: BLE001 - a foreign package may fail in any way, and must not take the model along
            found = f"{type(error).__name__}: {error}"
            reason = Message("its artefacts cannot be read ({found})", found=found)
            refused.append((ExtensionError(point.name, distribution, reason), frozenset()))
            continue
        read.append(extension)
    counted = Counter(name for extension in read for name in extension.names())
    used = []
    for extension in read:
        fault = _fault(extension, version, taken, counted)
        if fault is None:
            used.append(extension)
        else:
            refusal = ExtensionError(extension.name, extension.distribution, fault)
            refused.append((refusal, frozenset(extension.catalogue["classes"])))
    for told, _ in refused:
        tell(told)
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


def _read(point: EntryPoint, distribution: str) -> Extension:
    catalogue = json.loads((files(point.value) / "catalogue.json").read_text(encoding="utf-8"))
    extension = Extension(point.name, distribution, point.value, catalogue)
    if not (catalogue["extends"]["version"] and extension.iri):
        raise ValueError("a catalogue without version or IRI")
    list(extension.names())
    return extension


def _fault(
    extension: Extension, version: str, taken: frozenset[tuple[str, str]], counted: Counter[tuple[str, str]]
) -> Message | None:
    built_on = str(extension.catalogue["extends"]["version"])
    if _series(built_on) != _series(version):
        return Message(
            "it was built on version {built_on} of the model and this is {version}: build it again",
            built_on=built_on,
            version=version,
        )
    clashes = tuple(sorted(f"{kind}/{name}" for kind, name in extension.names() if (kind, name) in taken))
    if clashes:
        return Message("the model itself has {clashes}", clashes=clashes)
    clashes = tuple(sorted(f"{kind}/{name}" for kind, name in extension.names() if counted[kind, name] > 1))
    return Message("another extension has {clashes} too", clashes=clashes) if clashes else None


def _series(version: str) -> tuple[str, ...]:
    """Versions that differ elsewhere only are compatible (semantic versioning: before 1.0 the second number breaks)."""
    parts = version.split(".")
    return tuple(parts[:2] if parts[0] == "0" else parts[:1])
