"""The gate on an extension: it adds to the model, narrows what the model says of privacy, and changes nothing else.

Every rule of the gate on the model itself holds for a vendor's classes, fields and profiles too; these come on top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from machimori.build import narrowing
from machimori.build.extension import Base, base_of
from machimori.build.model import PREFIX, Model
from machimori.build.narrowing import Axes
from machimori.build.sources import Place, Sources, home, namespace_of

Report = Callable[..., Any]
"""Makes a fault of code, place, element and detail."""
TERM_KINDS = ("classes", "enums", "types")
FIXED = ("unit", "multivalued", "identifier", "designates_type", "inlined", "inlined_as_list")
"""What ``slot_usage`` may not say anew of a field of the model: the name would mean another value."""


def before_reading(sources: Sources, fault: Report) -> Iterator[Any]:
    """What is lost once LinkML has merged the folder into the model."""
    base = base_of(sources)
    if base is None:
        return
    for path in sources.schemas:
        yield from _namespace(sources, path, base, fault)
        yield from _redefined(sources, path, base, fault)
    for path in sources.files:
        if path not in sources.schemas:
            yield from _profiles(sources, path, base, fault)


def check(model: Model, sources: Sources, place_of: Callable[[str, str], Place], fault: Report) -> Iterator[Any]:
    """What the merged model shows: profiles and classifications that are wider than those of the base."""
    if model.base is None:
        return
    for name, axes in model.own_profiles().items():
        base = model.profiles.get(axes.get("narrows", ""))
        if base is None:
            continue
        for axis in narrowing.widened(base, axes, model.categories):
            detail = f"{axes['narrows']}: {axis} ({_difference(axis, base, axes)})"
            yield fault("MM918", _axis(sources, name, axis), name, detail)
    defaults = _defaults(sources)
    for class_ in model.own(model.classes):
        if class_.parent and model.classes[class_.parent] not in model.own(model.classes):
            place = place_of(class_.name, "")
            yield fault("MM910", place, class_.name, f"is_a {class_.parent}: the families of the model are closed")
        for field in class_.fields.values():
            default = model.profiles.get(defaults.get(field.name, ""))
            own = model.profiles.get(field.privacy)
            if default is None or own is None or defaults[field.name] in (field.privacy, "inherited"):
                continue
            wider = narrowing.weaker(default, own, model.categories)
            if wider:
                detail = f"{defaults[field.name]} → {field.privacy}: {', '.join(wider)}"
                yield fault("MM920", place_of(class_.name, field.name), f"{class_.name}.{field.name}", detail)


def _namespace(sources: Sources, path: Path, base: Base, fault: Report) -> Iterator[Any]:
    document = sources.document(path)
    prefixes = {str(p): namespace_of(i) for p, i in (document.get("prefixes") or {}).items()}
    for name, iri in prefixes.items():
        if (name == PREFIX.removesuffix(":")) != (iri == base.iri):
            yield fault("MM921", sources.at(path, "prefixes", name), name, f"{PREFIX} = {base.iri}")
    own = prefixes.get(str(document.get("default_prefix")), "")
    if not own or own.startswith(base.iri):
        yield fault("MM921", sources.at(path, "default_prefix"), path.name, "default_prefix")
    elif own != _main_namespace(sources):
        yield fault("MM921", sources.at(path, "default_prefix"), path.name, f"default_prefix ≠ {sources.main.name}")
    if str(document["id"]).startswith(base.iri):
        yield fault("MM921", sources.at(path, "id"), path.name, "id")
    taken = {p.relative_to(home()).with_suffix("").as_posix() for p in sources.base}
    names = {name.rpartition("/")[2] for name in (*taken, *base.catalogue.domains)}
    relative = path.relative_to(sources.folder).with_suffix("").as_posix()
    if relative in taken or path.stem in names or document.get("name") in names:
        yield fault("MM909", sources.at(path, "name"), path.name, "a module of the model has this name")
    if document.get("name") != path.stem:
        yield fault("MM910", sources.at(path, "name"), path.name, f"name: the file's own, {path.stem}")


def _main_namespace(sources: Sources) -> str:
    document = sources.document(sources.main)
    return namespace_of((document.get("prefixes") or {}).get(document.get("default_prefix"), ""))


def _redefined(sources: Sources, path: Path, base: Base, fault: Report) -> Iterator[Any]:
    document = sources.document(path)
    taken = {name for kind in TERM_KINDS for name in base.catalogue.kinds()[kind]}
    slots = {n for p in sources.base for n in sources.document(p).get("slots") or {}}
    fields = base.fields | slots
    for kind in TERM_KINDS:
        for name in (n for n in document.get(kind) or {} if n in taken):
            yield fault("MM909", sources.at(path, kind, name), name, "defined by the model that this extends")
    for name in (n for n in document.get("slots") or {} if n in fields):
        yield fault("MM909", sources.at(path, "slots", name), name, "a field of the model that this extends")
    for class_name, class_ in (document.get("classes") or {}).items():
        for name in (n for n in (class_ or {}).get("attributes") or {} if n in fields):
            place = sources.at(path, "classes", class_name, "attributes", name)
            yield fault("MM909", place, f"{class_name}.{name}", "a field of the model that this extends")
        for name, body in ((class_ or {}).get("slot_usage") or {}).items():
            for key in (k for k in FIXED if name in slots and k in (body or {})):
                place = sources.at(path, "classes", class_name, "slot_usage", name, key)
                yield fault("MM909", place, f"{class_name}.{name}", f"slot_usage gives the name another {key}")


def _profiles(sources: Sources, path: Path, base: Base, fault: Report) -> Iterator[Any]:
    document = sources.document(path)
    for kind in ("profiles", "categories"):
        for name in (n for n in document.get(kind) or {} if n in base.catalogue.kinds()[kind]):
            yield fault("MM909", sources.at(path, kind, name), name, "defined by the model that this extends")
    for name, axes in (document.get("profiles") or {}).items():
        narrowed = (axes or {}).get("narrows")
        if narrowed is None:
            if str(name).partition(".")[0] in narrowing.PERSON_RELATED:
                yield fault("MM919", sources.at(path, "profiles", name), name)
        elif narrowed not in base.catalogue.profiles:
            yield fault("MM914", sources.at(path, "profiles", name, "narrows"), name, str(narrowed))


def _difference(axis: str, base: Axes, own: Axes) -> str:
    """What a profile says on an axis beyond its base, and what the base has."""
    held, said = base.get(axis), own.get(axis)
    if isinstance(said, list) and axis == "purposes":
        said = [purpose for purpose in said if purpose not in (held or ())]
    return f"{_said(said)}; the base has {_said(held)}"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_said(v)}" for k, v in value.items() if v is not None) or "nothing"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "nothing"
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _axis(sources: Sources, profile: str, axis: str) -> Place:
    path = next(p for p in sources.files if profile in (sources.document(p).get("profiles") or {}))
    return sources.at(path, "profiles", profile, axis)


def _defaults(sources: Sources) -> dict[str, str]:
    """How the model itself classifies each field that an extension may take from it."""
    return {
        name: str(((slot or {}).get("annotations") or {}).get(f"{PREFIX}privacy") or "")
        for path in sources.base
        for name, slot in (sources.document(path).get("slots") or {}).items()
    }
