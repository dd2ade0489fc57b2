"""How private a value is, why, and who may receive it in which form: a privacy profile as ``machimori describe`` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from machimori.catalogue import catalogue, paths
from machimori.cli.sheet import Sheet, titled
from machimori.findings.reporters.colours import data_class_style
from machimori.messages import msgid
from machimori.privacy.decision.recipients import FORMS, granted, requesters

AXES = (
    *("identifiability", "government_access", "purposes", "minimum_group", "granularity", "traceable", "retention"),
    *("rescue", "biometric", "other_person", "statutory_task", "dpv", "future_law", "law_version"),
)


def print_profile(sheet: Sheet, name: str) -> None:
    """Print a profile; of one that is inherited only that."""
    profile = catalogue.catalogue()["profiles"][name]
    sheet.section(sheet.named(msgid("Privacy profile")))
    sheet.out.print(Text.assemble((name, data_class_style(name)), f"  {sheet.of(profile['title'])}"))
    if name == paths.INHERITED:
        sheet.out.print(sheet.named(msgid("depends on the field that holds it")))
        return
    sheet.out.print(sheet.named(msgid("Why: {why}"), why=sheet.of(profile["why"])))
    sheet.facts(_axes(sheet, profile))
    sheet.section(sheet.named(msgid("Who may receive it, and in which form")))
    sheet.facts(_receivers(sheet, name))
    sheet.out.print(sheet.named(msgid("Nobody else.")))
    sheet.section(sheet.named(msgid("Sources")))
    basis_of = catalogue.class_data("PrivacyProfile")["fields"]["basis"]
    parts = catalogue.class_data(basis_of["range"])["fields"]
    sheet.facts((_axis(sheet, parts["basis"], b["basis"]), b["source"]) for b in profile["basis"])


def _axes(sheet: Sheet, profile: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each axis under the title that the model itself gives it."""
    described = catalogue.class_data("PrivacyProfile")["fields"]
    data_class = catalogue.catalogue()["enums"]["DataClass"]["values"][profile["data_class"]]
    yield sheet.of(described["data_class"]["title"]), titled(data_class)
    for axis in AXES:
        value = profile.get(axis)
        if value not in (None, False, [], {}):
            yield sheet.of(described[axis]["title"]), _axis(sheet, described[axis], value)


def _axis(sheet: Sheet, described: dict[str, Any], value: Any) -> str:
    if value is True:
        return sheet.named(msgid("yes"))
    if isinstance(value, list):
        return sheet.listed(_axis(sheet, described, v) for v in value)
    if isinstance(value, dict):
        parts = catalogue.class_data(described["range"])["fields"]
        held = {k: v for k, v in value.items() if v not in (None, [])}
        said = (f"{sheet.of(parts[k]['title'])} {_axis(sheet, parts[k], v)}" for k, v in held.items())
        return "; ".join(said) or sheet.named(msgid("none"))
    enum = catalogue.catalogue()["enums"].get(described["range"])
    return sheet.of(enum["values"][value]["title"]) if enum and value in enum["values"] else str(value)


def _receivers(sheet: Sheet, profile: str) -> Iterator[tuple[str, str]]:
    """Who may receive it: for each that asks, the forms with the rule and the conditions that grant them."""
    forms = catalogue.catalogue()["enums"]["DisclosureForm"]["values"]
    for name, requester in requesters().items():
        rules: dict[tuple[str, str], list[str]] = {}
        for form in FORMS:
            for grant in granted(profile, name, form):
                rules.setdefault((grant.rule, grant.when.text(sheet.language)), []).append(
                    sheet.of(forms[form]["title"])
                )
        for number, ((rule, when), given) in enumerate(rules.items()):
            title = "" if number else requester.title.text(sheet.language)
            yield title, sheet.named(msgid("{given}: {when} [{rule}]"), given=sheet.listed(given), when=when, rule=rule)
