"""What every adapter that writes needs: records checked one by one, and what a reader would not get back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from machimori.exchange.account import Loss, LossReport


def entity_of(
    records: Iterable[Mapping[str, Any]], entity: str | None, known: tuple[str, ...]
) -> tuple[str, Iterable[Mapping[str, Any]]]:
    """The class to write: ``entity``, or that of the first record, or else the first that the format knows."""
    if entity is not None:
        return entity, records
    iterator = iter(records)
    first = next(iterator, None)
    named = _plain(first).get("type")
    rest = iterator if first is None else chain([first], iterator)
    return (named if named in known else known[0]), rest


def sound(
    records: Iterable[Mapping[str, Any]], entity: str, report: LossReport
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of ``entity`` that comply with the model, numbered from 1; the others are booked as not written."""
    from machimori.validation.record import validate

    for number, given in enumerate(records, 1):
        report.rows += 1
        record = _plain(given)
        if record.get("type") != entity:
            report.lose_row(Loss("other-class", number, facts={"expected": entity}))
            continue
        found = validate(record, entity)
        if not found.ok:
            codes = ", ".join(sorted({issue.code for issue in found.issues}))
            report.lose_row(Loss("not-valid", number, facts={"codes": codes}))
            continue
        report.records += 1
        yield number, {key: value for key, value in record.items() if value is not None}


def _plain(given: Any) -> dict[str, Any]:
    """A record as JSON data, be it that or an object of ``machimori.model``."""
    if isinstance(given, Mapping):
        return dict(given)
    return dict(given.model_dump(mode="json", exclude_none=True)) if hasattr(given, "model_dump") else {}


def differences(written: Mapping[str, Any], read: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The paths at which a record that is read back lacks or changes what was written."""
    for key, value in written.items():
        here = f"{path}.{key}" if path else key
        other = read.get(key)
        if isinstance(value, dict) and isinstance(other, dict):
            yield from differences(value, other, here)
        elif value not in (None, [], {}) and value != other:
            yield here
