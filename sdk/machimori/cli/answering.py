"""``machimori counsel``: demands with legal force, and what people answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from machimori.cli.statuses import Status
from machimori.cli.stores import WITHHELD, opened, print_table
from machimori.standards.time import written

if TYPE_CHECKING:
    from machimori.privacy.store.counsel import Item

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "heads": ("id", "since", "requester", "class", "purpose", "form", "status"),
        "open": "open",
        "released": "released",
        "refused": "refused",
        "answered": "{answer}: {item}, entry {sequence} of the log",
    },
    "ja": {
        "heads": ("識別子", "受付", "請求者", "クラス", "利用目的", "形", "状態"),
        "open": "未回答",
        "released": "提供",
        "refused": "拒否",
        "answered": "{answer}：{item}（記録簿の記載{sequence}）",
    },
}


def items(store: str, holder: str, every: bool, as_json: bool, show_values: bool, language: str) -> int:
    """Print what waits, or everything."""
    words = WORDS[language]
    with opened(store, holder) as held:
        found = held.counsel.items() if every else held.counsel.waiting()
    if as_json:
        for item in found:
            print(json.dumps(_record(item, show_values), ensure_ascii=False))
    elif found:
        heads = words["heads"] + (("subject",) if show_values else ())
        rows = []
        for item in found:
            asked = item.request
            row = (
                item.id,
                written(item.referred),
                asked.requester.id,
                asked.entity or "",
                asked.purpose or "",
                asked.form,
            )
            rows.append((*row, words[item.status]) + ((asked.subject or "",) if show_values else ()))
        print_table(heads, rows)
    return Status.GOOD


def answer(
    item: str, by: str, reason: str, release: bool, store: str, holder: str, key: str | None, language: str
) -> int:
    """Release or refuse."""
    words = WORDS[language]
    with opened(store, holder, key) as held:
        receipt = held.counsel.answer(item, by, reason, release)
    answered = words["released" if release else "refused"]
    print(words["answered"].format(answer=answered, item=item, sequence=receipt.log_sequence))
    return Status.GOOD


def _record(item: Item, show_values: bool) -> dict[str, Any]:
    request = {k: v for k, v in msgspec.to_builtins(item.request).items() if v is not None}
    if "subject" in request and not show_values:
        request["subject"] = WITHHELD
    answered = {"at": item.answered, "by": item.answered_by, "reason": item.reason} if item.answered else None
    return {
        "id": item.id,
        "status": item.status,
        "request": request,
        "decision": item.decision.data(),
        **({"answer": {**answered, "at": written(item.answered)}} if answered and item.answered else {}),
    }
