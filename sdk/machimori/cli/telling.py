"""``machimori log notices`` and ``notified``: who has still to be told of a decision, and that they were."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.cli.stores import at_moment, opened, print_table
from machimori.standards.time import written

if TYPE_CHECKING:
    from machimori.privacy.log.notices import Notice

SHOWN = 12
"""Digits of a digest that a table shows; the record has all."""
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "heads": ("entry", "state", "from", "until", "requester", "class", "rule", "person"),
        "states": {"not_yet": "not yet", "due": "due", "overdue": "overdue"},
        "many": "no one person",
        "none": "nobody has to be told",
        "entered": "entered: notice of entry {told}, as entry {entry} of the log",
    },
    "ja": {
        "heads": ("記載", "状態", "通知の時期", "期限", "請求者", "クラス", "規則", "本人"),
        "states": {"not_yet": "時期前", "due": "要通知", "overdue": "期限超過"},
        "many": "特定の一人でない",
        "none": "通知すべきものはありません。",
        "entered": "記載{told}についての通知を記録しました（記録簿の記載{entry}）。",
    },
}


def notices(
    store: str,
    holder: str | None,
    key: str | None,
    at: str | None,
    overdue: bool,
    as_json: bool,
    show_values: bool,
    language: str,
) -> int:
    """Print the notices that were not given, the most urgent first."""
    now = at_moment(at)
    with opened(store, holder, key) as held:
        found = [n for n in held.log.notices() if not overdue or n.state(now) == "overdue"]
        persons = held.persons() if show_values else {}
    if as_json:
        for notice in found:
            print(json.dumps(_record(notice, now, persons), ensure_ascii=False))
    elif found:
        print_table(WORDS[language]["heads"], [_row(n, now, persons, language) for n in found])
    else:
        print(WORDS[language]["none"], file=sys.stderr)
    return Status.GOOD


def notified(entries: list[int], store: str, holder: str, key: str | None, at: str | None, language: str) -> int:
    """Enter that the persons concerned were told."""
    moment = at_moment(at)
    if moment > time.time():
        raise CallError("--at is in the future", "--atに将来の日時は指定できません。")
    with opened(store, holder, key) as held:
        for told in entries:
            receipt = held.log.notified(told, moment)
            print(WORDS[language]["entered"].format(told=told, entry=receipt.log_sequence))
    return Status.GOOD


def _row(notice: Notice, now: float, persons: Mapping[str, str], language: str) -> tuple[str, ...]:
    words, entry = WORDS[language], notice.entry
    return (
        str(entry["log_sequence"]),
        words["states"][notice.state(now)],
        written(notice.after, entry["at"]),
        written(notice.by, entry["at"]),
        _short(entry["requester"]["id"]),
        entry.get("entity", ""),
        entry["rule"],
        _person(entry.get("subject"), persons) or words["many"],
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
