"""Golden decisions: cases as data, and the world that each of them is decided in.

A document of a case has what suits the request where the case says nothing else: its fields, its purpose, its person and its
requester. So a case writes down what is particular about it, which mostly is one fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tests.privacy.gate import world

from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents
from machimori.privacy.gate import Gate

HOME = Path(__file__).parent / "golden"
SHORT = ("org:", "person:", "anyone")
"""Beginnings of names that stand for ``urn:machimori:`` and the rest."""
SIGNED = {
    "consent": world.consent,
    "emergency": world.emergency,
    "rescue": world.rescue,
    "warrant": world.warrant,
    "demand": world.demand,
}
KINDS = ("processing", "supply", "joint_use", "statutory_sharing", "mandate")


@dataclass(frozen=True)
class Case:
    """A request, the world it comes to, and the decision that the specification wants."""

    name: str
    why: str
    request: dict[str, Any]
    holding: dict[str, Any]
    lines: tuple[str, ...]
    agreements: tuple[dict[str, Any], ...]
    now: float
    counted: dict[str, Any]
    wanted: Mapping[str, Any]

    def gate(self) -> Gate:
        known = read_holding(json.dumps(self.holding))
        register = Register(tuple(documents(self.lines, known)), self.agreements)
        return Gate(known, register=register, clock=lambda: self.now)


def names() -> list[str]:
    """The name of every case, as it stands in the files: who lists them need not read all of YAML."""
    texts = ((path.stem, path.read_text(encoding="utf-8")) for path in sorted(HOME.glob("*.yaml")))
    return [f"{theme}: {name}" for theme, text in texts for name in re.findall(r"^  - name: (.+)$", text, re.MULTILINE)]


@cache
def named() -> dict[str, Case]:
    """Every case by its name."""
    return {case.name: case for case in cases()}


def cases() -> Iterator[Case]:
    """Every case of every theme."""
    for path in sorted(HOME.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            yield _case(f"{path.stem}: {entry['name']}", _whole(entry))


def _case(name: str, entry: dict[str, Any]) -> Case:
    ask, holder = dict(entry["ask"]), entry.get("holder", "power")
    who = ask.pop("who")
    request = world.request(who, ask.pop("entity"), ask.pop("for"), ask.pop("form", "identified"), **ask)
    request = {k: v for k, v in request.items() if v != "nothing"}
    lines = [line for given in entry.get("documents", ()) for line in _lines(given, request, holder)]
    agreements = tuple(_agreement(given, request, holder) for given in entry.get("agreements", ()))
    holding = world.holding(holder, entry.get("collector"))
    holding["parties"] += entry.get("also_registered", [])
    now = datetime.fromisoformat(entry["now"]).timestamp() if "now" in entry else world.AT
    return Case(
        name,
        entry["why"],
        request,
        holding,
        tuple(lines),
        agreements,
        now,
        {k: entry[k] for k in ("k", "budget") if k in entry},
        entry["gives"],
    )


def _fields(request: dict[str, Any]) -> list[str]:
    return [f"{request['entity']}.{name}" for name in request.get("fields") or ("id",)]


def _lines(given: dict[str, Any], request: dict[str, Any], holder: str) -> list[str]:
    ((kind, more),) = given.items()
    more = dict(more or {})
    signers, claims, requester = more.pop("signers", None), more.pop("claims", {}), request["requester"]
    about = {"subject": request.get("subject") or world.PERSON}
    purposes = {"purposes": [request["purpose"]]}
    suits: dict[str, Any] = {
        "consent": about | purposes | {"controller": world.org(holder), "recipient": requester["id"]},
        "emergency": purposes,
        "rescue": about,
        "warrant": about,
        "demand": purposes | {"recipient": {"id": requester["id"], "kind": requester.get("kind", "company")}},
    }
    document = SIGNED[kind](**{"fields": _fields(request)} | suits[kind] | more)
    names = None if signers is None else [s.removeprefix("urn:machimori:org:") for s in signers]
    return world.tokens(document, names, **claims)


def _agreement(given: dict[str, Any], request: dict[str, Any], holder: str) -> dict[str, Any]:
    ((kind, more),) = given.items()
    about = {"subject": request.get("subject")} if kind == "mandate" else {}
    published = {"published_at": "https://www.example.jp/joint-use", "joint_use": dict(world.NOTICE)}
    more = about | (published if kind == "joint_use" else {}) | dict(more or {})
    if kind == "joint_use" and "notice" in more:
        more["joint_use"] = more["joint_use"] | more.pop("notice")
    suits = {
        "parties": [world.org(holder), request["requester"]["id"]],
        "purposes": [request["purpose"]],
        "fields": _fields(request),
    }
    merged = suits | more
    return world.agreement(
        kind,
        merged.pop("parties"),
        merged.pop("purposes"),
        merged.pop("fields"),
        **{k: v for k, v in merged.items() if v is not None},
    )


def _whole(value: Any) -> Any:
    """Short names in full, everywhere in a case."""
    if isinstance(value, dict):
        return {k: v if k in ("why", "name") else _whole(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_whole(v) for v in value]
    return f"urn:machimori:{value}" if isinstance(value, str) and value.startswith(SHORT) else value
