"""What a model may import and what YAML it may be written in: nothing is fetched, no file outside of the folder is opened."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.build.heat_pump import MODEL, called
from tests.lazily import Lazily

from machimori.build import composing

run = Lazily("machimori.build.run")

pytestmark = pytest.mark.full

SCHEMA = "heatpump.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("examples"))
    return tmp_path / "model"


def changed(folder: Path, **parts: Any) -> None:
    document = yaml.safe_load((folder / SCHEMA).read_text(encoding="utf-8"))
    for key, value in parts.items():
        if isinstance(value, dict):
            document[key] = document.get(key, {}) | value
        elif isinstance(value, list):
            document[key] = document.get(key, []) + value
        else:
            document[key] = value
    (folder / SCHEMA).write_text(
        yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The files that Python opens while a test runs."""
    held: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching[0] and event == "open" and isinstance(arguments[0], str | bytes):
            held.append(os.fsdecode(arguments[0]))

    sys.addaudithook(watch)
    yield held
    watching[0] = False


FETCHED = "http://127.0.0.1:{port}/x"
IMPORTS: list[tuple[str, dict[str, Any], str]] = [
    ("an address", {"imports": [FETCHED]}, "MM922"),
    ("an address over TLS", {"imports": ["https://127.0.0.1:{port}/x"]}, "MM922"),
    ("a prefix of an address", {"prefixes": {"evil": "http://127.0.0.1:{port}/"}, "imports": ["evil:y"]}, "MM922"),
    ("a prefix that nobody declared", {"imports": ["evil:y"]}, "MM922"),
    ("linkml for something else", {"prefixes": {"linkml": "http://127.0.0.1:{port}/"}}, "MM909"),
    ("another module of LinkML", {"imports": ["linkml:meta"]}, "MM922"),
    ("machimori as a prefix", {"prefixes": {"machimori": "http://127.0.0.1:{port}/"}}, "MM909"),
    ("a file by its address", {"imports": ["file:///etc/hostname"]}, "MM922"),
    ("a file by its path", {"imports": ["/etc/hostname"]}, "MM922"),
    ("a file outside", {"imports": ["../outside"]}, "MM922"),
    ("a file outside by way of a folder", {"imports": ["sub/../../outside"]}, "MM922"),
    ("a file outside of the model", {"imports": ["machimori:../outside"]}, "MM922"),
    ("a link that leads outside", {"imports": ["linked"]}, "MM913"),
    ("a folder that leads outside", {"imports": ["away/outside"]}, "MM922"),
    ("a name with a line end", {"imports": ["x\n- y"]}, "MM922"),
    ("a map of prefixes to fetch", {"default_curi_maps": ["http://127.0.0.1:{port}/x"]}, "MM926"),
    ("another source file", {"source_file": "/etc/hostname"}, "MM926"),
    ("a subset", {"subsets": {"x": {"from_schema": FETCHED}}}, "MM926"),
    ("an instance of something", {"instantiates": [FETCHED]}, "MM926"),
    ("a default prefix that is an address", {"default_prefix": FETCHED}, "MM910"),
    ("a mapping of a prefix that nobody declared", {"slots": {"defrosting": {"exact_mappings": ["javascript:alert"]}}}, "MM914"),
    ("a number among the imports", {"imports": [5]}, "MM913"),
    ("imports that are a text", {"imports": "linkml:types"}, "MM913"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "code"), [i[1:] for i in IMPORTS], ids=[i[0] for i in IMPORTS])
def test_nothing_is_fetched_and_nothing_outside_is_opened(
    folder: Path, opened: list[str], parts: dict[str, Any], code: str
) -> None:
    (folder.parent / "outside.yaml").write_text(
        "id: https://x.example/\nname: outside\nimports: []\n", encoding="utf-8"
    )
    (folder / "sub").mkdir()
    if "linked" in str(parts):
        (folder / "linked.yaml").symlink_to(folder.parent / "outside.yaml")
    (folder / "away").symlink_to(folder.parent)
    changed(folder, **with_port(parts, 9))
    opened.clear()

    outcome = run.build(folder, folder.parent / "out")

    assert code in {f.code for f in outcome.faults}, outcome.faults
    assert all(f.place.line >= 1 and f.place.file in (SCHEMA, "linked.yaml", ".") for f in outcome.faults)
    assert not [p for p in opened if "outside" in p or "hostname" in p]
    assert not (folder.parent / "out").exists()


def with_port(node: Any, port: int) -> Any:
    if isinstance(node, str):
        return node.replace("{port}", str(port))
    if isinstance(node, dict):
        return {key: with_port(value, port) for key, value in node.items()}
    return [with_port(inner, port) for inner in node] if isinstance(node, list) else node


@pytest.mark.enable_socket
def test_no_connection_is_made_by_a_whole_build(folder: Path) -> None:
    """Every prefix of the extension leads to a listener, which nobody calls, from reading to the last artefact."""
    calls: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        port = listener.getsockname()[1]

        def wait() -> None:
            try:
                calls.append(listener.accept())
            except OSError:
                return

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        here = f"http://127.0.0.1:{port}/"
        changed(
            folder,
            prefixes={"hp": here, "outside": f"{here}outside/"},
            id=here,
            see_also=[f"{here}see"],
            license=f"{here}licence",
        )
        program = "import sys; from pathlib import Path; from machimori.build.run import build; print(build(Path(sys.argv[1]), Path(sys.argv[2])).faults)"
        done = called(folder.parent, sys.executable, "-c", program, folder, folder.parent / "out")
        assert done.stdout.strip() == "[]", done.stdout + done.stderr
    assert calls == []


def test_a_file_beside_and_below_may_be_imported(folder: Path) -> None:
    (folder / "parts").mkdir()
    for name, imports in (("parts/one", "[../two]"), ("two", "[linkml:types, machimori:core]")):
        stem = name.rpartition("/")[2]
        text = (
            f"id: https://heatpump.example/{stem}\nname: {stem}\ntitle: Trial\ndescription: A trial.\n"
            f"annotations: {{mm:title_ja: 試行, mm:reading_ja: しこう, mm:description_ja: 試行。}}\n"
            f"prefixes: {{linkml: https://w3id.org/linkml/, mm: https://w3id.org/machimori/, hp: https://heatpump.example/}}\n"
            f"default_prefix: hp\nimports: {imports}\n"
        )
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    changed(folder, imports=["parts/one"])
    assert run.build(folder, folder.parent / "out").faults == []


BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c]\n"
FILES: list[tuple[str, bytes, int]] = [
    ("aliases that grow", BOMB.encode(), 2),
    ("an alias of itself", b"profiles: &a\n  x: *a\n", 2),
    ("many aliases", b"a: &a x\nb: [" + b"*a, " * 1000 + b"x]\n", 2),
    ("endless depth", b"profiles: " + b"[" * 100_000 + b"]" * 100_000, 1),
    ("great depth", b"profiles:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 200)), 25),
    ("a key twice", b"profiles:\n  personal.x: {}\n  personal.x: {}\n", 3),
    ("a merged key", b"profiles:\n  <<: {personal.x: {}}\n", 2),
    ("a key that is a list", b"profiles:\n  [a, b]: 1\n", 2),
    ("a tag that runs", b"profiles: !!python/object/apply:os.system ['touch canary']\n", 1),
    ("a tag", b"profiles: !mine {}\n", 1),
    ("two documents", b"profiles: {}\n---\nprofiles: {}\n", 2),
    ("UTF-16", "profiles: {}\n".encode("utf-16"), 1),
    ("Shift JIS", "profiles: {電気: {}}\n".encode("cp932"), 1),
    ("zeros", b"\0" * 100, 1),
    ("a raw escape", b"profiles:\n  x: \x1b[31m\n", 2),
    ("an escaped escape", b'profiles:\n  "x": "\\e[31m"\n', 2),
    ("half a pair", b'profiles:\n  x: "\\ud800"\n', 2),
    ("a list", b"- a\n- b\n", 1),
    ("a text", b"profiles\n", 1),
    ("a mistyped part", b"profiles: {}\nprofils: {}\n", 2),
    ("a profile that is a text", b"profiles:\n  personal.x: text\n", 2),
    ("imports mistyped", b"id: https://x.example/\nname: other\nimportz: [linkml:types]\n", 3),
    ("a time that is a number", b"profiles:\n  personal.x: {retention: 5}\n", 2),
    ("a number that is none", b"slots:\n  x: {minimum_value: .nan}\n", 2),
]


@pytest.mark.parametrize(("content", "line"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_strange_yaml_is_a_fault_with_its_place(folder: Path, content: bytes, line: int) -> None:
    (folder / "other.yaml").write_bytes(content)
    faults = run.build(folder, folder.parent / "out").faults
    assert ("other.yaml", line) in {(f.place.file, f.place.line) for f in faults}, faults
    assert {f.code for f in faults} <= {"MM910", "MM913", "MM923", "MM926"}


def test_a_mistyped_key_is_named_with_the_right_one(folder: Path) -> None:
    text = (folder / SCHEMA).read_text(encoding="utf-8").replace("imports:", "importz:")
    (folder / SCHEMA).write_text(text, encoding="utf-8")
    told = {(f.code, f.detail) for f in run.build(folder, folder.parent / "out").faults}
    assert {("MM926", "importz; imports?"), ("MM913", "a schema without imports")} <= told


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a broken link", "a file that may not be read"])
def test_what_is_no_file_is_a_fault_with_its_place(folder: Path, kind: str) -> None:
    path = folder / "other.yaml"
    match kind:
        case "a folder":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a broken link":
            path.symlink_to(folder / "nowhere.yaml")
        case _:
            path.write_bytes(b"x" * (composing.LARGEST + 1))
    faults = run.build(folder, folder.parent / "out").faults
    assert {(f.code, f.place.file) for f in faults} == {("MM913", "other.yaml")}


def test_the_command_prints_no_escape_of_a_terminal(folder: Path) -> None:
    (folder / "other.yaml").write_bytes(b'profiles:\n  "x\\e[31m": {}\n  "y\\nMM000 all is well": {}\n')
    done = called(
        folder.parent,
        Path(sys.executable).parent / "machimori",
        "build",
        "--model",
        folder,
        "--out",
        folder.parent / "out",
    )
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 2 * done.stdout.count(" MM9")
