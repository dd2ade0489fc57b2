"""What a municipality, another company and the public could get of a value, in words: from the rules of disclosure."""

from __future__ import annotations

from machimori.catalogue.terms import INHERITED
from machimori.privacy.decision import policy, recipients

NOTHING = {"en": "nothing", "ja": "なし"}
FORMS = {
    "identified": {"en": "the record", "ja": "記録そのもの"},
    "pseudonymised": {"en": "under pseudonyms", "ja": "仮名にしたもの"},
    "anonymised": {"en": "coarsened, without identifiers", "ja": "粗くし、識別子を除いたもの"},
    "statistics": {"en": "statistics", "ja": "統計"},
}
COLON = {"en": ": ", "ja": "："}


def audience(profile: str) -> list[list[dict[str, str]]]:
    """Texts for each, in both languages."""
    if profile == INHERITED:
        return [[NOTHING]] * 3
    return [_gets(profile, "government"), _gets(profile, "third_party"), _gets(profile, "third_party", anybody=True)]


def _gets(profile: str, requester: str, *, anybody: bool = False) -> list[dict[str, str]]:
    """The strongest form that each rule may give; ``anybody`` only what is given without condition."""
    rules: dict[str, tuple[str, recipients.Grant]] = {}
    for form in policy.FORMS:
        for grant in recipients.granted(profile, requester, form):
            if not anybody or not grant.conditions:
                rules[grant.rule] = (form, grant)
    return [_text(form, grant) for form, grant in reversed(rules.values())] or [NOTHING]


def _text(form: str, grant: recipients.Grant) -> dict[str, str]:
    if not grant.conditions:
        return FORMS[form]
    return {language: f"{FORMS[form][language]}{COLON[language]}{grant.when[language]}" for language in COLON}
