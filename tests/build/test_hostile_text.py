"""Nobody's text runs: every text and key of a small extension, each with every hostile text, and every artefact of it.

A text is refused with its place, or it is nothing but text in everything that is made. Refusals are told by the gate, without a
build; what it lets through goes into whole builds, many places at once, and is compared with the build of harmless texts.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph
from tests.build import hostile
from tests.build.heat_pump import install, python
from tests.build.hostile import HIDDEN, PAYLOADS, Slot
from tests.lazily import Lazily

from machimori.build import composing, grammar, imports
from machimori.build.sources import Sources

gate = Lazily("machimori.build.gate")
reading = Lazily("machimori.build.reading")
run = Lazily("machimori.build.run")

pytestmark = pytest.mark.full

FILES = hostile.small_model()
SLOTS = hostile.slots(FILES)
NUMBER = {slot: number for number, slot in enumerate(SLOTS)}
TEXTS = [slot for slot in SLOTS if not slot.key]
KEYS = [slot for slot in SLOTS if slot.key]
PACKAGE = "heatpump_model"

ROUNDS = 4
"""Times that a build is tried again without the texts that the gate refused."""


def texts_of(name: str, slots: list[Slot], canary: Path) -> dict[Slot, str]:
    return {slot: hostile.payload(name, NUMBER[slot], canary) for slot in slots}


def judged(folder: Path, names: set[str]) -> Iterator[tuple[str, int, str]]:
    """File, line and code of what the gate refuses by the look of it."""
    for name in names:
        path = folder / name
        try:
            root = composing.compose(path.read_bytes())
        except composing.UnfitError as error:
            yield name, 0, error.what
            continue
        for unfit in composing.unfit(root):
            yield name, unfit.line, "hidden" if unfit.hidden else "unfit"
        for node, _, code, _ in grammar.faults(root, path):
            yield name, node.start_mark.line + 1, code


def refused(files: dict[str, hostile.Document], texts: dict[Slot, str], folder: Path) -> set[Slot]:
    """The places whose texts the gate refuses at their very line."""
    named = {slot.file for slot in texts}
    hostile.write(hostile.with_texts({name: files[name] for name in files if name in named}, texts), folder)
    lines = {slot: line for name in named for slot, line in lines_of(folder / name, name, texts).items()}
    found = {(name, line) for name, line, _ in judged(folder, named)}
    return {slot for slot in texts if {(slot.file, lines.get(slot, 0)), (slot.file, 0)} & found}


def of_no_prefix(texts: dict[Slot, str], folder: Path) -> set[Slot]:
    """The places whose texts have a prefix that is declared nowhere, as the gate tells where the look of a model is good."""
    faults = imports.faults(Sources(folder), gate.Fault)
    found = {(fault.place.file, fault.place.line) for fault in faults}
    lines = {slot: line for name in FILES for slot, line in lines_of(folder / name, name, texts).items()}
    return {slot for slot in texts if (slot.file, lines.get(slot, 0)) in found}


def let_pass(name: str, keys: list[Slot], folder: Path) -> set[Slot]:
    """The keys that the gate never refuses, while whoever reads its findings takes away what it refuses."""
    left = set(keys)
    hostile.write(FILES, folder)
    while left:
        texts = texts_of(name, sorted(left, key=str), folder / "ran")
        gone = refused(FILES, texts, folder) or of_no_prefix(texts, folder)
        if not gone:
            return left
        left -= gone
        hostile.write(FILES, folder)
    return left


def lines_of(path: Path, name: str, texts: dict[Slot, str]) -> dict[Slot, int]:
    """The line of each text and key, found by going along the same steps through the tree of nodes."""
    try:
        root = composing.compose(path.read_bytes())
    except composing.UnfitError:
        return {}
    wanted = {slot for slot in texts if slot.file == name}
    found: dict[Slot, int] = {}

    def walk(node: Any, other: Any, steps: hostile.Path_) -> None:
        if isinstance(other, dict):
            for (key, value), (name_, inner) in zip(node.value, other.items(), strict=True):
                if (slot := Slot(name, (*steps, name_), key=True)) in wanted:
                    found[slot] = key.start_mark.line + 1
                walk(value, inner, (*steps, name_))
        elif isinstance(other, list):
            for index, (value, inner) in enumerate(zip(node.value, other, strict=True)):
                walk(value, inner, (*steps, index))
        elif (slot := Slot(name, steps)) in wanted:
            found[slot] = node.start_mark.line + 1

    walk(root, FILES[name], ())
    return found


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[Slot]]:
    """The texts that are refused by the look of them, by payload."""
    folder = tmp_path_factory.mktemp("judged")
    return {name: refused(FILES, texts_of(name, TEXTS, folder / "ran"), folder) for name in PAYLOADS}


def test_the_small_model_has_a_place_of_every_kind() -> None:
    """Everything that the grammar knows stands somewhere in it, but for what only the model itself has."""
    keys = {step for slot in SLOTS for step in slot.path}
    tables = (*grammar.SCHEMA, *grammar.INSTANCES, *grammar.TEXTS, *grammar.ENTRY)
    of_the_model = {"codes", "targets", "rules", "rule_terms", "law_version", "editorial_notes", "todos"}
    assert set(tables) - of_the_model <= keys


def test_a_hidden_character_is_refused_wherever_it_stands(refusals: dict[str, set[Slot]]) -> None:
    assert {name: set(TEXTS) - refusals[name] for name in HIDDEN} == {name: set() for name in HIDDEN}


def test_names_codes_and_addresses_hold_no_hostile_text(refusals: dict[str, set[Slot]]) -> None:
    """What is left is prose: it may say anything, since every artefact writes it as text."""
    prose = {
        *(
            "title",
            "title_ja",
            "description",
            "description_ja",
            "reading_ja",
            "en",
            "ja",
            "statute",
            "source",
            "symbol",
        ),
        *("license", "comments", "keywords", "notes", "aliases", "deprecated", "imports", "pattern", "hp:note"),
        *(
            f"mm:{key}"
            for key in ("title_ja", "reading_ja", "description_ja", "source", "homonym", "instead", "instead_ja")
        ),
    }
    named = [s for s in TEXTS if not {str(step) for step in s.path[-2:]} & prose]
    let_through = {
        (name, str(slot)) for name in PAYLOADS for slot in named if slot not in refusals[name] and PAYLOADS[name]
    }
    assert {entry for entry in let_through if entry[0] not in AT_IMPORT} == set()


def together() -> Iterator[list[Slot]]:
    """Keys that can be changed at once: those of one depth; of the topmost, which tell what a file is, one at a time."""
    yield from ([slot] for slot in KEYS if len(slot.path) == 1)
    for depth in sorted({len(slot.path) for slot in KEYS} - {1}):
        yield [slot for slot in KEYS if len(slot.path) == depth]


@pytest.mark.parametrize(
    "name", ["attribute", "name as Python", "value", "docstring", "half a pair", "YAML mark", "CURIE"]
)
def test_a_hostile_key_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    for keys in together():
        assert not let_pass(name, keys, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("name", [name for name in PAYLOADS if PAYLOADS[name]])
def test_every_hostile_key_is_refused(name: str, tmp_path: Path) -> None:
    for keys in together():
        assert not let_pass(name, keys, tmp_path)


class Built:
    """An extension made of a small model, installed in a folder of its own."""

    def __init__(self, folder: Path, files: dict[str, hostile.Document]) -> None:
        self.site = folder / "site"
        self.out = self.site / PACKAGE
        self.model = hostile.write(files, folder / "model")
        outcome = run.build(self.model, self.out)
        assert outcome.ok, outcome.faults
        install(self.site)
        self.files = {
            p.relative_to(self.out).as_posix(): p.read_text("utf-8") for p in self.out.rglob("*") if p.is_file()
        }


@dataclass(frozen=True)
class Trial:
    """The extension with hostile texts, and the same with as many harmless ones in the same places."""

    built: Built
    harmless: Built
    texts: dict[Slot, str]
    canary: Path


def let_through(chosen: dict[Slot, str], folder: Path) -> tuple[dict[Slot, str], set[Slot]]:
    """Of these texts those that the whole gate lets through together, and those that it refuses with a place."""
    out: set[Slot] = set()
    for _ in range(ROUNDS):
        left = {slot: text for slot, text in chosen.items() if slot not in out}
        hostile.write(hostile.with_texts(FILES, left), folder)
        sources = Sources(folder)
        faults = gate.before_reading(sources) or gate.check(reading.read(sources), sources)
        if not faults:
            return left, out
        places = {(f.place.file, f.place.line) for f in faults}
        out |= {slot for slot in left if near(slot, lines_of(folder / slot.file, slot.file, left).get(slot, 0), places)}
    raise AssertionError(faults)


def near(slot: Slot, line: int, places: set[tuple[str, int]]) -> bool:
    """Whether a fault stands at a text, or at the element that it belongs to, a few lines above."""
    return any(file == slot.file and 0 <= line - at <= 12 for file, at in places)


def rotated(refusals: dict[str, set[Slot]], turn: int, canary: Path) -> dict[Slot, str]:
    """One hostile text for every place that takes any, another one each turn."""
    chosen = {}
    for slot in TEXTS:
        names = [name for name in PAYLOADS if slot not in refusals[name] and PAYLOADS[name] and name not in AT_IMPORT]
        if slot.path[-1] == "pattern":
            names = [name for name in names if name.startswith("pattern") and "none" not in name]
        if {"imports", "symbol", "english_sources"} & set(slot.path) or slot.path[-1] == "license":
            continue  # in no artefact, or refused whatever they say: ``test_imports``, symbols that are not in the table
        if names:
            name = names[(NUMBER[slot] + turn) % len(names)]
            chosen[slot] = hostile.payload(name, NUMBER[slot], canary)
    return chosen


AT_IMPORT = ("path", "absolute path", "address alone", "CURIE")
"""They are tried where they hurt, in ``test_imports``."""


@pytest.fixture(scope="module", params=[0, *(pytest.param(n, marks=pytest.mark.deep) for n in range(1, 45))])
def trial(
    request: pytest.FixtureRequest, refusals: dict[str, set[Slot]], tmp_path_factory: pytest.TempPathFactory
) -> Trial:
    folder = tmp_path_factory.mktemp("hostile")
    canary = folder / "ran"
    texts, _ = let_through(rotated(refusals, request.param, canary), folder / "tried")
    assert len(texts) > 150
    plain = {
        slot: f"plain {NUMBER[slot]}" if slot.path[-1] != "pattern" else f"^plain{NUMBER[slot]}$" for slot in texts
    }
    harmless = Built(folder / "harmless", hostile.with_texts(FILES, plain))
    return Trial(Built(folder, hostile.with_texts(FILES, texts)), harmless, texts, canary)


def test_python_is_the_same_but_for_its_texts(trial: Trial) -> None:
    for path in (p for p in trial.harmless.files if p.endswith(".py")):
        assert outline(trial.built.files[path]) == outline(trial.harmless.files[path]), path


def outline(text: str) -> str:
    """A program without its texts."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def test_nothing_runs_when_everything_is_imported(trial: Trial) -> None:
    built, canary = trial.built, trial.canary
    modules = [p.removesuffix(".py").replace("/", ".") for p in built.files if p.endswith(".py")]
    program = "import importlib\nfor name in {!r}: importlib.import_module({!r} + name.removesuffix('.__init__'))"
    python(built.site, program.format([m for m in modules if m != "__init__"], f"{PACKAGE}."))
    python(built.site, f"import {PACKAGE} as p; [getattr(p, n).model_json_schema() for n in p.__all__]")
    assert not canary.exists()


def test_json_says_exactly_what_the_model_says(trial: Trial) -> None:
    built, texts = trial.built, trial.texts
    for path in (p for p in trial.harmless.files if p.endswith((".json", ".jsonld"))):
        assert shape(json.loads(built.files[path])) == shape(json.loads(trial.harmless.files[path])), path
    held = json.loads(built.files["catalogue.json"])
    said = {
        text
        for slot, text in texts.items()
        if slot.path[-1] in ("description", "mm:description_ja") and slot.path[0] == "slots"
    }
    words = {" ".join(word.split()) for word in strings(held)}
    assert said
    assert {" ".join(text.split()) for text in said} <= words


def shape(node: Any) -> Any:
    """The structure of a document, without its texts."""
    if isinstance(node, dict):
        return {key: shape(value) for key, value in node.items() if key not in ("sha256", "files")}
    return [shape(inner) for inner in node] if isinstance(node, list) else type(node).__name__


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from strings(inner)


def test_turtle_says_as_much_as_before(trial: Trial) -> None:
    for path in (p for p in trial.harmless.files if p.endswith(".ttl")):
        graphs = [Graph().parse(data=b.files[path], format="turtle") for b in (trial.built, trial.harmless)]
        counted = [Counter((str(p), type(o).__name__) for _, p, o in g) for g in graphs]
        assert counted[0] == counted[1], path
        assert not any("evil" in str(node) for triple in graphs[0] for node in triple[:2])


def test_typescript_is_the_same_but_for_its_comments(trial: Trial) -> None:
    both = [b.files["javascript/types.d.ts"] for b in (trial.built, trial.harmless)]
    assert len({re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) for text in both}) == 1


def test_openapi_is_the_same_but_for_its_texts(trial: Trial) -> None:
    both = [yaml.safe_load(b.files["openapi/components.yaml"]) for b in (trial.built, trial.harmless)]
    assert shape(both[0]) == shape(both[1])


def test_crosswalks_have_the_same_cells_and_no_formula(trial: Trial) -> None:
    for path in (p for p in trial.harmless.files if p.endswith(".tsv")):
        rows = [table(b.files[path]) for b in (trial.built, trial.harmless)]
        assert list(map(len, rows[0])) == list(map(len, rows[1]))
        assert not [cell for row in rows[0] for cell in row if re.match(r"[=+@\t-]", cell)]


def table(text: str) -> list[list[str]]:
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return list(csv.reader(io.StringIO(lines), delimiter="\t"))


PAGES = """
import json, sys
from dataclasses import replace
import markdown
from machimori.build.pages import book, classes, domains, enums, indexes, profiles, units
held = replace(book.read(), examples={})
own = {"HeatPump", "HeatPumpState", "Refrigerant", "heatpump", "personal.heat_pump_use", "operational.pump_stock", "parts", "PumpPart"}
wanted = [*(f"{f}/{n}.md" for n in own for f in ("classes", "enums", "profiles", "domains")), "types.md", "units.md", "index.md"]
extensions = ["admonition", "attr_list", "tables", "toc", "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences"]
made = {}
for language in ("en", "ja"):
    pages = {}
    for module in (classes, domains, enums, indexes, profiles, units):
        pages |= module.pages(held, language)
    for path, text in pages.items():
        if path in wanted:
            made[f"{language}/{path}"] = text.split("\\n---\\n", 1)
            made[f"{language}/{path}"][1] = markdown.markdown(made[f"{language}/{path}"][1], extensions=extensions)
print(json.dumps(made))
"""
LINKS = re.compile(r"https?://|#|[A-Za-z0-9./_-]+\.(md|json)(#[\w.-]*)?$|\.\./")


class Elements(HTMLParser):
    """The elements of a page with their attributes, but for links that a text may make of an address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "a" or "href" in held or "src" in held:
            self.targets += [str(held.get("href")), *([str(held["src"])] if "src" in held else [])]
            assert set(held) <= {"href", "class", "id", "title"}, held
        else:
            self.found.append((tag, tuple(sorted(held))))


def test_pages_hold_no_element_of_a_text(trial: Trial) -> None:
    pages = [json.loads(python(b.site, PAGES)) for b in (trial.built, trial.harmless)]
    assert pages[0].keys() == pages[1].keys()
    assert len(pages[0]) >= 20
    for path, (head, body) in pages[0].items():
        elements, before = Elements(body), Elements(pages[1][path][1])
        assert elements.found == before.found, path
        assert [t for t in elements.targets if not LINKS.match(t)] == []
        assert not re.search(r"[<>&]", head), path


def test_numbers(refusals: dict[str, set[Slot]], record_property: Any) -> None:
    """How much is tried: texts and keys of the small model, hostile texts, and artefacts."""
    tried = len(TEXTS) * len(PAYLOADS)
    turned_away = sum(map(len, refusals.values()))
    record_property("places", len(SLOTS))
    record_property("texts tried", tried)
    record_property("refused by the look of them", turned_away)
    assert (len(SLOTS) > 700, len(PAYLOADS) > 50, turned_away > tried / 3) == (True, True, True)
