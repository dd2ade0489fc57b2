"""What the npm package says of a record shows no value of it, and no name that cannot be the name of a field."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.javascript.node import present
from tests.validation.canaries import CANARY, cries, entities, records

pytestmark = pytest.mark.full

HERE = Path(__file__).parent


def told(asked: list[tuple[str, str]]) -> list[str]:
    """What ``validate`` or ``parse`` says of each text as a class."""
    lines = "".join(json.dumps({"name": name, "text": text}) + "\n" for name, text in asked)
    done = subprocess.run(
        [present("node"), "errors.mjs"], cwd=HERE, input=lines, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_no_error_shows_a_canary() -> None:
    """In every class: a canary in each person-related field, as unknown names, and in a text that is cut off or broken."""
    asked = []
    for name in entities():
        for bad in records(name):
            text = json.dumps(bad.record, ensure_ascii=False)
            asked += [(name, text), (name, text[:-9]), (name, text.replace('"CANARY', 'CANARY"', 1))]
    said = told(asked)
    assert len(said) == len(asked) > 10_000
    for (name, text), one in zip(asked, said, strict=True):
        assert not cries(one), (name, text)
    assert sum('"valid":false' in one for one in said) > len(said) / 4


def test_a_name_that_may_be_a_field_is_told() -> None:
    names = {"colour": "colour", CANARY: "…", "090-0000-0000": "…", "a1234": "…", "a b": "…", "a" * 41: "…", "": "…"}
    for name, expected in names.items():
        (said,) = told([("TransitStop", json.dumps({"id": "urn:x:1", "type": "TransitStop", "name": "本町", name: 1}))])
        assert [e["detail"] for e in json.loads(said)["errors"]] == [{"additionalProperty": expected}]


def test_where_a_text_stops_being_json_is_told() -> None:
    said = told([("Trip", '{"a": "b'), ("Trip", '{"a" 1}'), ("Trip", "at position 0901234"), ("Trip", '["\\ud800"]')])
    assert [one.splitlines()[0].split(" SyntaxError")[0] for one in said] == [
        "not JSON at position 8",
        "not JSON at position 5",
        "not JSON",
        "half a surrogate pair is no text",
    ]
