"""Hypothesis draws the same examples in every run, on every worker and however slow the machine is.

Its profile ``ci`` has fixed seeds, no data base of earlier examples and no deadline. Beside its seeds Hypothesis draws from
the constants of whatever local modules are imported by then, which differ between workers and between a part and the whole
of the tests: here it draws from none of them. A run that shall search says so: ``--hypothesis-profile=default``.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis.internal.conjecture import providers

NONE = providers._local_constants
"""As it is before any module was looked at."""
assert callable(providers._get_local_constants), "Hypothesis names it otherwise now"
providers._get_local_constants = lambda: NONE
settings.load_profile("ci")
