"""Who hears of an extension that cannot be used: a module of its own, so that to say who takes no reading of the model."""

from __future__ import annotations

from collections.abc import Callable

from machimori.errors import ExtensionError


def _log(error: ExtensionError) -> None:
    import logging

    logging.getLogger("machimori").warning("%s", error)


tell: Callable[[ExtensionError], None] = _log
"""Told of each extension that is refused, once a process; the command line says it in the language of the call."""
