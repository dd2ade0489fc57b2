"""Modules that take long to load, for files of tests that are collected far more often than run: LinkML comes with the build."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Lazily:
    """A module that is imported when one of its names is asked for. What a test replaces in it is named by its whole path."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)  # pytest looks into everything that a file of tests names
        return getattr(import_module(self._module), name)
