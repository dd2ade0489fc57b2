"""The TypeScript types say what is valid, as the compiler reads them; the OpenAPI components are what OpenAPI allows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate
from tests.agreement.engines import schema
from tests.agreement.making import Maker
from tests.javascript.node import HERE, installed
from tests.names import concrete_classes

pytestmark = pytest.mark.full

GENERATED = Path(__file__).parents[2] / "generated"
COMPILER = ["--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]


def compiled(file: Path) -> str:
    """What the compiler says against a file; nothing where it is content."""
    tsc = installed() / ".bin" / "tsc"
    done = subprocess.run([tsc, *COMPILER, file], cwd=HERE, capture_output=True, text=True)
    return done.stdout


def test_types_hold_what_is_valid_and_refuse_what_is_not() -> None:
    assert compiled(HERE / "sample.ts") == ""


def test_a_valid_payload_of_every_class_has_its_type() -> None:
    """The fullest payload of each class, as a literal that must have the type."""
    names = concrete_classes()
    lines = [f'import type {{ {", ".join(names)} }} from "../../generated/javascript/types";']
    for name in names:
        full = Maker(schema(name), name).full()
        lines.append(f"export const of_{name}: {name} = {json.dumps(full)};")
    file = HERE / "every.generated.ts"
    try:
        file.write_text("\n".join(lines), encoding="utf-8")
        assert compiled(file) == ""
    finally:
        file.unlink()


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    held = yaml.safe_load((GENERATED / "openapi" / "components.yaml").read_text(encoding="utf-8"))
    return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}, **held}


def test_the_components_are_openapi(document: dict[str, object]) -> None:
    validate(document)


def test_a_component_judges_as_the_schema_does(document: dict[str, object]) -> None:
    for name in concrete_classes():
        own = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": f"#/components/schemas/{name}",
            **document,
        }
        judge = jsonschema_rs.Draft202012Validator(own, validate_formats=True)
        maker = Maker(schema(name), f"openapi {name}")
        assert judge.is_valid(maker.full()), name
        assert judge.is_valid(maker.minimal()), name
        assert not judge.is_valid({**maker.full(), "not_a_field": 1}), name
