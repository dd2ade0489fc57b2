"""What is fuzzed, and what must hold whatever the bytes: each target raises where a promise is broken.

No target catches more than what its entry point promises to raise, so any other exception is a find.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import machimori as mm
from machimori.catalogue.paths import person_related
from machimori.errors import MachimoriError
from machimori.exchange.account_text import rendered
from machimori.exchange.formats import read
from machimori.privacy.decision import fields
from machimori.privacy.gate import Gate
from machimori.rdf.graph_records import Reading
from machimori.rdf.jsonld import UNDEFINED, statements
from machimori.validation.fast_path import Acceptor
from machimori.validation.record import validate

HOLDING: dict[str, Any] = {
    "type": "Holding",
    "id": "urn:machimori:holding:fuzz",
    "holder": {"id": "urn:machimori:org:power", "kind": "company", "country": "JP"},
    "collector": {"id": "urn:machimori:org:power", "kind": "company", "country": "JP"},
    "parties": [{"id": "urn:machimori:org:city", "kind": "municipality", "country": "JP"}],
}


def json_stream(data: bytes) -> None:
    """A stream gets a report; several processes' worth of blocks or one, what is accepted fast is valid slowly."""
    report = mm.validate_stream(io.BytesIO(data))
    issues = report.issues
    assert report.invalid <= report.records
    assert report.ok == (not any(i.severity == "error" for i in issues))
    for issue in issues:
        assert issue.text("en")
        assert issue.text("ja")
        assert issue.line is None or 1 <= issue.line <= data.count(b"\n") + 1
    if not data.strip(b" \t\r\n"):
        return
    for entity in ("ElectricityUse", "DemandResponseEvent", None):
        if not Acceptor(entity).doubtful([data]):
            assert validate(data, entity).ok


def csv_file(data: bytes) -> None:
    """A municipal table becomes records or an error that is ours; each record is judged as any other."""
    try:
        found = read(io.BytesIO(data), "municipal", "EvacuationSite")
    except MachimoriError:
        return
    for record in found:
        assert validate(record, "EvacuationSite").ok
    assert rendered(found.losses, "ja")


def jsonld_document(data: bytes) -> None:
    """A document becomes a record or an error that is ours, and each of its nodes a record to be judged."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    with suppress(MachimoriError):
        json.dumps(mm.from_jsonld(document))
    with suppress(MachimoriError):
        for _, record in Reading(statements(document, None, UNDEFINED)).records():
            json.dumps(record)


def request(data: bytes) -> None:
    """A request is decided, or refused as none; what is about people goes to the holder or to the person alone."""
    gate = Gate(HOLDING, clock=lambda: 1_775_001_600.0)
    try:
        decision = gate.decide(data, k=1000)
    except MachimoriError:
        return
    assert mm.validate(decision.data(), "Decision").ok
    if decision.form in ("identified", "pseudonymised") and decision.granted:
        asked = json.loads(data)
        own = asked["requester"]["id"] in (HOLDING["holder"]["id"], asked.get("subject"))
        assert own or not any(_about_people(asked["entity"], g.field) for g in decision.granted)


def _about_people(entity: str, path: str) -> bool:
    return person_related(fields.asked(entity, path).profile) if path else False


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": json_stream,
    "csv": csv_file,
    "jsonld": jsonld_document,
    "request": request,
}
