"""Everything that the pages print, gathered once: catalogue, issue codes, examples, and who refers to whom."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from machimori.build.pages.searching import runs
from machimori.catalogue import catalogue as shipped

Entry = dict[str, Any]

BUILT_IN = ("string", "integer", "double", "boolean")


@dataclass(frozen=True)
class Example:
    """One file of ``model/examples``: a valid record, or one that breaks the rule ``code``."""

    class_name: str
    file: str
    text: str
    code: str | None


@dataclass(frozen=True)
class Use:
    """A field of a class, where something refers to it."""

    class_name: str
    field: str


@dataclass(frozen=True)
class Book:
    """The model as data, with the look-ups that pages need."""

    catalogue: Entry
    codes: Mapping[str, Any]
    glossary: Mapping[str, Any]
    examples: dict[str, list[Example]]
    rules: dict[str, Entry]
    """The rules of disclosure and the reasons for a denial by the last part of their IRI, in order."""

    @property
    def classes(self) -> dict[str, Entry]:
        """The classes by name."""
        return dict(self.catalogue["classes"])

    @property
    def enums(self) -> dict[str, Entry]:
        """The closed lists by name."""
        return dict(self.catalogue["enums"])

    @property
    def profiles(self) -> dict[str, Entry]:
        """The privacy profiles by name."""
        return dict(self.catalogue["profiles"])

    @property
    def domains(self) -> dict[str, Entry]:
        """The domains by name."""
        return dict(self.catalogue["domains"])

    @property
    def purposes(self) -> dict[str, Entry]:
        """The purposes for which data may be asked, by name."""
        return dict(self.enums["Purpose"]["values"])

    @cached_property
    def types(self) -> dict[str, Entry]:
        """The types that some field uses, the built-in ones first."""
        used = {f["range"] for _, f in self.fields()} & set(self.catalogue["types"])
        ordered = [t for t in BUILT_IN if t in used] + sorted(used - set(BUILT_IN))
        return {t: self.catalogue["types"][t] for t in ordered}

    @cached_property
    def data_classes(self) -> dict[str, Entry]:
        """The data classes in order of strictness."""
        return dict(self.enums["DataClass"]["values"])

    @property
    def units(self) -> dict[str, Entry]:
        """The quantities with their units, by name."""
        return dict(self.catalogue["units"])

    @cached_property
    def users_of_unit(self) -> dict[str, list[Use]]:
        """The fields that are stated in a unit, by its UCUM code."""
        found: dict[str, list[Use]] = defaultdict(list)
        for use, field in self.fields():
            if field.get("unit"):
                found[field["unit"]["ucum"]].append(use)
        return found

    def fields(self) -> Iterator[tuple[Use, Entry]]:
        """Every field of every class, an inherited one once for each class."""
        for class_name, class_ in self.classes.items():
            for name, field in class_["fields"].items():
                yield Use(class_name, name), field

    @cached_property
    def users_of_range(self) -> dict[str, list[Use]]:
        """The fields by the class, list or type that they hold."""
        return self._users("range")

    @cached_property
    def users_of_profile(self) -> dict[str, list[Use]]:
        """The fields by their privacy profile."""
        return self._users("privacy")

    @cached_property
    def kanji_words(self) -> frozenset[str]:
        """Runs of kanji that stand alone somewhere in the Japanese texts."""
        held = (self.classes, self.enums, self.profiles, self.domains)
        terms = [*(term for terms in held for term in terms.values()), *(field for _, field in self.fields())]
        return runs(term[part]["ja"] for term in terms for part in ("title", "description"))

    def _users(self, key: str) -> dict[str, list[Use]]:
        found: dict[str, list[Use]] = defaultdict(list)
        for use, field in self.fields():
            found[field[key]].append(use)
        return found

    def counts(self, class_name: str) -> dict[str, int]:
        """The number of fields of a class in each data class, in order of strictness; ``inherited`` last."""
        held: dict[str, int] = defaultdict(int)
        for field in self.classes[class_name]["fields"].values():
            held[field["privacy"].partition(".")[0]] += 1
        return {c: held[c] for c in [*self.data_classes, "inherited"] if c in held}

    def in_domain(self, domain: str) -> dict[str, Entry]:
        """The classes of a domain by name."""
        return {n: c for n, c in self.classes.items() if c["domain"] == domain}


def read() -> Book:
    """The book of the model that this package ships."""
    return Book(json.loads(shipped.document()), shipped.codes(), shipped.glossary(), _examples(), _rules())


def _rules() -> dict[str, Entry]:
    """Each rule as a term: title and description in both languages."""
    held = json.loads(shipped.artefact("policy/policy.json"))["rules"]
    return {
        rule["id"].rpartition("/")[2]: {
            **rule,
            "title": {"en": rule["title"], "ja": rule["title_ja"]},
            "description": {"en": rule["description"], "ja": rule["description_ja"]},
            "reading": rule.get("reading_ja"),
        }
        for rule in held
    }


def _examples() -> dict[str, list[Example]]:
    """The examples of classes; none in a wheel, for they are more than a thousand files."""
    found: dict[str, list[Example]] = {}
    folder = files("machimori.sources") / "examples"
    for class_folder in sorted((f for f in folder.iterdir() if f.is_dir()), key=lambda f: f.name):
        held = sorted((f for f in class_folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
        if held:
            found[class_folder.name] = [
                Example(class_folder.name, file.name, file.read_text(encoding="utf-8"), _code(file.name))
                for file in held
            ]
    return found


def _code(file: str) -> str | None:
    """``MM202`` of ``invalid-MM202-negative.json``."""
    kind, _, rest = file.partition("-")
    return rest.split("-")[0].removesuffix(".json") if kind == "invalid" else None
