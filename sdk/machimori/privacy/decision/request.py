"""A request as it comes, read as far as it can be read as one at all.

What a rule names (no kind of requester, an unknown purpose, class or field) is left to the rules, which deny it by name.
Anything else that class ``DisclosureRequest`` refuses is no request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias, cast

import msgspec

from machimori.catalogue import catalogue
from machimori.errors import InvalidDocumentError
from machimori.privacy.decision.policy import FORMS
from machimori.records.lines import Instance
from machimori.standards.time import moment
from machimori.validation.record import validate

LEFT_TO_RULES = {"/requester/kind", "/purpose", "/entity"}
"""Places whose faults are denials with a name."""


class Asking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks, in their own words."""

    id: str
    kind: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of class ``DisclosureRequest``."""

    type: str
    id: str
    at: str
    requester: Asking
    role: str
    form: str
    purpose: str | None = None
    entity: str | None = None
    fields: tuple[str, ...] | None = None
    subject: str | None = None
    live: bool | None = None
    consents: tuple[str, ...] | None = None
    order: str | None = None
    agreement: str | None = None
    epsilon: float | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


_JSON = msgspec.json.Decoder(Request)


Payload: TypeAlias = Mapping[str, object] | str | bytes
RequestLike: TypeAlias = Request | Payload | Instance
"""A request read already, its record, its JSON, or an instance of the model's class."""


def read_request(source: RequestLike) -> Request:
    """A request from its record, its JSON, or an instance of the model's class.

    Raises ``InvalidDocumentError`` with the findings where it cannot be read as a request.
    """
    if isinstance(source, Request):
        return source
    if not isinstance(source, Mapping | str | bytes) and hasattr(source, "model_dump_json"):
        payload: Payload = source.model_dump_json(exclude_none=True)
    else:
        payload = cast("Payload", source)  # whatever else it may be cannot be decoded, and is no request
    try:
        request = msgspec.convert(payload, Request) if isinstance(payload, Mapping) else _JSON.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, TypeError):
        raise _invalid(payload) from None
    if not _certain(request):
        report = validate(dict(payload) if isinstance(payload, Mapping) else payload, "DisclosureRequest")
        if any(not _left_to_rules(i.path) for i in report.issues):
            raise InvalidDocumentError("DisclosureRequest", report.issues)
    return request


def _invalid(payload: Payload) -> InvalidDocumentError:
    try:
        issues = validate(dict(payload) if isinstance(payload, Mapping) else payload, "DisclosureRequest").issues
    except Exception:  # noqa: BLE001  whatever a foreign object does here, it is no request
        issues = ()
    return InvalidDocumentError("DisclosureRequest", issues)


def _left_to_rules(path: str) -> bool:
    return path in LEFT_TO_RULES or path.startswith("/fields/")


@cache
def _roles() -> frozenset[str]:
    return frozenset(catalogue.enumeration("RequesterRole").values)


@cache
def _iri() -> re.Pattern[str]:
    return re.compile(catalogue.pattern("Iri").removesuffix("$"))


def _certain(request: Request) -> bool:
    """Whether the request needs no closer look: these tests imply those of the class."""
    iris = [request.id, request.requester.id, *(request.consents or ())]
    iris += [i for i in (request.subject, request.order, request.agreement) if i is not None]
    return (
        request.type == "DisclosureRequest"
        and request.role in _roles()
        and request.form in FORMS
        and moment(request.at) is not None
        and request.epsilon is None
        and request.requester.country in (None, "JP")
        and all(map(_iri().fullmatch, iris))
    )
