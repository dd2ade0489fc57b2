"""Keys of pseudonyms: each month has its own, a rotation cuts what could be joined, and a gap is a denial."""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.privacy.gate import world
from tests.programs import POSIX

from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeys, PseudonymKeysError, read_keys, rotate
from machimori.privacy.disclosure.transforms import Pseudonyms
from machimori.privacy.gate import Gate

MONTHS = st.builds("{}-{:02}".format, st.integers(2000, 2199), st.integers(1, 12))
SCOPES = st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=8), MONTHS)
TRIP = {
    "type": "Trip",
    "id": "urn:machimori:trip:1",
    "traveller": "urn:machimori:person:17",
    "started_at": "2026-03-03T08:15:00+09:00",
    "mode": "rail",
}


def file_of(path: Path, entries: Any, mode: int = 0o600) -> Path:
    path.write_text(entries if isinstance(entries, str) else json.dumps({"keys": entries}))
    path.chmod(mode)
    return path


def entry(month: Any, key: bytes = b"k" * 32) -> dict[str, Any]:
    return {"id": month, "secret": base64.urlsafe_b64encode(key).decode().rstrip("=")}


def traveller(keys: PseudonymKeys, at: str) -> str | None:
    """The pseudonym that the operator's laboratory gets for the traveller at a moment; ``None`` for a denial."""
    gate = Gate(world.holding("railway"), clock=lambda: datetime.fromisoformat(at).timestamp(), secret=keys)
    asked = world.request(
        "railway", "Trip", "research", "pseudonymised", role="own_service", fields=["traveller", "mode"]
    )
    given_ = gate.disclose([TRIP], asked)
    if given_.decision.denied:
        assert given_.decision.rule == "error"
        assert list(given_) == []
        return None
    (view,) = given_
    return str(view["traveller"])


@pytest.mark.full
@given(months=st.dictionaries(MONTHS, st.binary(min_size=32, max_size=32), min_size=1, max_size=6), asked=MONTHS)
def test_a_month_has_the_key_that_was_newest_in_it(months: dict[str, bytes], asked: str) -> None:
    before = [m for m in months if m <= asked]
    assert PseudonymKeys(months).of(asked) == (months[max(before)] if before else None)


@pytest.mark.full
@given(one=SCOPES, other=SCOPES, value=st.text(max_size=20))
def test_no_two_scopes_share_a_pseudonym(one: tuple[str, str, str], other: tuple[str, str, str], value: str) -> None:
    found = Pseudonyms(b"s" * 32, *one).of(value)
    assert found == Pseudonyms(b"s" * 32, *one).of(value)
    assert (found == Pseudonyms(b"s" * 32, *other).of(value)) == ("\0".join(one) == "\0".join(other))
    assert found != Pseudonyms(b"t" * 32, *one).of(value)


def test_the_life_of_a_key(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = rotate(file, "2026-04")
    april = traveller(first, "2026-04-15T12:00:00+09:00")
    may = traveller(first, "2026-05-15T12:00:00+09:00")
    assert april
    assert may
    assert april != may
    second = rotate(file, "2026-05")
    assert second.months == ["2026-04", "2026-05"]
    assert traveller(second, "2026-04-30T23:59:59+09:00") == april
    assert traveller(second, "2026-05-01T00:00:00+09:00") not in (None, april, may)
    assert traveller(second, "2026-03-31T23:59:59+09:00") is None
    held = json.loads(file.read_text())["keys"]
    without_april = read_keys(file_of(file, held[1:]))
    assert traveller(without_april, "2026-04-15T12:00:00+09:00") is None


def test_a_rotation_keeps_every_key_and_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    kept = [rotate(file, f"2026-{n:02}").of("2026-01") for n in range(1, 8)]
    assert len(set(kept)) == 1
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("month", ["2026-04", "2025-12"])
def test_a_month_that_has_begun_keeps_its_key(month: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    rotate(file, "2026-04")
    before = file.read_bytes()
    with pytest.raises(PseudonymKeysError) as caught:
        rotate(file, month)
    assert caught.value.reason == "not-later"
    assert file.read_bytes() == before


BAD = {
    "empty": ("", "no-keys"),
    "no list": ([], "no-keys"),
    "no month": ([entry("newest")], "no-keys"),
    "month with a line break": ([entry("2026-04\n")], "no-keys"),
    "short": ([entry("2026-04", b"k" * 16)], "no-keys"),
    "not base64": ([{"id": "2026-04", "secret": "canary-ü"}], "no-keys"),
    "a month twice": ([entry("2026-04"), entry("2026-04", b"j" * 32)], "twice"),
    "a key twice": ([entry("2026-04"), entry("2026-05")], "twice"),
    "deep": ("[" * 100_000, "no-keys"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_holds_no_keys_is_refused_without_showing_it(name: str, tmp_path: Path) -> None:
    entries, reason = BAD[name]
    file = file_of(tmp_path / "keys.json", entries)
    for use in (read_keys, lambda f: rotate(f, "2026-12")):
        with pytest.raises(PseudonymKeysError) as caught:
            use(file)
        assert caught.value.reason == reason
        assert "canary" not in str(caught.value)
        assert "kkkk" not in str(caught.value)


@POSIX
def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PseudonymKeysError, match="chmod 600"):
        read_keys(file_of(tmp_path / "keys.json", [entry("2026-04")], 0o640))


def test_a_representation_shows_no_key() -> None:
    assert repr(PseudonymKeys({"2026-04": b"secret" * 6})) == "PseudonymKeys(2026-04)"
