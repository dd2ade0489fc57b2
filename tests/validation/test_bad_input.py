"""Bad input is normal input: every fault has a code and a line, and takes no other record with it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard

import machimori as mm
from machimori.records import array_elements, json_text, splitting
from machimori.validation.explanation import HINTS

STOP = {"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町"}
GOOD = json.dumps(STOP, ensure_ascii=False).encode()
WITNESS = json.dumps({**STOP, "witness": 1}, ensure_ascii=False).encode()
"""A record with a fault of its own, put behind the bad text: it is reported only if it was judged."""


def found(content: bytes, tmp_path: Path, name: str = "data.ndjson") -> list[tuple[str, int | None]]:
    path = tmp_path / name
    path.write_bytes(content)
    return [(i.code, i.line) for i in mm.validate_stream(path).issues]


LINES = {
    "truncated": (GOOD[:-10], "MM001"),
    "truncated in a string": (GOOD[: GOOD.index(b"stop")], "MM001"),
    "not UTF-8": (b'{"type": "TransitStop", "name": "\xff"}', "MM002"),
    "CP932": ('{"type": "TransitStop", "name": "港町"}'.encode("cp932"), "MM002"),
    "NaN": (b'{"type": "TransitStop", "x": NaN}', "MM005"),
    "infinity": (b'{"type": "TransitStop", "x": -Infinity}', "MM005"),
    "a number beyond double": (b'{"type": "TransitStop", "x": 1e400}', "MM005"),
    "a number of 5,000 digits": (b'{"type": "TransitStop", "x": ' + b"9" * 5000 + b"}", "MM005"),
    "100,000 levels": (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "MM006"),
    "100,000 levels that never close": (b'{"x": ' + b"[" * 100_000, "MM006"),
    "a number alone": (b"17", "MM008"),
    "a text alone": (b'"TransitStop"', "MM008"),
    "null": (b"null", "MM008"),
    "a list in the middle": (b"[1, 2]", "MM008"),
    "no JSON at all": (b"<html>", "MM001"),
    "a lone surrogate": (b'{"type": "TransitStop", "name": "\\ud800"}', "MM001"),
    "two objects in a line": (GOOD + GOOD, "MM001"),
    "single quotes": (b"{'type': 'TransitStop'}", "MM001"),
    "a control character": (b'{"type": "Transit\x01Stop"}', "MM001"),
    "no type": (b"{}", "MM105"),
    "a type that nobody knows": (b'{"type": "Nothing"}', "MM106"),
    "an abstract type": (b'{"type": "DemandResponseSignal"}', "MM107"),
    "a type that is no text": (b'{"type": 17}', "MM103"),
}


@pytest.mark.parametrize(("line", "code"), LINES.values(), ids=LINES)
def test_a_bad_line_is_told_and_the_rest_is_judged(line: bytes, code: str, tmp_path: Path) -> None:
    content = b"\n".join([GOOD, line, b"", WITNESS, GOOD]) + b"\n"
    assert found(content, tmp_path) == [(code, 2), ("MM102", 4)]


@pytest.mark.parametrize(
    ("line", "code"),
    [v for k, v in LINES.items() if k != "a list in the middle"],
    ids=[k for k in LINES if k[:6] != "a list"],
)
def test_a_bad_first_line_is_told_and_the_rest_is_judged(line: bytes, code: str, tmp_path: Path) -> None:
    assert found(b"\n".join([line, WITNESS, GOOD]) + b"\n", tmp_path) == [(code, 1), ("MM102", 2)]


ELEMENTS = {
    **{k: v for k, v in LINES.items() if k != "100,000 levels that never close"},
    "nothing between two commas": (b"", "MM001"),
}
LAYOUTS = {"a line each": b",\n", "indented": b",\n  ", "in one line": b", "}
CUT_OFF = ("truncated", "truncated in a string")
"""Told only by the column of the next: in one line nobody can know where such an object was to end."""
CASES = [(e, y) for e in ELEMENTS for y in LAYOUTS if e not in CUT_OFF or y != "in one line"]


@pytest.mark.parametrize(("element", "layout"), CASES, ids=[f"{e}, {y}" for e, y in CASES])
def test_a_bad_element_of_an_array_is_told_and_the_rest_is_judged(element: str, layout: str, tmp_path: Path) -> None:
    text, code = ELEMENTS[element]
    between = LAYOUTS[layout]
    content = b"[" + between[1:] + between.join([GOOD, text, WITNESS, GOOD]) + b"]"
    line = 0 if layout == "in one line" else 1
    assert found(content, tmp_path) == [(code, 1 + 2 * line), ("MM102", 1 + 3 * line)]


FILES = {
    "empty": (b"", [("MM009", 1)]),
    "blank lines alone": (b"\n \r\n\n", [("MM009", 1)]),
    "an empty array": (b"[]", [("MM009", 1)]),
    "blank lines between": (b"\n\n" + GOOD + b"\n\n\n" + WITNESS + b"\n\n", [("MM102", 6)]),
    "CRLF": (GOOD + b"\r\n" + WITNESS + b"\r\n", [("MM102", 2)]),
    "no newline at the end": (GOOD + b"\n" + WITNESS, [("MM102", 2)]),
    "a BOM": (b"\xef\xbb\xbf" + GOOD + b"\n" + WITNESS, [("MM003", 1), ("MM102", 2)]),
    "a BOM before an array": (b"\xef\xbb\xbf[" + GOOD + b",\n" + WITNESS + b"]", [("MM003", 1), ("MM102", 2)]),
    "a BOM alone": (b"\xef\xbb\xbf", [("MM003", 1)]),
    "UTF-16": (b"\n".join([GOOD] * 3).decode().encode("utf-16"), [("MM011", 1)]),
    "keys that stand twice": (
        GOOD[:-1] + b', "name": "a", "name": "b"}\n' + WITNESS,
        [("MM004", 1), ("MM004", 1), ("MM102", 2)],
    ),
    "a pretty-printed record": (json.dumps(json.loads(WITNESS), indent=2).encode(), [("MM102", 5)]),
    "two pretty-printed records": (
        (json.dumps(STOP, indent=2) + "\n" + json.dumps(json.loads(WITNESS), indent=2)).encode(),
        [("MM102", 10)],
    ),
    "a pretty-printed record cut off": (json.dumps(STOP, indent=2).encode()[:-2], [("MM001", 4)]),
    "an array cut off after an element": (b"[" + GOOD + b",\n" + WITNESS, [("MM102", 2), ("MM001", 2)]),
    "an array cut off in an element": (b"[" + WITNESS + b",\n" + GOOD[:-9], [("MM102", 1), ("MM001", 2)]),
    "text behind an array": (b"[" + WITNESS + b"]\n\nmore", [("MM102", 1), ("MM001", 3)]),
    "a comma before the end of an array": (b"[" + WITNESS + b",\n]", [("MM102", 1), ("MM001", 2)]),
    "an array of other things": (b"[1, null,\n" + WITNESS + b"]", [("MM008", 1), ("MM008", 1), ("MM102", 2)]),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_files_of_every_kind(content: bytes, expected: list[tuple[str, int]], tmp_path: Path) -> None:
    assert found(content, tmp_path) == expected


def test_a_missing_file_and_a_folder_are_findings(tmp_path: Path) -> None:
    missing = mm.validate_stream(tmp_path / "none.json")
    assert [(i.code, i.message) for i in missing.issues] == [("MM010", "cannot be read: no such file")]
    assert not missing.ok
    assert missing.records == 0
    assert [(i.code, i.text("ja")) for i in mm.validate_stream(tmp_path).issues] == [
        ("MM010", "読み取れません（フォルダです）")
    ]


def test_gzip_is_told_by_content_and_a_cut_one_is_judged_up_to_the_cut(tmp_path: Path) -> None:
    packed = gzip.compress(b"\n".join([WITNESS] * 3 + [GOOD] * 8_000), mtime=0)
    assert [c for c, _ in found(packed, tmp_path, "data.json")] == ["MM102"] * 3
    path = tmp_path / "cut.gz"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    cut = mm.validate_stream(path)
    codes = [i.code for i in cut.issues]
    assert codes[:3] == ["MM102"] * 3
    assert codes[-1] == "MM010"
    assert cut.records > 1000


def test_zstandard_is_told_by_content_and_a_cut_one_is_judged_up_to_the_cut(tmp_path: Path) -> None:
    packed = zstandard.compress(b"\n".join([WITNESS] * 3 + [GOOD] * 8_000))
    assert [c for c, _ in found(packed + packed, tmp_path, "data.json")].count("MM102") >= 5
    path = tmp_path / "cut.zst"
    path.write_bytes(packed[:-8])
    cut = mm.validate_stream(path)
    codes = [i.code for i in cut.issues]
    assert codes[:3] == ["MM102"] * 3
    assert codes[-1] == "MM010"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_progress_counts_the_bytes_of_the_file_as_it_lies(packed: bool, tmp_path: Path) -> None:
    plain = b"\n".join([GOOD] * 30_000)
    path = tmp_path / "stops.ndjson"
    path.write_bytes(gzip.compress(plain) if packed else plain)
    told: list[int] = []
    assert mm.validate_stream(path, progress=told.append).ok
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == path.stat().st_size


@pytest.mark.parametrize("start", [b"", b"[\n"], ids=["a line each", "array"])
def test_a_long_record_is_passed_over(start: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (splitting, array_elements, json_text):
        monkeypatch.setattr(module, "MAXIMUM_BYTES", 1000)
    long = b'{"type": "TransitStop", "name": "' + b"x" * 200_000 + b'"}'
    between = b",\n" if start else b"\n"
    content = start + between.join([GOOD, long, WITNESS]) + (b"]" if start else b"")
    line = 3 if start else 2
    assert found(content, tmp_path) == [("MM007", line), ("MM102", line + 1)]


def test_line_and_column_are_those_of_the_value_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('[{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港"},  {"name": "町", "x": 5}]')
    issues = mm.validate_stream(path, entity="TransitStop").issues
    extra = next(i for i in issues if i.code == "MM102")
    assert (extra.line, extra.column) == (1, 90)


def test_a_fault_between_records_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b"[" + GOOD + b",\n" + GOOD)
    report = mm.validate_stream(path)
    assert not report.ok
    assert (report.records, report.invalid, report.findings) == (2, 0, 1)


@pytest.mark.full
def test_several_processes_say_the_same_in_the_same_order(tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    path.write_bytes(b"\n".join([GOOD, WITNESS, GOOD[:-5], b"17"] * 700))
    one, two = mm.validate_stream(path), mm.validate_stream(path, jobs=2)
    assert one.issues == two.issues
    assert (one.records, one.invalid) == (two.records, two.invalid) == (2800, 2100)


def test_an_unknown_class_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(mm.MachimoriError, match="Tripp"):
        mm.validate_stream(tmp_path / "any.json", entity="Tripp")


@pytest.mark.parametrize(
    ("payload", "code"),
    [({"x": float("nan")}, "MM005"), ({"x": {1, 2}}, "MM001"), ({"x": b"bytes"}, "MM001"), ({(1, 2): 3}, "MM001")],
    ids=["NaN", "a set", "bytes", "a key that is no text"],
)
def test_python_data_that_is_no_json_is_a_finding(payload: dict[str, object], code: str) -> None:
    assert [i.code for i in mm.validate(payload).issues] == [code]


def test_a_dictionary_inside_itself_is_a_finding() -> None:
    payload: dict[str, object] = {"type": "TransitStop"}
    payload["x"] = payload
    assert not mm.validate(payload).ok


def test_every_finding_of_a_record_is_told_together() -> None:
    payload = {"type": "EvacuationSite", "local_government_code": "131033", "capacity": -1, "x": 1}
    codes = {i.code for i in mm.validate(payload).issues}
    assert {"MM101", "MM102", "MM202", "MM301"} <= codes


@pytest.mark.parametrize(
    ("test", "code"),
    [("https://w3id.org/machimori/code/MM20", "MM204"), ("MM205", "MM207")],
    ids=["an IRI of another form", "no IRI"],
)
def test_an_iri_of_another_form_is_not_called_no_iri(test: str, code: str) -> None:
    outcome = {"type": "TestOutcome", "id": "urn:machimori:outcome:1", "test_outcome": "passed"}
    statement = {"conformance_statement": "urn:machimori:statement:1"}
    assert [i.code for i in mm.validate({**outcome, **statement, "conformance_test": test}).issues] == [code]


def test_unknown_fields_without_end_are_all_told_and_the_first_with_a_hint() -> None:
    told = mm.validate({**STOP, **{f"nam{n}": 1 for n in range(500)}}).issues
    assert [i.code for i in told] == ["MM102"] * 500
    assert [bool(i.facts["hint"]) for i in told] == [True] * HINTS + [False] * (500 - HINTS)
