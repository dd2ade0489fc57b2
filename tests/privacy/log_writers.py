"""Writers of a log, each a process of its own: ``python log_writers.py URL KEY``.

For every path on standard input one more writer starts, and its process id is printed. A writer appends until it is killed,
and writes each receipt to its file after it got it, so that the file says no more than what was acknowledged. They are forked
from here, where everything is imported already, so that many can be killed within a second.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from machimori.privacy.decision.decision import Decision, Granted
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store

POWER = "urn:machimori:org:minato-power"
HOLDING = {
    "type": "Holding",
    "id": "urn:machimori:holding:1",
    "holder": {"id": POWER, "kind": "company", "country": "JP"},
    "collector": {"id": POWER, "kind": "company", "country": "JP"},
}
REQUEST: dict[str, Any] = {
    "type": "DisclosureRequest",
    "id": "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04",
    "at": "2026-04-01T09:00:00+09:00",
    "requester": {"id": POWER, "kind": "company"},
    "role": "own_service",
    "purpose": "billing",
    "form": "identified",
    "entity": "ElectricityUse",
    "fields": ["energy"],
    "subject": "urn:machimori:customer:17",
}
DECISION = Decision(
    request=REQUEST["id"],
    at="2026-04-01T09:00:00+09:00",
    form="identified",
    rule="own-service",
    basis="law",
    sources=(),
    law_version="2026-11-02",
    granted=(Granted("energy", "as_is", "own-service"),),
    withheld=(),
    obligations=("log",),
    strongest_permitted="identified",
    message={},
)


def rehearse(url: str, key: str) -> None:
    """Write one entry, so that everything is imported and read, and close the store: no connection may be inherited."""
    store = open_store(url, read_holding(HOLDING), key=key)
    store.log.append(store.log.entry(REQUEST, DECISION))
    store.close()


def write(url: str, key: str, file: str) -> None:
    log = open_store(url, read_holding(HOLDING), key=key).log
    entry = log.entry(REQUEST, DECISION)
    receipts = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    while True:
        receipt = log.append(entry)
        os.write(receipts, f"{receipt.log_sequence} {receipt.entry_digest}\n".encode())


def main() -> None:
    url, key = sys.argv[1:]
    rehearse(url, key)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        writer = os.fork()
        if writer == 0:
            try:
                write(url, key, line.strip())
            except Exception as error:  # noqa: BLE001  the test reads it
                Path(f"{line.strip()}.error").write_text(f"{type(error).__name__}: {error}")
            os._exit(1)
        print(writer, flush=True)


if __name__ == "__main__":
    main()
