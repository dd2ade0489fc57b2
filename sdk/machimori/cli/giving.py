"""``machimori disclose``: the permitted views of records, as NDJSON."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from machimori.cli import deciding
from machimori.cli.output import opened
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.cli.terminal import ReadingBar
from machimori.errors import InvalidDocumentError, UnreadableError
from machimori.privacy.gate import WrongFormError
from machimori.privacy.pseudonym_keys import read_keys
from machimori.validation import opening

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
    asked = deciding.text_of(request)
    secret = read_keys(Path(keys)) if keys else None
    bar = ReadingBar()
    try:
        gate = deciding.gate_of_files(holder, consents, orders, agreements, now)
        gate.secret = secret
        given = gate.disclose(_lines(records, bar), asked, budget=budget)
    except InvalidDocumentError as error:
        deciding.refused(error, language)
        return Status.WRONG_CALL
    except WrongFormError:
        raise CallError(
            "statistics are computed by `machimori statistics`", "統計は`machimori statistics`で作成してください"
        ) from None
    print(f"{given.decision.form} ({given.decision.rule}): {given.decision.message[language]}", file=sys.stderr)
    if given.decision.denied:
        return Status.REFUSED
    with opened(out) as stream:
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


def _lines(path: str, bar: ReadingBar) -> Iterator[bytes]:
    """The records of a file or of standard input one by one; a JSON array is read whole."""
    try:
        with opening.opened(path) as raw:
            source = opening.Bytes(raw, path, bar.follow(path))
            stream: Any = io.BufferedReader(source, 1 << 20)
            if stream.peek(64)[:64].lstrip(b"\r\n\t ")[:1] == b"[":
                from machimori.privacy.record_lines import lines_of

                yield from lines_of(stream.read())[0]
            else:
                yield from filter(bytes.strip, stream)
            if source.fault is not None:
                raise UnreadableError(Path(path).name, source.fault.text("en"))
    except OSError as error:
        raise UnreadableError(Path(path).name, error.strerror or type(error).__name__) from None
