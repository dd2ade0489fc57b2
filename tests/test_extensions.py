"""An extension that cannot be used is named and refused; the model and other extensions stay as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.build.heat_pump import install, machimori, python

from machimori.catalogue import catalogue

pytestmark = pytest.mark.full

PLACE = '{"latitude": 35.0, "longitude": 139.0}'
TEXT = {"en": "Trial", "ja": "試行"}
TERM = {"title": TEXT, "description": TEXT, "mappings": {"exact": [], "close": []}}


def package(site: Path, name: str, **changes: Any) -> Path:
    """An extension with the one class ``Trial``, as data alone."""
    held: dict[str, Any] = {
        "name": name,
        "version": "1.0.0",
        "iri": f"https://{name}.example/",
        "extends": {"name": "machimori", "version": catalogue.shipped()["version"]},
        **{kind: {} for kind in ("enums", "types", "profiles", "categories", "units", "exclusions")},
        "domains": {name: TERM | {"iri": f"https://{name}.example/"}},
        "classes": {
            "Trial": TERM
            | {
                "iri": f"https://{name}.example/Trial",
                "domain": name,
                "root": True,
                "abstract": False,
                "members": [],
                "stays_on_device": False,
            }
            | {"parent": None, "data_subject": None, "ordered": [], "value_object": False, "fields": {}}
        },
    }
    folder = site / name
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "catalogue.json").write_text(json.dumps(held | changes), encoding="utf-8")
    (folder / "context.jsonld").write_text('{"@context": ["https://w3id.org/machimori/context.jsonld", {}]}')
    (folder / "shapes.ttl").write_text("", encoding="utf-8")
    install(site, f"{name} = {name}", name=f"{name}-model")
    return folder


def class_of_the_model(site: Path) -> None:
    trip = catalogue.shipped()["classes"]["Trip"]
    package(site, "trial", classes={"Trip": trip})


def outdated(site: Path) -> None:
    package(site, "trial", extends={"name": "machimori", "version": "99.0.0"})


def no_catalogue(site: Path) -> None:
    (package(site, "trial") / "catalogue.json").unlink()


def no_json(site: Path) -> None:
    (package(site, "trial") / "catalogue.json").write_text("{", encoding="utf-8")


def no_package(site: Path) -> None:
    shutil.rmtree(package(site, "trial"))


def failing_package(site: Path) -> None:
    (package(site, "trial") / "__init__.py").write_text("raise RuntimeError('out of order')", encoding="utf-8")


def profile_of_the_model(site: Path) -> None:
    package(site, "trial", profiles={"personal.trip": catalogue.shipped()["profiles"]["open"]})


BROKEN = [
    class_of_the_model, outdated, no_catalogue, no_json, no_package, failing_package, profile_of_the_model,
]  # fmt: skip


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda f: f.__name__)
def test_a_broken_extension_is_named_by_its_distribution_and_left_out(breaking: Any, tmp_path: Path) -> None:
    breaking(tmp_path)

    said = machimori(tmp_path, "describe", "Trip.origin")
    assert said.returncode == 0
    assert "personal.trip" in said.stdout
    assert "trial-model 1.0.0" in said.stderr
    assert said.stderr.count("warning: ") == 1
    assert "Traceback" not in said.stderr

    refused = machimori(tmp_path, "describe", "Trial")
    assert refused.returncode == 2
    assert "Trial" not in refused.stdout


def test_it_says_so_in_japanese(tmp_path: Path) -> None:
    outdated(tmp_path)
    said = machimori(tmp_path, "describe", "Trial", "--lang", "ja")
    assert "エラー: trial-model 1.0.0の拡張trialは使用できません" in said.stderr
    assert "99.0.0" in said.stderr


def test_a_record_of_a_broken_extension_is_not_valid(tmp_path: Path) -> None:
    outdated(tmp_path)
    (tmp_path / "trial.json").write_text('{"id": "urn:x:1", "type": "Trial"}', encoding="utf-8")
    assert machimori(tmp_path, "validate", tmp_path / "trial.json").returncode == 1
    assert machimori(tmp_path, "validate", tmp_path / "trial.json", "--as", "Trial").returncode == 2


def test_of_two_extensions_with_one_name_neither_is_used(tmp_path: Path) -> None:
    package(tmp_path, "one")
    package(tmp_path, "two")
    said = machimori(tmp_path, "describe", "Trial")
    assert said.returncode == 2
    assert "one-model 1.0.0" in said.stderr
    assert "two-model 1.0.0" in said.stderr
    assert "classes/Trial" in said.stderr


def test_two_extensions_without_a_clash_are_both_used(tmp_path: Path) -> None:
    package(tmp_path, "one")
    package(tmp_path, "two", classes={})
    assert machimori(tmp_path, "describe", "Trial").returncode == 0


def test_the_library_logs_it_and_raises_for_its_classes_alone(tmp_path: Path) -> None:
    class_of_the_model(tmp_path)
    program = f"""
import logging, machimori as mm
from machimori.catalogue import catalogue
from machimori.errors import ExtensionError, MachimoriError
told = []
logging.getLogger("machimori").addFilter(lambda record: told.append(record.getMessage()))
assert mm.validate('{PLACE}', "Place").ok
assert mm.privacy_of("Trip.origin").name == "personal.trip"
assert len(told) == 1 and "trial-model 1.0.0" in told[0] and "classes/Trip" in told[0], told
assert catalogue.extensions() == ()
assert issubclass(ExtensionError, MachimoriError)
"""
    python(tmp_path, program)


def test_classes_that_cannot_be_imported_raise_an_error_that_names_the_distribution(tmp_path: Path) -> None:
    (package(tmp_path, "trial") / "python").mkdir()
    (tmp_path / "trial" / "python" / "__init__.py").write_text("import moon", encoding="utf-8")
    program = """
import machimori as mm
from machimori.errors import ExtensionError
try:
    mm.validate({"type": "Trial"})
except ExtensionError as error:
    assert error.distribution == "trial-model 1.0.0" and "moon" in error.reason
else:
    raise AssertionError
"""
    python(tmp_path, program)
