"""``machimori decide``: the decision on one request, from files."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli.inputs import text_of
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.errors import InvalidDocumentError, UnreadableError
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents
from machimori.privacy.gate import Gate
from machimori.standards.time import moment
from machimori.validation.record import validate

SAID = {
    "en": {
        "given": "given as {form}",
        "denied": "denied",
        "partly": "{count} of {all} fields",
        "rule": "rule",
        "why": "why",
        "sources": "sources",
        "granted": "granted",
        "withheld": "withheld",
        "bound": "obligations",
        "until": "delete by",
        "strongest": "strongest form permitted",
        "none": "none",
    },
    "ja": {
        "given": "{form}として渡す",
        "denied": "拒否",
        "partly": "{all}項目のうち{count}項目",
        "rule": "規則",
        "why": "理由",
        "sources": "出典",
        "granted": "渡す項目",
        "withheld": "渡さない項目",
        "bound": "義務",
        "until": "消去期限",
        "strongest": "認められる最も強い形",
        "none": "なし",
    },
}


def decide(
    request: str,
    *,
    holder: str,
    consents: str | None,
    orders: str | None,
    agreements: str | None,
    budget: float | None,
    k: int | None,
    now: str | None,
    as_json: bool,
    language: str,
) -> int:
    """Decide and print; 0 for a grant, also a partial one, 1 for a denial, 2 for what is no request."""
    asked = text_of(request)
    try:
        gate = gate_of_files(holder, consents, orders, agreements, now)
        decision = gate.decide(asked, k=k, budget=budget)
    except InvalidDocumentError as error:
        refused(error, language)
        return Status.WRONG_CALL
    if as_json:
        print(decision.json().decode())
    else:
        show(decision, language)
    return Status.REFUSED if decision.denied else Status.GOOD


def gate_of_files(
    holder: str, consents: str | None, orders: str | None, agreements: str | None, now: str | None
) -> Gate:
    """The gate of a holder with the documents that the files hold."""
    known = read_holding(text_of(holder))
    lines = [line for path in (consents, orders) if path for line in text_of(path).splitlines()]
    register = Register(tuple(documents(lines, known)), tuple(agreements_of(agreements)) if agreements else ())
    at = time_of(now)
    return Gate(known, register=register, clock=(lambda: at) if at is not None else time.time)


def agreements_of(path: str) -> list[dict[str, Any]]:
    """The agreements of a JSON array; each must comply with class ``Agreement``."""
    try:
        held = json.loads(text_of(path))
    except (ValueError, RecursionError):
        raise UnreadableError(Path(path).name, "not JSON") from None
    held = held if isinstance(held, list) else [held]
    for one in held:
        report = validate(one, "Agreement")
        if not report.ok:
            raise InvalidDocumentError("Agreement", report.issues)
    return held


def time_of(now: str | None) -> float | None:
    """The moment given with ``--now``."""
    if now is None:
        return None
    at = moment(now)
    if at is None:
        raise CallError(
            "--now takes an RFC 3339 time with offset", "--nowにはオフセット付きの日時（RFC 3339）を指定してください"
        )
    return at


def refused(error: InvalidDocumentError, language: str) -> None:
    """Say what keeps a document from being one."""
    print(str(error), file=sys.stderr)
    for issue in error.issues:
        print(f"  {issue.code} {issue.path or '/'}: {issue.text(language)}", file=sys.stderr)


def show(decision: Decision, language: str) -> None:
    """Print a decision for people."""
    from machimori.cli.terminal import console

    said, out = SAID[language], console()
    forms = catalogue.enumeration("DecisionForm").values

    def title(form: str) -> str:
        return forms[form].title.text(language)

    count, total = len(decision.granted), len(decision.granted) + len(decision.withheld)
    head = said["denied"] if decision.denied else said["given"].format(form=title(decision.form))
    if 0 < count < total:
        head += (
            f" ({said['partly'].format(count=count, all=total)})"
            if language == "en"
            else f"（{said['partly'].format(count=count, all=total)}）"
        )
    out.print(head, style="bold red" if decision.denied else "bold green")
    rows = [
        (said["why"], decision.text(language)),
        (said["rule"], decision.rule),
        (said["sources"], "; ".join(decision.sources)),
        *((said["granted"], f"{g.field}  {g.transform}  ({g.rule})") for g in decision.granted),
        *((said["withheld"], f"{w.field}  ({w.rule})") for w in decision.withheld),
        (said["bound"], ", ".join(decision.obligations)),
        *([(said["until"], decision.delete_by)] if decision.delete_by else []),
        (said["strongest"], title(decision.strongest_permitted)),
    ]
    width = max(len(name) for name, _ in rows)
    previous = ""
    for name, text in rows:
        out.print(f"  {name if name != previous else '':<{width}}  {text}")
        previous = name
