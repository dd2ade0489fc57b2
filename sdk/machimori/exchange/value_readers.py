"""How one published cell is read: what it says, and what had to be put right to read it.

Each reader takes the text of a cell that has a value. A fault means that the cell says nothing the model can hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from machimori.catalogue import catalogue
from machimori.standards import local_government

YES = frozenset(
    ("1", "○", "〇", "◯", "●", "◎", "有", "有り", "あり", "可", "はい", "true", "yes", "y", "レ", "✓", "✔", "☑")
)
NO = frozenset(
    ("0", "×", "✕", "✖", "x", "無", "無し", "なし", "不可", "いいえ", "false", "no", "n", "-", "ー", "―", "—")
)
CONDITIONAL = frozenset(("△", "▲"))
PLAIN_FLAGS = frozenset(("0", "1"))

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x200B, 0xFEFF))
_BREAKS = re.compile(r"[\r\n]+")
_DASH = re.compile(r"(?<=[0-9])[‐‑‒–—―−－ーｰ](?=[0-9])")
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_BRACKETED = re.compile(r"\([^()]*\)")
_COUNT = "([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_ONE_COUNT = re.compile(rf"(約|およそ)?{_COUNT}(人|名)?(程度)?")
_INDOORS_OUTDOORS = re.compile(rf"屋内:?約?{_COUNT}[人名][/、,・;\s]*屋外:?約?{_COUNT}[人名]")
_IRI_KEPT = "._~:/?#@!$&'()*+,;=%-"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says; quiet ``changes`` made on the way; or the ``fault`` for which it says nothing."""

    value: Any = None
    changes: tuple[str, ...] = ()
    fault: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def text(raw: str) -> Reading:
    """One line of text, as published but for spaces around it, line breaks and control characters."""
    value, changes = _clean(raw)
    joined = " ".join(part.strip() for part in _BREAKS.split(value))
    return Reading(joined, (*changes, "line-breaks") if joined != value else changes)


def prose(raw: str) -> Reading:
    """Text of several lines."""
    value, changes = _clean(raw)
    return Reading(value, changes)


def address(raw: str) -> Reading:
    """Text of an address with digits and the dashes between them in half width; the rest as published.

    >>> address("一本杉町１２－４").value
    '一本杉町12-4'
    """
    line = text(raw)
    half = line.value.translate(_FULL_WIDTH_DIGITS)
    hyphened = _DASH.sub("-", half)
    changes = line.changes + (("half-width",) if half != line.value else ())
    return Reading(hyphened, changes + (("hyphens",) if hyphened != half else ()))


def site_number(raw: str) -> Reading:
    """The municipality's own number; spreadsheets make ``12.0`` of ``12``."""
    value, changes = _normal(raw)
    whole = _WHOLE.fullmatch(value)
    return Reading(whole[1], (*changes, "float")) if whole else Reading(value, changes)


def flag(raw: str) -> Reading:
    """``True`` or ``False``."""
    return _flag(raw, {})


def hazard(raw: str) -> Reading:
    """``"yes"``, ``"no"`` or ``"conditional"`` (△: usable only under a condition)."""
    read = _flag(raw, dict.fromkeys(CONDITIONAL, "conditional"))
    return Reading({True: "yes", False: "no"}.get(read.value, read.value), read.changes, read.fault)


def _flag(raw: str, more: dict[str, str]) -> Reading:
    value, changes = _normal(raw)
    whole = _WHOLE.fullmatch(value)
    if whole:
        value, changes = whole[1], (*changes, "float")
    folded = value.casefold()
    if folded in more:
        return Reading(more[folded], changes)
    if folded in YES or folded in NO:
        yes = folded in YES
        mark = () if folded in PLAIN_FLAGS else ("yes-mark" if yes else "no-mark",)
        return Reading(yes, (*changes, *mark))
    return Reading(fault="not-a-flag")


def number(raw: str) -> Reading:
    """A number with a point for the decimals, perhaps with separators of thousands."""
    value, changes = _normal(raw)
    value = value.replace(" ", "")
    without = _THOUSANDS.sub("", value)
    if without != value:
        changes = (*changes, "thousands")
    if len(without) > 40 or not _NUMBER.fullmatch(without):
        return Reading(fault="not-a-number")
    return Reading(float(without), changes)


def metres(raw: str) -> Reading:
    """A number of metres, perhaps with its unit."""
    value, changes = _normal(raw)
    bare = value.removesuffix("m").removesuffix("メートル")
    read = number(bare)
    return Reading(read.value, changes + (("unit-removed",) if bare != value else ()) + read.changes, read.fault)


def point(raw: str) -> Reading:
    """``latitude,longitude`` in one cell, as a pair of numbers."""
    value, changes = _normal(raw)
    parts = [number(part) for part in re.split(r"[,、\s]+", value.strip("()"))]
    if len(parts) != 2 or any(part.fault for part in parts):
        return Reading(fault="not-a-point")
    return Reading((parts[0].value, parts[1].value), changes)


def code(raw: str) -> Reading:
    """The codes for local governments that the cell can stand for, each with its repairs, best decided by the row."""
    value, changes = _normal(raw)
    whole = _WHOLE.fullmatch(value)
    if whole:
        value, changes = whole[1], (*changes, "float")
    if not re.fullmatch(r"[0-9]{4,6}", value):
        return Reading(fault="not-a-code")
    found = local_government.readings(value)
    return Reading(found, changes) if found else Reading(fault="code-check-digit")


def capacity(raw: str) -> Reading:
    """``{"capacity": …, "capacity_note": …}``: the number of persons and, where it is not one number, the text.

    Persons indoors and outdoors are added up. What stands in brackets (the share of the floor counted, say) is left to
    the note.

    >>> capacity("屋内1,371人／屋外5,470人（面積の1/2）").value["capacity"]
    6841
    """
    value, changes = _normal(raw)
    published = text(raw).value
    whole = _WHOLE.fullmatch(value)
    if whole:
        value, changes = whole[1], (*changes, "float")
    bare = _BRACKETED.sub("", value).strip()
    both = _INDOORS_OUTDOORS.fullmatch(bare)
    one = _ONE_COUNT.fullmatch(bare)
    if both:
        total, read = _count(both[1]) + _count(both[2]), "capacity-summed"
    elif one and (one[1] or one[4] or bare != value):
        total, read = _count(one[2]), "capacity-approximate"
    elif one:
        more = ("thousands",) * ("," in one[2]) + ("unit-removed",) * bool(one[3])
        return _bounded({"capacity": _count(one[2])}, (*changes, *more), published)
    else:
        return Reading({"capacity_note": published}, changes, "capacity-text")
    return _bounded({"capacity": total, "capacity_note": published}, (*changes, read), published)


def _bounded(value: dict[str, Any], changes: tuple[str, ...], published: str) -> Reading:
    if not catalogue.field("EvacuationSite", "capacity").allows(value["capacity"]):
        return Reading({"capacity_note": published}, (), "capacity-text")
    return Reading(value, changes)


def _count(digits: str) -> int:
    bare = digits.replace(",", "")
    return int(bare) if len(bare) <= 12 else 10**12


def telephone(raw: str) -> Reading:
    """One telephone number: digits and hyphens."""
    value, changes = _normal(raw)
    hyphened = re.sub("[‐‑‒–—―−ー]", "-", value)
    bare = re.sub("-+", "-", re.sub(r"[()]", "-", hyphened.replace(" ", ""))).strip("-")
    changes += (("hyphens",) if hyphened != value else ()) + (("separators",) if bare != hyphened else ())
    return _matching(bare, changes, _type_pattern("TelephoneNumber"), "not-a-telephone")


def email(raw: str) -> Reading:
    """One e-mail address."""
    value, changes = _normal(raw)
    return _matching(value, changes, str(catalogue.field("ContactPoint", "email").pattern), "not-an-email")


def iri(raw: str) -> Reading:
    """A web address with its scheme; letters outside ASCII are percent-encoded."""
    value, changes = _clean(raw)
    encoded = quote(value, safe=_IRI_KEPT) if not value.isascii() else value
    changes += ("percent-encoded",) if encoded != value else ()
    return _matching(encoded, changes, _type_pattern("Iri"), "not-a-url")


def postal_code(raw: str) -> Reading:
    """Seven digits."""
    value, changes = _normal(raw)
    bare = re.sub(r"[〒\s‐‑‒–—―−ー-]", "", value)
    changes += ("separators",) if bare != value else ()
    return _padded(bare, changes, (6,), "not-a-postal-code")


def town_id(raw: str) -> Reading:
    """Seven digits; spreadsheets drop the zeros in front."""
    number = site_number(raw)
    return _padded(str(number.value), number.changes, (1, 2, 3, 4, 5, 6), "not-a-town-id")


def national_id(raw: str) -> Reading:
    """The national shelter ID of 14 letters and digits."""
    value, changes = _normal(raw)
    pattern = str(catalogue.field("EvacuationSite", "national_shelter_id").pattern)
    return _matching(value.upper(), changes, pattern, "not-a-national-id")


def listed(raw: str) -> Reading:
    """Several entries with semicolons between them."""
    value, changes = _clean(raw)
    return Reading([part.strip() for part in re.split(r"[;；\r\n]", value) if part.strip()], changes)


READERS: dict[str, Callable[[str], Reading]] = {
    "text": text,
    "prose": prose,
    "address": address,
    "site_number": site_number,
    "flag": flag,
    "hazard": hazard,
    "number": number,
    "metres": metres,
    "point": point,
    "code": code,
    "capacity": capacity,
    "telephone": telephone,
    "email": email,
    "iri": iri,
    "postal_code": postal_code,
    "town_id": town_id,
    "national_id": national_id,
    "list": listed,
}
"""The readers by the name that tables of columns use."""


def _clean(raw: str) -> tuple[str, tuple[str, ...]]:
    if raw.isprintable() and raw == raw.strip():
        return raw, ()
    printable = raw.translate(_CONTROLS)
    value = printable.strip().replace("\r\n", "\n").replace("\r", "\n")
    changes = ("control-characters",) if printable != raw else ()
    return value, changes + (("spaces",) if printable.strip() != printable else ())


def _normal(raw: str) -> tuple[str, tuple[str, ...]]:
    value, changes = _clean(raw)
    normal = unicodedata.normalize("NFKC", value).strip()
    return normal, (*changes, "half-width") if normal != value else changes


def _matching(value: str, changes: tuple[str, ...], pattern: str, fault: str) -> Reading:
    return Reading(value, changes) if re.fullmatch(pattern, value) else Reading(fault=fault)


def _padded(digits: str, changes: tuple[str, ...], lost: tuple[int, ...], fault: str) -> Reading:
    if not re.fullmatch("[0-9]{1,7}", digits) or len(digits) not in (7, *lost):
        return Reading(fault=fault)
    return Reading(digits.zfill(7), changes if len(digits) == 7 else (*changes, "leading-zero"))


def _type_pattern(name: str) -> str:
    return catalogue.pattern(name)
