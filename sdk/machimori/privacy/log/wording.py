"""An entry of the log in words, for the person whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from machimori import messages
from machimori.catalogue import catalogue, paths
from machimori.messages import Message, msgid
from machimori.privacy.decision.decision import DENY
from machimori.privacy.decision.policy import shipped
from machimori.privacy.decision.wording import within_sentence
from machimori.privacy.log.entries import DELETION, NOTICE, PREFIX, RELEASE, SUBJECT

STOP = msgid(".", context="with which a sentence ends")
RELEASED, EVERYTHING = msgid("Counsel released it by hand: {fields}."), Message("all fields")


def sentence(entry: Mapping[str, Any], language: str = messages.ENGLISH) -> str:
    """When, who, for what purpose, asked what in which form, got what, by which rule."""
    at = Message("{at:%Y-%m-%d %H:%M (%z)}", at=datetime.fromisoformat(entry.get("notified_at") or entry["at"]))
    if entry["type"] == DELETION:
        return _deleted(entry, at, language)
    facts: dict[str, Any] = {"at": at, "who": _who(entry, language)}
    if entry["type"] == NOTICE:
        facts |= {"entry": _number(entry["about_entry"])}
        return messages.text(
            language, "{at}: the person concerned was told of entry {entry}, the request of {who}.", **facts
        )
    if entry["type"] == RELEASE:
        end = within_sentence(_value("ReleaseEnd", entry["release_end"], language))
        facts |= {"entry": _number(entry["about_entry"]), "count": entry["records_released"], "end": end}
        return messages.text(language, "{at}: under entry {entry}, {count} records went out to {who} ({end}).", **facts)
    if "notified_at" in entry:  # as notices were entered before they had a class
        return messages.text(language, "{at}: you were told of the disclosure to {who}.", **facts)
    purpose = within_sentence(_value("Purpose", entry.get("purpose"), language))
    return messages.text(
        language,
        "{at}: {who} asked for {form} of {what}{purpose}. {answer} Rule: {rule}.",
        what=_what(entry, language),
        form=within_sentence(_value("DisclosureForm", entry.get("form"), language)),
        purpose=Message(" for the purpose “{purpose}”", purpose=purpose) if purpose else "",
        answer=_answer(entry, language),
        rule=_rule(entry["rule"], language),
        **facts,
    )


def unfinished(entry: Mapping[str, Any], language: str = messages.ENGLISH) -> str:
    """That the log tells no end of the release under an entry."""
    return messages.text(
        language,
        "entry {entry}: the records began to go out to {who}; how many is not known, since the log tells no end.",
        entry=entry["log_sequence"],
        who=_who(entry, language),
    )


def _deleted(entry: Mapping[str, Any], at: Message, language: str) -> str:
    counts = tuple(
        Message(
            "{kind} ({count})",
            kind=within_sentence(_value("DeletedKind", c["deleted_kind"], language)),
            count=c["deleted_count"],
        )
        for c in entry["deletion_counts"]
    )
    return messages.text(
        language,
        "{at}: the holder deleted what it had kept {whose}, its time of retention ({retention}) being over: {counts}.",
        at=at,
        whose=Message("about the person concerned" if "subject" in entry else "that is about no one person"),
        retention=entry["retention"],
        counts=counts,
    )


def _number(iri: str) -> str:
    """The number of an entry in its IRI."""
    return iri.rpartition(":")[2]


def _who(entry: Mapping[str, Any], language: str) -> str:
    requester = entry["requester"]
    if requester["id"] == entry.get("subject"):
        return messages.text(language, "you yourself")
    kind = within_sentence(_value("RequesterKind", requester["kind"], language))
    if requester["id"].startswith(PREFIX.format(kind=SUBJECT)):
        return kind
    return messages.text(language, "{id} ({kind})", id=requester["id"], kind=kind)


def _what(entry: Mapping[str, Any], language: str) -> str:
    entity = entry.get("entity")
    title = within_sentence(catalogue.class_(entity).title.text(language)) if entity else "—"
    if entity and entry.get("fields"):
        named = tuple(_field(entity, f, language) for f in entry["fields"])
        return messages.text(language, "{title} ({fields})", title=title, fields=named)
    return title


def _answer(entry: Mapping[str, Any], language: str) -> str:
    entity = entry.get("entity") or ""
    given, kept = (
        tuple(_field(entity, f["field"], language) for f in entry.get(name) or ()) for name in ("granted", "withheld")
    )
    by_hand = entry.get("released_by_counsel")
    denied = entry["decided_form"] == DENY
    if by_hand is not None:
        return messages.text(language, "Counsel refused it." if denied else RELEASED, fields=given or EVERYTHING)
    if denied:
        return messages.text(language, "They got nothing.")
    return messages.text(
        language,
        "They got: {fields}. Not given: {withheld}." if kept else "They got: {fields}.",
        fields=given,
        withheld=kept,
    )


def _field(entity: str, path: str, language: str) -> str:
    """The title of a field; of a path into a value object that of every step."""
    class_ = catalogue.model().classes.get(entity)
    ways = paths.ways(class_, path.split(".")) if class_ is not None else ()
    return " › ".join(within_sentence(f.title.text(language)) for f in ways[0].fields) if ways else path


def _value(enum: str, name: str | None, language: str) -> str:
    value = catalogue.enumeration(enum).values.get(name or "")
    return "" if value is None else value.title.text(language)


def _rule(name: str, language: str) -> str:
    held = shipped().by_name.get(name)
    if held is None:
        return name
    message = messages.of(held.message, language).rstrip(messages.text(language, STOP))
    return messages.text(language, "{rule} — {message}", rule=name, message=message)
