"""Who may see what?"""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.privacy.database.errors import (
        CannotOpenError,
        RefusedError,
        StoreError,
        UnaccountedError,
        UnansweredError,
    )
    from machimori.privacy.decision.decision import Decision, Granted, Receipt, Withheld
    from machimori.privacy.decision.documents import Register, RegisterUnreachableError
    from machimori.privacy.decision.holding import Holding, Party, read_holding
    from machimori.privacy.decision.request import Request, read_request
    from machimori.privacy.disclosure.disclosure import Disclosure, WrongFormError
    from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeys, PseudonymKeysError
    from machimori.privacy.gate import Gate
    from machimori.privacy.log.verification import Finding
    from machimori.privacy.statistics import QueryRefusedError, Statistics
    from machimori.privacy.store import open_store
    from machimori.privacy.store.store import Store
else:
    __getattr__, __dir__ = handful(
        __name__,
        database__errors="CannotOpenError RefusedError StoreError UnaccountedError UnansweredError",
        decision__decision="Decision Granted Receipt Withheld",
        decision__documents="Register RegisterUnreachableError",
        decision__holding="Holding Party read_holding",
        decision__request="Request read_request",
        disclosure__disclosure="Disclosure WrongFormError",
        disclosure__pseudonym_keys="PseudonymKeys PseudonymKeysError",
        gate="Gate",
        log__verification="Finding",
        statistics="QueryRefusedError Statistics",
        store="open_store",
        store__store="Store",
    )

__all__ = [
    "CannotOpenError",
    "Decision",
    "Disclosure",
    "Finding",
    "Gate",
    "Granted",
    "Holding",
    "Party",
    "PseudonymKeys",
    "PseudonymKeysError",
    "QueryRefusedError",
    "Receipt",
    "RefusedError",
    "Register",
    "RegisterUnreachableError",
    "Request",
    "Statistics",
    "Store",
    "StoreError",
    "UnaccountedError",
    "UnansweredError",
    "Withheld",
    "WrongFormError",
    "open_store",
    "read_holding",
    "read_request",
]
