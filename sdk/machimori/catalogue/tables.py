"""What can be asked of a class about people: its tables, each as a query that it answers."""

from __future__ import annotations

from msgspec import to_builtins

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import JSON, Class, Dimension, Table, TableMeasure

MEDIAN = 0.5
PERIODS = {
    "PT30M": ("2026-04-01", "2026-04-02"),
    "PT1H": ("2026-04-01", "2026-04-02"),
    "P1D": ("2026-04-01", "2026-05-01"),
    "P7D": ("2026-04-06", "2026-05-04"),
    "P1M": ("2026-04-01", "2026-05-01"),
    "P1Y": ("2026-01-01", "2027-01-01"),
}
"""By step, whole steps that a query may ask; weeks begin on Mondays."""


def query(class_: Class, table: Table) -> dict[str, JSON]:
    """A query (class ``StatisticsQuery``) that the table answers: all its figures, over whole steps."""
    starts, ends = PERIODS[table.step]
    return {
        "type": "StatisticsQuery",
        "id": f"urn:machimori:statistics-query:{class_.name}-{table.name}",
        "entity": class_.name,
        "measures": [_measure(measure) for measure in table.measures],
        **({"group_by": [_grouping(dimension) for dimension in table.dimensions]} if table.dimensions else {}),
        "period": {"starts_at": f"{starts}T00:00:00+09:00", "ends_at": f"{ends}T00:00:00+09:00"},
    }


def _measure(measure: TableMeasure) -> dict[str, JSON]:
    asked: dict[str, JSON] = {"aggregate_function": measure.function}
    if measure.field is not None:
        asked["field"] = measure.field
    if measure.function == "quantile":
        asked["probability"] = MEDIAN
    return asked


def _grouping(dimension: Dimension) -> dict[str, JSON]:
    grouping: dict[str, JSON] = {"field": dimension.field}
    if dimension.granularity is not None:
        steps: dict[str, JSON] = to_builtins(dimension.granularity)
        grouping["granularity"] = {axis: step for axis, step in steps.items() if step is not None}
    return grouping


def minimum_group(class_: Class, table: Table) -> int:
    """The largest group that the profile of a field of the table asks for, before the looks are added."""
    shown = [d.field for d in table.dimensions] + [m.field for m in table.measures if m.field is not None]
    fields = shown or [str(class_.data_subject)]
    profiles = catalogue.model().profiles
    return max(profiles[paths.resolve(f"{class_.name}.{field}").profile].minimum_group for field in fields)


def threshold(class_: Class, table: Table) -> int:
    """The fewest persons, by the perturbed figure, with which a cell is shown."""
    looks = 0 if class_.statistics is None else class_.statistics.looks
    return minimum_group(class_, table) + looks
