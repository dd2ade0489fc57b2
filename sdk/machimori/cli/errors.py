"""What the command line itself refuses. Errors of the rooms below say themselves what they say, and end a call as they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from machimori.errors import WRONG_CALL, ReasonedError
from machimori.messages import msgid


class CallError(ReasonedError):
    """The arguments do not fit together."""

    REASONS: ClassVar[Mapping[str, str]] = {
        "statistics": msgid("statistics are computed by `machimori statistics`"),
        "sample": msgid("name either a CLASS, with --count, --seed, --invalid, --code, or a --scenario, without them"),
        "abstract": msgid("{name} is abstract and has no JSON Schema of its own; use one of {members}"),
        "folders": msgid("name the folders with --model and --out: this is no source checkout of the model"),
        "holder": msgid("--store needs --holder"),
        "store-or-none": msgid("name a store with --store, or say --no-store: not both"),
        "log-key": msgid("--log-key needs --store"),
        "unlogged": msgid(
            "{entity} holds data about people, and what is given of them is logged: name the holder's store with --store,"
            " or say --no-store where nothing is to be logged"
        ),
        "unsettled": msgid(
            "{entity} holds data about people, and statistics of them are settled and kept in the holder's store: name it"
            " with --store"
        ),
        "future": msgid("--at is in the future"),
        "class": msgid("a {found} is kept by another command"),
    }
    exit_status = WRONG_CALL
