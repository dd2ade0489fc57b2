"""``machimori list``: the classes by domain, or the fields of a data class or profile."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import INHERITED, Class
from machimori.cli.statuses import Status
from machimori.cli.terminal import console
from machimori.errors import UnknownNameError
from machimori.findings.reporters.colours import data_class_style

WORDS = {
    "en": {
        "domain": "{title} ({classes} classes, {fields} fields)",
        "fields": "{count} fields",
        "related": "{count} about people",
        "total": "{classes} classes, {fields} fields, {related} of them about people",
        "found": "{count} fields",
    },
    "ja": {
        "domain": "{title}（{classes}クラス、{fields}項目）",
        "fields": "{count}項目",
        "related": "個人に関するもの{count}",
        "total": "{classes}クラス、{fields}項目（うち個人に関するもの{related}）",
        "found": "{count}項目",
    },
}


def classes(language: str) -> int:
    """Every class with the number of its fields and of those about people."""
    out, words = console(), WORDS[language]
    held = catalogue.model().classes
    for domain, term in catalogue.model().domains.items():
        own = {n: c for n, c in held.items() if c.domain == domain}
        facts = {
            "title": term.title.text(language),
            "classes": len(own),
            "fields": sum(len(c.fields) for c in own.values()),
        }
        out.print(words["domain"].format_map(facts), style="bold")
        table = _table()
        for name, class_ in own.items():
            related = _related(class_)
            table.add_row(
                f"  {name}",
                class_.title.text(language),
                words["fields"].format(count=len(class_.fields)),
                Text(words["related"].format(count=related) if related else "", "yellow"),
            )
        out.print(table)
    out.print(
        words["total"].format(
            classes=len(held),
            fields=sum(len(c.fields) for c in held.values()),
            related=sum(_related(c) for c in held.values()),
        )
    )
    return Status.GOOD


def fields(privacy: str, language: str) -> int:
    """Every field whose profile, or the data class of whose profile, is ``privacy``."""
    known = [*catalogue.enumeration("DataClass").values, INHERITED, *catalogue.model().profiles]
    if privacy not in known:
        raise UnknownNameError("profile", privacy, catalogue.close(privacy, known))
    out, table = console(), _table()
    count = 0
    for class_name, class_ in catalogue.model().classes.items():
        for name, field in class_.fields.items():
            profile = field.privacy
            if privacy in (profile, profile.partition(".")[0]):
                count += 1
                table.add_row(
                    f"{class_name}.{name}", field.title.text(language), Text(profile, data_class_style(profile))
                )
    out.print(table)
    out.print(WORDS[language]["found"].format(count=count))
    return Status.GOOD


def _related(class_: Class) -> int:
    profiles = [f.privacy for f in class_.fields.values()]
    return sum(paths.person_related(p) for p in profiles if p != INHERITED)


def _table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    return table
