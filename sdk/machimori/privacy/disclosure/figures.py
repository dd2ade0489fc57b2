"""Figures that a facility states of the people in it, and how often anyone but holder and statute gets them.

Of the records of one facility whose times lie in one step (class annotation ``figures_every``) the first that is asked for gives
its figures, to everyone and for as long as the account lasts; the others come out without. Nobody sees people come and go.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import msgspec

from machimori.catalogue.terms import Class
from machimori.standards.time import moment, seconds

Step = tuple[str, bytes, int]
"""A class, a facility as its records name it, and the number of the step since 1970."""


class FiguresGiven:
    """Which record of each facility and step has given its figures. One account a holder: two of them tell twice as much."""

    def __init__(self) -> None:
        self._settled: dict[Step, float] = {}
        self._lock = Lock()

    def gives(self, step: Step, at: float) -> bool:
        """Whether a record of this moment is the one that gives the figures of the step; the first to ask is."""
        with self._lock:
            return self._settled.setdefault(step, at) == at


class Reader:
    """Reads of a record which facility it is about, and when it was stated."""

    def __init__(self, class_: Class) -> None:
        assert class_.figures is not None  # asked of such classes alone
        self.entity, self.every = class_.name, seconds(class_.figures.every)
        self._of = tuple(f"of_{number}" for number in range(len(class_.figures.of)))
        members: list[Any] = [
            *(
                (key, Any, msgspec.field(default=None, name=name))
                for key, name in zip(self._of, class_.figures.of, strict=True)
            ),
            ("at", str | None, msgspec.field(default=None, name=class_.figures.at)),
        ]
        self._read = msgspec.json.Decoder(
            msgspec.defstruct(f"{self.entity}_figures", members, frozen=True, gc=False)
        ).decode

    def step(self, line: bytes) -> tuple[Step, float] | None:
        """The step of a record, and its moment; ``None`` where it does not say when. Raises where it is no record."""
        read: Any = self._read(line)
        at = moment(read.at)
        if at is None:
            return None
        of = msgspec.json.encode([getattr(read, key) for key in self._of], order="deterministic")
        return (self.entity, of, int(at // self.every)), at
