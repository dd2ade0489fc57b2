"""Whether a privacy profile allows at most what another allows: an order for each axis.

A profile that narrows another may say less than it on any axis and more on none. The orders are partial where the rules
of disclosure (``machimori.privacy.decision.recipients``) are: of two values that each open something that the other keeps shut,
neither is narrower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Axes = dict[str, Any]
"""A profile as ``profiles.yaml`` holds it."""

STRICTER = {
    "open": ("operational", "restricted"),
    "operational": ("restricted",),
    "related": ("personal", "code", "communications", "special_care"),
    "personal": ("code", "communications", "special_care"),
}
"""The data classes that are stricter than one in every rule. The last three are not in order among themselves: matter
under the secrecy of communications serves its own service without consent, special-care information may be anonymised.
Nor is what was made of personal data: a statistical cell is open to all, so it narrows nothing that is about a person."""

IDENTIFIABILITY = ("none", "sensitive", "quasi", "direct")
"""From the loosest: a quasi-identifier counts for k-anonymity, a direct identifier is never in anonymised records."""

ACCESS = {"open": ("aggregate_only", "order_only", "none"), "aggregate_only": ("none",), "order_only": ("none",)}
"""What is narrower than a value. Statistics for public bodies and records by order are two openings, not steps of one."""

GRANULARITY = ("time_step", "space_step", "band", "prefix_length", "rounding")
PERSON_RELATED = ("pseudonymised", "related", "personal", "code", "communications", "special_care")
_DURATION = re.compile(
    r"P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<D>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
DAY = 86400


def completed(base: Axes | None, stated: Axes) -> Axes:
    """The whole profile: what is stated, over the axes of ``base`` that are not.

    Granularity is completed part by part, and the sources of the base stay sources.
    """
    if base is None:
        return stated
    own = {k: v for k, v in base.items() if k not in ("title", "description", "reading", "why")} | stated
    if isinstance(stated.get("granularity"), dict) and isinstance(base.get("granularity"), dict):
        own["granularity"] = base["granularity"] | stated["granularity"]
    if isinstance(stated.get("basis"), list):
        own["basis"] = [*base["basis"], *(b for b in stated["basis"] if b not in base["basis"])]
    return own


def widened(base: Axes, own: Axes, categories: dict[str, Any]) -> Iterator[str]:
    """The axes on which ``own`` allows something that ``base`` does not."""
    for axis, within in AXES.items():
        try:
            holds = within(base.get(axis), own.get(axis))
        except (TypeError, ValueError, KeyError, AttributeError):
            holds = False
        if not holds:
            yield axis
    if not set(base.get("dpv") or ()) <= set(_with_parents(own.get("dpv") or (), categories)):
        yield "dpv"


def weaker(base: Axes, own: Axes, categories: dict[str, Any]) -> list[str]:
    """The axes on which a field would be less protected under ``own`` than under ``base``.

    A field that is about nobody where it was defined may be about people in another class: that is stricter as a whole.
    """
    if own.get("data_class") in PERSON_RELATED and base.get("data_class") not in PERSON_RELATED:
        return []
    return list(widened(base, own, categories))


def _with_parents(iris: Any, categories: dict[str, Any]) -> Iterator[str]:
    parents = {str(c["iri"]): str(c["parent"]) for c in categories.values()}
    for iri in map(str, iris):
        seen: set[str] = set()
        node: str | None = iri
        while node is not None and node not in seen:
            seen.add(node)
            yield node
            node = parents.get(node)


def _class(base: Any, own: Any) -> bool:
    return own == base or own in STRICTER.get(base, ())


def _identifiability(base: Any, own: Any) -> bool:
    return IDENTIFIABILITY.index(own) >= IDENTIFIABILITY.index(base)


def _access(base: Any, own: Any) -> bool:
    return own == base or own in ACCESS.get(base, ())


def _subset(base: Any, own: Any) -> bool:
    return set(own or ()) <= set(base or ())


def _kept(base: Any, own: Any) -> bool:
    """A mark that protects: it may be set, never taken away."""
    return bool(own) or not base


def _not_set(base: Any, own: Any) -> bool:
    """A mark that opens: it may be taken away, never set."""
    return bool(base) or not own


def _retention(base: Any, own: Any) -> bool:
    return base is None or (own is not None and _no_longer(own, base))


def _granularity(base: Any, own: Any) -> bool:
    before, after = base or {}, own or {}
    return all(
        before.get(p) is None or (after.get(p) is not None and COARSER[p](before[p], after[p])) for p in GRANULARITY
    )


def _task(base: Any, own: Any) -> bool:
    if own is None:
        return True
    return (
        base is not None
        and own["statute"] == base["statute"]
        and own.get("statute_ja") in (None, base.get("statute_ja"))
        and set(own["purposes"]) <= set(base["purposes"])
    )


def _whole_steps(base: Any, own: Any) -> bool:
    """Whether every step of ``own`` is made of whole steps of ``base``: else the two together are finer than either."""
    (months, seconds), (own_months, own_seconds) = _length(base), _length(own)
    if months == 0 and own_months == 0:
        return own_seconds >= seconds > 0 and own_seconds % seconds == 0
    if months == 0:
        return own_seconds == 0 and DAY % seconds == 0
    return seconds == own_seconds == 0 and own_months >= months and own_months % months == 0


def _whole_bands(base: Any, own: Any) -> bool:
    return bool(own >= base) and abs(own / base - round(own / base)) < 1e-9


def _no_longer(own: str, base: str) -> bool:
    """Whether a duration is at most another in every calendar."""
    (own_months, own_seconds), (months, seconds) = _length(own), _length(base)
    if own_months <= months and own_seconds <= seconds:
        return True
    return _days(own_months, 31, 366) * DAY + own_seconds <= _days(months, 28, 365) * DAY + seconds


def _days(months: int, month: int, year: int) -> int:
    return months // 12 * year + months % 12 * month


def _length(text: str) -> tuple[int, int]:
    """Months and seconds of an ISO 8601 duration."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        raise ValueError(text)
    part = {name: int(number or 0) for name, number in found.groupdict().items()}
    return part["Y"] * 12 + part["M"], part["D"] * DAY + part["h"] * 3600 + part["m"] * 60 + part["s"]


Within = Callable[[Any, Any], bool]
COARSER: dict[str, Within] = {
    "time_step": _whole_steps,
    "space_step": lambda base, own: own <= base,
    "band": _whole_bands,
    "prefix_length": lambda base, own: own <= base,
    "rounding": _whole_bands,
}
AXES: dict[str, Within] = {
    "data_class": _class,
    "identifiability": _identifiability,
    "government_access": _access,
    "purposes": _subset,
    "minimum_group": lambda base, own: own >= base,
    "granularity": _granularity,
    "traceable": _kept,
    "retention": _retention,
    "rescue": _not_set,
    "biometric": _kept,
    "passer_by": _kept,
    "other_person": _kept,
    "statutory_task": _task,
}
"""For each axis whether ``own`` stays within ``base``; ``dpv`` needs the categories, ``basis`` names sources."""
