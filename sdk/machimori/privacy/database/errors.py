"""What the store refuses, and why: a closed list of reasons, and its sentence. None holds a value of a document."""

from __future__ import annotations

from machimori.errors import WRONG_CALL, ReasonedError
from machimori.messages import msgid

REASONS: dict[str, str] = {
    # the store cannot be opened
    "scheme": msgid("a store is an SQLite file or a PostgreSQL address (sqlite:///FILE, postgresql+psycopg://…)"),
    "memory": msgid("a store in memory would forget: name a file"),
    "absent": msgid("there is no store at that address"),
    "unopened": msgid("the store cannot be opened ({kind})"),
    "foreign": msgid("that is no store of Machimori"),
    "newer": msgid("the store has revision {found}, and this program knows those up to {known}: use a newer Machimori"),
    "other-holder": msgid("the store belongs to another holder"),
    "no-holder": msgid("this needs the holding (--holder)"),
    # the key of the log
    "key-unnamed": msgid("a store on a server needs the file of the log's key (--log-key)"),
    "key-absent": msgid("the log has entries, and the file of its key is not there: {file}"),
    "key-unreadable": msgid("the file of the log's key cannot be read: {file}"),
    "key-shared": msgid("others may read the file of the log's key (chmod 600): {file}"),
    "key-other": msgid("that is not the key with which this log was begun"),
    # what is given to it
    "no-document": msgid("that is no signed document of a class that the gate reads"),
    "unsigned": msgid("the {class_name} bears no signature of a key that the holder trusts for it"),
    "not-own-consent": msgid("the consent of that id is another person's, and only that person takes it back"),
    "conflict": msgid("another {class_name} has that id"),
    "no-item": msgid("nothing of that id waits for counsel"),
    "answered": msgid("counsel has answered that already"),
    "cost": msgid("a cost is a finite number, not below zero"),
    "person-named": msgid("an entry of the log names a person only by digest"),
    "entry": msgid("that is no entry of a log"),
    "no-decision": msgid("that entry of the log is no decision of which a person is told"),
    "told": msgid("the log says already that the person was told of it"),
    "told-before": msgid("nobody can be told of a decision before it is made"),
    "proof": msgid("the log has no such entries"),
    # what happens to it
    "silent": msgid("the store does not answer ({kind})"),
    "unaccounted": msgid("{count} records went out under entry {sequence}, and the log could not be told so ({kind})"),
    "damaged": msgid("the log is not as it was signed; `machimori log verify` tells where"),
}  # fmt: skip


class StoreError(ReasonedError):
    """The store, or what it was given, is not as it must be; ``reason`` is the key of the text."""

    REASONS = REASONS


class CannotOpenError(StoreError):
    """There is no store at the address, or not the one that is meant, or not its key."""

    exit_status = WRONG_CALL


class RefusedError(StoreError):
    """What the store was given is nothing that it may keep."""


class UnansweredError(StoreError):
    """The store is open and does not answer."""


class LogDamagedError(StoreError):
    """The log was changed by someone who does not have its key; nothing is added to it."""


class UnaccountedError(StoreError):
    """Records went out, and the log could not be told how many."""
