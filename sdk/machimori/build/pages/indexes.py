"""The indexes: by data class, by English title, by Japanese reading in the order of the fifty sounds."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Use
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import BUILT_IN as BUILT_IN_WORDS
from machimori.build.pages.words import Language, both, bracketed

ROWS = (
    "あいうえお",
    "かきくけこ",
    "さしすせそ",
    "たちつてと",
    "なにぬねの",
    "はひふへほ",
    "まみむめも",
    "やゆよ",
    "らりるれろ",
    "わをん",
)
ROW = "{row}行"
"""What a row is called."""
SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
VOWELS = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみり",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれ",
    "お": "おこそとのほもよろを",
}


@dataclass(frozen=True)
class Entry:
    """One line of an index: what is named, in both languages, and where it stands."""

    kind: str
    name: str
    en: str
    ja: str
    reading: str
    uses: tuple[Use, ...] = ()


def pages(book: Book, language: Language) -> dict[str, str]:
    return {
        "data-classes.md": _by_data_class(book, language),
        "a-z.md": _a_z(book, language),
        "gojuon.md": _gojuon(book, language),
    }


def entries(book: Book) -> list[Entry]:
    """Everything with a name: domains, classes, fields, lists of values, types and profiles."""
    return [*_terms(book), *_fields(book)]


def _terms(book: Book) -> Iterator[Entry]:
    kinds = {
        "domain": book.domains,
        "class": book.classes,
        "enum": book.enums,
        "type": book.types,
        "profile": book.profiles,
    }
    for kind, held in kinds.items():
        for name, term in held.items():
            title = both(BUILT_IN_WORDS[name][0]) if kind == "type" and name in BUILT_IN_WORDS else term["title"]
            yield Entry(kind, name, title["en"], title["ja"], term.get("reading") or title["ja"])


def _fields(book: Book) -> Iterator[Entry]:
    """A field a title: one that several classes share is one entry."""
    uses: dict[tuple[str, str, str, str], list[Use]] = defaultdict(list)
    for use, field in book.fields():
        title = field["title"]
        uses[use.field, title["en"], title["ja"], field.get("reading") or title["ja"]].append(use)
    for (name, en, ja, reading), found in uses.items():
        yield Entry("field", name, en, ja, reading, tuple(found))


def sounds(reading: str) -> tuple[str, str]:
    """The sorting key of a reading: its plain sounds first, then as written (濁音 after 清音)."""
    written = unicodedata.normalize("NFKC", reading).translate(HIRAGANA)
    bare = "".join(c for c in unicodedata.normalize("NFD", written) if not unicodedata.combining(c)).translate(SMALL)
    drawn: list[str] = []
    for c in bare:
        vowel = next((v for v, row in VOWELS.items() if drawn and drawn[-1] in row), None) if c == "ー" else None
        drawn.append(vowel or c)
    return "".join(drawn), written


def row_of(reading: str) -> str | None:
    """The first sound of the row (あ, か …) in which a reading stands; ``None`` for letters and digits."""
    first = sounds(reading)[0][:1]
    return next((row[0] for row in ROWS if first and first in row), None)


def _a_z(book: Book, language: Language) -> str:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries(book), key=lambda e: (e.en.casefold(), e.kind, e.name)):
        groups[entry.en[:1].upper()].append(entry)
    sheet = _sheet(book, language, "a_z", "a-z.md")
    sheet.add(" · ".join(md.link(letter, f"#{_anchor(letter)}") for letter in groups))
    for letter, held in groups.items():
        sheet.add(md.heading(2, md.plain(letter), _anchor(letter)))
        sheet.add(md.items(_line(sheet, e, e.en, e.ja) for e in held))
    return sheet.text()


def _anchor(letter: str) -> str:
    return f"letter-{letter.lower() if letter.isascii() and letter.isalnum() else ord(letter or '-')}"


def _gojuon(book: Book, language: Language) -> str:
    groups: dict[str | None, list[Entry]] = {row[0]: [] for row in ROWS} | {None: []}
    for entry in sorted(entries(book), key=lambda e: (*sounds(e.reading), e.kind, e.name)):
        groups[row_of(entry.reading)].append(entry)
    sheet = _sheet(book, language, "gojuon", "gojuon.md")
    named = {row: ROW.format(row=row) if row else sheet.word("latin") for row in groups}
    anchors = {row: f"row-{number}" for number, row in enumerate(groups)}
    sheet.add(" · ".join(md.link(named[row], f"#{anchors[row]}") for row, held in groups.items() if held))
    for row, held in groups.items():
        if held:
            sheet.add(md.heading(2, named[row], anchors[row]))
            sheet.add(md.items(_line(sheet, e, _with_reading(e), e.en) for e in held))
    return sheet.text()


def _with_reading(entry: Entry) -> str:
    return entry.ja if entry.reading == entry.ja else entry.ja + bracketed("ja", entry.reading)


def _sheet(book: Book, language: Language, word: str, path: str) -> Sheet:
    sheet = Sheet(book, language, path)
    sheet.add(
        md.front_matter(title=sheet.word(word), search={"exclude": True}),
        md.heading(1, sheet.word(word)),
        md.link(sheet.word("reference"), sheet.to("index.md")),
    )
    return sheet


def _line(sheet: Sheet, entry: Entry, shown: str, beside: str) -> str:
    """``**Electricity use** 電力使用量 — class ElectricityUse``."""
    where = {
        "domain": lambda: sheet.domain_link(entry.name),
        "class": lambda: sheet.class_link(entry.name),
        "enum": lambda: sheet.enum_link(entry.name),
        "type": lambda: md.link(md.code(entry.name), sheet.to(f"types.md#{entry.name}")),
        "profile": lambda: sheet.badge(entry.name),
        "field": lambda: f"`{entry.name}` " + sheet.listed(_in(sheet, u) for u in entry.uses),
    }[entry.kind]()
    return f"**{md.plain(shown)}** {md.plain(beside)} — {sheet.word(entry.kind)} {where}"


def _in(sheet: Sheet, use: Use) -> str:
    return md.link(use.class_name, sheet.to(f"classes/{use.class_name}.md#{use.field}"))


def _by_data_class(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "data-classes.md")
    sheet.add(
        md.front_matter(title=sheet.word("data_classes")),
        md.heading(1, sheet.word("data_classes")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        md.prose(book.enums["DataClass"]["description"][language]),
    )
    for name, term in book.data_classes.items():
        profiles = [p for p in book.profiles if p.partition(".")[0] == name]
        sheet.add(
            md.heading(2, sheet.say(term["title"]), name),
            sheet.beside(term["title"], term.get("reading")),
            md.prose(term["description"][language]),
            " ".join(sheet.badge(p) for p in profiles),
            _fields_table(sheet, profiles),
        )
    return sheet.text()


def _fields_table(sheet: Sheet, profiles: list[str]) -> str:
    by_class: dict[str, list[str]] = {}
    for use, field in sheet.book.fields():
        if field["privacy"] in profiles and not (field["privacy"] == "open" and use.field == "type"):
            by_class.setdefault(use.class_name, []).append(sheet.field_link(use, bare=True))
    if not by_class:
        return sheet.sentence("unused")
    rows = [(sheet.class_link(c), sheet.listed(held)) for c, held in by_class.items()]
    return md.table((sheet.word("class"), sheet.word("fields")), rows)
