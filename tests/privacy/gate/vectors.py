"""The rules tried on a whole slice of the space at once: a second evaluator, written from the specification.

It shares with the gate only the rules as data. A slice is an array with one dimension an axis; the answer to a term varies along
one axis alone, so that a test is one small array and a rule a product of them.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.privacy.gate.space import Point

from machimori.privacy.decision.policy import Condition, Policy, Rule, Test

Bools = NDArray[np.bool_]
EXEMPT = "some_field_granted_by"
DENIED = -1


class Slice:
    """Part of the space: what is common, and axes along which the rest varies."""

    def __init__(self, common: Point, axes: list[list[Point]]) -> None:
        self.common, self.axes = common, axes
        self.shape = tuple(len(a) for a in axes)
        self.grants: dict[str, Bools] = {}
        self.names: list[str] = []

    def test(self, test: Test) -> Bools:
        if test.term == EXEMPT:
            granted = [self.grants[str(name)] for name in test.values]
            return reduce(np.logical_or, granted) != test.negated
        return self.where(test.term, test.values) != test.negated

    def where(self, term: str, values: Any) -> Bools:
        """Where the answer to a term is one of ``values``."""
        if term in self.common:
            return np.broadcast_to(np.bool_(self.common[term] in values), (1,) * len(self.axes))
        axis = next(i for i, points in enumerate(self.axes) if term in points[0])
        line = np.fromiter((p[term] in values for p in self.axes[axis]), bool, len(self.axes[axis]))
        return line.reshape([-1 if i == axis else 1 for i in range(len(self.axes))])

    def condition(self, condition: Condition) -> Bools:
        return reduce(np.logical_or, map(self.test, condition.tests))

    def all_of(self, conditions: tuple[Condition, ...]) -> Bools:
        every: Bools = np.ones((1,) * len(self.axes), bool)
        return reduce(np.logical_and, map(self.condition, conditions), every)

    def granting(self, policy: Policy) -> NDArray[np.int16]:
        """For every case the index of the field rule that grants, or ``DENIED``: what a request for that one field gives."""
        self.names = [r.name for r in policy.of_field]
        self.grants = {rule.name: self._grants(rule) for rule in policy.of_field}
        permitted: dict[str, Bools] = {}
        denied: Bools = np.zeros(self.shape, bool)
        for rule in policy.of_request:
            denied |= self.all_of(rule.conditions)
            spared = {v for c in rule.conditions for t in c.tests if t.term == EXEMPT for v in t.values}
            if spared:
                others = tuple(c for c in rule.conditions if all(t.term != EXEMPT for t in c.tests))
                elsewhere = ~self.all_of(others)
                for name in set(self.names) - spared:
                    permitted[name] = permitted.get(name, np.True_) & elsewhere
        found = np.full(self.shape, DENIED, np.int16)
        for i, name in enumerate(self.names):
            found[(found == DENIED) & self.grants[name] & permitted.get(name, np.True_)] = i
        return np.where(denied, np.int16(DENIED), found)

    def _grants(self, rule: Rule) -> Bools:
        forms = self.where("form", rule.forms)
        return np.broadcast_to(forms & self.all_of(rule.applicability) & self.all_of(rule.conditions), self.shape)
