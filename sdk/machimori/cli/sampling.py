"""``machimori sample``."""

from __future__ import annotations

import json
import sys

from machimori import catalogue
from machimori.cli.statuses import Status
from machimori.validation import sampling

LINE = {"en": "line {number}: {code} {name}", "ja": "{number}行目：{code} {name}（{title}）"}


def sample(entity: str, count: int, seed: int, invalid: bool, code: str | None, language: str) -> int:
    """Print ``count`` records as NDJSON; the codes that invalid ones break go to standard error."""
    if not invalid:
        for record in sampling.valid(entity, count, seed):
            print(json.dumps(record, ensure_ascii=False))
        return Status.GOOD
    for number, (broken, record) in enumerate(sampling.broken(entity, count, seed, code), 1):
        print(json.dumps(record, ensure_ascii=False))
        held = catalogue.codes()[broken]
        said = LINE[language].format(number=number, code=broken, name=held["name"], title=held["title"][language])
        print(said, file=sys.stderr)
    return Status.GOOD
