"""What a municipality, another company and the public could get of a value, in words: from the rules of disclosure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machimori import messages
from machimori.catalogue.paths import INHERITED
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.privacy.decision.recipients import Grant

Words = dict[str, str]
"""A text in every language."""
NOTHING = msgid("nothing", context="what somebody may receive")
FORMS = {
    "identified": msgid("the record"),
    "pseudonymised": msgid("under pseudonyms"),
    "anonymised": msgid("coarsened, without identifiers"),
    "statistics": msgid("statistics"),
}


def audience(profile: str) -> list[list[Words]]:
    """Texts for each, in every language."""
    if profile == INHERITED:
        return [[_said(NOTHING)]] * 3
    return [_gets(profile, "government"), _gets(profile, "third_party"), _gets(profile, "third_party", anybody=True)]


def _gets(profile: str, requester: str, *, anybody: bool = False) -> list[Words]:
    """The strongest form that each rule may give; ``anybody`` only what is given without condition."""
    from machimori.privacy.decision import recipients

    rules: dict[str, tuple[str, Grant]] = {}
    for form in recipients.FORMS:
        for grant in recipients.granted(profile, requester, form):
            if not anybody or not grant.conditions:
                rules[grant.rule] = (form, grant)
    return [_text(form, grant) for form, grant in reversed(rules.values())] or [_said(NOTHING)]


def _text(form: str, grant: Grant) -> Words:
    if not grant.conditions:
        return _said(FORMS[form])

    def conditional(language: str) -> str:
        given, when = messages.text(language, FORMS[form]), messages.of(grant.when, language)
        return messages.text(language, "{given}: {when}", given=given, when=when)

    return {language: conditional(language) for language in messages.languages()}


def _said(text: str) -> Words:
    return {language: messages.text(language, text) for language in messages.languages()}
