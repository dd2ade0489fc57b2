"""The gate of a holder, from the files that a call names: what ``decide``, ``disclose`` and ``statistics`` have in common."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce, wraps
from typing import TYPE_CHECKING, Any

from machimori import messages
from machimori.cli.command import option
from machimori.cli.exit_status import Status
from machimori.cli.inputs import objects_of, text_of
from machimori.cli.options import moment_of
from machimori.cli.paths import INPUT
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
    """The files of a holder and of the documents on hand, and the holder's clock; none of them is read yet."""

    holder: str
    consents: str | None
    orders: str | None
    agreements: str | None
    now: float | None

    def gate(self, keys: PseudonymKeys | None = None) -> Gate:
        """Read them."""
        from machimori.privacy.decision.documents import Register
        from machimori.privacy.decision.holding import read_holding
        from machimori.privacy.decision.signatures import documents
        from machimori.privacy.gate import Gate

        known = read_holding(text_of(self.holder))
        lines = [line for path in (self.consents, self.orders) if path for line in text_of(path).splitlines()]
        held = agreements_of(self.agreements) if self.agreements else []
        register = Register(tuple(documents(lines, known)), tuple(held))
        at = self.now
        return Gate(known, register=register, secret=keys, clock=time.time if at is None else partial(float, at))


def gate_files(work: Callable[..., int]) -> Callable[..., int]:
    """Declare the options that name such files; ``work`` gets them as ``files``."""

    @wraps(work)
    def bundled(*, holder: str, consents: Any, orders: Any, agreements: Any, now: Any, **others: Any) -> int:
        return work(files=GateFiles(holder, consents, orders, agreements, now), **others)

    return reduce(lambda declared, declare: declare(declared), reversed(_DECLARED), bundled)


_DECLARED: tuple[Any, ...] = (
    option(
        "--holder",
        type=INPUT,
        required=True,
        metavar="HOLDER.json",
        help=msgid("The holder's record of class Holding."),
    ),
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
