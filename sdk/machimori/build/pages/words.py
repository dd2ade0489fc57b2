"""The fixed words of the pages, as sentences; everything else comes from the model."""

from __future__ import annotations

from typing import Literal, TypedDict

from machimori import messages
from machimori.messages import msgid

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")


Both = dict[str, str]
"""A text in both languages."""


class Marks(TypedDict):
    """Punctuation of a language."""

    colon: str
    comma: str
    opening: str
    closing: str


def marks(language: Language) -> Marks:
    return Marks(
        colon=messages.text(language, COLON),
        comma=messages.text(language, messages.AND),
        opening=messages.text(language, OPENING),
        closing=messages.text(language, CLOSING),
    )


def bracketed(language: Language, text: str) -> str:
    """A text in the brackets of a language."""
    return f"{messages.text(language, OPENING)}{text}{messages.text(language, CLOSING)}"


def both(sentence: str) -> Both:
    return {language: messages.text(language, sentence) for language in LANGUAGES}


def other(language: Language) -> Language:
    return "ja" if language == "en" else "en"


COLON = msgid(": ", context="after a label")
OPENING, CLOSING = msgid(" (", context="opening bracket"), msgid(")", context="closing bracket")
WORDS: dict[str, str] = {
    "reference": msgid("Reference"),
    "domains": msgid("Domains"),
    "domain": msgid("Domain"),
    "classes": msgid("Classes"),
    "class": msgid("Class"),
    "fields": msgid("Fields"),
    "field": msgid("Field"),
    "profiles": msgid("Privacy profiles"),
    "profile": msgid("Privacy profile"),
    "data_classes": msgid("Data classes"),
    "data_class": msgid("Data class"),
    "enums": msgid("Lists of values"),
    "enum": msgid("List of values"),
    "types": msgid("Types"),
    "type": msgid("Type"),
    "units": msgid("Units"),
    "codes": msgid("Issue codes"),
    "code": msgid("Issue code"),
    "a_z": msgid("A to Z"),
    "gojuon": msgid("By Japanese reading"),
    "glossary": msgid("Glossary"),
    "english": msgid("English"),
    "used_in": msgid("Used in"),
    "values": msgid("Values"),
    "questions": msgid("Questions the model answers"),
    "asked_of": msgid("Asked of"),
    "answer": msgid("Answer"),
    "answer_rows": msgid("{n} rows"),
    "valid_examples": msgid("the valid examples as one graph"),
    "kind": msgid("Kind"),
    "name": msgid("Name"),
    "title": msgid("Title"),
    "other_title": msgid("Japanese"),
    "value": msgid("Value"),
    "range": msgid("Range"),
    "cardinality": msgid("How many"),
    "unit": msgid("Unit"),
    "privacy": msgid("Privacy"),
    "definition": msgid("Definition"),
    "description": msgid("Description"),
    "source": msgid("Source"),
    "defined_in": msgid("Defined in"),
    "in_python": msgid("In Python"),
    "data_subject": msgid("Data subject"),
    "required": msgid("required"),
    "optional": msgid("optional"),
    "many": msgid("any number"),
    "or_more": msgid("{least} or more"),
    "bounds": msgid("Bounds"),
    "pattern": msgid("Pattern"),
    "format": msgid("Format"),
    "stays_on_device": msgid("Never leaves the device that made it"),
    "homonym": msgid("Same name elsewhere"),
    "examples": msgid("Examples"),
    "valid": msgid("Valid"),
    "invalid": msgid("Not valid"),
    "says": msgid("The validator says"),
    "mappings": msgid("Mappings"),
    "exact": msgid("same meaning"),
    "close": msgid("close meaning"),
    "term": msgid("Term"),
    "not_in_model": msgid("Not in the model, and what there is instead"),
    "instead": msgid("Instead"),
    "used_by": msgid("Used by"),
    "downloads": msgid("Downloads"),
    "ordered": msgid("Order of times"),
    "figures": msgid("Counts of people go to others at most once in"),
    "members": msgid("Concrete classes"),
    "parent": msgid("Kind of"),
    "statistics": msgid("Statistics"),
    "table": msgid("Table"),
    "cells": msgid("Cells"),
    "table_figures": msgid("Figures"),
    "shown_from": msgid("Shown from"),
    "typical": msgid("Typical for one person or household"),
    "looks": msgid("Looks"),
    "same_facts_as": msgid("Same facts as"),
    "settles_after": msgid("Settles"),
    "after_a_step": msgid("{duration} after the end of a step"),
    "every_step": msgid("as it stands every {step}"),
    "persons_from": msgid("{threshold} persons or households ({group} and the looks)"),
    "statistics_of_tables": msgid(
        "A query asks whole cells of one of these tables. Every figure is perturbed; what is shown stays the same for everyone."
    ),
    "root": msgid("Record that travels on its own"),
    "value_object": msgid("Value object"),
    "abstract": msgid("Abstract class"),
    "part": msgid("Part of another record"),
    "quantity": msgid("Kind of quantity"),
    "symbol": msgid("Symbol"),
    "notes": msgid("Notes"),
    "count": msgid("Number"),
    "axes": msgid("Axes"),
    "axis": msgid("Axis"),
    "why": msgid("Why"),
    "sources": msgid("Sources"),
    "basis": msgid("Basis"),
    "who": msgid("Who may receive it, and in which form"),
    "requester": msgid("Who asks"),
    "rule": msgid("Rule"),
    "when": msgid("When"),
    "grants": msgid("What grants it"),
    "fields_with": msgid("Fields with this profile"),
    "rules": msgid("Rules of disclosure"),
    "purposes": msgid("Purposes of use"),
    "purpose": msgid("Purpose of use"),
    "order": msgid("Order"),
    "scope": msgid("Judges"),
    "effect": msgid("Effect"),
    "cited_as": msgid("Cited as"),
    "forms": msgid("Forms asked"),
    "all_forms": msgid("all"),
    "applies_to": msgid("For whom and what"),
    "denies_when": msgid("Denies the whole request when"),
    "grants_when": msgid("Grants the field when"),
    "replaces_when": msgid("Takes the place of another reason when"),
    "condition": msgid("Condition"),
    "otherwise": msgid("Where it fails"),
    "state": msgid("the state of the document"),
    "given_by": msgid("Given by"),
    "obligations": msgid("Obligations"),
    "law_version": msgid("State of the law"),
    "may_grant": msgid("Profiles for which it may grant"),
    "listed_by": msgid("Profiles that list it"),
    "statutory": msgid("Statutory tasks that cover it"),
    "asked_by": msgid("Rules that ask for it"),
    "severity": msgid("Severity"),
    "message": msgid("Message"),
    "remedy": msgid("Remedy"),
    "error": msgid("error"),
    "warning": msgid("warning"),
    "forbidden": msgid("forbidden"),
    "serves_holder": msgid("serves the holder or the person: no statistics to a third party"),
    "yes": msgid("yes"),
    "no": msgid("no"),
    "none": msgid("none"),
    "latin": msgid("Latin letters and digits"),
    "future_law": msgid("Law not yet in force"),
}

BUILT_IN: dict[str, tuple[str, str]] = {
    "string": (msgid("Text"), msgid("Any text.")),
    "integer": (msgid("Whole number"), msgid("A number without fraction.")),
    "double": (
        msgid("Number", context="on a page of the model"),
        msgid("A finite number (IEEE 754, 64 bits)."),
    ),
    "boolean": (msgid("True or false"), msgid("true or false.")),
}

SENTENCES: dict[str, str] = {
    "no_person_data": msgid("No field of this class is about people."),
    "inherits": msgid("A value object: each field is as private as the field that holds it."),
    "strictest": msgid(
        "A value object inside a field is as private as that field; the strictest profile on the path wins."
    ),
    "stays_on_device": msgid(
        "A record of this class never leaves the device that made it: no form of disclosure, to anyone, is permitted."
    ),
    "matrix": msgid(
        "Derived from the axes above and the [rules](../rules/index.md), which are tried in the order shown; the first that grants decides. A dash means: denied. Where a cell names no purpose, it is one on the list above. A forbidden purpose is denied in every form. The holder is a company where it asks for itself, and in the rows of processors and joint users. *Budget* is what differential privacy, where it is asked for, may still tell of one holder's data. Statistics that a facility states go in full to the holder and as a report under a statute, and rounded to everyone else."
    ),
    "operational_note": msgid("In a class that has a data subject, a field with this profile counts as personal."),
    "rules_intro": msgid(
        "The gate tries them in this order. A rule of the whole request denies it as soon as all its conditions hold for one field asked. The first rule of a field whose conditions all hold grants it, in the form asked and in no other. A field that no rule grants is denied for the reason that the last rule gives which applies to it; without one, as `default-deny`."
    ),
    "all_of": msgid("All of these must hold."),
    "forbidden_purpose": msgid(
        "Forbidden: asked for anything that is not open, it is refused in every form, whatever the consent."
    ),
    "counsel": msgid(
        "A demand with legal force that no rule grants is never silently denied: it goes to counsel (`refer-to-counsel`)."
    ),
    "unused": msgid("No field uses it yet."),
    "inherited": msgid(
        "Allowed in value objects alone. The field that holds the value object decides; the strictest profile on the path from the record down wins."
    ),
    "model_fault": msgid("Found when the model is built or an extension is checked, not in a payload."),
    "questions_intro": msgid(
        "What the RDF of the model has to be able to answer (competency questions). Each is a SPARQL query over the files that it names; the answers are compared at every change of the model. `mm:` and `profile:` stand for `https://w3id.org/machimori/` and `https://w3id.org/machimori/profile/`."
    ),
    "glossary_intro": msgid(
        "The terms of law and trade that the model uses, with the law or standard of each. The Japanese is the term; the English is a name for it. APPI is the Act on the Protection of Personal Information, PPC the Personal Information Protection Commission."
    ),
    "units_intro": msgid(
        "Each kind of quantity has one unit in the whole model. Another unit of the same dimension stands beside it only for the reason given. In a UCUM code, braces are an annotation and have no dimension; `ZZ` is the code of Recommendation 20 for what it has no code for."
    ),
    "reference_intro": msgid("Every page here is written by the build from the model itself, in both languages."),
}
