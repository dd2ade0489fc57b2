"""The formats that can be read or written: a table of names, each with the module that is loaded when it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO

from machimori.catalogue import catalogue
from machimori.errors import UnknownNameError
from machimori.exchange.account import LossReport
from machimori.exchange.containers.text import SourceError, read_whole
from machimori.exchange.conversion import Conversion
from machimori.messages import msgid

__all__ = ["FORMATS", "Format", "read", "write"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its adapter module, and the classes that it reads and writes.

    An adapter has ``read(source, entity, defaults)`` giving a ``Conversion`` and ``write(records, stream, entity,
    **options)`` giving a ``LossReport``. ``defaults`` names the fields that a caller may give where files lack them;
    ``options`` are what ``write`` takes besides.
    """

    name: str
    module: str
    title: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    known.name: known
    for known in (
        Format(
            "municipal",
            "machimori.exchange.formats.municipal",
            msgid("Municipal standard open-data set, sheet 03: evacuation sites (CSV)"),
            reads=("EvacuationSite", "DesignatedShelter"),
            writes=("EvacuationSite", "DesignatedShelter"),
            defaults=("local_government_code",),
            options=("encoding",),
        ),
        Format(
            "geojson",
            "machimori.exchange.formats.geojson",
            msgid(
                "GeoJSON (RFC 7946): evacuation sites and shelters of the Geospatial Information Authority, or of this model"
            ),
            reads=("EvacuationSite", "DesignatedShelter"),
            writes=("EvacuationSite", "DesignatedShelter"),
            defaults=("local_government_code",),
        ),
    )
}


def read(
    path_or_stream: str | Path | IO[bytes] | IO[str],
    format: str,
    entity: str | None = None,
    *,
    defaults: Mapping[str, str] | None = None,
) -> Conversion:
    """Read a file (``-`` for standard input) or an open stream into records of the model.

    ``format`` is a key of ``FORMATS``; ``entity`` names the class where the content does not tell; ``defaults`` gives
    values for rows that lack them, such as ``{"local_government_code": "372013"}`` for a file without a column of it.

    Raises ``UnreadableError`` where nothing can be read at all (``CannotReadError``, ``SourceError``); ``UnknownNameError`` for a format,
    class or default that there is not. What fails in single rows and cells stands in ``Conversion.losses``.
    """
    known = _known(format, entity, "reads")
    given = dict(defaults or {})
    for name, value in given.items():
        if name not in known.defaults:
            raise UnknownNameError("default-of-format", name, known.defaults, format=format)
        _checked(name, value, known.reads[0])
    source = read_whole(path_or_stream)
    conversion: Conversion = import_module(known.module).read(source, entity, given)
    return conversion


def write(
    records: Iterable[Mapping[str, object]],
    format: str,
    stream: IO[bytes],
    entity: str | None = None,
    **options: str,
) -> LossReport:
    """Write records of one class (``entity``, or that of the first record) to a binary stream.

    ``options`` are those of the format, such as ``encoding="utf-8-sig"``. The report says which records were not
    written and which fields the format has no place for. Raises ``UnknownNameError`` for a format, class or option that
    there is not.
    """
    known = _known(format, entity, "writes")
    for name in options:
        if name not in known.options:
            raise UnknownNameError("option-of-format", name, known.options, format=format)
    report: LossReport = import_module(known.module).write(records, stream, entity, **options)
    return report


def _known(format: str, entity: str | None, use: str) -> Format:
    known = FORMATS.get(format)
    if known is None or not getattr(known, use):
        raise UnknownNameError("format", format, catalogue.close(format, FORMATS))
    classes: tuple[str, ...] = getattr(known, use)
    if entity is not None and entity not in classes:
        close = catalogue.close(entity, classes) or classes
        raise UnknownNameError("class-of-format", entity, close, format=format)
    return known


def _checked(name: str, value: str, entity: str) -> None:
    """``SourceError`` unless a default is a value that the field can hold."""
    from machimori.validation.record import validate

    found = validate({"type": entity, name: value}, entity)
    for issue in found.issues:
        if issue.path == f"/{name}":
            raise SourceError(name, issue)


def __dir__() -> list[str]:
    return __all__
