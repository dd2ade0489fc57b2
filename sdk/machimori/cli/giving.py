"""``machimori disclose``: the permitted views of records, as NDJSON."""

from __future__ import annotations

import sys
from pathlib import Path

from machimori.cli import deciding
from machimori.cli.inputs import text_of
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.cli.terminal import ReadingBar
from machimori.errors import InvalidDocumentError
from machimori.files import writing
from machimori.privacy.disclosure.disclosure import WrongFormError
from machimori.privacy.disclosure.pseudonym_keys import read_keys
from machimori.records import lines, opening

SAID = {
    "en": {"released": "released", "skipped": "left out"},
    "ja": {"released": "開示", "skipped": "除外"},
}
REASONS_JA = {
    "other-class": "別のクラス",
    "other-person": "別の本人",
    "outside-area": "区域外",
    "small-group": "小さい集団",
    "unreadable": "読めない",
}


def disclose(
    records: str,
    *,
    request: str,
    holder: str,
    consents: str | None,
    orders: str | None,
    agreements: str | None,
    keys: str | None,
    budget: float | None,
    now: str | None,
    out: str,
    language: str,
) -> int:
    """Release what is permitted; 0 for a grant, 1 for a denial, 2 for what is no request."""
    asked = text_of(request)
    secret = read_keys(Path(keys)) if keys else None
    bar = ReadingBar()
    with opening.held(records) as source:
        try:
            gate = deciding.gate_of_files(holder, consents, orders, agreements, now)
            gate.secret = secret
            given = gate.disclose(lines.lines_of_input(source, bar.follow(records)), asked, budget=budget)
        except InvalidDocumentError as error:
            deciding.refused(error, language)
            return Status.WRONG_CALL
        except WrongFormError:
            raise CallError(
                "statistics are computed by `machimori statistics`", "統計は`machimori statistics`で作成してください"
            ) from None
        print(f"{given.decision.form} ({given.decision.rule}): {given.decision.text(language)}", file=sys.stderr)
        if given.decision.denied:
            return Status.REFUSED
        with writing(out, private=True) as stream:
            for view in given:
                stream.write(view + b"\n")
    bar.clear()
    left_out = ", ".join(f"{r if language == 'en' else REASONS_JA.get(r, r)} {n}" for r, n in given.skipped.items())
    said = SAID[language]
    print(
        f"{said['released']} {given.released}" + (f"; {said['skipped']}: {left_out}" if left_out else ""),
        file=sys.stderr,
    )
    return Status.GOOD
