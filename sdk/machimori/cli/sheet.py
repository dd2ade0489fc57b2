"""A sheet about a part of the model, on standard output: facts under headings, in one language."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from machimori import messages
from machimori.catalogue.terms import Term
from machimori.cli.terminal import console
from machimori.messages import Spoken


class Sheet:
    """Prints, and says what the model calls things."""

    def __init__(self, language: str) -> None:
        self.language, self.out = language, console()

    def of(self, words: Spoken) -> str:
        """Words of the model."""
        return words.text(self.language)

    def named(self, message: str, **facts: object) -> str:
        """Words of the command."""
        return messages.text(self.language, message, **facts)

    def listed(self, parts: Iterable[str]) -> str:
        """Several as one text."""
        return messages.joined(self.language, parts)

    def heading(self, name: str, term: Term) -> None:
        """A name with its titles, and the description."""
        title, reading = term.title, term.reading
        japanese = messages.text("ja", "{title} ({reading})", title=title, reading=reading) if reading else title.ja
        self.out.print(Text.assemble((name, "bold"), f"  {title.en} / {japanese}"))
        self.out.print(self.of(term.description))
        self.out.print()

    def section(self, title: str) -> None:
        """A heading further down."""
        self.out.print()
        self.out.print(title, style="bold")

    def facts(self, rows: Iterable[tuple[str, str | Text | None]]) -> None:
        """A label and a value each; what has no value is left out."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column()
        for label, value in rows:
            if value:
                table.add_row(label, value)
        self.out.print(table)


def titled(term: Term) -> str:
    """The titles in both languages of the model."""
    return f"{term.title.en} / {term.title.ja}"
