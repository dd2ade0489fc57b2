"""What the store keeps beside the text of an entry of the log, in columns of its own, to find the entry by."""

from __future__ import annotations

from collections.abc import Mapping

from machimori.standards.time import moment


def searched_by(entry: Mapping[str, object]) -> dict[str, str | float | bool | None]:
    """The columns of table ``log`` that say again what the entry says; ``verify`` holds each of them to the text.

    What is no moment, or no text, is not found by: ``None``, never an error.
    """
    subject, about = entry.get("subject"), entry.get("about_entry")
    return {
        "at": moment(entry.get("at")),
        "subject": subject if isinstance(subject, str) else None,
        "about_entry": about if isinstance(about, str) else None,
        "notify_after": moment(entry.get("notify_after")),
        "notified_at": moment(entry.get("notified_at")),
        "release_begun": entry.get("release_begun") is True,
        "release_ended": entry.get("release_end") is not None,
    }
