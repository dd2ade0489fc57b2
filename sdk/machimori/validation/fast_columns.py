"""Accept the rows of an Arrow record batch by its columns, or leave them to be judged one by one.

A column is tested whole, by its type, its limits, its list of values and the form of its distinct texts; what is nested is
tested the same way, as a column of objects or of items. A row that is accepted here is valid as the JSON that
``validation.cells`` writes of it; the reverse is not true, as with ``validation.accepting``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import Any

import pyarrow as pa

from machimori.catalogue import catalogue
from machimori.catalogue.terms import TYPE, Class, Field
from machimori.validation.fast_strings import Forms
from machimori.validation.fast_structs import forms_of

pc: Any = import_module("pyarrow.compute")
"""Its functions are made at run time, where no type checker sees them."""
Mask = Any
"""A Boolean array without nulls: whether each row is beyond doubt."""
UTC = pa.timestamp("us", "UTC")
YEARS = (1900, 2200)
"""Those of the model's timestamps and dates, the second one not included."""
MOMENTS = tuple(pa.scalar(datetime.fromisoformat(f"{year}-01-01T00:00:00+00:00"), UTC) for year in YEARS)
DAYS = tuple(pa.scalar(date(year, 1, 1), pa.date32()) for year in YEARS)


class Columns:
    """Accepts records of ``entity``, or of whatever class the column ``type`` says."""

    def __init__(self, entity: str | None) -> None:
        self._entity = entity
        self._forms = Forms()

    def doubtful(self, batch: pa.RecordBatch) -> list[int]:
        """The numbers of the rows that are not accepted."""
        self._forms.trim()
        rows = pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema))
        sure = self._records(rows.cast(_without_views(rows.type)))
        found: list[int] = pc.indices_nonzero(pc.invert(sure)).to_pylist()
        return found

    def _records(self, rows: pa.StructArray) -> Mask:
        if self._entity is not None:
            return self._objects(catalogue.class_(self._entity), rows)
        return self._told_apart([c for c in catalogue.model().classes.values() if not c.abstract], rows)

    def _told_apart(self, classes: Sequence[Class], rows: pa.StructArray) -> Mask:
        """Rows of several classes, by their column ``type``."""
        types = _column(rows, TYPE)
        types = None if types is None else _text(types)
        sure, known = _none(rows), {class_.name: class_ for class_ in classes}
        for name in [] if types is None else pc.unique(types).to_pylist():
            if name in known:
                here = pc.fill_null(pc.equal(types, name), fill_value=False)
                sure = pc.replace_with_mask(sure, here, self._objects(known[name], rows.filter(here)))
        return sure

    def _objects(self, class_: Class, rows: pa.StructArray) -> Mask:
        """Rows of one class, none of them null."""
        fields = class_.fields
        names = [field.name for field in rows.type]
        required = {name for name, declared in fields.items() if declared.required}
        if class_.abstract or len(set(names)) != len(names) or not required <= set(names):
            return _none(rows)
        sure = _all(rows)
        for name in names:
            column = _column(rows, name)
            held = self._field(class_.name, fields[name], column) if name in fields else column.is_null()
            sure = pc.and_(sure, held)
        for one, other in class_.ordered:
            if one in names and other in names:
                columns = (_column(rows, one), _column(rows, other))
                sure = pc.and_(sure, self._ordered(fields[one].range, *columns))
        return sure

    def _field(self, entity: str, declared: Field, column: Any) -> Mask:
        absent = column.is_null()
        if pa.types.is_null(column.type):
            return pc.invert(absent) if declared.required else absent
        if declared.multivalued:
            held = self._lists(declared, column)
        elif declared.name == TYPE:
            text = _text(column)
            held = _none(column) if text is None else pc.equal(text, entity)
        else:
            held = self._values(declared, column)
        return pc.fill_null(pc.if_else(absent, not declared.required, held), fill_value=False)

    def _lists(self, declared: Field, column: Any) -> Mask:
        kind = column.type
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
            return _none(column)
        sure = pc.fill_null(pc.greater_equal(pc.list_value_length(column), declared.minimum_items or 0), True)
        items = pc.list_flatten(column)
        bad = pc.invert(pc.and_(items.is_valid(), pc.fill_null(self._values(declared, items), fill_value=False)))
        if pc.any(bad).as_py():
            rows = pc.unique(pc.list_parent_indices(column).filter(bad))
            sure = pc.and_(sure, pc.invert(pc.is_in(pa.array(range(len(column)), rows.type), value_set=rows)))
        return sure

    def _values(self, declared: Field, column: Any) -> Mask:
        """Single values; what is said of a null does not count."""
        if declared.inlined:
            return self._inner(declared, column)
        if declared.enum is not None:
            text = _text(column)
            return _none(column) if text is None else pc.is_in(text, value_set=pa.array(declared.enum.values))
        return self._plain[declared.json](self, declared, column)

    def _inner(self, declared: Field, column: Any) -> Mask:
        if not pa.types.is_struct(column.type):
            return _none(column)
        there = column.is_valid()
        rows, classes = column.filter(there), declared.classes
        alone = declared.class_ in classes
        inner = self._objects(classes[0], rows) if alone else self._told_apart(classes, rows)
        return pc.replace_with_mask(_all(column), there, inner)

    def _texts(self, declared: Field, column: Any) -> Mask:
        if pa.types.is_timestamp(column.type) and declared.range == "DateTime":
            return _moments(column)
        if pa.types.is_date32(column.type) and declared.range == "Date":
            return _between(column, DAYS)
        text = _text(column)
        if text is None:
            return _none(column)
        forms = [self._forms[name] for name in forms_of(declared)]
        if not forms:
            return _all(column)
        distinct = text.dictionary_encode()
        sure = pa.array(_passing(distinct.dictionary.to_pylist(), forms), pa.bool_())
        return sure.take(distinct.indices)

    def _numbers(self, declared: Field, column: Any) -> Mask:
        kind = column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
            return _none(column)
        numbers = column.cast(pa.float64(), safe=False)
        sure = pc.is_finite(numbers)
        for limit, holds in ((declared.minimum, pc.greater_equal), (declared.maximum, pc.less_equal)):
            if limit is not None:
                sure = pc.and_(sure, holds(numbers, pa.scalar(float(limit))))
        return sure

    def _whole(self, declared: Field, column: Any) -> Mask:
        sure = self._numbers(declared, column)
        if pa.types.is_floating(column.type):
            return pc.and_(sure, pc.equal(pc.trunc(column), column))
        return sure if pa.types.is_integer(column.type) else _none(column)

    def _booleans(self, _declared: Field, column: Any) -> Mask:
        return _all(column) if pa.types.is_boolean(column.type) else _none(column)

    _plain: Mapping[str, Callable[..., Mask]] = {
        "string": _texts,
        "number": _numbers,
        "integer": _whole,
        "boolean": _booleans,
    }

    def _ordered(self, form: str, one: Any, other: Any) -> Mask:
        """Whether the earlier time is before the later one, where both are there."""
        both = pc.and_(one.is_valid(), other.is_valid())
        earlier, later = one.filter(both), other.filter(both)
        if not len(earlier):
            return _all(one)
        if one.type == other.type and pa.types.is_temporal(one.type):
            inner = pc.less(earlier, later)
        else:
            texts = (_text(earlier), _text(later))
            if texts[0] is None or texts[1] is None:
                return pc.invert(both)
            inner = pa.array(_in_order(self._forms[form], *(t.to_pylist() for t in texts)), pa.bool_())
        return pc.replace_with_mask(_all(one), both, inner)


def _in_order(form: Any, earlier: Sequence[str], later: Sequence[str]) -> list[bool]:
    return _each(lambda pairs: form.ordered([a for a, _ in pairs], [b for _, b in pairs]), list(zip(earlier, later, strict=True)))  # fmt: skip


def _passing(values: Sequence[str], forms: Sequence[Any]) -> list[bool]:
    def test(some: Sequence[str]) -> None:
        for form in forms:
            form.once(some)

    return _each(test, values)


def _each(test: Callable[[Sequence[Any]], None], values: Sequence[Any]) -> list[bool]:
    """Which values pass a test of many at once, found by halves."""
    if not values:
        return []
    try:
        test(values)
    except (ValueError, TypeError):  # TypeError: of two moments one has no zone
        if len(values) == 1:
            return [False]
        half = len(values) // 2
        return _each(test, values[:half]) + _each(test, values[half:])
    return [True] * len(values)


def _moments(column: Any) -> Mask:
    """Timestamps with a zone, of whole microseconds, in the years of the model."""
    if column.type.tz is None:
        return _none(column)
    moments = column.cast(UTC, safe=False)
    whole = pc.equal(moments.cast(column.type, safe=False), column)
    return pc.and_(whole, _between(moments, MOMENTS))


def _between(column: Any, limits: tuple[Any, ...]) -> Mask:
    return pc.and_(pc.greater_equal(column, limits[0]), pc.less(column, limits[1]))


def _text(column: Any) -> Any:
    """The column as texts, or ``None`` where it is none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        try:
            return column.cast(pa.string())
        except pa.ArrowInvalid:
            return None
    return None


def _without_views(kind: Any) -> Any:
    """The type with texts and bytes stored in the way that every function of Arrow takes."""
    if pa.types.is_struct(kind):
        fields = (kind.field(n) for n in range(kind.num_fields))
        return pa.struct([pa.field(f.name, _without_views(f.type), f.nullable) for f in fields])
    if pa.types.is_list(kind):
        return pa.list_(_without_views(kind.value_type))
    if pa.types.is_string_view(kind):
        return pa.string()
    return pa.binary() if pa.types.is_binary_view(kind) else kind


def _column(rows: pa.StructArray, name: str) -> Any:
    number = rows.type.get_field_index(name)
    return None if number < 0 else rows.flatten()[number]


def _all(rows: Any) -> Mask:
    return pa.repeat(pa.scalar(True), len(rows))


def _none(rows: Any) -> Mask:
    return pa.repeat(pa.scalar(False), len(rows))
