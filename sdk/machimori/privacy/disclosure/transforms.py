"""What happens to a value before it leaves the holder in a form weaker than identified."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from math import floor, log10
from typing import Any

from machimori.catalogue.terms import Granularity
from machimori.standards.mesh import mesh_code, shortened
from machimori.standards.time import DAY, seconds

EPOCH = date(1970, 1, 1)
PSEUDONYM = "urn:machimori:pseudonym:"
Change = Callable[[Any], Any]
"""A value becomes another one; ``None`` where nothing of it may be given."""


class Pseudonyms:
    """Keyed pseudonyms of one recipient, purpose and period (HMAC-SHA-256): two recipients cannot join theirs.

    ``secret`` is the holder's key; it never leaves the holder.
    """

    def __init__(self, secret: bytes, recipient: str, purpose: str, period: str) -> None:
        scope = "\0".join((recipient, purpose, period)).encode()
        self._key = hmac.digest(secret, b"machimori pseudonym\0" + scope, hashlib.sha256)

    def of(self, value: Any) -> str:
        """The pseudonym of a value, an IRI whatever the value was."""
        return (
            PSEUDONYM + hmac.digest(self._key, str(value).encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]
        )


def coarsening(range_name: str, granularity: Granularity, free_text: bool, least: float | None = None) -> Change | None:
    """The coarsening of a field with this range under a profile's granularity; ``None`` where the value stays as it is.

    ``free_text`` says that the range is text of any content: it cannot be coarsened, so nothing of it is given.
    ``least`` is the smallest value of the field: no band begins below it.
    """
    time_step, space_step = granularity.time_step, granularity.space_step
    band, prefix = granularity.band, granularity.prefix_length
    if range_name == "DateTime" and time_step:
        return _in_steps(seconds(time_step))
    if range_name == "Date" and time_step and seconds(time_step) > DAY:
        return _dates_in_steps(time_step)
    if range_name in ("double", "integer") and band:
        return _in_bands(float(band), range_name == "integer", least)
    if range_name == "MeshCode" and space_step:
        return lambda code: shortened(str(code), space_step)
    if prefix and (free_text or range_name.endswith("Code")):
        return lambda text: str(text)[:prefix]
    if range_name == "Wkt":
        return _nothing
    return _nothing if free_text else None


def rounded(unit: int, least: int) -> Change:
    """A count of people to the nearest multiple of ``unit``, halves upwards; nothing of one that is below ``least``."""

    def coarse(value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            return None
        return (2 * value + unit) // (2 * unit) * unit

    return coarse


def in_steps(step: str) -> Change:
    """A time cut to the beginning of its step, a duration (ISO 8601)."""
    return _in_steps(seconds(step))


def coarse_place(place: Mapping[str, Any], space_step: int) -> dict[str, Any] | None:
    """A ``Place`` as its grid square alone."""
    code = None
    if place.get("latitude") is not None and place.get("longitude") is not None:
        try:
            code = mesh_code(float(place["latitude"]), float(place["longitude"]), space_step)
        except ValueError:
            code = None
    elif place.get("mesh_code"):
        code = shortened(str(place["mesh_code"]), space_step)
    return {"mesh_code": code} if code else None


COARSE_ADDRESS = ("country", "local_government_code", "prefecture", "city")
"""What is left of an address where a profile coarsens places."""


def coarse_address(address: Mapping[str, Any]) -> dict[str, Any] | None:
    """An ``Address`` down to its municipality."""
    return {k: address[k] for k in COARSE_ADDRESS if address.get(k) is not None} or None


def _in_steps(step: float) -> Change:
    seconds_in_step, days_in_step = round(step), round(step / DAY)

    def coarse(text: str) -> str | None:
        try:
            at = datetime.fromisoformat(text)
        except (ValueError, TypeError):
            return None
        if at.tzinfo is None:
            return None
        elapsed = at.hour * 3600 + at.minute * 60 + at.second
        elapsed -= elapsed % min(seconds_in_step, round(DAY))
        start = at.replace(hour=elapsed // 3600, minute=elapsed // 60 % 60, second=elapsed % 60, microsecond=0)
        if days_in_step > 1:
            start -= timedelta(days=(start.date() - EPOCH).days % days_in_step)
        return start.isoformat(timespec="seconds")

    return coarse


def _dates_in_steps(step: str) -> Change:
    if step.endswith("Y"):
        return lambda text: f"{text[:4]}-01-01"
    if step.endswith("M"):
        return lambda text: f"{text[:7]}-01"
    days = round(seconds(step) / DAY)

    def coarse(text: str) -> str | None:
        try:
            ordinal = datetime.fromisoformat(text).date().toordinal()
        except (ValueError, TypeError):
            return None
        return datetime.fromordinal(ordinal - ordinal % days).date().isoformat()

    return coarse


def _in_bands(band: float, whole: bool, least: float | None) -> Change:
    digits = max(0, -floor(log10(band))) if band < 1 else 0

    def coarse(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            lower = round(floor(round(value / band, 9)) * band, digits + 3)
        except OverflowError:
            return None
        if least is not None and lower < least:
            return least
        return int(lower) if whole or (digits == 0 and lower == int(lower)) else lower

    return coarse


def _nothing(value: Any) -> None:
    del value
