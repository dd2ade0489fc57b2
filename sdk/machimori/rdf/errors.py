"""What JSON-LD can hold that a record of the model cannot."""

from __future__ import annotations

from machimori.errors import MachimoriError
from machimori.messages import Message, msgid


class RemoteContextError(MachimoriError):
    """A document names a context at an address that is not the model's own."""

    message = msgid("the context {address} is not shipped with machimori, and nothing is fetched; write it out")

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class LossError(MachimoriError):
    """JSON-LD holds something that a plain record of the model cannot; ``terms`` are its IRIs or names."""

    message = msgid("{reason}: {terms}")

    def __init__(self, reason: Message, terms: tuple[str, ...]) -> None:
        super().__init__(reason, terms)
        self.reason, self.terms = reason, terms


class NotOneRecordError(MachimoriError):
    """JSON-LD describes no record of the model, or several."""

    message = msgid("expected one record, found {found}")

    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found
        if not found:
            self.message = msgid("expected one record, found none")
