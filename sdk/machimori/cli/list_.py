"""``machimori list``: the classes by domain, or the fields of a data class or profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from machimori import messages
from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import INHERITED, Class
from machimori.cli.app import command
from machimori.cli.command import option
from machimori.cli.exit_status import Status
from machimori.errors import UnknownNameError
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.table import Table


@command(
    "list",
    details=msgid("Without option every class by domain; with --privacy every field of a data class or profile."),
    examples=("machimori list", "machimori list --privacy special_care"),
)
@option(
    "--privacy",
    metavar="NAME",
    help=msgid("List the fields of this data class (personal) or profile (personal.trip)."),
)
@click.pass_obj
def list_(language: str, *, privacy: str | None) -> int:
    """Print one of the two lists."""
    return _classes(language) if privacy is None else _fields(privacy, language)


def _classes(language: str) -> int:
    """Every class with the number of its fields and of those about people."""
    from rich.text import Text

    from machimori.cli.terminal import console

    out, held = console(), catalogue.model().classes
    for domain, term in catalogue.model().domains.items():
        own = {n: c for n, c in held.items() if c.domain == domain}
        head = messages.text(
            language,
            "{title} ({classes} classes, {fields} fields)",
            title=term.title,
            classes=len(own),
            fields=sum(len(c.fields) for c in own.values()),
        )
        out.print(head, style="bold")
        table = _table()
        for name, class_ in own.items():
            related = _related(class_)
            about = messages.text(language, "{related} about people", related=related) if related else ""
            table.add_row(
                f"  {name}",
                class_.title.text(language),
                messages.text(language, "{fields} fields", fields=len(class_.fields)),
                Text(about, "yellow"),
            )
        out.print(table)
    total = messages.text(
        language,
        "{classes} classes, {fields} fields, {related} of them about people",
        classes=len(held),
        fields=sum(len(c.fields) for c in held.values()),
        related=sum(_related(c) for c in held.values()),
    )
    out.print(total)
    return Status.GOOD


def _fields(privacy: str, language: str) -> int:
    """Every field whose profile, or the data class of whose profile, is ``privacy``."""
    from rich.text import Text

    from machimori.cli.terminal import console
    from machimori.findings.reporters.colours import data_class_style

    known = [*catalogue.enumeration("DataClass").values, INHERITED, *catalogue.model().profiles]
    if privacy not in known:
        raise UnknownNameError("profile", privacy, catalogue.close(privacy, known))
    out, table = console(), _table()
    for class_name, class_ in catalogue.model().classes.items():
        for name, field in class_.fields.items():
            profile = field.privacy
            if privacy in (profile, profile.partition(".")[0]):
                title = field.title.text(language)
                table.add_row(f"{class_name}.{name}", title, Text(profile, data_class_style(profile)))
    out.print(table)
    out.print(messages.text(language, "{fields} fields", fields=table.row_count))
    return Status.GOOD


def _related(class_: Class) -> int:
    profiles = [f.privacy for f in class_.fields.values()]
    return sum(paths.person_related(p) for p in profiles if p != INHERITED)


def _table() -> Table:
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    return table
