"""One page: where it stands, and how it names and links the things of the model in its language."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from machimori import messages
from machimori.build.pages import markdown as md
from machimori.build.pages.book import BUILT_IN, Book, Entry, Use
from machimori.build.pages.searching import words_within
from machimori.build.pages.words import BUILT_IN as BUILT_IN_WORDS
from machimori.build.pages.words import SENTENCES, WORDS, Language, both, bracketed, marks, other
from machimori.catalogue import catalogue
from machimori.messages import Spoken


class Sheet:
    """Collects the blocks of one page; ``path`` is relative to the ``reference`` folder."""

    def __init__(self, book: Book, language: Language, path: str) -> None:
        self.book, self.path = book, path
        self.language: Language = language
        self.marks = marks(language)
        self.blocks: list[str] = []

    def add(self, *blocks: str) -> None:
        self.blocks += [b for b in blocks if b]

    def text(self) -> str:
        return "\n\n".join(self.blocks) + "\n"

    def word(self, key: str, **facts: object) -> str:
        return messages.text(self.language, WORDS[key], **facts)

    def sentence(self, key: str, **facts: object) -> str:
        return messages.text(self.language, SENTENCES[key], **facts)

    def labelled(self, key: str, value: str) -> str:
        """``Unit: kWh``."""
        return f"{self.word(key)}{self.marks['colon']}{value}"

    def brackets(self, text: str) -> str:
        return f"{self.marks['opening']}{text}{self.marks['closing']}" if text else ""

    def listed(self, entries: Iterable[str]) -> str:
        return self.marks["comma"].join(entries)

    def say(self, text: Spoken | Mapping[str, str]) -> str:
        """A sentence or a text of the model, escaped, in the page's language."""
        return md.plain(str(messages.said(self.language, text)))

    def opening(self, term: Entry, name: str | None, *crumbs: tuple[str, str], **facts: object) -> None:
        """Front matter, heading, the way up, the title in the other language, and the definition."""
        self.add(
            md.front_matter(title=_title(term, name, self.language), tags=self._tags(term), **facts),
            md.heading(1, self.say(term["title"]) + self.brackets(md.plain(name or ""))),
            self.way_up(*crumbs),
            self.beside(term["title"], term.get("reading")),
            md.prose(term["description"][self.language]),
        )

    def _tags(self, term: Entry) -> list[str] | None:
        """What the search finds the page by, besides what stands on it."""
        return words_within(term["title"]["ja"], self.book.kanji_words) or None

    def way_up(self, *crumbs: tuple[str, str]) -> str:
        return " › ".join(md.link(label, self.to(target)) for label, target in crumbs)

    def beside(self, title: Mapping[str, str], reading: str | None = None) -> str:
        """The line under a heading: the title in the other language, and the reading of the Japanese one."""
        kana = md.plain(reading or "")
        if self.language == "ja":
            shown = [kana, f"*{md.plain(title['en'])}*"] if kana else [f"*{md.plain(title['en'])}*"]
            return md.paragraph(" · ".join(shown), ".mm-other")
        return md.paragraph(md.plain(title["ja"]) + (bracketed("ja", kana) if kana else ""), ".mm-other", "lang=ja")

    def to(self, target: str) -> str:
        """The relative address of another page of the reference."""
        page, _, anchor = target.partition("#")
        relative = posixpath.relpath(page, posixpath.dirname(self.path) or ".")
        return relative + (f"#{anchor}" if anchor else "")

    def class_link(self, name: str) -> str:
        return md.link(md.code(name), self.to(f"classes/{name}.md"))

    def field_link(self, use: Use, *, bare: bool = False) -> str:
        label = use.field if bare else f"{use.class_name}.{use.field}"
        return md.link(md.code(label), self.to(f"classes/{use.class_name}.md#{use.field}"))

    def enum_link(self, name: str) -> str:
        return md.link(md.code(name), self.to(f"enums/{name}.md"))

    def code_link(self, code: str) -> str:
        return md.link(md.code(code), self.to(f"codes/{code}.md"))

    def rule_link(self, name: str) -> str:
        return md.link(md.code(name), self.to(f"rules/{name}.md"))

    def domain_link(self, name: str) -> str:
        return md.link(self.book.domains[name]["title"][self.language], self.to(f"domains/{name}.md"))

    def range_link(self, name: str) -> str:
        """The range by its title, linked to the page or the entry that explains it."""
        book = self.book
        for known, folder in ((book.classes, "classes"), (book.enums, "enums")):
            if name in known:
                return md.link(known[name]["title"][self.language], self.to(f"{folder}/{name}.md"))
        return md.link(self.type_title(name)[self.language], self.to(f"types.md#{name}"))

    def type_title(self, name: str) -> dict[str, str]:
        return dict(both(BUILT_IN_WORDS[name][0]) if name in BUILT_IN else self.book.types[name]["title"])

    def badge(self, profile: str) -> str:
        """The profile as a coloured badge, linked to its page."""
        data_class = profile.partition(".")[0]
        return md.link(profile, self.to(f"profiles/{profile}.md"), ".mm-badge", f".mm-{data_class}")

    def data_class_badge(self, data_class: str, count: int | None = None, *, short: bool = False) -> str:
        """The data class by its title; ``short``: by its name, where the title would not fit in a table."""
        title, target = data_class, f"data-classes.md#{data_class}"
        if data_class == "inherited":
            target = "profiles/inherited.md"
        elif not short or self.language == "ja":
            title = self.book.data_classes[data_class]["title"][self.language]
        label = title if count is None else f"{title} {count}"
        return md.link(label, self.to(target), ".mm-badge", f".mm-{data_class}")

    def unit(self, unit: Entry) -> str:
        return md.plain(catalogue.unit_symbols()[unit["ucum"]][self.language])

    def values(self, enum: str, names: Iterable[str]) -> str:
        """Values of an enum by their titles, each linked."""
        entries = self.book.enums[enum]["values"]
        page = "purposes/{}.md" if enum == "Purpose" else f"enums/{enum}.md#{{}}"
        return self.listed(md.link(entries[n]["title"][self.language], self.to(page.format(n))) for n in names)

    def mappings(self, terms: Iterable[tuple[str, Entry]]) -> str:
        """A table of outside terms with the same or a close meaning; nothing where there are none."""
        rows = [
            (shown, self.word(kind), md.address(iri))
            for shown, term in terms
            for kind in ("exact", "close")
            for iri in term["mappings"][kind]
        ]
        if not rows:
            return ""
        return md.table((self.word("name"), self.word("mappings"), self.word("term")), rows)

    def counterpart(self, term: Entry) -> str:
        """The title in the other language."""
        return md.plain(term["title"][other(self.language)])


def _title(term: Entry, name: str | None, language: Language) -> str:
    title: str = term["title"][language]
    return f"{title} ({name})" if name and name != title else title
