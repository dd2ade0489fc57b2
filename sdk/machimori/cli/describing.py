"""``machimori describe``: a class or a field with all that the catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from machimori import messages
from machimori.build.pages.words import BUILT_IN, WORDS
from machimori.catalogue import catalogue, paths
from machimori.cli.statuses import Status
from machimori.cli.terminal import console
from machimori.errors import UnknownNameError
from machimori.findings.reporters.colours import data_class_style
from machimori.privacy.decision.recipients import FORMS, granted, requesters

COUNTS = {(True, False): "1", (False, False): "0..1", (True, True): "1..*", (False, True): "0..*"}
"""Occurrences by (required, multivalued)."""
HELD = {"en": "depends on the field that holds it", "ja": "これを持つ項目の区分に従う"}
DENIED = {"en": "Nobody else.", "ja": "ほかの者には渡せない。"}
AXES = (
    *("identifiability", "government_access", "purposes", "minimum_group", "granularity", "traceable", "retention"),
    *("rescue", "biometric", "other_person", "statutory_task", "dpv", "future_law", "law_version"),
)


def describe(name: str, language: str) -> int:
    """Print a class (``Trip``) or a field (``Trip.origin``; dots go on into value objects)."""
    class_name, _, path = name.partition(".")
    page = _Page(console(), language)
    if path:
        page.field(_found(class_name, path))
    else:
        page.class_(class_name, catalogue.class_data(class_name))
    return Status.GOOD


@dataclass(frozen=True, slots=True)
class Found:
    """A field with the way to it and the strictest profile on that way."""

    path: str
    data: dict[str, Any]
    profile: str


def _found(class_name: str, path: str) -> Found:
    owners, profile, field = [class_name], None, None
    for key in path.split("."):
        field = next((f for f in (catalogue.class_data(o)["fields"].get(key) for o in owners) if f), None)
        if field is None:
            if not owners:
                raise UnknownNameError("field", f"{class_name}.{path}")
            catalogue.field_data(owners[0], key)
            raise UnknownNameError("field", f"{class_name}.{path}")
        profile = paths.stricter(profile, field["privacy"]) or paths.INHERITED
        range_ = field["range"]
        owners = (catalogue.class_data(range_)["members"] or [range_]) if field["inlined"] else []
    assert field is not None
    return Found(f"{class_name}.{path}", field, str(profile))


class _Page:
    def __init__(self, out: Console, language: str) -> None:
        self._out, self._language = out, language
        self._comma, self._colon = ("、", "：") if language == "ja" else (", ", ": ")

    def class_(self, name: str, class_: dict[str, Any]) -> None:
        self._heading(name, class_)
        domain = catalogue.catalogue()["domains"].get(class_["domain"])
        self._facts(
            [
                (self._word("kind"), self._kind(class_)),
                (self._word("domain"), self._titled(domain) if domain else class_["domain"]),
                (self._word("data_subject"), class_["data_subject"]),
                (self._word("stays_on_device"), self._word("yes") if class_["stays_on_device"] else None),
                (self._word("members"), ", ".join(class_["members"])),
                (self._word("parent"), class_["parent"]),
                (self._word("ordered"), ", ".join(" < ".join(pair) for pair in class_["ordered"])),
                (self._word("source"), class_.get("source")),
                (self._word("mappings"), _mappings(class_)),
                ("IRI", class_["iri"]),
            ]
        )
        self._out.print()
        self._out.print(self._fields(class_))
        self._refused(name, class_)

    def field(self, found: Found) -> None:
        field = found.data
        self._heading(found.path, field)
        self._facts(
            [
                (self._word("range"), self._range(field)),
                (self._word("cardinality"), _count(field)),
                (self._word("bounds"), self._bounds(field)),
                (self._word("unit"), self._unit(field)),
                (self._word("pattern"), field.get("pattern") or _type(field).get("pattern")),
                (self._word("source"), field.get("source")),
                (self._word("homonym"), field.get("homonym")),
                (self._word("mappings"), _mappings(field)),
                ("IRI", field["iri"]),
            ]
        )
        self._values(field)
        self._profile(found.profile)

    def _heading(self, name: str, term: dict[str, Any]) -> None:
        title, reading = term["title"], term.get("reading")
        japanese = f"{title['ja']}（{reading}）" if reading else title["ja"]
        self._out.print(Text.assemble((name, "bold"), f"  {title['en']} / {japanese}"))
        self._out.print(term["description"][self._language])
        self._out.print()

    def _facts(self, rows: list[tuple[str, str | Text | None]]) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column()
        for label, value in rows:
            if value:
                table.add_row(label, value)
        self._out.print(table)

    def _fields(self, class_: dict[str, Any]) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for word in ("name", "title", "range", "cardinality", "unit", "privacy"):
            table.add_column(self._word(word), no_wrap=word in ("name", "cardinality"))
        for name, field in class_["fields"].items():
            table.add_row(
                name,
                field["title"][self._language],
                self._range(field),
                _count(field),
                self._unit(field),
                Text(field["privacy"], data_class_style(field["privacy"])),
            )
        return table

    def _refused(self, name: str, class_: dict[str, Any]) -> None:
        """What other standards have and this class does not, why, and what serves instead."""
        entries = catalogue.exclusions(name)
        if not entries and "instead" not in class_:
            return
        self._section(self._word("not_in_model"))
        if "instead" in class_:
            self._out.print(class_["instead"][self._language])
        for entry in entries:
            self._out.print()
            self._out.print(entry["term"][self._language])
            offered = self._comma.join(entry["instead"])
            self._facts([(self._word("why"), entry["why"][self._language]), (self._word("instead"), offered)])

    def _values(self, field: dict[str, Any]) -> None:
        enum = catalogue.catalogue()["enums"].get(field["range"])
        if enum is None:
            return
        self._section(self._word("value"))
        self._facts([(name, value["title"][self._language]) for name, value in enum["values"].items()])

    def _profile(self, name: str) -> None:
        profile = catalogue.catalogue()["profiles"][name]
        self._section(self._word("profile"))
        self._out.print(Text.assemble((name, data_class_style(name)), f"  {profile['title'][self._language]}"))
        if name == paths.INHERITED:
            self._out.print(HELD[self._language])
            return
        self._out.print(f"{self._word('why')}{self._colon}{profile['why'][self._language]}")
        self._facts(list(self._axes(profile)))
        self._section(self._word("who"))
        self._facts(list(self._receivers(name)))
        self._out.print(DENIED[self._language])
        self._section(self._word("sources"))
        basis_of = catalogue.class_data("PrivacyProfile")["fields"]["basis"]
        parts = catalogue.class_data(basis_of["range"])["fields"]
        self._facts([(self._axis(parts["basis"], b["basis"]), b["source"]) for b in profile["basis"]])

    def _axes(self, profile: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Each axis under the title that the model itself gives it."""
        described = catalogue.class_data("PrivacyProfile")["fields"]
        data_class = catalogue.catalogue()["enums"]["DataClass"]["values"][profile["data_class"]]
        yield described["data_class"]["title"][self._language], self._titled(data_class)
        for axis in AXES:
            value = profile.get(axis)
            if value not in (None, False, [], {}):
                yield described[axis]["title"][self._language], self._axis(described[axis], value)

    def _axis(self, described: dict[str, Any], value: Any) -> str:
        if value is True:
            return self._word("yes")
        if isinstance(value, list):
            return self._comma.join(self._axis(described, v) for v in value)
        if isinstance(value, dict):
            parts = catalogue.class_data(described["range"])["fields"]
            held = {k: v for k, v in value.items() if v not in (None, [])}
            said = (f"{parts[k]['title'][self._language]} {self._axis(parts[k], v)}" for k, v in held.items())
            return "; ".join(said) or self._word("none")
        enum = catalogue.catalogue()["enums"].get(described["range"])
        return str(enum["values"][value]["title"][self._language]) if enum and value in enum["values"] else str(value)

    def _receivers(self, profile: str) -> Iterator[tuple[str, str]]:
        """Who may receive it: for each that asks, the forms with the rule and the conditions that grant them."""
        forms = catalogue.catalogue()["enums"]["DisclosureForm"]["values"]
        for name, requester in requesters().items():
            rules: dict[tuple[str, str], list[str]] = {}
            for form in FORMS:
                for grant in granted(profile, name, form):
                    given = rules.setdefault((grant.rule, grant.when.text(self._language)), [])
                    given.append(forms[form]["title"][self._language])
            for number, ((rule, when), given) in enumerate(rules.items()):
                title = "" if number else requester.title.text(self._language)
                yield title, f"{self._comma.join(given)}{self._colon}{when} [{rule}]"

    def _section(self, title: str) -> None:
        self._out.print()
        self._out.print(title, style="bold")

    def _kind(self, class_: dict[str, Any]) -> str:
        kinds = ("abstract", "root", "value_object")
        return self._word(next((k for k in kinds if class_[k]), "part"))

    def _range(self, field: dict[str, Any]) -> str:
        range_ = str(field["range"])
        if range_ in catalogue.catalogue()["classes"]:
            return range_ if field["inlined"] else f"→ {range_}"
        return messages.text(self._language, BUILT_IN[range_][0]) if range_ in BUILT_IN else range_

    def _bounds(self, field: dict[str, Any]) -> str:
        return f"{field['minimum']} … {field['maximum']}" if "minimum" in field and "maximum" in field else ""

    def _unit(self, field: dict[str, Any]) -> str:
        ucum = str((field.get("unit") or {}).get("ucum", ""))
        return catalogue.unit_symbols()[ucum][self._language] if ucum else ""

    def _titled(self, term: dict[str, Any]) -> str:
        return f"{term['title']['en']} / {term['title']['ja']}"

    def _word(self, key: str) -> str:
        return messages.text(self._language, WORDS[key])


def _count(field: dict[str, Any]) -> str:
    least = field.get("minimum_items")
    return f"{least}..*" if least else COUNTS[field["required"], field["multivalued"]]


def _type(field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = catalogue.catalogue()["types"].get(field["range"], {})
    return found


def _mappings(term: dict[str, Any]) -> str:
    mappings = term["mappings"]
    return ", ".join([*(f"= {iri}" for iri in mappings["exact"]), *(f"≈ {iri}" for iri in mappings["close"])])
