"""What hand-written pages claim is held to the code: figures, lists, limits, and which artefact checks what.

A figure of the model is written ``{{ classes }}`` and filled in when the pages are built, so that it cannot be wrong. What
is claimed in words is read here. A test that fails because the code has become better wants the page changed, not the test.
"""

from __future__ import annotations

import json
import re
import runpy
import shutil
import tomllib
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests import raw
from tests.agreement import engines, shacl_oracle
from tests.docs.test_examples import FENCE, PAGES, ROOT, name

import machimori as mm
from machimori.build.pages.figures import figures
from machimori.catalogue.catalogue import artefact, codes
from machimori.exchange.formats import FORMATS
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.statistics import draws
from machimori.privacy.statistics.ledger import RHO, UNITS, spending
from machimori.privacy.store import open_store
from machimori.samples import week

LANGUAGES = ("en", "ja")
EXAMPLES = files("machimori.sources") / "examples"


def page(language: str, stem: str) -> str:
    return (ROOT / "docs" / language / f"{stem}.md").read_text(encoding="utf-8")


def prose(text: str) -> str:
    return FENCE.sub("", text)


def section(text: str, anchor: str) -> str:
    """The part of a page below the heading with an anchor, up to the next heading of its level or above."""
    head = re.search(rf"^(#+) [^\n]*\{{: #{anchor} \}}$", text, re.MULTILINE)
    assert head, anchor
    rest = text[head.end() :]
    following = re.search(rf"^#{{1,{len(head[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def table(text: str) -> list[list[str]]:
    """The first table of a text without its ruler, by cells."""
    lines = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for n, line in enumerate(lines) if n != 1]


def listed(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


# -- figures ----------------------------------------------------------------------------------------------------------

COUNTED = {
    "classes": r"classes|クラス",
    "fields": r"fields|項目",
    "domains": r"domains|分野",
    "profiles": r"(?:privacy )?profiles|(?:プライバシー)?区分",
    "purposes": r"purposes|利用目的",
    "rules": r"rules(?: of disclosure)?|(?:提供の)?規則",
    "codes": r"(?:issue )?codes|(?:指摘)?コード",
}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_count_of_the_model_is_filled_in_or_true(path: Path) -> None:
    """Pages are built and take the figure from the model; README.md is not, and is read."""
    text = prose(path.read_text(encoding="utf-8"))
    known = figures("en")
    wrong = [
        found[0]
        for what, words in COUNTED.items()
        for found in re.finditer(rf"(?<![\d.,#])(\d[\d,]*) ?(?:の|個の)?(?:{words})(?![A-Za-z])", text)
        if path.name != "README.md" or found[1] != known[what]
    ]
    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_version_of_machimori_is_this_one(path: Path) -> None:
    text = prose(path.read_text(encoding="utf-8"))
    told = re.findall(r"(?:[Mm]achimori|街守|[Vv]ersion|第)[ =]*v?(\d+\.\d+\.\d+)", text)
    assert [version for version in told if version != mm.__version__] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_build_fills_in_what_it_knows_and_stops_at_what_it_does_not(language: str) -> None:
    from mkdocs.exceptions import PluginError

    hooks = runpy.run_path(str(ROOT / "docs" / "hooks.py"))
    written = SimpleNamespace(file=SimpleNamespace(src_uri="index.md"))
    config = SimpleNamespace(theme={"language": language})
    told = hooks["on_page_markdown"]("{{ classes }} and {{ size_wheel }} MB", page=written, config=config)
    assert re.fullmatch(rf"{len(raw.catalogue()['classes'])} and [\d.]+ MB", told)
    with pytest.raises(PluginError, match="no_such_figure"):
        hooks["on_page_markdown"]("{{ no_such_figure }}", page=written, config=config)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_noise_is_that_of_the_draws(language: str) -> None:
    """Row by row, against what each of so many numbers draws."""
    rows = table(runpy.run_path(str(ROOT / "docs" / "statistics.py"))["noise"](language) + "\n\n")
    # ``table`` takes the second line for a ruler
    assert [row[0] for row in rows] == ["1", *map(str, range(3, draws.MOST_LOOKS + 1))]
    for looks, variance, reach, _, farthest, shown, *_ in rows:
        made = draws.noise(int(looks))
        drawn = [made.of(n * (1 << draws.BITS) // 20_000) for n in range(20_000)]
        assert max(map(abs, drawn)) == made.reach
        assert sum(d * d for d in drawn) / len(drawn) == pytest.approx(float(variance), rel=0.01)
        assert float(variance) >= 2 * int(looks)
        assert (reach, farthest, shown) == (f"±{made.reach}", f"±{2 * made.reach}", f"{10 + int(looks)}")


def test_the_page_hides_no_attack_that_tells_more_than_its_target() -> None:
    told = {"aim": "size", "tries": 9, "guessed": 0.1, "right": 0.5, "limit": 0.4}
    page_of = runpy.run_path(str(ROOT / "docs" / "statistics.py"))
    page_of["attacks"].__globals__["_observed"] = lambda: {"aimed": [told | {"sure": 0.3}, told | {"sure": 0.45}]}
    first, second, *rest = page_of["attacks"]("en").splitlines()
    assert "0.30" in first
    assert "beyond the target" in second
    assert "0.45" in second
    assert all("–" in row for row in rest)


# -- what there is not yet --------------------------------------------------------------------------------------------

# What a page says of things that are not there, in the words that authors use for them; none may be left in a page.
UNFINISHED = re.compile(
    r"\b(?:not yet|yet|this version|is not part of|planned|in future|later version|coming soon|to be done|not implemented|"
    r"unsupported|TODO|TBD|until then)\b|まだ|未対応|未実装|今後|予定|この版|将来|準備中|対応していない",
    re.IGNORECASE,
)
SAID: dict[str, set[str]] = {
    "docs/ja/gate.md": {"まだ通知していないもの"},
}
"""Sentences with such a word that are about something else."""


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_is_said_to_be_missing_that_nobody_looked_at(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for allowed in SAID.get(name(path), ()):
        assert allowed in text, f"no longer said: {allowed}"
        text = text.replace(allowed, "")
    assert [text[max(0, f.start() - 60) : f.end() + 60] for f in UNFINISHED.finditer(text)] == []


def test_the_words_of_what_is_missing_are_found() -> None:
    for text in ("It does not decide yet.", "The gate is not part of it", "まだ判断はしない。", "この版にあるのは"):
        assert UNFINISHED.search(text), text


# -- limits that a page admits ----------------------------------------------------------------------------------------


def _put_back_whole(folder: Path) -> bool:
    """A store that is put back with its key and the file beside it settles anew, and nobody sees it there."""
    file, copy = folder / "whole" / "gate.db", folder / "copy"
    file.parent.mkdir()
    for content in (b"first", b"another"):
        with closing(open_store(file, read_holding(_holding(folder)))) as store:
            store.kept.secret()
            store.log.checkpoint()
            if not copy.exists():
                store.close()
                shutil.copytree(file.parent, copy)
            store.kept.keep("Trip", {("flows", 0): content}, 0.0)
            found = store.kept.found("Trip", "flows", [0])
        shutil.rmtree(file.parent)
        shutil.copytree(copy, file.parent)
    return found == {0: b"another"}


@cache
def _shown() -> dict[str, str]:
    """The files that the page on the gate shows, by name."""
    found = re.finditer(r'```json title="([^"]+)"\n(.*?)```', page("en", "gate"), re.DOTALL)
    return {block[1]: block[2] for block in found}


def _holding(folder: Path) -> Path:
    path = folder / "holder.json"
    path.write_text(_shown()["holder.json"], encoding="utf-8")
    return path


def _statistics() -> dict[str, Any]:
    """A request for statistics by the city of the page."""
    return {**json.loads(_shown()["request.json"]), "form": "statistics"}


def _names_nobody(folder: Path) -> bool:
    gate = mm.Gate(holder=_holding(folder), store=f"sqlite:///{folder / 'gate.db'}")
    gate.decide(_statistics(), k=40)
    assert gate.store
    customer = "urn:machimori:customer:17"
    return bool(list(gate.store.log.entries())) and not list(gate.store.log.entries(subject=customer))


def _service_counts_nothing(folder: Path) -> bool:
    """The service hands the gate a request and nothing else."""
    return mm.Gate(holder=_holding(folder)).decide(_statistics()).rule == "below-minimum-group"


LIMITS: list[tuple[str, str, str, Callable[[Path], bool]]] = [
    (
        "gate",
        "Whoever puts back the store, the key and that file together is not\nfound out by them",
        "保管庫、鍵及びそのファイルをまとめて戻した者は、これらによっては見つからない",
        _put_back_whole,
    ),
    (
        "statistics",
        "two answers at `epsilon` 1, or two hundred at\n0.1",
        "`epsilon`が1なら2回、0.1なら200回に当たる",
        lambda _: [RHO * UNITS / spending(epsilon) for epsilon in (1.0, 0.1)] == [2, 200],
    ),
    ("gate", "names none of them", "誰も特定しない", _names_nobody),
    ("service", "`below-minimum-group`", "`below-minimum-group`", _service_counts_nothing),
]


@pytest.mark.full
@pytest.mark.parametrize(("stem", "en", "ja", "holds"), LIMITS, ids=[en.split("\n")[0] for _, en, _, _ in LIMITS])
def test_a_limit_that_a_page_admits_is_there(
    stem: str, en: str, ja: str, holds: Callable[[Path], bool], tmp_path: Path
) -> None:
    assert en in page("en", stem)
    assert ja in page("ja", stem)
    assert holds(tmp_path), "the code has become better than the page says: change the page"


# -- which artefact checks what ---------------------------------------------------------------------------------------

ARTEFACTS: list[Callable[[str, str], bool] | None] = [
    engines.pydantic,
    engines.fastjsonschema,
    engines.jsonschema_rs_formats,
    engines.ajv,
    lambda text, class_name: shacl_oracle.accepts(json.loads(text), class_name),
    None,
]
"""The rows of the table; the last is the command."""
CELLS = {"all": "all", "全て": "all", "some": "some", "一部": "some", "none": "none", "なし": "none"}
DASH = {"–", "―"}
TEXTS = "MM0"


def refused(row: int, code: str, text: bytes, class_name: str) -> bool:
    judge = ARTEFACTS[row]
    if judge is None:
        return code in {issue.code for issue in mm.validate(text, class_name).issues}
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        return True
    return not judge(decoded, class_name)


@cache
def counterexamples() -> dict[str, list[tuple[bytes, str]]]:
    """The invalid examples of each code of records, and the counterexamples of each code of texts, with their class."""
    held: dict[str, list[tuple[bytes, str]]] = {}
    for folder in EXAMPLES.iterdir():
        for file in folder.iterdir():
            if file.name.startswith("invalid-"):
                held.setdefault(file.name.split("-")[1], []).append((file.read_bytes(), folder.name))
    for code, entry in codes().items():
        if shown := entry.get("counterexample"):
            parts = [p if isinstance(p, str) else p["text"] * p["times"] for p in shown["parts"]]
            text = "".join(parts).encode(shown.get("encoding", "utf-8"))
            if len(text) < 1_000_000:  # the longest says only that a record may be too long
                held.setdefault(code, []).append((text, "TransitStop"))
    return held


@cache
def measured(first: str, last: str, row: int) -> str:
    found = {
        refused(row, code, text, class_name)
        for code, texts in counterexamples().items()
        if first <= code <= last
        for text, class_name in texts
    }
    return {(True,): "all", (False,): "none"}.get(tuple(found), "some")


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_says_which_artefact_checks_what(language: str) -> None:
    text = section(page(language, "validation"), "artefacts")
    kinds = re.findall(r"^- \*\*(.+?)\*\*.*?`(MM\d+)`.*?`(MM\d+)`", text, re.MULTILINE)
    (_, *heads), *rows = table(text)
    assert heads == [kind for kind, _, _ in kinds]
    assert len(rows) == len(ARTEFACTS)
    covered: set[str] = set()
    for column, (kind, first, last) in enumerate(kinds, 1):
        covered |= {code for code in counterexamples() if first <= code <= last}
        for number, row in enumerate(rows):
            if row[column] in DASH:
                assert first.startswith(TEXTS)
            else:
                assert CELLS[row[column]] == measured(first, last, number), f"{row[0]}: {kind}"
    assert covered == counterexamples().keys()


AGREEMENT = re.compile(
    r"(?:all|every) (?:of them|artefacts?)[^.]*\b(?:same|agree|one verdict)|one verdict|say the same|held to agree|"
    r"verdict is\s+that of|同じ判定|判定は?(?:全て|必ず)?一致|どれも同じ"
)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_is_said_of_agreement_points_to_the_table(path: Path) -> None:
    paragraphs = prose(path.read_text(encoding="utf-8")).split("\n\n")
    found = [p for p in paragraphs if AGREEMENT.search(p) and "#artefacts" not in p]
    assert found == []


# -- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
class TestLists:
    """Tables and lists of prose pages name what there is, all of it."""

    def test_data_classes(self, language: str) -> None:
        _, *rows = table(section(page(language, "concepts"), "data-classes"))
        assert [listed(row[0])[0] for row in rows] == list(raw.catalogue()["enums"]["DataClass"]["values"])

    def test_axes_of_a_profile(self, language: str) -> None:
        _, *rows = table(section(page(language, "concepts"), "axes"))
        texts = {"title", "description", "why", "reading", "law_version", "person_related"}
        axes = (
            {axis for profile in raw.catalogue()["profiles"].values() for axis in profile}
            - texts
            - {"inherited", "future_law"}
        )
        assert {axis for row in rows for axis in listed(row[0])} == axes

    def test_values_of_an_axis(self, language: str) -> None:
        rows = {listed(row[0])[0]: row[1] for row in table(section(page(language, "concepts"), "axes"))[1:]}
        profiles = [profile for profile in raw.catalogue()["profiles"].values() if "data_class" in profile]
        assert set(listed(rows["government_access"])) == {p["government_access"] for p in profiles}
        least = {
            c: min(p["minimum_group"] for p in profiles if p["data_class"] == c) for c in ("personal", "special_care")
        }
        assert re.findall(r"\d+", rows["minimum_group"]) == [str(least["personal"]), str(least["special_care"])]

    def test_rules_of_the_worked_cases(self, language: str) -> None:
        rules = {rule["id"].rpartition("/")[2] for rule in json.loads(artefact("policy/policy.json"))["rules"]}
        _, *rows = table(section(page(language, "concepts"), "requests"))
        assert {listed(row[2])[0] for row in rows} <= rules

    def test_formats(self, language: str) -> None:
        _, *rows = table(section(page(language, "real-input"), "formats"))
        assert {listed(row[0])[0] for row in rows} == {*FORMATS, "machimori"}

    def test_records_of_the_week(self, language: str) -> None:
        _, *rows = table(section(page(language, "week"), "records"))
        told = {listed(row[0])[0]: int(row[2]) for row in rows}
        domains = [raw.catalogue()["classes"][record["type"]]["domain"] for record in week.records()]
        assert told == {domain: domains.count(domain) for domain in raw.catalogue()["domains"]}

    @pytest.mark.full
    def test_paths_of_the_service(self, language: str, tmp_path: Path) -> None:
        from machimori.service.asgi import application
        from machimori.service.settings import Settings

        rows = table(page(language, "service"))[1:]
        told = {cell.split()[-1] for row in rows for cell in listed(row[0])}
        assert told == {
            route.path
            for route in application(Settings(holder=str(_holding(tmp_path)))).routes
            if getattr(route, "path", "")
        }

    def test_extras(self, language: str) -> None:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "optional-dependencies"
        ]
        told = re.findall(r"\[([a-z]+)\]['`]", section(page(language, "index"), "install"))
        assert set(told) == extras.keys() - {"test", "lint", "fuzz"}
