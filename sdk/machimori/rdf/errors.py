"""What JSON-LD can hold that a record of the model cannot."""

from __future__ import annotations

from machimori.errors import MachimoriError


class RemoteContextError(MachimoriError):
    """A document names a context at an address that is not the model's own."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"the context {address} is not shipped with machimori, and nothing is fetched; write it out")


class LossError(MachimoriError):
    """JSON-LD holds something that a plain record of the model cannot; ``terms`` are its IRIs or names."""

    def __init__(self, reason: str, terms: tuple[str, ...]) -> None:
        self.reason, self.terms = reason, terms
        super().__init__(f"{reason}: {', '.join(terms)}")


class NotOneRecordError(MachimoriError):
    """JSON-LD describes no record of the model, or several."""

    def __init__(self, found: int) -> None:
        self.found = found
        super().__init__(f"expected one record, found {found or 'none'}")
