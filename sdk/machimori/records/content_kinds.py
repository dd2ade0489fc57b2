"""What a source is that holds no records as JSON, told by how it begins, and what reads it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import PurePath

from machimori.findings.issue import Issue
from machimori.messages import Message
from machimori.records.brackets import left_open
from machimori.records.positions import STRUCTURE

OTHER_FORMAT = "MM011"
ENOUGH = 1 << 14
"""Bytes at the beginning that tell the kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of files: its name, and what to do with one."""

    form: Message
    reader: Message

    @property
    def told(self) -> Message:
        """Both as the reason why nothing is read."""
        return Message("{form}; {reader}", form=self.form, reader=self.reader)

    def issue(self, source: str | None = None) -> Issue:
        """The finding that a source is of this kind."""
        return Issue(OTHER_FORMAT, facts={"form": self.form, "reader": self.reader}, source=source, line=1)


def _packed(name: str, command: str) -> Kind:
    return Kind(
        Message("compressed data ({name})", name=name),
        Message("unpack it: {command} FILE | machimori validate -", command=command),
    )


UTF_16 = Kind(
    Message("text in UTF-16"),
    Message("save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"),
)
UTF_32 = Kind(
    Message("text in UTF-32"),
    Message("save it as UTF-8: iconv -f UTF-32 -t UTF-8 FILE"),
)
CSV = Kind(
    Message("a table as text (CSV)"),
    Message("machimori convert --from municipal reads lists of places, machimori statistics counts rows"),
)
GEOJSON = Kind(
    Message("GeoJSON"),
    Message("machimori convert --from geojson reads it"),
)
WORKBOOK = Kind(
    Message("a workbook (Excel)"),
    Message("save its sheet as CSV in UTF-8, which machimori convert reads"),
)
ZIP = Kind(
    Message("an archive (ZIP)"),
    Message("unpack it and name the folder"),
)
TAR = Kind(
    Message("an archive (tar)"),
    Message("unpack it and name the folder"),
)
MARKUP = Kind(
    Message("XML or HTML"),
    Message("no command of machimori reads it"),
)
PDF = Kind(
    Message("a document (PDF)"),
    Message("no command of machimori reads it; ask for the data that it was made of"),
)
DATABASE = Kind(
    Message("a database (SQLite)"),
    Message("a holder's store is read by machimori log; export tables as NDJSON"),
)
BZIP2 = _packed("bzip2", "bzip2 -dc")
WIDE = (UTF_16, UTF_32)
"""Text that is no UTF-8, and that CP932 would read as well."""
TABLE = Kind(
    Message("a table (Parquet or Arrow)"),
    Message("machimori validate and machimori statistics read it as it is, not compressed once more"),
)
SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", TABLE),
    (b"ARROW1", TABLE),
    (b"\xff\xff\xff\xff", TABLE),
    (b"\xff\xfe\x00\x00", UTF_32),
    (b"\x00\x00\xfe\xff", UTF_32),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"\xfd7zXZ\x00", _packed("xz", "xz -dc")),
    (b"\x04\x22\x4d\x18", _packed("lz4", "lz4 -dc")),
    (b"7z\xbc\xaf\x27\x1c", _packed("7z", "7z x -so")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WORKBOOK),
    (b"PK\x05\x06", ZIP),
    (b"%PDF-", PDF),
    (b"SQLite format 3\x00", DATABASE),
)
"""How files begin, the longer signature before the shorter."""
_SHEETS = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")
_MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|[A-Za-z_][\w.:-]*[\s/>])", re.IGNORECASE)
_UNMARKED = (
    (re.compile(rb"[\x09\x0a\x0d\x20-\x7e]\x00\x00\x00"), UTF_32),
    (re.compile(rb"\x00\x00\x00[\x09\x0a\x0d\x20-\x7e]"), UTF_32),
    (re.compile(rb"([\x09\x0a\x0d\x20-\x7e]\x00){2}"), UTF_16),
    (re.compile(rb"(\x00[\x09\x0a\x0d\x20-\x7e]){2}"), UTF_16),
)
"""Text of two or four bytes a character, without the mark that says so."""
_A_RECORD = re.compile(rb"^[ \t]*[\[{]", re.MULTILINE)
BY_NAME = {".csv": CSV, ".tsv": CSV, ".geojson": GEOJSON}
_FEATURES = re.compile(r'\s*:\s*"Feature(Collection)?"')
_DELIMITERS = (",", "\t", ";")
_ROWS, _LOOKED_AT = 2, 5
"""Rows that a table has at least, and of which each must have as many cells as the first."""


def kind_of(start: bytes) -> Kind | None:
    """The kind of what begins so; ``None`` for JSON, and for what nobody can tell."""
    for signature, kind in SIGNATURES:
        if start.startswith(signature):
            return kind
    if _BZIP2.match(start):
        return BZIP2
    if start.startswith(b"PK\x03\x04"):
        return WORKBOOK if any(name in start for name in _SHEETS) else ZIP
    if start[257:262] == b"ustar":
        return TAR
    for wide, kind in _UNMARKED:
        if wide.match(start):
            return kind
    text = start.removeprefix(b"\xef\xbb\xbf")
    if text.lstrip()[:1] == b"{":
        first, _, rest = text.lstrip().partition(b"\n")
        alone = left_open(first) > 0 or not rest.strip()  # else a line of many, of which the others may be records
        return GEOJSON if alone and _is_geojson(text.decode("utf-8", "replace")) else None
    if _A_RECORD.search(text):
        return None  # a bad line before good ones
    if _MARKUP.match(text):
        return MARKUP
    return CSV if _is_table(text) else None


def named(name: str, start: bytes) -> Kind | None:
    """The kind that the name of a file tells, where its content does not tell otherwise."""
    kind = BY_NAME.get(PurePath(name).suffix.lower())
    return kind if kind is GEOJSON or start.lstrip()[:1] not in (b"{", b"[", b"") else None


def _is_geojson(text: str) -> bool:
    """Whether the first object says of itself, and not of anything in it, that it is a feature or a collection of them."""
    depth = 0
    for token in STRUCTURE.finditer(text):
        symbol = token.group()
        depth += (symbol in "{[") - (symbol in "}]")
        if depth <= 0:
            return False
        if depth == 1 and symbol == '"type"' and _FEATURES.match(text, token.end()):
            return True
    return False


def _is_table(start: bytes) -> bool:
    """Whether every row has as many cells as the first, and nothing of JSON."""
    whole = start if len(start) < ENOUGH else start[: start.rfind(b"\n") + 1]
    text = whole.decode("latin-1")  # of every encoding of the day, since delimiters and quotes are ASCII in all of them
    if any(mark in text for mark in ("{", "}", '":')):
        return False
    for delimiter in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if len(rows) >= _ROWS and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows[:_LOOKED_AT]):
            return True
    return False
