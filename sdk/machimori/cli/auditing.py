"""``machimori log``."""

from __future__ import annotations

import json
import sys

from machimori.cli.inputs import text_of
from machimori.cli.statuses import Status
from machimori.cli.stores import opened
from machimori.privacy.log.wording import sentence, unfinished

WORDS = {
    "en": {"good": "the log is as it was written: {size} entries", "bad": "{count} findings", "none": "no entries"},
    "ja": {
        "good": "記録簿に改変はありません（{size}件）。",
        "bad": "指摘{count}件",
        "none": "記載はありません。",
    },
}


def verify(store: str, holder: str | None, key: str | None, published: str | None, language: str) -> int:
    """Print what is not as it was written; 1 if there is anything."""
    words = WORDS[language]
    points = [line for line in text_of(published).splitlines() if line.strip()] if published else []
    with opened(store, holder, key) as held:
        findings = held.log.verify(points)
        for finding in findings:
            print(finding.text(language))
        if not findings:
            print(words["good"].format(size=held.log.size()))
            return Status.GOOD
    print(words["bad"].format(count=len(findings)), file=sys.stderr)
    return Status.REFUSED


def entries(store: str, holder: str | None, key: str | None, subject: str | None, as_json: bool, language: str) -> int:
    """Print entries in words, or as records."""
    printed: set[int] = set()
    with opened(store, holder, key) as held:
        for entry in held.log.entries(subject):
            printed.add(entry["log_sequence"])
            if as_json:
                print(json.dumps(entry, ensure_ascii=False))
            else:
                print(f"{entry['log_sequence']}  {sentence(entry, language)}")
        for entry in held.log.unfinished():
            if entry["log_sequence"] in printed:
                print(unfinished(entry, language), file=sys.stderr)
    if not printed:
        print(WORDS[language]["none"], file=sys.stderr)
    return Status.GOOD


def report(store: str, holder: str | None, key: str | None, year: int | None) -> int:
    """Print the transparency report as JSON."""
    with opened(store, holder, key) as held:
        print(json.dumps(held.report(year), ensure_ascii=False, indent=1))
    return Status.GOOD


def checkpoint(store: str, holder: str | None, key: str | None) -> int:
    """Print the signed checkpoint."""
    with opened(store, holder, key) as held:
        print(held.log.checkpoint())
    return Status.GOOD
