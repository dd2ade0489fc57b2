"""Whom the holder has still to tell of a decision, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from machimori.privacy.log.entries import NOTICE
from machimori.standards.time import moment, seconds

LIMIT = "P30D"
"""How long after a notice is due it must have been given. Profile: no law sets a limit for all of them; this is the one that
the Act on Communications Interception for Criminal Investigation sets in Art. 30(2)."""
NOT_YET, DUE, OVERDUE = "not_yet", "due", "overdue"


@dataclass(frozen=True)
class Notice:
    """One decision of which the person concerned is to be told; moments are seconds since 1970."""

    entry: Mapping[str, Any]
    """The record of class ``LogEntry``, in which the person is a digest."""
    after: float
    """From when the person is to be told."""

    @property
    def by(self) -> float:
        """Until when."""
        return self.after + seconds(LIMIT)

    def state(self, now: float) -> str:
        """``not_yet``, ``due`` or ``overdue``."""
        return NOT_YET if now < self.after else DUE if now <= self.by else OVERDUE


def outstanding(entries: Iterable[Mapping[str, Any]]) -> list[Notice]:
    """The notices that were not given, the most urgent first; ``entries`` are those of the log, in order."""
    open_: dict[str, Notice] = {}
    for entry in entries:
        if entry["type"] == NOTICE:
            open_.pop(entry["about_entry"], None)
        elif "notified_at" in entry:  # how a notice was entered before it had a class: the decision said again
            open_ = {i: n for i, n in open_.items() if not _same_decision(n.entry, entry)}
        elif (after := moment(entry.get("notify_after"))) is not None:
            open_[entry["id"]] = Notice(entry, after)
    return sorted(open_.values(), key=lambda n: (n.by, n.entry["log_sequence"]))


def _same_decision(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("request", "at", "rule", "decided_form"))
