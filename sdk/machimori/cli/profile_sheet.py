"""How private a value is, why, and who may receive it in which form: a privacy profile as ``machimori describe`` tells it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from machimori.catalogue import catalogue
from machimori.catalogue.terms import PROFILE_CLASS, Field, Inherited, Profile, axes_in, written
from machimori.cli.sheet import Sheet, titled
from machimori.findings.reporters.colours import data_class_style
from machimori.messages import msgid
from machimori.privacy.decision.policy import FORMS
from machimori.privacy.decision.recipients import granted, requesters

IN_ITS_OWN_SECTION = "basis"


def print_profile(sheet: Sheet, name: str) -> None:
    """Print a profile; of one that is inherited only that."""
    profile, inherited = catalogue.model().profiles.get(name), catalogue.model().inherited
    sheet.section(sheet.named(msgid("Privacy profile")))
    if profile is None:
        assert inherited is not None  # the model has it
        sheet.out.print(_named(sheet, inherited))
        sheet.out.print(sheet.named(msgid("depends on the field that holds it")))
        return
    sheet.out.print(_named(sheet, profile))
    sheet.out.print(sheet.named(msgid("Why: {why}"), why=profile.why))
    sheet.facts(_axes(sheet, profile))
    sheet.section(sheet.named(msgid("Who may receive it, and in which form")))
    sheet.facts(_receivers(sheet, name))
    sheet.out.print(sheet.named(msgid("Nobody else.")))
    sheet.section(sheet.named(msgid("Sources")))
    binding = catalogue.field("ProfileBasis", "basis")
    sheet.facts((_axis(sheet, binding, b.basis), b.source) for b in profile.basis)


def _named(sheet: Sheet, profile: Profile | Inherited) -> Text:
    return Text.assemble((profile.name, data_class_style(profile.name)), f"  {sheet.of(profile.title)}")


def _axes(sheet: Sheet, profile: Profile) -> Iterator[tuple[str, str]]:
    """Each axis under the title that the model itself gives it."""
    described, held = catalogue.class_(PROFILE_CLASS).fields, written(profile)
    data_class = catalogue.enumeration("DataClass").values[profile.data_class]
    for axis in axes_in(described):
        title, value = sheet.of(described[axis].title), held.get(axis)
        if axis == "data_class":
            yield title, titled(data_class)
        elif axis != IN_ITS_OWN_SECTION and value not in (None, False, [], {}):
            yield title, _axis(sheet, described[axis], value)


def _axis(sheet: Sheet, described: Field, value: object) -> str:
    if value is True:
        return sheet.named(msgid("yes"))
    if isinstance(value, list):
        return sheet.listed(_axis(sheet, described, v) for v in value)
    if isinstance(value, dict) and described.class_ is not None:
        parts = described.class_.fields
        held = {k: v for k, v in value.items() if v not in (None, [])}
        said = (f"{sheet.of(parts[k].title)} {_axis(sheet, parts[k], v)}" for k, v in held.items())
        return "; ".join(said) or sheet.named(msgid("none"))
    known = described.enum.values.get(str(value)) if described.enum is not None else None
    return str(value) if known is None else sheet.of(known.title)


def _receivers(sheet: Sheet, profile: str) -> Iterator[tuple[str, str]]:
    """Who may receive it: for each that asks, the forms with the rule and the conditions that grant them."""
    forms = catalogue.enumeration("DisclosureForm").values
    for name, requester in requesters().items():
        rules: dict[tuple[str, str], list[str]] = {}
        for form in FORMS:
            for grant in granted(profile, name, form):
                given = rules.setdefault((grant.rule, sheet.of(grant.when)), [])
                given.append(sheet.of(forms[form].title))
        for number, ((rule, when), given) in enumerate(rules.items()):
            title = "" if number else sheet.of(requester.title)
            yield title, sheet.named(msgid("{given}: {when} [{rule}]"), given=sheet.listed(given), when=when, rule=rule)
