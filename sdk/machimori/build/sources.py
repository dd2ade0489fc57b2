"""Where the model's facts stand: the folder, its files, and the line of every element.

A folder is the model itself or an extension of it: a vendor's schemas that import modules of the model as
``machimori:domains/appliances``. Those are read from the installed package, never from a network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import yaml

BASE = "machimori:"
"""What an import begins with that leads to a module of the model."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where there is one."""


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
        return f"{self.file}:{self.line}"


@dataclass
class Sources:
    """A model folder. ``data`` merges the instance files, ``at`` finds the line of an element."""

    folder: Path
    _composed: dict[Path, Any] = field(default_factory=dict, repr=False)
    _documents: dict[Path, dict[str, Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def main(self) -> Path:
        """The schema that no other schema of the folder imports."""
        return self.roots[0]

    @cached_property
    def roots(self) -> list[Path]:
        """The schemas that no other schema of the folder imports: one, in a model that can be built."""
        imported = {(path.parent / f"{name}.yaml").resolve() for path in self.schemas for name in self.imports(path)}
        return [p for p in self.schemas if p.resolve() not in imported]

    def imports(self, path: Path) -> list[str]:
        """What a schema imports from its own folder."""
        return [name for name in self.document(path).get("imports") or [] if ":" not in str(name)]

    def base_imports(self, path: Path) -> list[str]:
        """The modules of the model that a schema imports, ``domains/appliances`` for example."""
        named = map(str, self.document(path).get("imports") or [])
        return [name.removeprefix(BASE) for name in named if name.startswith(BASE)]

    @cached_property
    def extends(self) -> bool:
        """Whether this is an extension of the model rather than the model itself."""
        return any(self.base_imports(path) for path in self.schemas)

    @cached_property
    def base(self) -> list[Path]:
        """In an extension the modules of the model that it imports, and those that they import; privacy always."""
        wanted = [home() / f"{name}.yaml" for path in self.schemas for name in self.base_imports(path)]
        waiting = [*wanted, home() / f"{PRIVACY}.yaml"] if wanted else []
        found: dict[Path, None] = {}
        while waiting:
            path = waiting.pop().resolve()
            if path not in found:
                found[path] = None
                waiting += [path.parent / f"{name}.yaml" for name in self.imports(path)]
        return sorted(found)

    @cached_property
    def files(self) -> list[Path]:
        return sorted(self.folder.rglob("*.yaml"))

    @cached_property
    def schemas(self) -> list[Path]:
        """The files that are LinkML schemas (they have an ``id``)."""
        return [p for p in self.files if {"id", "imports"} <= self.document(p).keys()]

    def document(self, path: Path) -> dict[str, Any]:
        if path not in self._documents:
            node = self._compose(path)
            loaded = None if node is None else _LOADER("").construct_document(node)
            self._documents[path] = loaded if isinstance(loaded, dict) else {}
        return self._documents[path]

    def data(self, key: str) -> dict[str, Any]:
        """Merge the mapping under ``key`` of every file that is not a schema."""
        merged: dict[str, Any] = {}
        for path in self.files:
            if path not in self.schemas:
                merged.update(self.document(path).get(key) or {})
        return merged

    def importmap(self) -> dict[str, str]:
        """Where LinkML finds what is not imported from the folder itself."""
        return {BASE: str(home())}

    def at(self, path: Path, *keys: str) -> Place:
        """The line of the deepest of ``keys`` that is there."""
        node, line = self._compose(path), 1
        for key in keys:
            if not isinstance(node, yaml.MappingNode):
                break
            for key_node, value_node in node.value:
                if key_node.value == key:
                    node, line = value_node, key_node.start_mark.line + 1
                    break
            else:
                break
        if path.is_relative_to(self.folder):
            return Place(path.relative_to(self.folder).as_posix(), line)
        return Place(f"{BASE}{path.relative_to(home()).as_posix()}", line)

    def _compose(self, path: Path) -> Any:
        if path not in self._composed:
            self._composed[path] = yaml.compose(self._text(path), Loader=_LOADER)
        return self._composed[path]

    def _text(self, path: Path) -> str:
        return path.read_text(encoding="utf-8")
