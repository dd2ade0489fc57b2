"""A call of the command line in this process: status, standard output, standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from machimori.cli.run import main


class Answer(NamedTuple):
    status: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture(scope="session", autouse=True)
def drawn_alike() -> Iterator[None]:
    """Statistics of every store draw under one secret, so that each run decides the same way."""
    from machimori.privacy.log import keys

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "secrets", SimpleNamespace(token_bytes=lambda size: bytes(range(size))))
        yield


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.delenv("MACHIMORI_LANG", raising=False)
    monkeypatch.delenv("MACHIMORI_DEBUG", raising=False)

    def called(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        status = main([str(a) for a in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = capfd.readouterr()
        return Answer(status, out, err)

    return called
