"""The gate on the model: what a folder must hold before anything is made from it.

LinkML does not check annotations (``instantiates`` is not enforced, linkml#2691), so this does: each fault names file,
line, element and remedy. The wording of each code stands in ``model/validation/codes.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machimori.build import (
    banned,
    composing,
    data_subjects,
    exclusions,
    extension_gate,
    glossary,
    grammar,
    imports,
    statistics_gate,
    units,
)
from machimori.build.composing import UnfitError, shown
from machimori.build.forms import UNKNOWN
from machimori.build.model import PREFIX, Class, Field, Model
from machimori.build.names import module
from machimori.build.profiles import person_related
from machimori.build.sources import Place, Sources
from machimori.catalogue.terms import PROFILE_CLASS, axes_in

INHERITED = "inherited"
UNSTATED = ("passer_by", "future_law")
"""Axes that few profiles have; the others are stated in each, if only as null."""
EMPTY_ALLOWED = ("purposes", "granularity", "retention", "statutory_task", "dpv")
KANJI = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a model from being built."""

    code: str
    place: Place
    element: str
    detail: str = ""


def before_reading(sources: Sources) -> list[Fault]:
    """What must hold for LinkML to read the folder at all, and what is lost once it has merged the files."""
    unfit = list(_unreadable(sources)) or list(_unfit(sources))
    if any(fault.code != UNKNOWN for fault in unfit):
        return unfit
    if faults := list(_misplaced(sources)):
        return [*unfit, *faults]
    return [
        *unfit,
        *_defined_twice(sources),
        *banned.constructs(sources, Fault),
        *_dropped_annotations(sources),
        *_unknown_ranges(sources),
        *extension_gate.before_reading(sources, Fault),
    ]


def check(model: Model, sources: Sources) -> list[Fault]:
    """What every class, field, enum, value and profile must say."""
    where = _Where(sources)
    if "DataClass" not in model.enums:
        return [Fault("MM914", sources.at(sources.main, "imports"), model.name, "the enum DataClass of privacy")]
    faults = [
        *_profiles(model, sources),
        *_texts(model, where),
        *exclusions.faults(model, sources, Fault),
        *glossary.faults(sources, Fault),
        *units.faults(model.quantities, sources, Fault),
        *statistics_gate.faults(model, sources, Fault),
        *extension_gate.check(model, sources, where.named, Fault),
    ]
    for class_ in model.own(model.classes):
        faults += _class(model, class_, where)
        for field in class_.fields.values():
            faults += _field(model, class_, field, where)
    return sorted(set(faults), key=lambda f: (f.place.file, f.place.line, f.code, f.element))


def unread(sources: Sources, error: Exception) -> Fault:
    """What LinkML itself could not make sense of."""
    return Fault("MM913", Place(sources.main.name, 1), sources.main.name, f"{type(error).__name__}: {error}")


class _Where:
    """The place of every element, found once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.defined: dict[tuple[str, str], Path] = {}
        for path in sources.schemas:
            for kind in ("classes", "slots", "enums", "types"):
                for name in sources.document(path).get(kind) or {}:
                    self.defined[kind, name] = path

    def of(self, kind: str, name: str, *inner: str) -> Place:
        path = self.defined.get((kind, name))
        if path is None:
            return Place(self.sources.main.name, 1)
        return self.sources.at(path, kind, name, *inner)

    def named(self, class_name: str, field: str) -> Place:
        """The class, or one of its fields."""
        return self._adapted(class_name, field) or self.of("classes", class_name, "slots" if field else "is_a")

    def field(self, class_: Class, name: str) -> Place:
        adapted = self._adapted(class_.name, name)
        if adapted is not None:
            return adapted
        if class_.parent and ("slots", name) not in self.defined:
            return self.of("classes", class_.parent, "attributes", name)
        return self.shared(class_, name)

    def shared(self, class_: Class, name: str) -> Place:
        """Where a shared field is defined; one of the model that is extended, where the class lists it."""
        if ("slots", name) in self.defined:
            return self.of("slots", name)
        return self.of("classes", class_.name, "slots")

    def _adapted(self, class_name: str, name: str) -> Place | None:
        path = self.defined.get(("classes", class_name))
        if path is not None:
            document = self.sources.document(path)["classes"][class_name] or {}
            for inner in ("slot_usage", "attributes"):
                if name in (document.get(inner) or {}):
                    return self.sources.at(path, "classes", class_name, inner, name)
        return None


def _unreadable(sources: Sources) -> Iterator[Fault]:
    if not sources.files:
        yield Fault("MM913", Place(".", 1), str(sources.folder.name), "no YAML file")
        return
    for path, why in sources.unfit_files:
        yield Fault("MM913", Place(_relative(sources, path), 1), shown(path.name), why)
    for path in sources.files:
        try:
            root = sources.compose(path)
        except UnfitError as error:
            yield Fault("MM913", Place(_relative(sources, path), error.line), shown(path.name), error.what)
            continue
        for unfit in composing.unfit(root):
            code = "MM923" if unfit.hidden else "MM913"
            yield Fault(code, Place(_relative(sources, path), unfit.line), shown(path.name), unfit.what)


def _unfit(sources: Sources) -> Iterator[Fault]:
    """Keys, names, codes and IRIs that the grammar does not know, and imports that lead elsewhere."""
    for path in sources.files:
        for node, element, code, detail in grammar.faults(sources.compose(path), path):
            yield Fault(code, Place(_relative(sources, path), node.start_mark.line + 1), element, detail)


def _misplaced(sources: Sources) -> Iterator[Fault]:
    """Imports and prefixes that lead nowhere or elsewhere, and a folder without one schema above all others."""
    yield from imports.faults(sources, Fault)
    if len(sources.roots) != 1:
        names = ", ".join(p.name for p in sources.roots) or "none"
        yield Fault(
            "MM913", Place(".", 1), sources.folder.name, f"one schema imports all others; nobody imports: {names}"
        )


def _relative(sources: Sources, path: Path) -> str:
    return path.relative_to(sources.folder).as_posix()


def _defined_twice(sources: Sources) -> Iterator[Fault]:
    """One name, one meaning: over all files, and between shared fields and attributes of a class."""
    seen: dict[tuple[str, str], Place] = {}
    for path in sources.schemas:
        document = sources.document(path)
        for kinds in (("classes", "enums", "types"), ("slots",)):
            for kind in kinds:
                for name in document.get(kind) or {}:
                    here = sources.at(path, kind, name)
                    first = seen.setdefault((kinds[0], name), here)
                    if first != here:
                        yield Fault("MM909", here, name, f"also defined at {first}")
    files: dict[str, str] = {}
    for path in sources.schemas:
        for name in sources.document(path).get("classes") or {}:
            if (taken := files.setdefault(module(name), name)) != name:
                yield Fault("MM909", sources.at(path, "classes", name), name, f"its files would be those of {taken}")
    attributes: dict[str, tuple[str, Place]] = {}
    for path, class_name, name, body in class_parts(sources, "attributes"):
        here = sources.at(path, "classes", class_name, "attributes", name)
        own = body.get("slot_uri")
        excused = bool((body.get("annotations") or {}).get(f"{PREFIX}homonym")) and bool(own)
        iri, other = attributes.setdefault(name, (str(own), here))
        clash = seen.get(("slots", name)) or (other if other != here and iri != str(own) else None)
        if clash and not excused:
            yield Fault("MM909", here, f"{class_name}.{name}", f"also defined at {clash}")


def class_parts(sources: Sources, part: str) -> Iterator[tuple[Path, str, str, dict[str, Any]]]:
    """Every entry of ``attributes`` or ``slot_usage`` over all classes."""
    for path in sources.schemas:
        for class_name, class_ in (sources.document(path).get("classes") or {}).items():
            for name, body in ((class_ or {}).get(part) or {}).items():
                yield path, class_name, name, body or {}


def _dropped_annotations(sources: Sources) -> Iterator[Fault]:
    """LinkML replaces the whole dictionary of annotations in ``slot_usage``."""
    held: dict[str, set[str]] = {}
    for path in (*sources.schemas, *sources.base):
        for name, slot in (sources.document(path).get("slots") or {}).items():
            held[name] = set((slot or {}).get("annotations") or {})
    optional = {f"{PREFIX}source", f"{PREFIX}reading_ja", f"{PREFIX}format"}
    for path, class_name, name, body in class_parts(sources, "slot_usage"):
        if "annotations" not in body:
            continue
        lost = held.get(name, set()) - set(body["annotations"] or {}) - optional
        if lost:
            place = sources.at(path, "classes", class_name, "slot_usage", name, "annotations")
            yield Fault("MM905", place, f"{class_name}.{name}", ", ".join(sorted(lost)))


def _unknown_ranges(sources: Sources) -> Iterator[Fault]:
    linkml = {"string", "integer", "boolean", "double"}
    known = linkml | {
        name
        for path in (*sources.schemas, *sources.base)
        for kind in ("classes", "enums", "types")
        for name in sources.document(path).get(kind) or {}
    }
    for path, keys, element, body in definitions(sources):
        wanted = body.get("range")
        if wanted is not None and wanted not in known and wanted not in banned.RANGES:
            yield Fault("MM914", sources.at(path, *keys, "range"), element, str(wanted))


def definitions(sources: Sources) -> Iterator[tuple[Path, tuple[str, ...], str, dict[str, Any]]]:
    """Every definition or adaptation of a field: shared, of a class, in ``slot_usage``."""
    for path in sources.schemas:
        for name, slot in (sources.document(path).get("slots") or {}).items():
            yield path, ("slots", name), name, slot or {}
    for part in ("attributes", "slot_usage"):
        for path, class_name, name, body in class_parts(sources, part):
            yield path, ("classes", class_name, part, name), f"{class_name}.{name}", body


def _profiles(model: Model, sources: Sources) -> Iterator[Fault]:
    homes = {
        name: path
        for path in sources.files
        if path not in sources.schemas
        for name in sources.document(path).get("profiles") or {}
    }
    described = model.classes[PROFILE_CLASS].fields if PROFILE_CLASS in model.classes else ()
    stated = [axis for axis in axes_in(described) if axis not in UNSTATED]
    for name, axes in model.own_profiles().items():
        place = sources.at(homes[name], "profiles", name)
        for text in ("title", "description", "why"):
            if not all((axes.get(text) or {}).get(language) for language in ("en", "ja")):
                yield Fault("MM907", place, name, text)
        if name == INHERITED:
            continue
        for axis in stated:
            if axis not in axes or (axes[axis] in (None, [], {}, "") and axis not in EMPTY_ALLOWED):
                yield Fault("MM906", place, name, axis)
        if axes.get("data_class") != name.partition(".")[0]:
            yield Fault("MM906", place, name, "data_class")
        if person_related(model, name) and not axes.get("retention"):
            yield Fault("MM906", place, name, "retention")
        known = model.enums["Purpose"].values if "Purpose" in model.enums else {}
        for purpose in axes.get("purposes") or []:
            if purpose not in known or known[purpose].forbidden or purpose == "law_enforcement":
                yield Fault("MM915", place, name, str(purpose))


def _texts(model: Model, where: _Where) -> Iterator[Fault]:
    for kind, terms in (("classes", model.classes), ("enums", model.enums), ("types", model.types)):
        for term in terms.values():
            if (kind, term.name) not in where.defined:
                continue
            for missing in _missing(term):
                yield Fault("MM907", where.of(kind, term.name), term.name, missing)
    for enum in model.own(model.enums):
        for value in enum.values.values():
            for missing in _missing(value):
                place = where.of("enums", enum.name, "permissible_values", value.name)
                yield Fault("MM907", place, f"{enum.name}/{value.name}", missing)


def _missing(term: Any) -> Iterator[str]:
    needed = {
        "title": term.title.en,
        "description": term.description.en,
        f"{PREFIX}title_ja": term.title.ja,
        f"{PREFIX}description_ja": term.description.ja,
    }
    yield from (name for name, text in needed.items() if not text)
    if any(ord(c) in KANJI for c in term.title.ja) and not term.title.reading:
        yield f"{PREFIX}reading_ja"
    if term.title.reading and any(ord(c) in KANJI for c in term.title.reading):
        yield f"{PREFIX}reading_ja (kana only)"


def _class(model: Model, class_: Class, where: _Where) -> Iterator[Fault]:
    place = where.of("classes", class_.name)
    if class_.instead and not (class_.instead.en and class_.instead.ja):
        yield Fault("MM907", place, class_.name, f"{PREFIX}instead{'' if class_.instead.ja else '_ja'}")
    related = [f.name for f in class_.fields.values() if person_related(model, f.privacy)]
    if related and not class_.data_subject:
        yield Fault("MM904", place, class_.name, ", ".join(related))
    if class_.data_subject and class_.data_subject not in class_.fields:
        yield Fault("MM904", place, class_.name, f"no field {class_.data_subject}")
    if not class_.data_subject and (above := data_subjects.subject_of(model, class_)):
        yield Fault("MM904", place, class_.name, f"{class_.parent} names {above}")
    yield from data_subjects.faults(
        model,
        class_,
        lambda element, detail: Fault("MM925", where.field(class_, element.partition(".")[2]), element, detail),
    )
    if class_.stays_on_device:
        yield from (Fault("MM917", place, class_.name, reason) for reason in _ways_off_the_device(model, class_))
    for pair in class_.ordered:
        for name in pair:
            if name not in class_.fields:
                yield Fault("MM914", place, class_.name, name)
    if class_.figures:
        yield from (
            Fault("MM914", place, class_.name, name)
            for name in (class_.figures.at, *(class_.figures.of or ("",)), class_.figures.every and class_.figures.at)
            if name not in class_.fields
        )
    if class_.parent and not model.classes[class_.parent].abstract:
        yield Fault("MM910", place, class_.name, f"is_a {class_.parent}, which is not abstract")
    if class_.identified and class_.typed is False and class_.root:
        yield Fault("MM910", place, class_.name, "a record that travels on its own has id and type")


def _ways_off_the_device(model: Model, class_: Class) -> Iterator[str]:
    """Fields that a public body could reach, and fields of other classes that lead to its records."""
    for field in class_.fields.values():
        access = model.profiles.get(field.privacy, {}).get("government_access")
        if not field.designates_type and access != "none":
            yield f"{field.name}: government_access {access}"
    for other in model.classes.values():
        if other.name != class_.name:
            yield from (f"{other.name}.{f.name} refers to it" for f in other.fields.values() if f.range == class_.name)


def _field(model: Model, class_: Class, field: Field, where: _Where) -> Iterator[Fault]:
    place = where.field(class_, field.name)
    element = f"{class_.name}.{field.name}"
    for missing in _missing(field):
        yield Fault("MM907", place, element, missing)
    if not field.privacy:
        yield Fault("MM901", place, element)
    elif field.privacy not in model.profiles:
        yield Fault("MM902", place, element, field.privacy)
    elif field.privacy == INHERITED and not class_.value_object:
        yield Fault("MM903", place, element)
    elif field.designates_type and field.privacy != "open":
        yield Fault("MM910", place, element, "type is always open")
    elif _left_to_default(model, class_, field, where):
        yield Fault("MM912", where.of("classes", class_.name, "slots"), element, field.privacy)
    kind = model.kind(field.range)
    if kind == "type" and model.types[field.range].json in ("number", "integer"):
        if field.unit is None or not field.unit.ucum or not field.unit.rec20:
            yield Fault("MM908", place, element)
        elif not any(q.is_unit_of(field.unit) for q in model.quantities.values()):
            yield Fault(
                "MM916", place, element, " ".join((field.unit.ucum, field.unit.rec20, field.unit.symbol)).strip()
            )
        if field.minimum is None or field.maximum is None:
            yield Fault("MM911", place, element)
    elif field.unit:
        yield Fault("MM916", place, element, field.unit.ucum)
    if kind == "class" and field.inlined and model.classes[field.range].module not in (class_.module, "core"):
        yield Fault("MM910", place, element, f"inlines {field.range} of another domain")


def _left_to_default(model: Model, class_: Class, field: Field, where: _Where) -> bool:
    """In a class about people, a field shared with other classes is classified by that class itself."""
    if class_.data_subject is None or field.designates_type or person_related(model, field.privacy):
        return False
    taken = model.base is not None and ("slots", field.name) not in where.defined
    shared = taken or sum(field.name in c.fields for c in model.classes.values()) > 1
    return shared and where.field(class_, field.name) == where.shared(class_, field.name)
