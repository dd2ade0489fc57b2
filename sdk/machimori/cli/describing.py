"""``machimori describe``: a class or a field with all that the catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from machimori import messages
from machimori.build.pages.words import BUILT_IN, WORDS
from machimori.catalogue import catalogue, paths
from machimori.catalogue.paths import Resolved
from machimori.catalogue.terms import PROFILE_CLASS, Class, Field, Profile, Term, axes_in, written
from machimori.cli.statuses import Status
from machimori.cli.terminal import console
from machimori.findings.reporters.colours import data_class_style
from machimori.privacy.decision.policy import FORMS
from machimori.privacy.decision.recipients import granted, requesters

COUNTS = {(True, False): "1", (False, False): "0..1", (True, True): "1..*", (False, True): "0..*"}
"""Occurrences by (required, multivalued)."""
HELD = {"en": "depends on the field that holds it", "ja": "これを持つ項目の区分に従う"}
IN_ITS_OWN_SECTION = "basis"
DENIED = {"en": "Nobody else.", "ja": "ほかの者には渡せない。"}


def describe(name: str, language: str) -> int:
    """Print a class (``Trip``) or a field (``Trip.origin``; dots go on into value objects)."""
    class_name, _, path = name.partition(".")
    page = _Page(console(), language)
    if path:
        page.field(name, paths.resolve(name))
    else:
        page.class_(catalogue.class_(class_name))
    return Status.GOOD


class _Page:
    def __init__(self, out: Console, language: str) -> None:
        self._out, self._language = out, language
        self._comma, self._colon = ("、", "：") if language == "ja" else (", ", ": ")

    def class_(self, class_: Class) -> None:
        self._heading(class_.name, class_)
        domain = catalogue.model().domains.get(class_.domain)
        self._facts(
            [
                (self._word("kind"), self._kind(class_)),
                (self._word("domain"), self._titled(domain) if domain else class_.domain),
                (self._word("data_subject"), class_.data_subject),
                (self._word("stays_on_device"), self._word("yes") if class_.stays_on_device else None),
                (self._word("members"), ", ".join(class_.members)),
                (self._word("parent"), class_.parent),
                (self._word("ordered"), ", ".join(" < ".join(pair) for pair in class_.ordered)),
                (self._word("source"), class_.source),
                (self._word("mappings"), _mappings(class_)),
                ("IRI", class_.iri),
            ]
        )
        self._out.print()
        self._out.print(self._fields(class_))
        self._refused(class_)

    def field(self, name: str, found: Resolved) -> None:
        field = found.field
        self._heading(name, field)
        self._facts(
            [
                (self._word("range"), self._range(field)),
                (self._word("cardinality"), _count(field)),
                (self._word("bounds"), self._bounds(field)),
                (self._word("unit"), self._unit(field)),
                (self._word("pattern"), field.pattern or (field.type.pattern if field.type else None)),
                (self._word("source"), field.source),
                (self._word("homonym"), field.homonym),
                (self._word("mappings"), _mappings(field)),
                ("IRI", field.iri),
            ]
        )
        self._values(field)
        self._profile(found.profile)

    def _heading(self, name: str, term: Term) -> None:
        title, reading = term.title, term.reading
        japanese = f"{title.ja}（{reading}）" if reading else title.ja
        self._out.print(Text.assemble((name, "bold"), f"  {title.en} / {japanese}"))
        self._out.print(term.description.text(self._language))
        self._out.print()

    def _facts(self, rows: list[tuple[str, str | Text | None]]) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column()
        for label, value in rows:
            if value:
                table.add_row(label, value)
        self._out.print(table)

    def _fields(self, class_: Class) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for word in ("name", "title", "range", "cardinality", "unit", "privacy"):
            table.add_column(self._word(word), no_wrap=word in ("name", "cardinality"))
        for name, field in class_.fields.items():
            table.add_row(
                name,
                field.title.text(self._language),
                self._range(field),
                _count(field),
                self._unit(field),
                Text(field.privacy, data_class_style(field.privacy)),
            )
        return table

    def _refused(self, class_: Class) -> None:
        """What other standards have and this class does not, why, and what serves instead."""
        entries = catalogue.exclusions(class_.name)
        if not entries and class_.instead is None:
            return
        self._section(self._word("not_in_model"))
        if class_.instead is not None:
            self._out.print(class_.instead.text(self._language))
        for entry in entries:
            self._out.print()
            self._out.print(entry.term.text(self._language))
            offered = self._comma.join(entry.instead)
            self._facts([(self._word("why"), entry.why.text(self._language)), (self._word("instead"), offered)])

    def _values(self, field: Field) -> None:
        if field.enum is None:
            return
        self._section(self._word("value"))
        self._facts([(name, value.title.text(self._language)) for name, value in field.enum.values.items()])

    def _profile(self, name: str) -> None:
        profile, inherited = catalogue.model().profiles.get(name), catalogue.model().inherited
        self._section(self._word("profile"))
        if profile is None:
            assert inherited is not None  # the model has it
            self._out.print(Text.assemble((name, data_class_style(name)), f"  {inherited.title.text(self._language)}"))
            self._out.print(HELD[self._language])
            return
        self._out.print(Text.assemble((name, data_class_style(name)), f"  {profile.title.text(self._language)}"))
        self._out.print(f"{self._word('why')}{self._colon}{profile.why.text(self._language)}")
        self._facts(list(self._axes(profile)))
        self._section(self._word("who"))
        self._facts(list(self._receivers(name)))
        self._out.print(DENIED[self._language])
        self._section(self._word("sources"))
        binding = catalogue.field("ProfileBasis", "basis")
        self._facts([(self._axis(binding, b.basis), b.source) for b in profile.basis])

    def _axes(self, profile: Profile) -> Iterator[tuple[str, str]]:
        """Each axis under the title that the model itself gives it."""
        described, held = catalogue.class_(PROFILE_CLASS).fields, written(profile)
        data_class = catalogue.enumeration("DataClass").values[profile.data_class]
        for axis in axes_in(described):
            title, value = described[axis].title.text(self._language), held.get(axis)
            if axis == "data_class":
                yield title, self._titled(data_class)
            elif axis != IN_ITS_OWN_SECTION and value not in (None, False, [], {}):
                yield title, self._axis(described[axis], value)

    def _axis(self, described: Field, value: object) -> str:
        if value is True:
            return self._word("yes")
        if isinstance(value, list):
            return self._comma.join(self._axis(described, v) for v in value)
        if isinstance(value, dict) and described.class_ is not None:
            parts = described.class_.fields
            held = {k: v for k, v in value.items() if v not in (None, [])}
            said = (f"{parts[k].title.text(self._language)} {self._axis(parts[k], v)}" for k, v in held.items())
            return "; ".join(said) or self._word("none")
        known = described.enum.values.get(str(value)) if described.enum is not None else None
        return str(value) if known is None else known.title.text(self._language)

    def _receivers(self, profile: str) -> Iterator[tuple[str, str]]:
        """Who may receive it: for each that asks, the forms with the rule and the conditions that grant them."""
        forms = catalogue.enumeration("DisclosureForm").values
        for name, requester in requesters().items():
            rules: dict[tuple[str, str], list[str]] = {}
            for form in FORMS:
                for grant in granted(profile, name, form):
                    given = rules.setdefault((grant.rule, grant.when.text(self._language)), [])
                    given.append(forms[form].title.text(self._language))
            for number, ((rule, when), given) in enumerate(rules.items()):
                title = "" if number else requester.title.text(self._language)
                yield title, f"{self._comma.join(given)}{self._colon}{when} [{rule}]"

    def _section(self, title: str) -> None:
        self._out.print()
        self._out.print(title, style="bold")

    def _kind(self, class_: Class) -> str:
        kinds = (("abstract", class_.abstract), ("root", class_.root), ("value_object", class_.value_object))
        return self._word(next((word for word, held in kinds if held), "part"))

    def _range(self, field: Field) -> str:
        range_ = field.range
        if field.class_ is not None:
            return range_ if field.inlined else f"→ {range_}"
        return messages.text(self._language, BUILT_IN[range_][0]) if range_ in BUILT_IN else range_

    def _bounds(self, field: Field) -> str:
        return "" if field.minimum is None or field.maximum is None else f"{field.minimum} … {field.maximum}"

    def _unit(self, field: Field) -> str:
        return catalogue.unit_symbols()[field.unit.ucum].text(self._language) if field.unit else ""

    def _titled(self, term: Term) -> str:
        return f"{term.title.en} / {term.title.ja}"

    def _word(self, key: str) -> str:
        return messages.text(self._language, WORDS[key])


def _count(field: Field) -> str:
    return f"{field.minimum_items}..*" if field.minimum_items else COUNTS[field.required, field.multivalued]


def _mappings(term: Term) -> str:
    mappings = term.mappings
    return ", ".join([*(f"= {iri}" for iri in mappings.exact), *(f"≈ {iri}" for iri in mappings.close)])
