"""One page: where it stands, how it names and links the things of the model in its language, and its template.

A template of ``templates/`` prints text of the model as it is: what is no ``Markdown`` is escaped then.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from machimori import messages
from machimori.build.pages import markdown as md
from machimori.build.pages.book import BUILT_IN, Book, Entry, Use
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.searching import words_within
from machimori.build.pages.words import BUILT_IN as BUILT_IN_WORDS
from machimori.build.pages.words import SENTENCES, WORDS, Language, both, marks, other
from machimori.catalogue import catalogue
from machimori.messages import Spoken


@cache
def environment() -> Environment:
    """Templates that escape by the rules of Markdown: ``finalize`` sees all that is printed, and nothing is printed raw."""
    made = Environment(
        loader=PackageLoader("machimori.build.pages"),
        autoescape=True,
        finalize=Markdown.escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        name: getattr(md, name)
        for name in ("anchored", "code", "code_cell", "fenced", "folded", "front_matter", "lines", "prose", "spaced")
    }
    return made


class Sheet:
    """One page; ``path`` is relative to the ``reference`` folder."""

    def __init__(self, book: Book, language: Language, path: str) -> None:
        self.book, self.path = book, path
        self.language: Language = language
        self.other: Language = other(language)
        self.marks = marks(language)

    def page(self, template: str, **facts: object) -> str:
        """The page by a template, which knows the sheet as ``sheet`` and its words and marks by their names."""
        known = {
            "sheet": self,
            "book": self.book,
            "language": self.language,
            **{name: getattr(self, name) for name in ("word", "sentence", "labelled", "brackets", "listed", "say")},
        }
        return environment().get_template(template).render(known | facts).rstrip("\n") + "\n"

    def word(self, key: str, **facts: object) -> str:
        """A sentence of ``WORDS`` in the language of the page, unescaped."""
        return messages.text(self.language, WORDS[key], **facts)

    def sentence(self, key: str) -> Markdown:
        """A sentence of ours, which is Markdown."""
        return Markdown(messages.text(self.language, SENTENCES[key]))

    def labelled(self, key: str, value: object = "") -> Markdown:
        """``Unit: kWh``."""
        return Markdown(f"{self.word(key)}{self.marks['colon']}{Markdown.escape(value)}")

    def brackets(self, text: object) -> Markdown:
        """A text in the brackets of the language; nothing where there is none."""
        return Markdown(f"{self.marks['opening']}{Markdown.escape(text)}{self.marks['closing']}" if text else "")

    def listed(self, entries: Iterable[object]) -> Markdown:
        """Entries with the comma of the language between them."""
        return Markdown(self.marks["comma"].join(map(Markdown.escape, entries)))

    def say(self, text: Spoken | Mapping[str, str]) -> str:
        """A sentence or a text of the model in the page's language."""
        return str(messages.said(self.language, text))

    def title_of(self, term: Entry, name: str | None) -> str:
        """The title of a term, and its name where it says something else."""
        title: str = term["title"][self.language]
        return f"{title} ({name})" if name and name != title else title

    def tags(self, term: Entry) -> list[str] | None:
        """What the search finds the page by, besides what stands on it."""
        return words_within(term["title"]["ja"], self.book.kanji_words) or None

    def way_up(self, crumbs: Iterable[tuple[str, str]]) -> Markdown:
        """The links from the top down to a page, given as labels and targets."""
        return Markdown(" › ").join(md.link(label, self.to(target)) for label, target in crumbs)

    def to(self, target: str) -> str:
        """The relative address of another page of the reference."""
        page, _, anchor = target.partition("#")
        relative = posixpath.relpath(page, posixpath.dirname(self.path) or ".")
        return relative + (f"#{anchor}" if anchor else "")

    def link(self, label: str, target: str) -> Markdown:
        """A link to another page of the reference."""
        return md.link(label, self.to(target))

    def class_link(self, name: str) -> Markdown:
        """The name of a class as a link to its page."""
        return md.link(md.code(name), self.to(f"classes/{name}.md"))

    def field_link(self, use: Use, *, bare: bool = False) -> Markdown:
        """A field as a link to its row on the page of its class; ``bare`` leaves out the class."""
        label = use.field if bare else f"{use.class_name}.{use.field}"
        return md.link(md.code(label), self.to(f"classes/{use.class_name}.md#{use.field}"))

    def enum_link(self, name: str) -> Markdown:
        """The name of a closed list as a link to its page."""
        return md.link(md.code(name), self.to(f"enums/{name}.md"))

    def code_link(self, code: str) -> Markdown:
        """An issue code as a link to its page."""
        return md.link(md.code(code), self.to(f"codes/{code}.md"))

    def rule_link(self, name: str) -> Markdown:
        """The name of a rule as a link to its page."""
        return md.link(md.code(name), self.to(f"rules/{name}.md"))

    def domain_link(self, name: str) -> Markdown:
        """The title of a domain as a link to its page."""
        return md.link(self.book.domains[name]["title"][self.language], self.to(f"domains/{name}.md"))

    def range_link(self, name: str) -> Markdown:
        """The range by its title, linked to the page or the entry that explains it."""
        book = self.book
        for known, folder in ((book.classes, "classes"), (book.enums, "enums")):
            if name in known:
                return md.link(known[name]["title"][self.language], self.to(f"{folder}/{name}.md"))
        return md.link(self.type_title(name)[self.language], self.to(f"types.md#{name}"))

    def type_title(self, name: str) -> dict[str, str]:
        """The title of a type, one of LinkML's own included, in both languages."""
        return dict(both(BUILT_IN_WORDS[name][0]) if name in BUILT_IN else self.book.types[name]["title"])

    def badge(self, profile: str) -> Markdown:
        """The profile as a coloured badge, linked to its page."""
        data_class = profile.partition(".")[0]
        return md.link(profile, self.to(f"profiles/{profile}.md"), ".mm-badge", f".mm-{data_class}")

    def data_class_badge(self, data_class: str, count: int | None = None, *, short: bool = False) -> Markdown:
        """The data class by its title; ``short``: by its name, where the title would not fit in a table."""
        title, target = data_class, f"data-classes.md#{data_class}"
        if data_class == "inherited":
            target = "profiles/inherited.md"
        elif not short or self.language == "ja":
            title = self.book.data_classes[data_class]["title"][self.language]
        label = title if count is None else f"{title} {count}"
        return md.link(label, self.to(target), ".mm-badge", f".mm-{data_class}")

    def unit(self, unit: Entry) -> str:
        """The symbol of a unit as the language writes it."""
        return catalogue.unit_symbols()[unit["ucum"]].text(self.language)

    def values(self, enum: str, names: Iterable[str]) -> Markdown:
        """Values of an enum by their titles, each linked."""
        entries = self.book.enums[enum]["values"]
        page = "purposes/{}.md" if enum == "Purpose" else f"enums/{enum}.md#{{}}"
        return self.listed(md.link(entries[n]["title"][self.language], self.to(page.format(n))) for n in names)

    def mapped(self, terms: Iterable[tuple[Markdown, Entry]]) -> list[tuple[Markdown, str, Markdown]]:
        """Outside terms with the same or a close meaning: which term, how close, and its address."""
        return [
            (shown, self.word(kind), md.address(iri))
            for shown, term in terms
            for kind in ("exact", "close")
            for iri in term["mappings"][kind]
        ]
