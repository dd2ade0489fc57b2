"""Who has still to be told of a decision, as ``machimori log notices`` prints it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from machimori import messages
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.store_options import print_table
from machimori.messages import msgid
from machimori.standards.time import written

if TYPE_CHECKING:
    from machimori.privacy.log.notices import Notice
    from machimori.privacy.store.store import Store

SHOWN = 12
"""Digits of a digest that a table shows; the record has all."""
HEADS = (
    *(msgid("entry"), msgid("state"), msgid("from"), msgid("until", context="time limit of a notice")),
    *(msgid("requester"), msgid("class"), msgid("rule"), msgid("person")),
)
STATES = {
    "not_yet": msgid("not yet", context="a notice"),
    "due": msgid("due"),
    "overdue": msgid("overdue"),
}


def print_due(held: Store, language: str, *, at: float | None, overdue: bool, as_json: bool, show_values: bool) -> int:
    """Print the notices that were not given, the most urgent first."""
    now = time.time() if at is None else at
    found = [n for n in held.log.notices() if not overdue or n.state(now) == "overdue"]
    persons = held.persons() if show_values else {}
    if as_json:
        for notice in found:
            print(json.dumps(_record(notice, now, persons), ensure_ascii=False))
    elif found:
        heads = [messages.text(language, head) for head in HEADS]
        print_table(heads, [_row(n, now, persons, language) for n in found])
    else:
        print(messages.text(language, "nobody has to be told"), file=sys.stderr)
    return Status.GOOD


def past(at: float | None) -> float:
    """The moment of a notice that was given: now, or one that is over."""
    now = time.time()
    if at is not None and at > now:
        raise CallError("future")
    return now if at is None else at


def _row(notice: Notice, now: float, persons: Mapping[str, str], language: str) -> tuple[str, ...]:
    entry = notice.entry
    return (
        str(entry["log_sequence"]),
        messages.text(language, STATES[notice.state(now)]),
        written(notice.after, entry["at"]),
        written(notice.by, entry["at"]),
        _short(entry["requester"]["id"]),
        entry.get("entity", ""),
        entry["rule"],
        _person(entry.get("subject"), persons) or messages.text(language, "no one person"),
    )


def _person(subject: str | None, persons: Mapping[str, str]) -> str | None:
    return None if subject is None else persons.get(subject) or _short(subject)


def _short(iri: str) -> str:
    """An IRI; of one that stands for a person the beginning of the digest."""
    name, _, digest = iri.rpartition("-digest:")
    return f"{digest[:SHOWN]}…" if name else iri


def _record(notice: Notice, now: float, persons: Mapping[str, str]) -> dict[str, Any]:
    entry = notice.entry
    subject = entry.get("subject")
    known = {"subject": persons.get(subject, subject)} if subject is not None else {}
    kept = ("request", "requester", "entity", "purpose", "rule", "decided_form")
    return {
        "entry": entry["log_sequence"],
        "state": notice.state(now),
        "notify_after": written(notice.after, entry["at"]),
        "notify_by": written(notice.by, entry["at"]),
        **{name: entry[name] for name in kept if name in entry},
        **known,
    }
