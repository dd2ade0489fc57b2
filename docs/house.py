"""The picture of the rooms of `sdk/machimori`, drawn from the imports of their source: docs/hooks.py fills it in.

Rooms stand on a staircase, each below those that import it, in the order of the layers in pyproject.toml. A dot in the row of
a room and above the step of another is an import; a ring, a folder of data that is opened by its name.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "machimori"
SELF = "__init__"
LABEL = {"en": "Which room imports which", "ja": "モジュール間のimport"}
TITLE = {
    "imports": {"en": "{} imports {}", "ja": "{}は{}をimportする"},
    "reads": {"en": "{} reads {}", "ja": "{}は{}を読む"},
}
CELL, ROW, TEXT = 13, 18, 12
BEGINNINGS = (f"from {PACKAGE}", f"import {PACKAGE}", f'files("{PACKAGE}')
"""A file with none of these need not be parsed; those that the build writes are long."""
GLYPH = 0.62 * TEXT
"""Of a monospaced font, rounded up."""

Edges = dict[tuple[str, str], str]
"""``imports`` or ``reads``, by the room that does and the room that it needs."""


def rooms() -> dict[str, Path]:
    """What lies directly in the package, with its file or folder; folders elsewhere are placed there by pyproject.toml."""
    placed = {name: ROOT / folder for name, folder in _project()["setuptools"]["package-dir"].items()}
    home = placed.pop(PACKAGE)
    held = {p.stem: p for p in home.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    outside = {name.split(".")[1]: folder for name, folder in placed.items() if name.count(".") == 1}
    return dict(sorted((held | outside).items()))


@cache
def edges() -> Edges:
    """What each room needs of the others."""
    places = rooms()
    found: Edges = {}
    for room, place in places.items():
        for file in _files(place, {p for p in places.values() if p != place}):
            for kind, name in _needed(file):
                other = name.split(".")[1] if name.split(".")[1] in places else SELF
                if other != room and found.get((room, other)) != "imports":
                    found[room, other] = kind
    return dict(sorted(found.items()))


def order() -> list[str]:
    """The rooms from the top: by the layers, and one that no layer names directly below the last that needs it."""
    layers = next(c["layers"] for c in _project()["importlinter"]["contracts"] if c["type"] == "layers")
    known = rooms()
    named = [name.strip().removeprefix(f"{PACKAGE}.") for layer in layers for name in layer.split("|")]
    stairs = [room for room in named if room in known]
    users = {room: {user for user, other in edges() if other == room} for room in known}
    rest = [room for room in known if room not in stairs]
    while rest:
        room = next((room for room in rest if not users[room].intersection(rest)), rest[0])  # the first, in a circle
        stairs.insert(max((stairs.index(user) for user in users[room] if user in stairs), default=-1) + 1, room)
        rest.remove(room)
    return stairs


def picture(language: str) -> str:
    """The staircase as SVG to be laid into a page: it takes the colour of the text around it, and has no blank line."""
    stairs, needed = order(), edges()
    step = {room: n for n, room in enumerate(stairs)}
    left = max(len(room) * GLYPH - n * CELL for n, room in enumerate(stairs)) + TEXT / 2

    def x(room: str) -> float:
        return left + (step[room] + 0.5) * CELL

    def y(room: str) -> float:
        return (step[room] + 0.5) * ROW

    size = f"{left + len(stairs) * CELL:g} {len(stairs) * ROW:g}"
    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-label="{LABEL[language]}">']
    for room in stairs:
        right = max((x(other) for user, other in needed if user == room), default=x(room))
        top = min((y(user) for user, other in needed if other == room), default=y(room))
        path = f"M{right:g} {y(room):g}H{x(room):g}M{x(room):g} {top:g}V{y(room):g}"
        drawn.append(f'<path d="{path}" stroke="currentColor" stroke-opacity=".25" fill="none"/>')
    for room in stairs:
        corner = f'x="{x(room) - 4.5:g}" y="{y(room) - 4.5:g}" width="9" height="9"'
        drawn.append(f'<rect {corner} rx="2" fill="currentColor" data-room="{room}"/>')
        place = f'x="{x(room) - CELL / 2:g}" y="{y(room) + TEXT / 3:g}" text-anchor="end"'
        drawn.append(
            f'<text {place} font-size="{TEXT}" font-family="monospace" fill="currentColor">{escape(room)}</text>'
        )
    for (user, other), kind in needed.items():
        fill = "currentColor" if kind == "imports" else "none"
        said = escape(TITLE[kind][language].format(user, other))
        drawn.append(
            f'<circle cx="{x(other):g}" cy="{y(user):g}" r="3.5" fill="{fill}" stroke="currentColor" '
            f'data-kind="{kind}" data-from="{user}" data-to="{other}"><title>{said}</title></circle>'
        )
    return "\n".join([*drawn, "</svg>"])


def _project() -> dict[str, Any]:
    held: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return held


def _files(place: Path, others: set[Path]) -> list[Path]:
    """The source of a room, without what another room has inside its folder."""
    if place.is_file():
        return [place]
    return sorted(p for p in place.rglob("*.py") if not others.intersection(p.parents))


def _needed(file: Path) -> Iterator[tuple[str, str]]:
    """Names within the package that a file imports, wherever in it, or opens as a folder of data."""
    text = file.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text if any(map(text.__contains__, BEGINNINGS)) else "")):
        kind, names = "imports", list[str]()
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(module), level=0):
                names = [f"{module}.{alias.name}" for alias in node.names]
            case ast.Call(func=ast.Name(id="files"), args=[ast.Constant(value=str(name))]):
                kind, names = "reads", [name]
        yield from ((kind, f"{name}.{SELF}") for name in names if f"{name}.".startswith(f"{PACKAGE}."))


if __name__ == "__main__":
    print(picture("en"))
