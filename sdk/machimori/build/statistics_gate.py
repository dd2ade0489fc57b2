"""The gate on statistics: what ``model/privacy/tables.yaml``, or that of an extension, may say of a class about people.

Every class about people has tables or a reason, and no table tells more than the profiles of its fields allow. How much
all tables of the same facts tell together is counted in looks, and is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from machimori.build import data_subjects
from machimori.build.model import Class, Model
from machimori.build.sources import Place, Sources
from machimori.build.statistics_dimensions import Column, column, dimension, key_of, length
from machimori.build.statistics_tables import (
    COUNT,
    KEY,
    MEAN,
    MOST_LOOKS,
    QUANTILE,
    SETTLES_AFTER,
    SUBJECTS,
    SUM,
    Entry,
    looks,
    same_facts,
    tables,
)
from machimori.standards.time import seconds

MISSING, LOOKS, UNFIT = "MM927", "MM928", "MM929"
UNKNOWN, TWICE, UNTOLD = "MM914", "MM909", "MM907"
MOST_DIMENSIONS = 3
EVERY = ("P1M", "P1Y")
FEWEST_BANDS = 3
"""Borders of a quantile; fewer would tell next to nothing."""
CHANGING = "related"
"""The data class of ids that change: one person counts as many, so that no sum is bounded by person."""
Report = Callable[[str, Place, str, str], Any]
Told = tuple[str, tuple[str, ...], str]
"""Code of a fault, the keys below the class that lead to its line, and the detail."""


@dataclass(frozen=True)
class _Stated:
    """The entry of one class, and what the model says of that class."""

    model: Model
    class_: Class
    entry: Entry

    @property
    def tabled(self) -> bool:
        return bool(tables(self.entry))


def faults(model: Model, sources: Sources, fault: Report) -> Iterator[Any]:
    """Every fault of the statistics of a folder as ``fault(code, place, element, detail)``."""
    homes: dict[str, Any] = {}
    for path in sources.files:
        if path in sources.schemas:
            continue
        for name in sources.document(path).get(KEY) or {}:
            if homes.setdefault(name, path) != path:
                yield fault(
                    TWICE, sources.at(path, KEY, name), name, f"also defined at {sources.at(homes[name], KEY, name)}"
                )
    own = {class_.name: class_ for class_ in model.own(model.classes)}
    for name, entry in model.statistics.items():
        if name not in own:
            taken = model.base is not None and name in model.base.catalogue.classes
            code, detail = (TWICE, "defined by the model that this extends") if taken else (UNKNOWN, name)
            yield fault(code, sources.at(homes[name], KEY, name), name, detail)
            continue
        for code, keys, detail in _entry(_Stated(model, own[name], entry or {})):
            element = ".".join((name, keys[1])) if len(keys) > 1 else name
            yield fault(code, sources.at(homes[name], KEY, name, *keys), element, detail)
    for name, class_ in own.items():
        if name not in model.statistics and _about_people(model, class_):
            path = next(p for p in sources.schemas if name in (sources.document(p).get("classes") or {}))
            yield fault(MISSING, sources.at(path, "classes", name), name, "no entry")
    yield from _looks(model, sources, homes, fault)


def _about_people(model: Model, class_: Class) -> bool:
    return not class_.abstract and bool(data_subjects.subject_of(model, class_))


def _looks(model: Model, sources: Sources, homes: dict[str, Any], fault: Report) -> Iterator[Any]:
    """Each group of classes with the same facts, at the first of them."""
    entries = {name: entry or {} for name, entry in model.statistics.items()}
    groups = same_facts(entries)
    for name in entries:
        group = sorted(n for n in (name, *groups[name]) if tables(entries.get(n, {})))
        if group[:1] == [name] and (count := looks(entries, name)) > MOST_LOOKS:
            named = ", ".join(f"{n}.{table}" for n in group for table in tables(entries[n]))
            yield fault(LOOKS, sources.at(homes[name], KEY, name), name, f"{count} ({named})")


def _entry(stated: _Stated) -> Iterator[Told]:
    entry = stated.entry
    if not _about_people(stated.model, stated.class_):
        yield UNFIT, (), "the class is about nobody"
        return
    if not stated.tabled and not (entry.get("why") or entry.get("why_ja")):
        yield MISSING, (), "neither tables nor why"
    if stated.tabled and entry.get("why"):
        yield UNFIT, ("why",), "tables, and why there are none"
    if bool(entry.get("why")) != bool(entry.get("why_ja")):
        yield UNTOLD, ("why",), "why_ja" if entry.get("why") else "why"
    yield from _same_facts(stated)
    if not stated.tabled:
        return
    if stated.class_.stays_on_device:
        yield UNFIT, ("tables",), "its records never leave the device"
    yield from _settling(stated)
    first: dict[frozenset[Any], str] = {}
    for name, table in tables(entry).items():
        yield from ((code, ("tables", name, *keys), detail) for code, keys, detail in _table(stated, table or {}))
        cells = frozenset(map(key_of, (table or {}).get("dimensions") or ()))
        if first.setdefault(cells, name) != name:
            yield UNFIT, ("tables", name, "dimensions"), f"the same dimensions as {first[cells]}"


def _same_facts(stated: _Stated) -> Iterator[Told]:
    model, keys = stated.model, ("same_facts_as",)
    for other in stated.entry.get("same_facts_as") or ():
        class_ = model.classes.get(other)
        base = model.base.catalogue.classes.get(other) if model.base else None
        if class_ is None and base is None:
            yield UNKNOWN, keys, str(other)
        elif other == stated.class_.name:
            yield UNFIT, keys, f"{other} is the class itself"
        elif base is not None and stated.tabled:
            yield UNFIT, keys, f"{other} of the model counts these facts: the extension gives them no tables of its own"
        elif base is None and class_ is not None and not _about_people(model, class_):
            yield UNFIT, keys, f"{other} is about nobody"


def _settling(stated: _Stated) -> Iterator[Told]:
    entry, model = stated.entry, stated.model
    settles, emergency = entry.get("settles_after") or SETTLES_AFTER, entry.get("emergency")
    after = length(settles)
    if after is None:
        yield UNKNOWN, ("settles_after",), str(settles)
    elif after < seconds(SETTLES_AFTER) and not emergency:
        yield UNFIT, ("settles_after",), f"{settles} is for an emergency, with its statute"
    elif after >= seconds(SETTLES_AFTER) and emergency:
        yield UNFIT, ("emergency",), f"it settles after {settles} like any other"
    if emergency:
        kept = sorted(
            {c.path for c in _columns(stated) if model.profiles[c.profile].get("government_access") == "none"}
        )
        if kept:
            yield UNFIT, ("emergency",), f"no public body gets {', '.join(kept)}, in no emergency either"
    every = entry.get("every")
    if every is not None and every not in EVERY:
        yield UNKNOWN, ("every",), f"{every}: {' or '.join(EVERY)}"
    elif every is not None:
        for found in _columns(stated):
            own = (model.profiles[found.profile].get("granularity") or {}).get("time_step")
            if own and seconds(every) < (length(own) or inf):
                yield UNFIT, ("every",), f"{every} is finer than {own} of {found.path} ({found.profile})"


def _columns(stated: _Stated) -> Iterator[Column]:
    """The fields that the tables of a class show, as far as the model knows them."""
    for table in tables(stated.entry).values():
        for part in ("dimensions", "measures"):
            for item in (table or {}).get(part) or ():
                path = (item or {}).get("field")
                found = column(stated.model, stated.class_, path) if path else None
                if found is not None and found.profile in stated.model.profiles:
                    yield found


def _table(stated: _Stated, table: Entry) -> Iterator[Told]:
    for text in ("title", "title_ja"):
        if not table.get(text):
            yield UNTOLD, (), text
    dimensions = [d or {} for d in table.get("dimensions") or ()]
    keys = ("dimensions",)
    if len(dimensions) > MOST_DIMENSIONS:
        yield UNFIT, keys, f"{len(dimensions)} dimensions, at most {MOST_DIMENSIONS}"
    paths = [str(d.get("field")) for d in dimensions]
    yield from ((UNFIT, keys, f"{path} stands twice") for path in sorted({p for p in paths if paths.count(p) > 1}))
    times = sum(d.get("time_step") is not None for d in dimensions)
    if times > 1:
        yield UNFIT, keys, "two dimensions of time"
    if not times and not stated.entry.get("every"):
        yield UNFIT, keys, "no dimension of time, and the class says not how often it is counted (every)"
    if times and stated.entry.get("every"):
        yield UNFIT, keys, "a dimension of time in a class that is counted as it stands (every)"
    for entry in dimensions:
        yield from ((code, keys, detail) for code, detail in dimension(stated.model, stated.class_, entry))
    yield from _measures(stated, [m or {} for m in table.get("measures") or ()])


def _measures(stated: _Stated, measures: list[Entry]) -> Iterator[Told]:
    keys = ("measures",)
    stated_measures = [(m.get("function"), m.get("field")) for m in measures]
    for twice in sorted({m for m in stated_measures if stated_measures.count(m) > 1}, key=str):
        yield UNFIT, keys, f"{' of '.join(filter(None, map(str, twice)))} stands twice"
    for measure in measures:
        function, path = measure.get("function"), measure.get("field")
        if function == SUBJECTS:
            yield UNFIT, keys, "persons are counted in every table"
        elif function not in (COUNT, SUM, MEAN, QUANTILE):
            yield UNKNOWN, keys, str(function)
        elif function == COUNT:
            yield from ((UNFIT, keys, detail) for detail in _count(measure))
        elif not path:
            yield UNFIT, keys, f"a {function} needs a field"
        elif function == MEAN and not {(SUM, path), (COUNT, None)} <= set(stated_measures):
            yield UNFIT, keys, f"a mean of {path} needs its sum and the count"
        elif function != MEAN:
            yield from ((code, keys, detail) for code, detail in _number(stated, measure))


def _count(measure: Entry) -> Iterator[str]:
    if measure.get("field"):
        yield "a count is of records, of no field"
    if measure.get("bands"):
        yield "bands are of a quantile"
    yield from _typical(measure, "the count")


def _typical(measure: Entry, name: str) -> Iterator[str]:
    typical = measure.get("typical")
    if typical is not None and typical <= 0:
        yield f"typical {typical:g} of {name} is not above 0"
    if typical is not None and not measure.get("source"):
        yield f"typical of {name} without a source"


def _number(stated: _Stated, measure: Entry) -> Iterator[tuple[str, str]]:
    """A sum or a quantile of a field."""
    model, function, path = stated.model, measure["function"], str(measure["field"])
    found = column(model, stated.class_, path)
    if found is None:
        yield UNKNOWN, path
        return
    field, profile = found.field, model.profiles.get(found.profile, {})
    subject = stated.class_.fields.get(data_subjects.subject_of(model, stated.class_))
    if found.many:
        yield UNFIT, f"{path} holds several values"
    if profile.get("identifiability") == "direct":
        yield UNFIT, f"{path} is an identifier ({found.profile})"
    if subject is not None and subject.privacy.partition(".")[0] == CHANGING:
        yield UNFIT, f"{path}: {subject.name} changes, so that one person counts as many; only counts are bounded"
    if field.range not in ("double", "integer") or field.minimum is None or field.maximum is None:
        yield UNFIT, f"{path} is no number with bounds"
    elif function == SUM:
        yield from ((UNFIT, detail) for detail in _sum(measure, path, field.minimum, field.maximum))
    else:
        yield from ((UNFIT, detail) for detail in _quantile(measure, path, field.minimum, field.maximum))


def _sum(measure: Entry, path: str, minimum: float, maximum: float) -> Iterator[str]:
    if minimum < 0:
        yield f"{path} may be negative: publish two fields, one for each direction"
    if measure.get("bands"):
        yield "bands are of a quantile"
    if measure.get("typical") is None:
        yield f"no typical value of {path}"
    elif measure["typical"] > maximum:
        yield f"typical {measure['typical']:g} of {path} is above its bound {maximum:g}"
    yield from _typical(measure, path)


def _quantile(measure: Entry, path: str, minimum: float, maximum: float) -> Iterator[str]:
    bands = list(measure.get("bands") or ())
    if measure.get("typical") is not None:
        yield "typical is of a sum or count"
    if len(bands) < FEWEST_BANDS:
        yield f"{path} has {len(bands)} borders of bands, at least {FEWEST_BANDS}"
    if (
        any(b is None for b in bands)
        or bands != sorted(set(bands))
        or (bands and not minimum < bands[0] <= bands[-1] < maximum)
    ):
        yield f"bands of {path} ascend within {minimum:g} and {maximum:g}"
