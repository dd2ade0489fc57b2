"""The engines that must agree, each as a user runs it: JSON text and a class name in, accepted or not out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec
from machimori.artefacts import validators
from machimori.model import class_named
from tests.javascript.node import Judge

from machimori.catalogue import catalogue
from machimori.validation.fast_path import Acceptor
from machimori.validation.record import validate

SDK_RULES = "MM3"
DUPLICATE_KEY = "MM004"


def pydantic(text: str, class_name: str) -> bool:
    """The generated classes, which read the text themselves."""
    try:
        class_named(class_name).model_validate_json(text)
    except ValueError:
        return False
    return True


def pydantic_from_data(text: str, class_name: str) -> bool:
    """The generated classes over parsed JSON, as a vendor has it after ``response.json()``."""
    try:
        class_named(class_name).model_validate(json.loads(text))
    except ValueError:
        return False
    return True


def fastjsonschema(text: str, class_name: str) -> bool:
    """The precompiled validators behind the parser of the standard library, which reads NaN and lone surrogates."""
    try:
        payload = json.loads(text)
    except ValueError:
        return False
    return bool(validators.accepts(class_name, payload))


def jsonschema_rs_formats(text: str, class_name: str) -> bool:
    """The JSON Schemas by an independent implementation with formats, behind a strict parser."""
    try:
        payload = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeError):
        return False
    return bool(_compiled(class_name).is_valid(payload))


def sdk(text: str, class_name: str) -> bool:
    """``machimori validate --as``, without what it tests beyond the artefacts: SDK rules and keys that stand twice."""
    issues = validate(text, class_name).issues
    return all(i.code.startswith(SDK_RULES) or i.code == DUPLICATE_KEY for i in issues)


def at_parse_speed(texts: Sequence[str], class_name: str) -> list[bool]:
    """What the decoders accept, many texts at a time. They may leave a valid one to the others, never accept a bad one."""
    doubtful = set(Acceptor(class_name).doubtful([t.encode("utf-8", "surrogatepass") for t in texts]))
    return [n not in doubtful for n in range(len(texts))]


def ajv(text: str, class_name: str) -> bool:
    """The JavaScript validators as they are shipped, made by Ajv, behind the parser of JavaScript."""
    return _ajv().judge(class_name, text)


ENGINES: dict[str, Callable[[str, str], bool]] = {
    "pydantic": pydantic,
    "pydantic from data": pydantic_from_data,
    "fastjsonschema": fastjsonschema,
    "jsonschema-rs": jsonschema_rs_formats,
    "sdk": sdk,
    "ajv": ajv,
}


def verdicts(text: str, class_name: str) -> dict[str, bool]:
    """What every engine says of one payload."""
    return {name: engine(text, class_name) for name, engine in ENGINES.items()}


def verdicts_of_all(texts: Sequence[str], class_name: str) -> Iterator[dict[str, bool]]:
    """The same of many payloads of one class; a text that stands twice is judged once."""
    distinct = list(dict.fromkeys(texts))
    by_ajv = dict(zip(distinct, _ajv().judge_all(class_name, distinct), strict=True))
    here = {name: engine for name, engine in ENGINES.items() if engine is not ajv}
    held = {t: {n: engine(t, class_name) for n, engine in here.items()} | {"ajv": by_ajv[t]} for t in distinct}
    return (held[text] for text in texts)


@cache
def schema(class_name: str) -> dict[str, Any]:
    """The generated JSON Schema of a class."""
    found: dict[str, Any] = json.loads(catalogue.artefact(f"jsonschema/{class_name}.json"))
    return found


@cache
def _ajv() -> Judge:
    return Judge()


@cache
def _compiled(class_name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(schema(class_name), validate_formats=True)
