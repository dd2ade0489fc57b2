"""The page of a rule of disclosure or of a reason for a denial, and the list of all in order."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language, other
from machimori.privacy.decision import recipients, wording
from machimori.privacy.decision.facts import DOCUMENT_TERMS
from machimori.privacy.decision.policy import DEFAULT, Condition, Rule, shipped

WHEN = {"request": "denies_when", "field": "grants_when", "reason": "replaces_when"}


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"rules/{key}.md": _page(book, language, key, entry) for key, entry in book.rules.items()}
    return held | {"rules/index.md": _index(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "rules/index.md")
    sheet.add(
        md.front_matter(title=sheet.word("rules")),
        md.heading(1, sheet.word("rules")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        sheet.sentence("rules_intro"),
    )
    header = [sheet.word(k) for k in ("order", "rule", "title", "other_title", "forms")]
    for scope, value in book.enums["RuleScope"]["values"].items():
        rows = [
            (
                str(entry["rule_order"]),
                sheet.rule_link(key),
                sheet.say(entry["title"]),
                md.plain(entry["title"][other(language)]),
                _forms(sheet, entry),
            )
            for key, entry in book.rules.items()
            if entry["rule_scope"] == scope
        ]
        sheet.add(md.heading(2, sheet.say(value["title"]), scope), md.prose(value["description"][language]))
        sheet.add(md.table(header, rows))
    return sheet.text()


def _page(book: Book, language: Language, key: str, entry: Entry) -> str:
    sheet = Sheet(book, language, f"rules/{key}.md")
    crumbs = ((sheet.word("reference"), "index.md"), (sheet.word("rules"), "rules/index.md"))
    sheet.opening(entry, key, *crumbs, search={"boost": 1.5})
    sheet.add(md.items(_facts(sheet, key, entry)))
    sheet.add(md.heading(2, sheet.word("message"), "message"), md.items(_messages(entry)))
    rule = _rules()[key]
    if rule.applicability:
        said = [sheet.say(wording.alternatives(c.tests)) for c in rule.applicability]
        sheet.add(md.heading(2, sheet.word("applies_to"), "applies-to"), sheet.sentence("all_of"), md.items(said))
    if rule.conditions:
        sheet.add(md.heading(2, sheet.word(WHEN[rule.scope]), "conditions"), sheet.sentence("all_of"))
        sheet.add(_conditions(sheet, rule))
    _givers(sheet, key, entry)
    sheet.add(md.heading(2, sheet.word("sources"), "sources"), md.items(md.prose(s) for s in entry["sources"]))
    if entry.get("future_law"):
        sheet.add(sheet.labelled("future_law", md.prose(entry["future_law"][language])))
    _profiles(sheet, rule)
    return sheet.text()


def _rules() -> dict[str, Rule]:
    policy = shipped()
    return {r.key: r for r in (*policy.of_request, *policy.of_field, *policy.of_reason)}


def _facts(sheet: Sheet, key: str, entry: Entry) -> Iterator[str]:
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


def _messages(entry: Entry) -> Iterator[str]:
    """The sentence shown with a decision, in both languages: a holder answers in either."""
    for language, text in entry["message"].items():
        yield f'<span lang="{language}">{md.plain(text)}</span>'


def _forms(sheet: Sheet, entry: Entry) -> str:
    if entry["rule_scope"] != "field":
        return ""
    forms = entry.get("candidate_forms")
    return sheet.values("DisclosureForm", forms) if forms else sheet.word("all_forms")


def _conditions(sheet: Sheet, rule: Rule) -> str:
    said = [sheet.say(wording.alternatives(c.tests)) for c in rule.conditions]
    if rule.scope != "field":
        return md.items(said)
    rows = [(words, _otherwise(sheet, c)) for words, c in zip(said, rule.conditions, strict=True)]
    return md.table((sheet.word("condition"), sheet.word("otherwise")), rows)


def _otherwise(sheet: Sheet, condition: Condition) -> str:
    """What the denial is called where the condition fails."""
    if condition.denial_reason:
        return sheet.rule_link(condition.denial_reason)
    return sheet.word("state") if condition.tests[0].term in DOCUMENT_TERMS else sheet.rule_link(DEFAULT)


def _givers(sheet: Sheet, key: str, entry: Entry) -> None:
    """Of a reason, the rules that give it."""
    found = [
        r.key
        for r in _rules().values()
        if (r.name == key != r.key) or any(c.denial_reason == key for c in r.conditions if r.scope == "field")
    ]
    if entry["rule_scope"] == "reason" and found:
        sheet.add(md.heading(2, sheet.word("given_by"), "given-by"), sheet.listed(map(sheet.rule_link, found)))


def _profiles(sheet: Sheet, rule: Rule) -> None:
    if rule.scope == "field":
        badges = [sheet.badge(name) for name in sheet.book.profiles if rule.name in recipients.granting(name)]
        sheet.add(md.heading(2, sheet.word("may_grant"), "profiles"), " ".join(badges) or sheet.sentence("unused"))
