"""Hypothesis draws the same examples in every run, on every worker and however slow the machine is.

Its profile ``ci`` has fixed seeds, no data base of earlier examples and no deadline. Beside its seeds Hypothesis draws from
the constants of whatever local modules are imported by then, which differ between workers and between a part and the whole
of the tests: here it draws from none of them. A run that shall search says so: ``--hypothesis-profile=deep``, with a seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.internal.conjecture import providers

MANY = 20
"""Times as many examples as in CI."""

NONE = providers._local_constants
"""As it is before any module was looked at."""
assert callable(providers._get_local_constants), "Hypothesis names it otherwise now"
providers._get_local_constants = lambda: NONE
settings.register_profile("deep", deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
settings.load_profile("ci")


def pytest_collection_modifyitems(config: Any, items: Iterable[Any]) -> None:
    """In a search, a test's own settings for CI do not bind it to fixed seeds and few examples."""
    if config.getoption("--hypothesis-profile") != "deep":
        return
    deep = settings.get_profile("deep")
    for item in items:
        test = getattr(item, "obj", None)
        if is_hypothesis_test(test):
            held = getattr(test, "_hypothesis_internal_use_settings", None) or deep
            test.__dict__["_hypothesis_internal_use_settings"] = settings(
                deep, max_examples=held.max_examples * MANY, stateful_step_count=held.stateful_step_count
            )
