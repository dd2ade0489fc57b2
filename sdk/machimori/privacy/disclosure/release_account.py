"""The end of a release: an account is told how many records came out, whether all were taken, some, or an error came."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

COMPLETE, ABANDONED, FAILED = "complete", "abandoned", "failed"
"""How a release ends (enum ``ReleaseEnd``)."""


class Account(Protocol):
    """What is told the end of one release."""

    def ended(self, end: str, released: int) -> None:
        """All came out, or an error stopped it. Raises where it cannot be kept."""

    def left(self, released: int) -> None:
        """Nobody takes more. It is kept later, since whoever says so may not wait: raises nothing, locks nothing."""

    def settle(self, released: int) -> None:
        """Keep now what was left. Raises where it cannot be kept."""


def accounted(views: Iterator[Any], released: Callable[[], int], account: Account) -> Generator[Any]:
    """The same views; ``account`` is told their end."""
    counted = _counted(views, released, account)
    next(counted)  # it is under way before the first view is taken, so that even a release nobody touches has an end
    return counted


def _counted(views: Iterator[Any], released: Callable[[], int], account: Account) -> Generator[Any]:
    try:
        yield None
        yield from views
    except GeneratorExit:
        account.left(released())
        raise
    except BaseException:
        account.ended(FAILED, released())
        raise
    account.ended(COMPLETE, released())
