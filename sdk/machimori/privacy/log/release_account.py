"""How many records went out under a decision: the log is told when a release ends, however it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from machimori.privacy.database.errors import UnaccountedError
from machimori.privacy.decision.decision import Decision, Receipt
from machimori.privacy.decision.request import Request
from machimori.privacy.disclosure.release_account import ABANDONED
from machimori.privacy.log.entries import ENTRY_ID, release
from machimori.privacy.log.log import Log
from machimori.standards.time import written


@dataclass(frozen=True, repr=False)
class LoggedRelease:
    """The account of one release (``disclosure.release_account.Account``)."""

    log: Log
    told: Mapping[str, Any]
    """The entry of the decision under which records go out."""
    clock: Callable[[], float] = field(default=time.time)

    def ended(self, end: str, released: int) -> None:
        """Add to the log how the release ended. Raises ``UnaccountedError`` where that cannot be written."""
        try:
            self.log.append(self._entry(end, released))
        except Exception as error:  # noqa: BLE001  whatever it was, nobody knows now how many came out
            raise self._unaccounted(error, released) from None

    def left(self, released: int) -> None:
        """Have it added by whoever writes next. No lock is taken: a garbage collector may call this amid anything."""
        self.log.add_later(self._entry(ABANDONED, released))

    def settle(self, released: int) -> None:
        """Add now what was left. Raises ``UnaccountedError`` where that cannot be written."""
        try:
            self.log.settle()
        except Exception as error:  # noqa: BLE001  whatever it was, nobody knows now how many came out
            raise self._unaccounted(error, released) from None

    def _entry(self, end: str, released: int) -> dict[str, Any]:
        return release(self.told, written(self.clock(), self.told["at"]), released, end)

    def _unaccounted(self, error: Exception, released: int) -> UnaccountedError:
        facts = {"count": released, "sequence": self.told["log_sequence"], "kind": type(error).__name__}
        return UnaccountedError("unaccounted", **facts)


def begin(log: Log, request: Request, decision: Decision) -> tuple[Receipt, LoggedRelease]:
    """Add the entry of a decision under which records go out; what comes back is to be told how that ended."""
    entry = log.entry(request, decision, release_begun=True)
    receipt = log.append(entry)
    place = {"id": ENTRY_ID.format(sequence=receipt.log_sequence), "log_sequence": receipt.log_sequence}
    return receipt, LoggedRelease(log, {**entry, **place}, log.clock)
