"""``machimori consent``, ``order``, ``agreement`` and ``expire``: the documents of the holder's store."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

from machimori.cli.inputs import text_of
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.cli.stores import at_moment, opened, print_records, print_table
from machimori.errors import MachimoriError, UnreadableError
from machimori.privacy.decision.documents import ORDERS
from machimori.standards.time import DURATION, moment

__all__ = ["ORDERS", "add_agreements", "add_signed", "agreements", "consents", "expire", "orders", "withdraw"]

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "kept": "{count} kept",
        "line": "line {number}: {why}",
        "class": "a {found} is kept by another command",
        "withdrawn": "withdrawn: {id}",
        "unknown": "note: no consent of that id is here; one that comes later counts as withdrawn",
        "expired": "deleted: {consents} consents, {orders} orders, {agreements} agreements, {demands} answered demands",
        "heads": ("id", "kind", "recipient", "purposes", "fields", "until", "state"),
        "states": {"in_force": "in force", "not_yet": "not yet", "ended": "ended", "withdrawn": "withdrawn"},
    },
    "ja": {
        "kept": "{count}件を登録しました。",
        "line": "{number}行目：{why}",
        "class": "{found}は別のコマンドで登録してください。",
        "withdrawn": "撤回を登録しました：{id}",
        "unknown": "注意：その識別子の同意はありません。後に登録されても撤回されたものとして扱います。",
        "expired": "消去：同意{consents}件、命令等{orders}件、合意{agreements}件、回答済みの求め{demands}件",
        "heads": ("識別子", "種別", "提供先", "利用目的", "項目", "期限", "状態"),
        "states": {"in_force": "有効", "not_yet": "開始前", "ended": "終了", "withdrawn": "撤回"},
    },
}  # fmt: skip


def add_signed(file: str, store: str, holder: str, classes: tuple[str, ...], language: str) -> int:
    """Keep every line that is a signed document of these classes; 1 if one was refused."""
    from machimori.privacy.decision.signatures import documents

    words = WORDS[language]
    lines = text_of(file).splitlines()
    kept = refused = 0
    with opened(store, holder) as held:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found = next((d.class_name for d in documents([line], held.holding)), None)
            try:
                if found is not None and found not in classes:
                    text = {k: WORDS[k]["class"].format(found=found) for k in WORDS}
                    raise CallError(text["en"], text["ja"])
                held.add_signed(line)
                kept += 1
            except MachimoriError as error:
                refused += 1
                print(words["line"].format(number=number, why=error.text(language)), file=sys.stderr)
    print(words["kept"].format(count=kept))
    return Status.REFUSED if refused else Status.GOOD


def add_agreements(file: str, store: str, holder: str, language: str) -> int:
    """Keep agreements; nothing after the first that is refused."""
    try:
        found = json.loads(text_of(file))
    except (ValueError, RecursionError):
        raise UnreadableError(file, "not JSON") from None
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(r, dict) for r in records):
        raise UnreadableError(file, "not a list of objects")
    with opened(store, holder) as held:
        for record in records:
            held.add_agreement(record)
    words = WORDS[language]
    print(words["kept"].format(count=len(records)))
    return Status.GOOD


def withdraw(consent: str, store: str, holder: str, at: str | None, language: str) -> int:
    """Keep a withdrawal."""
    words = WORDS[language]
    moment_ = at_moment(at)
    with opened(store, holder) as held:
        known = held.withdraw(consent, moment_)
    print(words["withdrawn"].format(id=consent))
    if not known:
        print(words["unknown"], file=sys.stderr)
    return Status.GOOD


def consents(store: str, holder: str, subject: str | None, as_json: bool, show_values: bool, language: str) -> int:
    """Print consents."""
    with opened(store, holder) as held:
        found, register = held.consents(subject), held.register()
    withdrawn = [register.withdrawn_at(d) for d in found]
    return _printed([d.data for d in found], as_json, show_values, language, withdrawn)


def orders(store: str, holder: str, as_json: bool, show_values: bool, language: str) -> int:
    """Print orders and demands."""
    with opened(store, holder) as held:
        found = held.orders()
    return _printed([d.data for d in found], as_json, show_values, language)


def agreements(store: str, holder: str, as_json: bool, show_values: bool, language: str) -> int:
    """Print agreements."""
    with opened(store, holder) as held:
        found = held.agreements()
    return _printed(list(found), as_json, show_values, language)


def expire(store: str, holder: str, key: str | None, retention: str | None, language: str) -> int:
    """Delete what is past its retention."""
    if retention is not None and not (DURATION.fullmatch(retention) and retention[-1] not in "PT"):
        raise CallError(
            "--retention takes an ISO 8601 duration like P3Y",
            "--retentionにはP3YのようなISO 8601の期間を指定してください。",
        )
    with opened(store, holder, key) as held:
        counts = held.expire(time.time(), retention)
    words = WORDS[language]
    print(words["expired"].format(**counts))
    return Status.GOOD


def _printed(
    records: list[Mapping[str, Any]],
    as_json: bool,
    show_values: bool,
    language: str,
    withdrawn: Iterable[float | None] = repeat(None),
) -> int:
    words = WORDS[language]
    if as_json:
        print_records(records, show_values)
    elif records:
        heads = words["heads"] + (("subject",) if show_values else ())
        rows = []
        for r, at in zip(records, withdrawn, strict=False):
            state = words["states"][_state(r, at)]
            row = (
                r["id"],
                r.get("kind") or r["type"],
                _recipient(r),
                *_lists(r),
                r.get("expires_at") or r["ends_at"],
                state,
            )
            rows.append(row + ((str(r.get("subject") or ""),) if show_values else ()))
        print_table(heads, rows)
    return Status.GOOD


def _lists(record: Mapping[str, Any]) -> tuple[str, str]:
    return ", ".join(record.get("purposes") or ()), ", ".join(record.get("fields") or ())


def _recipient(record: Mapping[str, Any]) -> str:
    found = record.get("recipient") or record.get("authority") or record.get("issued_by") or ""
    return str(found["id"] if isinstance(found, Mapping) else found)


def _state(record: Mapping[str, Any], withdrawn: float | None) -> str:
    now = time.time()
    begins = moment(record.get("given_at") or record.get("starts_at"))
    ends = moment(record.get("expires_at") or record.get("ends_at"))
    if withdrawn is not None and withdrawn <= now:
        return "withdrawn"
    if ends is None or ends <= now:
        return "ended"
    return "in_force" if begins is not None and begins <= now else "not_yet"
