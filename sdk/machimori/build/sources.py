"""Where the model's facts stand: the folder, its files, and the line of every element.

A folder is the model itself or an extension of it: a vendor's schemas that import modules of the model as
``machimori:domains/appliances``. Those are read from the installed package, never from a network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import yaml

from machimori.build.composing import UnfitError, compose, plain, shown

BASE = "machimori:"
"""What an import begins with that leads to a module of the model."""
LINKML = "linkml:types"
"""The one import that leads to LinkML itself."""

SCHEMA_KEYS = frozenset({"id", "imports", "classes", "slots", "enums", "types", "prefixes", "default_prefix"})
"""What makes a file a schema; one of them is enough."""
MODULE = re.compile(r"(\.\.?/)*([a-z0-9_-]+/)*[a-z0-9_-]+")
"""How an import names a module: below, beside or above the schema that imports it."""
PRIVACY = "privacy"
"""The module that an extension has without naming it: what a classification means."""


def home() -> Path:
    """The folder of the model's own sources in the installed package."""
    return Path(str(package_files("machimori.sources"))).resolve()


@dataclass(frozen=True)
class Place:
    """A line in a file of the model."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}"


@dataclass
class Sources:
    """A model folder. ``data`` merges the instance files, ``at`` finds the line of an element."""

    folder: Path
    _composed: dict[Path, Any] = field(default_factory=dict, repr=False)
    _documents: dict[Path, dict[str, Any]] = field(default_factory=dict, repr=False)
    _by_key: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(default_factory=dict, repr=False)
    """By the identity of a node of ``_composed``, which keeps it."""

    @cached_property
    def main(self) -> Path:
        """The schema that no other schema of the folder imports."""
        return self.roots[0]

    @cached_property
    def roots(self) -> list[Path]:
        """The schemas that no other schema of the folder imports: one, in a model that can be built."""
        imported = {self.imported(path, name) for path in self.schemas for name in self.imports(path)}
        return [p for p in self.schemas if p.resolve() not in imported]

    def imports(self, path: Path) -> list[str]:
        """What a schema imports from its own folder."""
        return [name for name in self._imports(path) if ":" not in name]

    def base_imports(self, path: Path) -> list[str]:
        """The modules of the model that a schema imports, ``domains/appliances`` for example."""
        return [name.removeprefix(BASE) for name in self._imports(path) if name.startswith(BASE)]

    def _imports(self, path: Path) -> list[str]:
        return list(map(str, self.document(path).get("imports") or []))

    def imported(self, path: Path, name: str) -> Path | None:
        """The file that an import of a schema leads to, if it may: LinkML's types, a module of the model, a file of the folder.

        Nothing else is ever opened, whatever prefixes a schema declares; no address, no path that begins elsewhere or
        leaves the folder, by ``..`` or by a link.
        """
        if name == LINKML:
            return Path(str(package_files("linkml_runtime.linkml_model") / "model" / "schema" / "types.yaml"))
        if name.startswith(BASE):
            return _below(home(), home(), name.removeprefix(BASE))
        whole = self.folder.resolve()
        return _below(whole if path.resolve().is_relative_to(whole) else home(), path.resolve().parent, name)

    @cached_property
    def extends(self) -> bool:
        """Whether this is an extension of the model rather than the model itself."""
        return any(self.base_imports(path) for path in self.schemas)

    @cached_property
    def base(self) -> list[Path]:
        """In an extension the modules of the model that it imports, and those that they import; privacy always."""
        named = [BASE + name for path in self.schemas for name in self.base_imports(path)]
        wanted = list(filter(None, (self.imported(self.folder, name) for name in named)))
        waiting = [*wanted, home() / f"{PRIVACY}.yaml"] if wanted else []
        found: dict[Path, None] = {}
        while waiting:
            path = waiting.pop().resolve()
            if path not in found:
                found[path] = None
                waiting += filter(None, (self.imported(path, name) for name in self.imports(path)))
        return sorted(found)

    @cached_property
    def files(self) -> list[Path]:
        """The files of the folder that LinkML reads, in order; those that are not fit to be read are left out."""
        return sorted(path for path in self.folder.rglob("*.yaml") if not self.unfit(path))

    @cached_property
    def unfit_files(self) -> list[tuple[Path, str]]:
        """What is named like a file of the model and is none, and why."""
        found = ((path, self.unfit(path)) for path in sorted(self.folder.rglob("*.yaml")))
        return [(path, why) for path, why in found if why]

    def unfit(self, path: Path) -> str:
        """Why a path of the folder is not read: it is no file, or a link that leads out of the folder."""
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return "a link that leads out of the folder"
        return "" if path.is_file() else "not a file"

    @cached_property
    def schemas(self) -> list[Path]:
        """The files that are LinkML schemas."""
        return [p for p in self.files if SCHEMA_KEYS & self.document(p).keys()]

    def document(self, path: Path) -> dict[str, Any]:
        """A file as plain data, parsed once. Raises what ``compose`` raises."""
        if path not in self._documents:
            self._documents[path] = plain(self.compose(path))
        return self._documents[path]

    def data(self, key: str) -> dict[str, Any]:
        """Merge the mapping under ``key`` of every file that is not a schema."""
        merged: dict[str, Any] = {}
        for path in self.files:
            if path not in self.schemas:
                merged.update(self.document(path).get(key) or {})
        return merged

    def at(self, path: Path, *keys: str) -> Place:
        """The line of the deepest of ``keys`` that is there."""
        node, line = self.compose(path), 1
        for key in keys:
            if not isinstance(node, yaml.MappingNode):
                break
            found = self._keys(node).get(key)
            if found is None:
                break
            node, line = found[1], found[0].start_mark.line + 1
        if path.is_relative_to(self.folder):
            return Place(path.relative_to(self.folder).as_posix(), line)
        return Place(f"{BASE}{path.relative_to(home()).as_posix()}", line)

    def _keys(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Key and value of a mapping by the text of the key, the first where one stands twice."""
        if id(node) not in self._by_key:
            named = [(k, v) for k, v in reversed(node.value) if isinstance(k, yaml.ScalarNode)]
            self._by_key[id(node)] = {key.value: (key, value) for key, value in named}
        return self._by_key[id(node)]

    def compose(self, path: Path) -> Any:
        """The tree of a file, ``None`` for an empty one; ``UnfitError`` where there is none."""
        if path not in self._composed:
            try:
                self._composed[path] = compose(path.read_bytes())
            except OSError as error:
                raise UnfitError(1, type(error).__name__) from None
        return self._composed[path]


def namespace_of(prefix: object) -> str:
    """A prefix is an IRI, or in its long form a mapping that holds one."""
    return str(prefix.get("prefix_reference", "")) if isinstance(prefix, dict) else str(prefix)


def _below(whole: Path, folder: Path, name: str) -> Path | None:
    """The file of a module named from ``folder``, if it is there and within ``whole``."""
    if not MODULE.fullmatch(name):
        return None
    path = (folder / f"{name}.yaml").resolve()
    return path if path.is_relative_to(whole) and path.is_file() else None
