"""What the exit status says."""

from __future__ import annotations

from enum import IntEnum

from machimori.messages import msgid


class Status(IntEnum):
    """The same over all commands, so that a script can tell bad data from a bad call and from a fault of ours."""

    GOOD = 0
    """All good."""
    REFUSED = 1
    """The input does not comply, or the disclosure is denied."""
    WRONG_CALL = 2
    """Unknown class, bad option, missing argument, missing optional dependency."""
    INTERNAL = 3
    """A fault of the program itself."""
    INTERRUPTED = 130
    """Ctrl-C."""
    CLOSED = 141
    """Whoever read the output went away."""


TOLD = {
    Status.GOOD: msgid("all good"),
    Status.REFUSED: msgid("the input does not comply, or a disclosure is denied"),
    Status.WRONG_CALL: msgid("the call is wrong: unknown class, bad option, missing argument"),
    Status.INTERNAL: msgid("a fault of machimori itself"),
}
"""What every help says of them."""
