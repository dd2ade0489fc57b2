"""The package itself: it exports a handful of names and does no work when imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

import machimori as mm


def test_every_exported_name_is_there() -> None:
    for name in mm.__all__:
        assert getattr(mm, name) is not None
    assert dir(mm) == sorted(mm.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        mm.no_such_thing  # noqa: B018  to look is the test


@pytest.mark.full
@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import machimori", ["pydantic", "rdflib", "click", "rich", "linkml", "json"]),
        ("import machimori; machimori.privacy_of('Trip.origin')", ["pydantic", "rdflib", "click", "linkml"]),
        ("import machimori; machimori.validate('{}')", ["rdflib", "click", "linkml", "linkml_runtime", "pyshacl"]),
        ("import machimori.model.energy", ["rdflib", "click", "linkml", "yaml"]),
    ],
)
def test_nothing_is_imported_before_it_is_needed(statement: str, absent: list[str]) -> None:
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & set(absent)
