"""The model at work on data that comes with it: ``machimori demo``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from machimori.errors import UnknownNameError
from machimori.extras import need

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["SCENARIOS", "show"]
Show = Callable[[str, str, "Console"], None]
SCENARIOS = {
    "tour": "tour",
    "convert": "tour",
    "validate": "tour",
    "privacy": "tour",
    "energy": "energy",
    "congestion": "congestion",
    "infection": "infection",
    "disaster": "disaster",
    "care": "care",
    "together": "together",
}
"""The module that shows each scenario. The last six play in the week in Minato ward, on the gate of who holds the data."""


def show(scenario: str, language: str, out: Console) -> None:
    """Run a scenario; ``UnknownNameError`` names the known ones where there is none of that name.

    Raises ``MissingExtraError`` for those on the gate without the extra ``gate``.
    """
    if scenario not in SCENARIOS:
        raise UnknownNameError("scenario", scenario, tuple(SCENARIOS))
    if SCENARIOS[scenario] != "tour":
        need("scenarios")
    run: Show = import_module(f"machimori.demo.{SCENARIOS[scenario]}").show
    run(scenario, language, out)


def __dir__() -> list[str]:
    return __all__
