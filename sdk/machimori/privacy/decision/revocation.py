"""What takes a right away: withdrawals, and documents that are issued again under their id with less in them.

It needs only that it was accepted once, whatever becomes of the key that signed it. An id stands for one thing: of several
documents of one id each gives what all of them give, so that a wider one, which may be an older one shown again, gives nothing
that the narrower has ended. More is given under a new id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from hashlib import sha256
from typing import Any, TypeVar
from unicodedata import normalize
from urllib.parse import unquote

from machimori.privacy.decision.signatures import Document, parties
from machimori.standards.time import moment

OWNERS = {
    "ConsentRecord": "subject",
    "EmergencyOrder": "authority",
    "RescueOrder": "authority",
    "Warrant": "issued_by",
    "LawfulDemand": "issued_by",
}
"""Whose a document is: nobody takes back what is another's."""
SAME = ("controller", "recipient", "subject")
"""What documents of one id must say alike to be one thing issued again: a party for each of these, or none."""
BEGINS, ENDS = ("given_at", "starts_at"), ("expires_at", "ends_at")
Parts = Mapping[str, Any]
Held = TypeVar("Held")
_FOLDED = re.compile(r"[a-z0-9:._/-]*[a-z0-9:._-]")


def folded(iri: str) -> str:
    """What every spelling of an id comes to: without fragment and trailing slash, percent-decoded, NFC, in one case."""
    if _FOLDED.fullmatch(iri):
        return iri
    plain = unquote(iri.partition("#")[0]).rstrip("/")
    return normalize("NFC", normalize("NFC", plain).casefold())


def mark(class_name: str, owner: str, name: str) -> str:
    """What stays of an id that was taken back when nothing else does: a digest that names nobody.

    ``owner`` is the person or the authority; empty where the holder itself took it back, at its desk.
    """
    return sha256(json.dumps([class_name, folded(owner), folded(name)]).encode()).hexdigest()


def owner(class_name: str, data: Parts) -> str:
    """The person, or the authority, whose document it is."""
    return _id(data.get(OWNERS[class_name]))


def narrowed_documents(documents: Iterable[Document]) -> list[Document]:
    """Well-formed documents, each with no more in it than every accepted document of its id and author gives."""
    held = [d for d in documents if d.well_formed]
    groups = _grouped(held, lambda d: (d.class_name, owner(d.class_name, d.data), *_thing(d.data)))
    return [_narrowed_document(d, group) for group in groups for d in group]


def _narrowed_document(document: Document, group: list[Document]) -> Document:
    binding = [d for d in group if d is not document and d.accepted and _is_authors(d)]
    if not binding:
        return document
    limits = [{k: c[k] for k in ("exp", "nbf") if k in c} for d in binding for c in d.claims]
    data = reduce(narrowed, (d.data for d in binding), document.data)
    return replace(document, data=data, claims=[*document.claims, *limits])


def _is_authors(document: Document) -> bool:
    """Whether its author signed it; where no signature can be told any more, it was accepted, and may have been."""
    author = next(parties(document.class_name, document.data), None)
    return not document.signers or document.class_name == "ConsentRecord" or author in document.signers


def narrowed_agreements(agreements: Iterable[Parts]) -> list[Parts]:
    """Agreements, each with no more in it than every one of its id and kind."""
    groups = _grouped(agreements, lambda a: (str(a.get("kind")), *_thing(a)))
    return [reduce(narrowed, (a for a in group if a is not one), one) for group in groups for one in group]


def narrowed(data: Parts, other: Parts) -> Parts:
    """A document with no more in it than another one that is the same thing."""
    found = dict(data)
    for name, meet in LISTS.items():
        if data.get(name) is not None or other.get(name) is not None:
            found[name] = _met(data.get(name) or (), other.get(name) or (), meet)
    for names, choose in ((BEGINS, max), (ENDS, min)):
        for name in names:
            given = [t for t in (data.get(name), other.get(name)) if moment(t) is not None]
            if given:
                found[name] = choose(given, key=lambda t: moment(t) or 0.0)
    return found


def _met(these: Iterable[Any], those: Iterable[Any], covers: Callable[[str, str], bool]) -> list[str]:
    """The entries of either list that the other one covers."""
    one, other = list(these), list(those)
    inside = [e for e in one if any(covers(o, e) for o in other)]
    return [*inside, *(e for e in other if e not in inside and any(covers(o, e) for o in one))]


LISTS: Mapping[str, Callable[[str, str], bool]] = {
    "fields": lambda wide, e: e == wide or e.startswith(f"{wide}."),
    "area": lambda wide, e: e.startswith(wide),
    "purposes": lambda wide, e: e == wide,
    "countries": lambda wide, e: e == wide,
}
"""Lists of what is given, and when an entry lies within another one."""


def only_narrows(data: Parts, held: Parts) -> bool:
    """Whether a document gives nothing that another one does not give, and says all else alike."""
    listed, timed = ("fields", "purposes"), ("starts_at", "ends_at")
    if {k: v for k, v in data.items() if k not in listed + timed} != {
        k: v for k, v in held.items() if k not in listed + timed
    }:
        return False
    met = narrowed(held, data)
    return all(set(met[n]) == set(data[n]) for n in listed) and all(moment(met[n]) == moment(data[n]) for n in timed)


def _thing(data: Parts) -> tuple[str, ...]:
    return (folded(str(data.get("id"))), *(folded(_id(data.get(name))) for name in SAME))


def _grouped(held: Iterable[Held], key: Callable[[Held], object]) -> list[list[Held]]:
    groups: dict[object, list[Held]] = {}
    for one in held:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _id(party: Any) -> str:
    found = party.get("id") if isinstance(party, Mapping) else party
    return found if isinstance(found, str) else ""
