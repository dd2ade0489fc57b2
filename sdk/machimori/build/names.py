"""How the model's names are written in Python."""

from __future__ import annotations

import keyword
import re


def constant(profile: str) -> str:
    """``personal.energy_use`` → ``PERSONAL_ENERGY_USE``."""
    return profile.replace(".", "_").upper()


def attribute(field: str) -> str:
    """The name of a field as a Python attribute: itself, unless Python reserves it."""
    return field + "_" if keyword.iskeyword(field) else field


def member(value: str) -> str:
    """The name of an enum value: itself, unless Python reserves it or every ``str`` has a method of that name."""
    return value + "_" if keyword.iskeyword(value) or hasattr(str, value) else value


def module(class_name: str) -> str:
    """``ElectricityUse`` → ``electricity_use``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name).lower()
