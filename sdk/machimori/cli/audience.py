"""What a municipality, another company and the public could get of a value, in words: from the rules of disclosure."""

from __future__ import annotations

from machimori.catalogue.paths import INHERITED
from machimori.messages import Message
from machimori.privacy.decision import recipients

NOTHING = Message("nothing")
FORMS = {
    "identified": Message("the record"),
    "pseudonymised": Message("under pseudonyms"),
    "anonymised": Message("coarsened, without identifiers"),
    "statistics": Message("statistics"),
}


def audience(profile: str) -> list[list[Message]]:
    """Sentences for each."""
    if profile == INHERITED:
        return [[NOTHING]] * 3
    return [_gets(profile, "government"), _gets(profile, "third_party"), _gets(profile, "third_party", anybody=True)]


def _gets(profile: str, requester: str, *, anybody: bool = False) -> list[Message]:
    """The strongest form that each rule may give; ``anybody`` only what is given without condition."""
    rules: dict[str, tuple[str, recipients.Grant]] = {}
    for form in recipients.FORMS:
        for grant in recipients.granted(profile, requester, form):
            if not anybody or not grant.conditions:
                rules[grant.rule] = (form, grant)
    return [_text(form, grant) for form, grant in reversed(rules.values())] or [NOTHING]


def _text(form: str, grant: recipients.Grant) -> Message:
    return Message("{form}: {when}", form=FORMS[form], when=grant.when) if grant.conditions else FORMS[form]
