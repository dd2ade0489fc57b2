"""The documents of the holder's store, as ``consent``, ``order`` and ``agreement`` keep and list them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from machimori import messages
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.inputs import text_of
from machimori.cli.store_options import opened, print_records, print_table
from machimori.errors import MachimoriError
from machimori.messages import msgid
from machimori.standards.time import moment

HEADS = (
    *(msgid("id"), msgid("kind"), msgid("recipient"), msgid("purposes"), msgid("fields")),
    *(msgid("until"), msgid("state")),
)
IN_FORCE, NOT_YET, ENDED, WITHDRAWN = msgid("in force"), msgid("not yet"), msgid("ended"), msgid("withdrawn")


def add_signed(file: str, store: str, holder: str, classes: Sequence[str], language: str) -> int:
    """Keep every line that is a signed document of these classes; 1 if one was refused."""
    from machimori.privacy.decision.signatures import documents

    kept = refused = 0
    lines = text_of(file).splitlines()
    with opened(store, holder, make=True) as held:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found = next((d.class_name for d in documents([line], held.holding)), None)
            try:
                if found is not None and found not in classes:
                    raise CallError("class", found=found)
                held.add_signed(line)
                kept += 1
            except MachimoriError as error:
                refused += 1
                told = messages.text(language, "line {number}: {why}", number=number, why=error.text(language))
                print(told, file=sys.stderr)
    print(messages.text(language, "{count} kept", count=kept))
    return Status.REFUSED if refused else Status.GOOD


def print_documents(
    found: Sequence[tuple[Mapping[str, Any], str]], as_json: bool, show_values: bool, language: str
) -> None:
    """Print documents with the state that each is in; nothing where there is none."""
    if as_json:
        print_records((record for record, _ in found), show_values)
    elif found:
        heads = [messages.text(language, head) for head in HEADS]
        print_table(
            heads + ([messages.text(language, "subject")] if show_values else []),
            [_row(record, messages.text(language, state), show_values) for record, state in found],
        )


def state(record: Mapping[str, Any], withdrawn: float | None = None) -> str:
    """Whether a document counts now."""
    now = time.time()
    begins = moment(record.get("given_at") or record.get("starts_at"))
    ends = moment(record.get("expires_at") or record.get("ends_at"))
    if withdrawn is not None and withdrawn <= now:
        return WITHDRAWN
    if ends is None or ends <= now:
        return ENDED
    return IN_FORCE if begins is not None and begins <= now else NOT_YET


def _row(record: Mapping[str, Any], state: str, show_values: bool) -> tuple[str, ...]:
    return (
        record["id"],
        record.get("kind") or record["type"],
        _recipient(record),
        ", ".join(record.get("purposes") or ()),
        ", ".join(record.get("fields") or ()),
        record.get("expires_at") or record["ends_at"],
        state,
        *([str(record.get("subject") or "")] if show_values else []),
    )


def _recipient(record: Mapping[str, Any]) -> str:
    found = record.get("recipient") or record.get("authority") or record.get("issued_by") or ""
    return str(found["id"] if isinstance(found, Mapping) else found)
