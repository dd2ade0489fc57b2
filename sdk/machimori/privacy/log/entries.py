"""What an entry of the log says, and that it holds no value about a person.

A decision is a ``LogEntry``. What comes of it is added by others: how many records went out (``ReleaseEntry``), and that the
person was told (``NoticeEntry``). ``DeletionEntry`` says what the holder deleted after its time of retention. A person stands in it as a digest made with the holder's key, so that the person finds the own entries and nobody else can.
What a requester wrote freely does not enter: a class, purpose or field that the model does not have is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from machimori.catalogue import catalogue
from machimori.errors import UnknownNameError
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.decision import fields
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.holding import Holding
from machimori.privacy.decision.request import Request
from machimori.validation.record import validate

SUBJECT, DOCUMENT = "subject", "document"
PREFIX = "urn:machimori:{kind}-digest:"
ENTRY_ID = "urn:machimori:log:{sequence}"
CHAINED = ("id", "log_sequence", "previous_digest", "entry_digest")
"""What an entry gets from its place in the log."""
ANYWHERE = {"id": ENTRY_ID.format(sequence=0), "log_sequence": 0, "entry_digest": "0" * 64}
"""A place, for an entry that has none yet."""
ANYBODY = "public"
DECISION, RELEASE, NOTICE, DELETION = "LogEntry", "ReleaseEntry", "NoticeEntry", "DeletionEntry"
CLASSES = (DECISION, RELEASE, NOTICE, DELETION)
"""The classes of what stands in the log."""

Digest = Callable[[str, str], str]
"""Of ``LogKey``: a kind and an identifier to what stands for it."""


def entry(
    request: Request,
    decision: Decision,
    holding: Holding,
    digest: Digest,
    *,
    records_released: int | None = None,
    released_by_counsel: bool | None = None,
    release_begun: bool = False,
) -> dict[str, Any]:
    """The entry of a decision, without its place in the log."""
    notify = "notify_subject" in decision.obligations
    said = {
        "type": DECISION,
        "at": decision.at,
        "request": request.id,
        "requester": _requester(request, holding, digest),
        "role": request.role,
        "purpose": _known("Purpose", request.purpose),
        "form": request.form,
        "entity": request.entity if request.entity and fields.entity_known(request.entity) else None,
        "fields": [f for f in request.fields or () if _classified(request.entity, f)] or None,
        "subject": None if request.subject is None else named(SUBJECT, request.subject, digest),
        "live": request.live,
        "decided_form": decision.form,
        "rule": decision.rule,
        "basis": decision.basis,
        "law_version": decision.law_version,
        "granted": [{"field": g.field, "transform": g.transform, "rule": g.rule} for g in decision.granted],
        "withheld": [
            {"field": w.field, "rule": w.rule} for w in decision.withheld if _classified(request.entity, w.field)
        ],
        "obligations": list(decision.obligations),
        "documents": [named(DOCUMENT, d, digest) for d in decision.documents] or None,
        "release_begun": release_begun or None,
        "records_released": 0 if decision.denied else records_released,
        "delete_by": decision.delete_by,
        "notify_after": (decision.delete_by or decision.at) if notify else None,
        "released_by_counsel": released_by_counsel,
    }
    return {name: value for name, value in said.items() if value is not None}


def release(told: Mapping[str, Any], at: str, records_released: int, end: str) -> dict[str, Any]:
    """How the release under the decision ``told`` ended."""
    return _adding(RELEASE, told, at) | {"records_released": records_released, "release_end": end}


def notice(told: Mapping[str, Any], at: str, notified_at: str) -> dict[str, Any]:
    """That the person concerned was told of the decision ``told``."""
    return _adding(NOTICE, told, at) | {"notified_at": notified_at}


def deletion(subject: str | None, counts: Mapping[str, int], retention: str, at: str) -> dict[str, Any]:
    """That documents about a person (a digest), or about nobody, were deleted: how many of each kind."""
    said = {
        "type": DELETION,
        "at": at,
        "subject": subject,
        "retention": retention,
        "deletion_counts": [{"deleted_kind": k, "deleted_count": n} for k, n in sorted(counts.items())],
    }
    return {name: value for name, value in said.items() if value is not None}


def _adding(class_name: str, told: Mapping[str, Any], at: str) -> dict[str, Any]:
    """What every entry says that adds to another: to which one, and whom that is about."""
    kept = {name: told[name] for name in ("requester", "subject") if name in told}
    return {"type": class_name, "at": at, "about_entry": told["id"], **kept}


def named(kind: str, identifier: str, digest: Digest) -> str:
    """The IRI that stands for a person or a document."""
    return PREFIX.format(kind=kind) + digest(kind, identifier)


def canonical(said: Mapping[str, Any]) -> str:
    """The text that is hashed: keys in order, no space (RFC 8785 for what an entry holds)."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checked(said: Mapping[str, Any], holding: Holding) -> dict[str, Any]:
    """The entry, free of what its place will say.

    Raises ``RefusedError`` where it does not comply with its class, or names a person.
    """
    kept = {name: value for name, value in said.items() if name not in CHAINED and value is not None}
    if kept.get("type") not in CLASSES or not validate({**kept, **ANYWHERE}, kept["type"]).ok:
        raise RefusedError("entry")
    subject, asking = kept.get("subject"), kept.get("requester", {}).get("id")
    persons = [*filter(None, [subject]), *([asking] if asking and not _organisation(asking, holding) else [])]
    if not all(_is_digest(SUBJECT, p) for p in persons) or not all(
        _is_digest(DOCUMENT, d) for d in kept.get("documents", ())
    ):
        raise RefusedError("person-named")
    return kept


def _is_digest(kind: str, iri: str) -> bool:
    return re.fullmatch(re.escape(PREFIX.format(kind=kind)) + "[0-9a-f]{64}", iri) is not None


def _requester(request: Request, holding: Holding, digest: Digest) -> dict[str, Any]:
    """The requester: an organisation as the register has it, anyone else by digest and by what it says it is."""
    asking = request.requester
    if _organisation(asking.id, holding):
        party = holding.register[asking.id]
        assert party is not None
        return {"id": party.id, "kind": party.kind, **({"country": party.country} if party.country else {})}
    return {"id": named(SUBJECT, asking.id, digest), "kind": _known("RequesterKind", asking.kind) or ANYBODY}


def _organisation(party_id: str, holding: Holding) -> bool:
    party = holding.register.get(party_id)
    return party is not None and party.kind not in ("person", "public")


def _known(enum: str, value: str | None) -> str | None:
    return value if value in catalogue.enumeration(enum).values else None


def _classified(entity: str | None, path: str) -> bool:
    try:
        fields.asked(entity or "", path)
    except UnknownNameError:
        return False
    return True
