"""The gate of a holder, as a call names it: what ``decide``, ``disclose`` and ``statistics`` have in common.

With a store every answer is logged, and documents are the store's, with those of files that count for this call alone. Without
one nothing is logged, and that is said.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from functools import partial, reduce, wraps
from typing import TYPE_CHECKING, Any

from machimori import messages
from machimori.cli import store_options
from machimori.cli.command import option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.inputs import objects_of, text_of
from machimori.cli.options import moment_of
from machimori.cli.paths import INPUT, KEPT
from machimori.errors import InvalidDocumentError
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeys
    from machimori.privacy.gate import Gate

request = option(
    "--request", type=INPUT, required=True, metavar="F", help=msgid("The request (class DisclosureRequest).")
)
budget = option(
    "--budget",
    type=float,
    metavar="N",
    help=msgid("What differential privacy has left, for a request with epsilon; none is a fresh account."),
)

NOTES = (
    *(msgid("counted"), msgid("other-class"), msgid("other-person"), msgid("outside-area"), msgid("outside-period")),
    *(msgid("unfinished-step"), msgid("no-value"), msgid("small-group"), msgid("same-hour"), msgid("clamped")),
    msgid("unreadable"),
)
"""What may be said of the records that were read, or left out."""


@dataclass(frozen=True, slots=True)
class GateFiles:
    """The holder, its store or none, the files of documents on hand, and the holder's clock; nothing is read yet."""

    holder: str
    store: str | None
    no_store: bool
    log_key: str | None
    consents: str | None
    orders: str | None
    agreements: str | None
    now: float | None

    @contextmanager
    def gate(self, keys: PseudonymKeys | None = None) -> Iterator[Gate]:
        """Read them; the store is closed at the end."""
        from machimori.privacy.decision.documents import Register
        from machimori.privacy.decision.holding import read_holding
        from machimori.privacy.decision.signatures import documents
        from machimori.privacy.gate import Gate
        from machimori.privacy.store import needed, open_store

        if self.store is not None and self.no_store:
            raise CallError("store-or-none")
        if self.log_key is not None and self.store is None:
            raise CallError("log-key")
        if self.store is not None:
            needed(self.store)
        known = read_holding(text_of(self.holder))
        lines = [line for path in (self.consents, self.orders) if path for line in text_of(path).splitlines()]
        agreed = agreements_of(self.agreements) if self.agreements else []
        shown = Register(tuple(documents(lines, known)), tuple(agreed))
        clock = time.time if self.now is None else partial(float, self.now)
        if self.store is None:
            yield Gate(known, register=shown, secret=keys, clock=clock)
            return
        with closing(open_store(self.store, known, key=self.log_key, clock=clock)) as store:
            _ = store.log  # a key that is not the log's is told here, and is no denial

            def register() -> Register:
                kept = store.register()
                signed, agreements = (*kept.signed, *shown.signed), (*kept.agreements, *shown.agreements)
                return replace(kept, signed=signed, agreements=agreements) if lines or agreed else kept

            yield Gate(known, store=store, register=register, secret=keys, clock=clock)

    def logs(self, asked: str, *, settles: bool = False) -> None:
        """Raise ``CallError`` where what is asked for is about people, and neither a store nor ``--no-store`` was named.

        With ``settles`` it takes a store: without one nothing could be kept. Raises ``InvalidDocumentError`` for no request.
        """
        from machimori.privacy.decision import fields
        from machimori.privacy.decision.request import read_request

        request = read_request(asked)
        if self.store is not None or (self.no_store and not settles):
            return
        if fields.about_people(request.entity or "", request.fields):
            raise CallError("unsettled" if settles else "unlogged", entity=request.entity)

    def say_unlogged(self, language: str) -> None:
        """Say on standard error that nothing was logged, where nothing was."""
        if self.store is None:
            print(messages.text(language, "no store: nothing was logged"), file=sys.stderr)


def gate_files(work: Callable[..., int]) -> Callable[..., int]:
    """Declare the options of the holder, the store and the documents; ``work`` gets them as ``files``."""
    own = [f.name for f in dataclass_fields(GateFiles)]

    @wraps(work)
    def bundled(**given: Any) -> int:
        return work(files=GateFiles(**{name: given.pop(name) for name in own}), **given)

    return reduce(lambda declared, declare: declare(declared), reversed(_DECLARED), bundled)


_DECLARED: tuple[Any, ...] = (
    option(
        "--holder",
        type=INPUT,
        required=True,
        metavar="HOLDER.json",
        help=msgid("The holder's record of class Holding."),
    ),
    option(
        "--store",
        type=KEPT,
        metavar="URL",
        help=msgid(
            "The holder's store, which logs the answer and holds documents: an SQLite file (made where it is not there) or postgresql+psycopg://…"
        ),
    ),
    option("--no-store", is_flag=True, help=msgid("Answer without a store; nothing is logged.")),
    store_options.log_key,
    option("--consents", type=INPUT, metavar="F", help=msgid("Consents: one signed document (JWS) a line.")),
    option(
        "--orders",
        type=INPUT,
        metavar="F",
        help=msgid("Orders, warrants and lawful demands: one signed document (JWS) a line."),
    ),
    option("--agreements", type=INPUT, metavar="F", help=msgid("Agreements: a JSON array.")),
    option(
        "--now",
        callback=moment_of,
        metavar="T",
        help=msgid("The holder's clock (RFC 3339 with offset); else this machine's."),
    ),
)


def agreements_of(path: str) -> list[dict[str, Any]]:
    """The agreements of a JSON array; each must comply with class ``Agreement``."""
    from machimori.validation.record import validate

    held = objects_of(path)
    for one in held:
        report = validate(one, "Agreement")
        if not report.ok:
            raise InvalidDocumentError("Agreement", report.issues)
    return held


def refused(error: InvalidDocumentError, language: str) -> int:
    """Say what keeps a document from being one; the status of such a call."""
    print(error.text(language), file=sys.stderr)
    for issue in error.issues:
        print(f"  {issue.code} {issue.path or '/'}: {issue.text(language)}", file=sys.stderr)
    return Status.WRONG_CALL


def noted(notes: Mapping[str, int], language: str) -> str:
    """How many records each of ``NOTES`` is about."""
    return ", ".join(f"{messages.text(language, note)} {count}" for note, count in notes.items())
