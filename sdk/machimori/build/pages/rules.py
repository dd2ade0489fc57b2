"""The page of a rule of disclosure or of a reason for a denial, and the list of all in order."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language
from machimori.privacy.decision import recipients, wording
from machimori.privacy.decision.policy import DEFAULT, DOCUMENT_TERMS, Condition, Rule, shipped

WHEN = {"request": "denies_when", "field": "grants_when", "reason": "replaces_when"}


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"rules/{key}.md": _page(book, language, key, entry) for key, entry in book.rules.items()}
    return held | {"rules/index.md": _index(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "rules/index.md")
    scopes: dict[str, list[tuple[object, ...]]] = {scope: [] for scope in book.enums["RuleScope"]["values"]}
    for key, entry in book.rules.items():
        titles = entry["title"][language], entry["title"][sheet.other]
        row = (entry["rule_order"], sheet.rule_link(key), *titles, _forms(sheet, entry))
        scopes[entry["rule_scope"]].append(row)
    return sheet.page("rules.md", scopes=scopes)


def _page(book: Book, language: Language, key: str, entry: Entry) -> str:
    sheet = Sheet(book, language, f"rules/{key}.md")
    rule = _rules()[key]
    said = [sheet.say(wording.alternatives(c.tests)) for c in rule.conditions]
    otherwise = [(words, _otherwise(sheet, c)) for words, c in zip(said, rule.conditions, strict=True)]
    granted = [name for name in book.profiles if rule.name in recipients.granting(name)]
    return sheet.page(
        "rule.md",
        key=key,
        entry=entry,
        facts=list(_facts(sheet, key, entry)),
        applicability=[sheet.say(wording.alternatives(c.tests)) for c in rule.applicability],
        when=WHEN[rule.scope],
        conditions=said,
        otherwise=otherwise if rule.scope == "field" else None,
        givers=sheet.listed(map(sheet.rule_link, _givers(key, entry))),
        granted=md.spaced(map(sheet.badge, granted)),
    )


def _rules() -> dict[str, Rule]:
    policy = shipped()
    return {r.key: r for r in (*policy.of_request, *policy.of_field, *policy.of_reason)}


def _facts(sheet: Sheet, key: str, entry: Entry) -> Iterator[Markdown]:
    yield sheet.labelled("order", str(entry["rule_order"]))
    yield sheet.labelled("scope", sheet.values("RuleScope", [entry["rule_scope"]]))
    if entry["rule_scope"] == "field":
        yield sheet.labelled("forms", _forms(sheet, entry))
    yield sheet.labelled("effect", sheet.values("RuleEffect", [entry["effect"]]))
    if entry["rule"] != key:
        yield sheet.labelled("cited_as", sheet.rule_link(entry["rule"]))
    yield sheet.labelled("obligations", sheet.values("Obligation", entry["obligations"]))
    yield sheet.labelled("basis", sheet.values("BasisKind", [entry["basis"]]))
    yield sheet.labelled("law_version", md.code(entry["law_version"]))
    yield sheet.labelled("term", md.code(entry["id"]))


def _forms(sheet: Sheet, entry: Entry) -> str:
    if entry["rule_scope"] != "field":
        return ""
    forms = entry.get("candidate_forms")
    return sheet.values("DisclosureForm", forms) if forms else sheet.word("all_forms")


def _otherwise(sheet: Sheet, condition: Condition) -> str:
    """What the denial is called where the condition fails."""
    if condition.denial_reason:
        return sheet.rule_link(condition.denial_reason)
    return sheet.word("state") if condition.tests[0].term in DOCUMENT_TERMS else sheet.rule_link(DEFAULT)


def _givers(key: str, entry: Entry) -> list[str]:
    """Of a reason, the rules that give it."""
    if entry["rule_scope"] != "reason":
        return []
    return [
        r.key
        for r in _rules().values()
        if (r.name == key != r.key) or any(c.denial_reason == key for c in r.conditions if r.scope == "field")
    ]
