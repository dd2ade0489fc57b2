"""Every command takes its inputs as files, links and pipes alike, and no output of a call destroys what the call reads.

The commands and their parameters are those of the help: a new one must say here how it is called.
"""

from __future__ import annotations

import ast
import contextlib
import gzip
import json
import os
import re
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pytest
import zstandard
from tests.cli.conftest import Answer, Call
from tests.cli.test_desk import CONSENT_NOW, DEMAND_NOW, DEMANDED
from tests.cli.test_help import COMMANDS_EN
from tests.privacy.gate import world
from tests.privacy.statistics.city import asking, flows, trips
from tests.privacy.store.conftest import AGREEMENT, HOLDING, KEYS

import machimori
from machimori.cli.command import Group
from machimori.cli.paths import FileName, Named
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.disclosure import pseudonym_keys
from machimori.privacy.gate import Gate
from machimori.privacy.store import open_store
from machimori.samples.sampling import sample

LEAVES = {name: command for name, command in COMMANDS_EN.items() if not isinstance(command, Group)}
NO_FILE = {
    *(
        "entity",
        "master",
        "name",
        "privacy",
        "code",
        "scenario",
        "host",
    ),
    *("subject", "id", "item", "by", "reason", "month", "defaults", "now", "at", "retention", "tables"),
}
"""Parameters that are text and name no file."""


@dataclass(frozen=True)
class Usual:
    """How a command is called: files by parameter, and what else it takes."""

    files: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()


GATE = {
    "request": "request",
    "holder": "holder",
    "consents": "consents",
    "orders": "orders",
    "agreements": "agreements",
}
ASKED = {**GATE, "request": "asked"}
DESK = {"store": "gate.db", "holder": "holding"}
LOG = {**DESK, "log_key": "gate.db.key"}
OWN = {"store": "own.db", "log_key": "own.db.key"}
AT = ("--now", world.NOW)
CALLS: dict[str, Usual] = {
    "validate": Usual({"paths": "records", "severity": "severities"}),
    "describe": Usual({}, ("Trip",)),
    "list": Usual(),
    "schema": Usual({}, ("Trip", "--as", "context")),
    "sample": Usual({}, ("Place", "--count", "2")),
    "convert": Usual({"path": "sites"}, ("--from", "municipal", "--to", "machimori")),
    "decide": Usual({**GATE, **OWN}, AT),
    "disclose": Usual({"records": "records", **GATE, **OWN, "keys": "keys"}, AT),
    "statistics": Usual({"records": "records", **ASKED, **OWN, "query": "query"}, (*AT, "--json")),
    "build": Usual({"model": "model", "out": "artefacts"}),
    "serve": Usual({"holder": "holding", "store": "gate.db"}),
    "demo": Usual(),
    "expire": Usual(LOG),
    "log verify": Usual({**LOG, "checkpoint": "checkpoints"}),
    "log list": Usual(LOG),
    "log report": Usual(LOG),
    "log checkpoint": Usual(LOG),
    "log notices": Usual(LOG),
    "log notified": Usual(LOG, ("0",)),
    "consent give": Usual({**DESK, "file": "consent"}),
    "consent withdraw": Usual(DESK, (CONSENT_NOW["id"],)),
    "consent list": Usual(DESK),
    "order publish": Usual({**DESK, "file": "order"}),
    "order list": Usual(DESK),
    "agreement register": Usual({**DESK, "file": "agreement"}),
    "agreement list": Usual(DESK),
    "counsel list": Usual(DESK),
    "counsel answer": Usual(LOG, (DEMANDED["id"], "--by", "Ito", "--reason", "none", "--refuse")),
    "keys rotate": Usual({"file": "keys"}),
    "keys list": Usual({"file": "keys"}),
}
APART = ("serve", "build")
"""What runs on (its inputs are in ``tests/service``), and what reads a folder and takes its time."""
SECRETS = (("disclose", "keys"), ("keys list", "file"))
"""Files of keys, which are their owner's alone and never come by standard input."""
ONE = "urn:machimori:person:1"
SITES = "全国地方公共団体コード,名称,緯度,経度,災害種別_地震\n372013,港小学校,34.34,134.05,1\n"


def kinds(command: str) -> dict[str, Named]:
    """The parameters of a command that name files."""
    return {p.name: p.type.named for p in LEAVES[command].params if isinstance(p.type, FileName) and p.name}


def parameters(command: str, kind: Named) -> list[str]:
    return [name for name, found in kinds(command).items() if found is kind]


INPUTS = [(c, p) for c in LEAVES if c not in APART for p in parameters(c, Named.INPUT) if p in CALLS[c].files]
NAMED = [*INPUTS, ("build", "model"), ("serve", "holder")]
OUTPUTS = [(c, p) for c in LEAVES for p in parameters(c, Named.OUTPUT)]

WRITTEN = [o for o in OUTPUTS if o[0] != "build"]


def test_every_command_is_called_here_and_every_text_is_known_for_a_file_or_not() -> None:
    assert {*CALLS} == {*LEAVES}
    for command, parsed in LEAVES.items():
        texts = {p.name for p in parsed.params if isinstance(p.type, (click.types.StringParamType, FileName))}
        unknown = texts - kinds(command).keys() - NO_FILE
        assert not unknown, f"{command}: do {sorted(unknown)} name files?"
        given = {*parameters(command, Named.INPUT), *parameters(command, Named.KEPT)}
        assert given - {"holder", "log_key"} <= CALLS[command].files.keys(), command


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each sort, and a store with documents and a log."""
    folder = tmp_path_factory.mktemp("prepared")
    texts = {
        "records": "\n".join(map(json.dumps, trips({"52350162": 60, "52350173": 80}))),
        "severities": "[severity]\nMM207 = 'error'\n",
        "sites": SITES,
        "request": json.dumps(world.request(ONE, "Trip", "resident_access", role="data_subject", subject=ONE)),
        "asked": json.dumps(asking()),
        "holder": json.dumps(world.holding("railway")),
        "query": json.dumps(flows()),
        "consents": "\n".join(world.tokens(world.consent(["Trip.mode"]))),
        "orders": "\n".join(world.tokens(world.emergency(["Trip.mode"]))),
        "agreements": json.dumps([AGREEMENT]),
        "holding": json.dumps(HOLDING),
        "consent": signed(CONSENT_NOW, KEYS["person"]),
        "order": signed(DEMAND_NOW, KEYS["prefecture"]),
        "agreement": json.dumps([AGREEMENT]),
        "checkpoints": "",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    pseudonym_keys.rotate(folder / "keys", "2026-04")
    (folder / "model").mkdir()
    (folder / "model" / "a.yaml").write_text("{}")
    (folder / "artefacts").mkdir()
    with contextlib.closing(open_store(folder / "own.db", read_holding(world.holding("railway")))) as store:
        store.log.checkpoint()
        store.kept.secret()
    known = read_holding(HOLDING)
    with contextlib.closing(open_store(folder / "gate.db", known)) as store:
        store.add_signed(texts["order"])
        decision = Gate(known, register=store.register).decide(DEMANDED)
        store.log.record(DEMANDED, decision)
        store.counsel.refer(decision, DEMANDED)
        (folder / "checkpoints").write_text(store.log.checkpoint() + "\n")
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Callable[[], Path]:
    """A fresh copy of the files, as often as one asks."""
    count = iter(range(1000))

    def copied() -> Path:
        return Path(shutil.copytree(prepared, tmp_path / f"{next(count)}"))

    return copied


def words(command: str, folder: Path, **instead: str) -> list[str]:
    """The call, with other files in the place of the usual ones."""
    usual, parsed = CALLS[command], LEAVES[command]
    files = {p: str(folder / name) for p, name in usual.files.items()} | instead
    options = [
        w for p in parsed.params if p.name in files and p.opts[0].startswith("-") for w in (p.opts[0], files[p.name])
    ]
    first = [files[p.name] for p in parsed.params if p.name in files and not p.opts[0].startswith("-")]
    return [*command.split(), *first, *usual.more, *options]


def fed(write: Callable[[], Any]) -> None:
    threading.Thread(target=write, daemon=True).start()


def as_pipe(file: Path, _: Path) -> tuple[str, bytes]:
    ours, theirs = os.pipe()
    content = file.read_bytes()

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(theirs, "wb") as stream:
            stream.write(content)

    fed(write)
    return f"/dev/fd/{ours}", b""


def as_named_pipe(file: Path, folder: Path) -> tuple[str, bytes]:
    pipe, content = folder / "pipe", file.read_bytes()
    os.mkfifo(pipe, 0o600)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), pipe.open("wb") as stream:
            stream.write(content)

    fed(write)
    return str(pipe), b""


def as_link(file: Path, folder: Path) -> tuple[str, bytes]:
    (folder / "link").symlink_to(file)
    return str(folder / "link"), b""


KINDS: dict[str, Callable[[Path, Path], tuple[str, bytes]]] = {
    "a pipe": as_pipe,
    "a named pipe": as_named_pipe,
    "a link": as_link,
    "-": lambda file, _: ("-", file.read_bytes()),
    "/dev/stdin": lambda file, _: ("/dev/stdin", file.read_bytes()),
}


@pytest.mark.full
@pytest.mark.parametrize(("command", "parameter"), INPUTS, ids=map(" ".join, INPUTS))
def test_an_input_may_be_a_pipe(command: str, parameter: str, folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    usual = told(call(*words(command, here)), here)
    assert usual.status in (0, 1), usual
    for kind, made in KINDS.items():
        if kind in ("-", "/dev/stdin") and (command, parameter) in SECRETS:
            continue
        there = folder()
        name, stdin = made(there / CALLS[command].files[parameter], there)
        answer = told(call(*words(command, there, **{parameter: name}), stdin=stdin), there)
        assert answer == usual, f"{command} {parameter} as {kind}"


def told(answer: Answer, folder: Path) -> Answer:
    """The answer without what each call has of its own: paths, moments and digests."""

    def plain(text: str) -> str:
        for own in (
            rf"{re.escape(str(folder))}\S*",
            r"/dev/fd/\d+|<stdin>|/dev/stdin",
            r"\S*\d\d:\d\d:\d\d\S*",
            r"[\w+/=-]{30,}",
        ):
            text = re.sub(own, "*", text)
        return text

    return Answer(answer.status, plain(answer.out), plain(answer.err))


def as_dangling_link(folder: Path) -> str:
    (folder / "dangling").symlink_to(folder / "nowhere")
    return str(folder / "dangling")


ABSENT: dict[str, Callable[[Path], str]] = {
    "no file": lambda folder: str(folder / "none.json"),
    "no folder": lambda folder: str(folder / "none" / "none.json"),
    "a file as a folder": lambda folder: str(folder / "request" / "none.json"),
    "a link that leads nowhere": as_dangling_link,
    "no name": lambda _: "",
}


@pytest.mark.parametrize(("command", "parameter"), NAMED, ids=map(" ".join, NAMED))
def test_a_missing_input_is_2_in_one_sentence(
    command: str, parameter: str, folder: Callable[[], Path], call: Call
) -> None:
    for kind, named in ABSENT.items():
        here = folder()
        before = state(here)
        name = named(here)
        for language, said in (("en", ("no such",)), ("ja", ("ありません",))):
            answer = call(*words(command, here, **{parameter: name}), "--lang", language)
            assert answer.status == 2, f"{command} {parameter}: {kind}: {answer}"
            assert answer.out == ""
            assert len(answer.err.splitlines()) == 1, answer.err
            assert any(s in answer.err for s in said), answer.err
        (here / "dangling").unlink(missing_ok=True)
        assert state(here) == before


BAD: dict[str, bytes] = {
    "empty": b"",
    "UTF-16": '{"type": "Trip"}\n'.encode("utf-16"),
    "CP932": "名称,所在地\n港小学校,港町\n".encode("cp932"),
    "a ZIP archive": b"PK\x03\x04" + bytes(100),
    "truncated gzip": b"\x1f\x8b\x08\x00\x00",
    "NaN": b'{"type": "Trip", "id": NaN}',
    "keys that stand twice": b'{"type": "Trip", "type": "Trip"}',
    "100,000 levels": b"[" * 100_000,
    "zero bytes": bytes(1000),
}


@pytest.mark.full
@pytest.mark.parametrize(("command", "parameter"), INPUTS, ids=map(" ".join, INPUTS))
def test_no_content_is_a_fault_of_ours(command: str, parameter: str, folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    file = here / CALLS[command].files[parameter]
    for kind, content in BAD.items():
        file.write_bytes(content)
        answer = call(*words(command, here))
        assert answer.status in (0, 1, 2), f"{command} {parameter}: {kind}: {answer}"
        assert "Traceback" not in answer.err
    file.unlink()
    file.mkdir()
    answer = call(*words(command, here))
    walks = (command, parameter) in (("validate", "paths"), ("statistics", "records"))
    assert answer.status == (1 if walks else 2), f"{command} {parameter}: a folder: {answer}"


def state(folder: Path) -> dict[str, Any]:
    """Every file with its content and mode, but for what a store writes of itself."""
    return {
        str(p.relative_to(folder)): (stat.S_IMODE(p.lstat().st_mode), p.read_bytes() if p.is_file() else None)
        for p in sorted(folder.rglob("*"))
        if not p.is_fifo() and not p.name.endswith(("-wal", "-shm"))
    }


def other_spellings(file: Path) -> Iterator[tuple[str, str]]:
    yield "the same", str(file)
    yield "in other words", str(file.parent / ".." / file.parent.name / "." / file.name)
    link, hard = file.parent / "soft", file.parent / "hard"
    link.symlink_to(file)
    yield "a link", str(link)
    link.unlink()
    if file.is_file():
        os.link(file, hard)
        yield "a hard link", str(hard)
        hard.unlink()


@pytest.mark.full
@pytest.mark.parametrize(("command", "output"), OUTPUTS, ids=map(" ".join, OUTPUTS))
def test_no_output_is_an_input(command: str, output: str, folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    sources = {p: n for p, n in CALLS[command].files.items() if p not in parameters(command, Named.OUTPUT)}
    for parameter, name in sources.items():
        for kind, target in other_spellings(here / name):
            before = state(here)
            answer = call(*words(command, here, **{output: target}))
            assert (answer.status, answer.out) == (2, ""), f"{command} {output} onto {parameter}: {kind}: {answer}"
            assert "is also an input" in answer.err
            assert state(here) == before


@pytest.mark.parametrize(("command", "output"), WRITTEN, ids=map(" ".join, WRITTEN))
def test_no_output_is_half_written(
    command: str, output: str, folder: Callable[[], Path], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = folder()
    target = here / "result"
    target.write_text("what was there")
    target.chmod(0o640)

    def there() -> dict[str, Any]:
        """All but the store, whose log tells of an answer that was cut off as of any other."""
        return {name: found for name, found in state(here).items() if not name.startswith("own.db")}

    before = there()
    for kind, name in {
        "a full disk": "/dev/full",
        "no folder": str(here / "none" / "x"),
        "a folder": str(here / "model"),
    }.items():
        answer = call(*words(command, here, **{output: name}))
        assert answer.status == 2, f"{command} {output}: {kind}: {answer}"
        assert f"cannot write {name}: " in answer.err
        assert there() == before
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", cut_off)
        answer = call(*words(command, here, **{output: str(target)}))
        assert answer.status == 130, answer
        assert there() == before
    answer = call(*words(command, here, **{output: str(target)}))
    assert answer.status in (0, 1), answer
    assert {*there()} == {*before}
    assert there()["result"] != before["result"]
    assert stat.S_IMODE(target.stat().st_mode) == (0o600 if command == "disclose" else 0o640)


def cut_off(_: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("to", ["-", "same", "linked"])
def test_two_outputs_are_two(to: str, folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    (here / "linked").symlink_to(here / "report")
    names = {"-": ("-", "-"), "same": (here / "report", here / "report"), "linked": (here / "report", here / "linked")}[
        to
    ]
    answer = call(*words("convert", here, out=str(names[0]), loss_report=str(names[1])))
    assert (answer.status, answer.out) == (2, "")
    assert "is named twice" in answer.err
    assert not (here / "report").exists()
    assert "二度指定" in call(*words("convert", here, out=str(names[0]), loss_report=str(names[1])), "--lang", "ja").err


def test_standard_input_is_read_once(folder: Callable[[], Path], call: Call) -> None:
    answer = call(*words("decide", folder(), request="-", holder="/dev/stdin"))
    assert answer.status == 2
    assert "standard input is named twice" in answer.err


def test_an_output_goes_through_a_link_and_into_a_pipe(folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    (here / "link").symlink_to(here / "behind")
    assert call(*words("sample", here, out=str(here / "link"))).status == 0
    assert (here / "link").is_symlink()
    assert len((here / "behind").read_text().splitlines()) == 2
    os.mkfifo(here / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((here / "pipe").read_bytes()))
    reader.start()
    assert call(*words("sample", here, out=str(here / "pipe"))).status == 0
    reader.join(60)
    assert read == [(here / "behind").read_bytes()]


@pytest.mark.parametrize("form", ["json", "sarif", "earl"])
def test_a_report_in_the_folder_that_is_judged_is_no_delivery(form: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "data.ndjson").write_text("\n".join(map(json.dumps, sample("TransitStop", 3))))
    once = [call("validate", tmp_path, "--format", form, "-o", tmp_path / "report.json") for _ in range(3)]
    assert [a.status for a in once] == [0, 0, 0]
    assert call("validate", tmp_path / "data.ndjson").out == "3 records: 3 valid, 0 invalid; 0 findings\n"


def test_a_delivery_in_the_folder_is_not_replaced_by_the_report_on_it(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data.ndjson").write_text(json.dumps(*sample("TransitStop", 1)))
    (tmp_path / "more.json").write_text(json.dumps(*sample("TransitStop", 1, seed=2)))
    before = state(tmp_path)
    for name in ("data.ndjson", "more.json"):
        answer = call("validate", tmp_path, "--format", "json", "-o", tmp_path / name)
        assert answer.status == 2
        assert "is also an input" in answer.err
        assert state(tmp_path) == before


@pytest.mark.full
def test_a_release_in_the_folder_that_is_counted_is_no_record(folder: Callable[[], Path], call: Call) -> None:
    here = folder()
    (here / "data").mkdir()
    shutil.copy(here / "records", here / "data" / "trips.ndjson")
    for _ in range(2):
        answer = call(*words("statistics", here, records=str(here / "data"), out=str(here / "data" / "release.json")))
        assert answer.status == 0
        assert "other-class" not in answer.err


def test_a_build_takes_away_only_what_it_wrote(call: Call, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "letter.txt").write_text("somebody's")
    for model, out in (("model", "."), ("model", "model/out"), (".", "model")):
        answer = call("build", "--model", tmp_path / model, "--out", tmp_path / out)
        assert answer.status == 2
    assert (tmp_path / "letter.txt").read_text() == "somebody's"


@pytest.mark.parametrize("name", ["/dev/stderr", "/dev/fd/{}", "/proc/self/fd/{}"])
def test_what_is_open_already_is_written_to_where_it_is(name: str, call: Call, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("what was there\n")
    with target.open("a") as opened:
        answer = call("sample", "Place", "--count", 1, "-o", name.format(opened.fileno()))
    assert answer.status == 0
    written = answer.err if name == "/dev/stderr" else target.read_text().removeprefix("what was there\n")
    assert len(written.splitlines()) == 1
    assert target.read_text().startswith("what was there\n")
    assert [p.name for p in tmp_path.iterdir()] == ["target"]


def test_an_output_goes_into_a_pipe_of_the_shell(call: Call) -> None:
    ours, theirs = os.pipe()
    assert call("sample", "Place", "-o", f"/dev/fd/{theirs}").status == 0
    os.close(theirs)
    with os.fdopen(ours) as read:
        assert len(read.read().splitlines()) == 1


def test_what_is_kept_from_being_written_is_not_replaced(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").write_text("kept")
    monkeypatch.setattr(os, "access", lambda *_: False)
    answer = call("sample", "Place", "-o", tmp_path / "kept")
    assert answer.status == 2
    assert "no permission" in answer.err
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.parametrize("command", ["validate", "statistics"])
def test_a_folder_that_cannot_be_looked_into_is_said(
    command: str, folder: Callable[[], Path], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = folder()
    (here / "data" / "closed").mkdir(parents=True)
    shutil.copy(here / "records", here / "data" / "trips.ndjson")
    looked = os.scandir

    def closed(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(os, "scandir", closed)
    parameter = "paths" if command == "validate" else "records"
    answer = call(*words(command, here, **{parameter: str(here / "data")}))
    assert (answer.status, answer.out) == (2, "")
    assert f"cannot read {here / 'data' / 'closed'}: no permission" in answer.err


@pytest.mark.parametrize("name", ["a" * 300, "http://example.org/trips.ndjson"])
def test_a_name_that_leads_nowhere_is_a_wrong_call(name: str, call: Call) -> None:
    answer = call("validate", name)
    assert answer.status == 2
    assert "cannot read" in answer.err


@pytest.mark.parametrize("form", ["json", "sarif", "earl"])
def test_the_report_of_an_earlier_call_is_told_and_not_judged(form: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "data.ndjson").write_text("\n".join(map(json.dumps, sample("TransitStop", 2))))
    assert call("validate", tmp_path, "--format", form, "-o", tmp_path / "earlier.json").status == 0
    answer = call("validate", tmp_path)
    assert answer.status == 0
    assert "earlier.json is a report" in answer.err
    assert "検査の報告" in call("validate", tmp_path, "--lang", "ja").err
    assert call("validate", tmp_path / "earlier.json").status == 1


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "gzip": gzip.compress,
    "zstandard": lambda content: zstandard.ZstdCompressor().compress(content),
}


@pytest.mark.full
@pytest.mark.parametrize("layout", ["lines", "array", "csv"])
@pytest.mark.parametrize("name", ["data", "data.json", "data.gz", "data.csv", "data.ndjson.zst"])
def test_what_is_counted_is_told_by_the_content_and_not_by_the_name(
    name: str, layout: str, folder: Callable[[], Path], call: Call
) -> None:
    here = folder()
    records = [json.loads(line) for line in (here / "records").read_text().splitlines()]
    rows = [
        ["type", "id", "traveller", "origin.mesh_code", "destination.mesh_code", "started_at", "mode"],
        *(
            [
                r["type"],
                r["id"],
                r["traveller"],
                r["origin"]["mesh_code"],
                r["destination"]["mesh_code"],
                r["started_at"],
                r["mode"],
            ]
            for r in records
        ),
    ]
    text = {
        "lines": "\n".join(map(json.dumps, records)),
        "array": json.dumps(records),
        "csv": "\n".join(map(",".join, rows)) + "\n",
    }[layout]
    usual = told(call(*words("statistics", here)), here)
    assert usual.status == 0
    for container, packed in CONTAINERS.items():
        content = packed(text.encode())
        there = folder()  # with a store of its own: what is settled is not read again
        (there / name).write_bytes(content)
        assert told(call(*words("statistics", there, records=str(there / name))), there) == usual, container
        there = folder()
        assert told(call(*words("statistics", there, records="-"), stdin=content), there) == usual, container


OPENERS = ("open", "read_text", "read_bytes", "write_text", "write_bytes")
BESIDE: dict[str, str] = {
    "catalogue/catalogue.py": "the artefacts of the package",
    "messages/__init__.py": "the catalogues of the package",
    "catalogue/extensions.py": "the installed packages",
    "demo/tour.py": "records of the package",
    "samples/week.py": "records of the package",
    "service/openapi.py": "a document of the package",
    "privacy/disclosure/secret_files.py": "a key is read only where its mode is right, and written whole",
    "privacy/statistics/reading.py": "a copy of its own for the engine",
    "privacy/database/database.py": "the file of a store, made with its mode",
    "validation/workers.py": "a file once more, by each process",
    "cli/command.py": "the text of a help, in memory",
    "cli/serve.py": "a copy of its own for the workers",
    "cli/standard.py": "what stands for a closed stream",
}
"""Modules that open something which no call names, or that is open already."""


@pytest.mark.full
def test_one_function_opens_an_input_and_one_an_output() -> None:
    sdk = Path(machimori.__file__).parent
    of_the_build = sdk / "build"  # which reads a model and writes artefacts
    for file in sorted(file for file in sdk.rglob("*.py") if of_the_build not in file.parents):
        name = file.relative_to(sdk).as_posix()
        found = [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if opens(n)]
        known = name in ("files.py", *BESIDE)
        assert bool(found) == known, f"{name}: {'opens nothing any more' if known else 'call machimori.files instead'}"


def opens(node: ast.AST) -> bool:
    """Whether something is opened by a name; what is asked of an archive or a package is another thing."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (isinstance(called, ast.Attribute) and called.attr in OPENERS) or (
        isinstance(called, ast.Name) and called.id == "open"
    )
