"""Findings that say the same, together: by code and by path without the places in lists.

A report that is written at its end holds a few examples of each group and counts the rest, so that its memory has a bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from machimori.findings.issue import Issue

EXAMPLES = 20
"""Findings of one group that are shown unless the caller says otherwise."""
GROUPS = 500
"""Groups told apart by path; findings of further ones are put together by their code."""
_PLACE = re.compile(r"(?<=/)[0-9]+(?=/|$)")


@dataclass(slots=True)
class Group:
    """Findings of one code at one path."""

    code: str
    path: str
    """A JSON pointer with ``*`` for a place in a list."""
    count: int = 0
    examples: list[Issue] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many there were besides the examples."""
        return self.count - len(self.examples)


class Groups:
    """Groups in the order of their first finding."""

    def __init__(self, examples: int | None = None) -> None:
        self._examples = EXAMPLES if examples is None else examples
        self._held: dict[tuple[str, str], Group] = {}

    def add(self, issue: Issue) -> Group:
        """The group that the finding now belongs to."""
        key = (issue.code, _PLACE.sub("*", issue.path))
        if key not in self._held and len(self._held) >= GROUPS:
            key = (issue.code, "")
        group = self._held.setdefault(key, Group(*key))
        group.count += 1
        if len(group.examples) < self._examples:
            group.examples.append(issue)
        return group

    def __iter__(self) -> Iterator[Group]:
        return iter(self._held.values())

    def __len__(self) -> int:
        return len(self._held)


class ByFile:
    """Groups of each file, in the order of the files; what a reporter that tells files apart has in common."""

    def __init__(self, examples: int | None) -> None:
        self._examples = examples
        self.files: dict[str, Groups] = {}

    def source(self, name: str) -> None:
        """Open the groups of a file, so that one without findings is told of too."""
        self.files.setdefault(name, Groups(self._examples))

    def finding(self, issue: Issue) -> None:
        """Add a finding to those of its file that say the same."""
        name = issue.source or "-"
        self.source(name)
        self.files[name].add(issue)
