"""Statistics that a holder computes itself: grouped, suppressed, accounted for, and optionally noised (privacy.md, section 5)."""

from machimori.privacy.statistics.ledger import Ledger, MemoryLedger
from machimori.privacy.statistics.query import QueryRefusedError
from machimori.privacy.statistics.release import Statistics

__all__ = ["Ledger", "MemoryLedger", "QueryRefusedError", "Statistics"]
