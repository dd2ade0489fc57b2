"""Reports in every form: readable by those who read that form, complete in their counts, silent about values."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from junitparser import JUnitXml
from rdflib import Graph
from rdflib.compare import isomorphic
from sarif.loader import load_sarif_file
from tests import raw
from tests.javascript.node import installed
from tests.programs import wanting

from machimori.catalogue import catalogue
from machimori.catalogue.reading import read
from machimori.cli.audience import audience
from machimori.findings.issue import Issue
from machimori.findings.reporters import FORMATS, Style, Totals, reporter
from machimori.findings.reporters.groups import GROUPS, Groups
from machimori.findings.severities import SeveritiesError, eased, read_severities
from machimori.validation.presence import Presence
from machimori.validation.stream import validate_stream

CANARY = "canary-4e8c"
USE = {
    "type": "ElectricityUse",
    "id": "urn:machimori:use:1",
    "customer": f"urn:machimori:customer:{CANARY}",
    "meter": "urn:machimori:meter:1",
    "interval_start": "2026-04-01T09:00:00+09:00",
    "interval_end": "2026-04-01T09:30:00+09:00",
    "energy": 0.4,
}
BAD: list[dict[str, Any]] = [
    {**USE, "energy": -1},
    {**USE, "quality": CANARY},
    {**USE, "customer": f"<script>{CANARY}</script>"},
    {**USE, "interval_end": f"2026 {CANARY}"},
]
EACH = 30
"""Records of each fault: more than a form shows."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "<odd & name>\x1b.ndjson"
    path.write_text("\n".join(json.dumps(r) for r in [USE, *BAD * EACH]) + "\n", encoding="utf-8")
    return path


def report(file: Path, form: str, **style: Any) -> str:
    out = io.StringIO()
    written = reporter(form, out, Style(**{"audience": audience if form == "html" else None, **style}))
    written.source(str(file))
    presence = Presence()
    found = validate_stream(file, presence=presence)
    for issue in found:
        written.finding(issue)
    written.end(Totals(found.records, found.invalid, found.findings, found.ok, presence))
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("form", FORMATS)
def test_no_form_shows_a_value(form: str, language: str, file: Path) -> None:
    text = report(file, form, language=language)
    assert CANARY not in text
    assert "<script" not in text
    assert "personal.energy_use" in text or form == "junit"


def test_sarif_is_read_as_findings_by_line(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.sarif"
    path.write_text(report(file, "sarif", examples=5), encoding="utf-8")
    rows = load_sarif_file(str(path)).get_records()
    assert len(rows) == 4 * 5
    assert {r["Severity"] for r in rows} == {"error"}
    assert sorted({int(r["Line"]) for r in rows})[:4] == [2, 3, 4, 5]
    run = json.loads(path.read_text(encoding="utf-8"))["runs"][0]
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["MM202", "MM201", "MM207", "MM205"]
    assert run["properties"]["findingsNotShown"] == run["properties"]["findings"] - 20 == 4 * (EACH - 5)
    assert all(r["ruleId"] == run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"])
    assert " " not in run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


SARIF = "@microsoft/sarif-multitool-linux"
"""The validator of those who drafted the standard, with its schema beside it."""


@pytest.fixture(scope="module")
def multitool() -> Path:
    folder = installed() / SARIF
    if not folder.is_dir():
        wanting(f"{SARIF} is for Linux alone")
    return folder


def sarif_faults(path: Path, multitool: Path) -> list[str]:
    """What the schema and then the rules of the standard have against a file."""
    schema = json.loads((multitool / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    by_schema = [e.message for e in validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))]
    program = multitool / "Sarif.Multitool"
    program.chmod(0o755)
    told = subprocess.run(
        [program, "validate", path],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Analysis completed successfully" in told
    return by_schema + [line for line in told.splitlines() if ": error " in line or ": warning " in line]


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("which", ["bad", "good", "unreadable"])
def test_sarif_complies_with_its_schema_and_the_rules_of_the_standard(
    which: str, language: str, file: Path, tmp_path: Path, multitool: Path
) -> None:
    good = tmp_path / "good.ndjson"
    good.write_text(json.dumps(USE))
    asked = {"bad": file, "good": good, "unreadable": tmp_path / "absent"}[which]
    path = tmp_path / "report.sarif"
    path.write_text(report(asked, "sarif", language=language), encoding="utf-8")
    assert sarif_faults(path, multitool) == []


@pytest.mark.full
def test_sarif_that_does_not_comply_would_be_seen(file: Path, tmp_path: Path, multitool: Path) -> None:
    path = tmp_path / "report.sarif"
    whole = json.loads(report(file, "sarif"))
    whole["runs"][0]["results"][0]["line"] = 1
    path.write_text(json.dumps(whole), encoding="utf-8")
    by_schema, by_rule = sarif_faults(path, multitool)
    assert "'line' was unexpected" in by_schema
    assert "JSON1005" in by_rule


def test_junit_is_read_as_a_suite_a_file_and_a_case_a_code(file: Path) -> None:
    suites = list(JUnitXml.fromstring(report(file, "junit").encode()))
    assert [(s.tests, s.failures, s.errors) for s in suites] == [(4, 4, 0)]
    cases = list(suites[0])
    assert [c.name.split()[0] for c in cases] == ["MM202", "MM201", "MM207", "MM205"]
    assert all(f"and {EACH - 20} more" in c.result[0].text for c in cases)


def test_junit_of_what_complies_has_one_case_that_passed(tmp_path: Path) -> None:
    path = tmp_path / "good.ndjson"
    path.write_text(json.dumps(USE))
    (suite,) = JUnitXml.fromstring(report(path, "junit").encode())
    assert (suite.tests, suite.failures, [c.is_passed for c in suite]) == (1, 0, [True])


@pytest.mark.full
def test_earl_says_which_code_failed_how_often(file: Path) -> None:
    graph = Graph().parse(data=report(file, "earl"), format="json-ld")
    rows = graph.query(
        """PREFIX earl: <http://www.w3.org/ns/earl#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?test ?count (COUNT(?pointer) AS ?shown) WHERE {
          ?a a earl:Assertion; earl:test ?test; earl:subject/a earl:TestSubject; earl:result ?r; earl:mode earl:automatic;
             earl:assertedBy/a earl:Software.
          ?r earl:outcome earl:failed; dcterms:extent ?count; earl:pointer ?pointer } GROUP BY ?test ?count ORDER BY ?test"""
    )
    iri = raw.catalogue()["iri"]
    assert [(str(t), int(n), int(k)) for t, n, k in rows] == [
        (f"{iri}code/{code}", EACH, 20) for code in ("MM201", "MM202", "MM205", "MM207")
    ]


@pytest.mark.full
def test_earl_in_turtle_is_the_same_graph(file: Path) -> None:
    one = Graph().parse(data=report(file, "earl", turtle=True), format="turtle")
    other = Graph().parse(data=report(file, "earl"), format="json-ld")
    for graph in (one, other):
        graph.update("DELETE WHERE { ?s <http://purl.org/dc/terms/date> ?o }")
    assert isomorphic(one, other)


class Page(HTMLParser):
    """The tags and the texts of a page; a tag that is not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.languages: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.loads += [str(held[k]) for k in ("src", "data", "poster") if k in held]
        self.languages.add(held.get("lang") or "")
        if tag == "link":
            self.loads.append(str(held))
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_in_both_languages(file: Path) -> None:
    text = report(file, "html", language="ja")
    page = Page(text)
    assert page.loads == []
    assert page.languages >= {"en", "ja"}
    for said in (
        "適合しないものがあります",
        "Not everything complies",
        "personal.energy_use",
        "市区町村",
        "Another company",
    ):
        assert said in text
    assert f">{EACH} times<" in text
    assert "consent in force" in text
    rows = re.findall(r'<tr><td><a href="#(MM\d+)">.*?<td class="number">(\d+)</td>', text)
    assert rows == [(code, str(EACH)) for code in ("MM201", "MM202", "MM205", "MM207")]
    assert all(text.count(f' id="{code}"') == 1 for code, _ in rows)


HOSTILE = "\"'><script>x</script><!--</style>&{{ 7 * 7 }}{% raw %}"


def _marked(value: Any, mark: str, keep: frozenset[str] = frozenset()) -> Any:
    """Every text in something with a mark behind it, but for keys and what a look-up needs."""
    if isinstance(value, dict):
        return {k: v if k in keep else _marked(v, mark, keep) for k, v in value.items()}
    return value + mark if isinstance(value, str) else value


def _structure(mark: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], str]:
    """The tags, with the names of their attributes, of a page in which every text from elsewhere has a mark; and the page."""
    model, codes = raw.catalogue(), catalogue.codes()
    titles = {"title", "name", "version", "iri", "profiles", "enums"}
    small = _marked({k: v for k, v in model.items() if k in titles}, mark, frozenset({"person_related", "data_class"}))
    whole = read(
        json.dumps({key: {} for key in ("domains", "classes", "types", "categories", "exclusions", "units")} | small)
    )
    entries = {code: _marked(entry, mark, frozenset({"severity"})) for code, entry in codes.items()}
    out = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr("machimori.findings.reporters.html.catalogue.model", lambda: whole)
        patched.setattr("machimori.findings.reporters.html.catalogue.codes", lambda: entries)
        patched.setattr("machimori.findings.reporters.html.strictness", lambda: {"personal": 1})
        written = reporter("html", out, Style(audience=lambda _: [[{"en": mark, "ja": mark}] * n for n in (1, 2, 1)]))
        presence = Presence()
        presence.records = 1
        presence.values["personal.trip"] = 1
        presence.fields["personal.trip"] = {(f"Trip{mark}", f"origin{mark}")}
        for number in range(120):
            written.source(f"{number}{mark}")
        for number in range(9):
            facts = {"name": f"{number}{mark}", "type": mark, "value": mark}
            written.finding(Issue("MM102", f"/{mark}", facts=facts, source=f"{number}{mark}", line=number))
        written.end(Totals(1, 1, 9, False, presence))

    tags: list[Any] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, [name for name, _ in attrs]))

        def handle_comment(self, data: str) -> None:
            tags.append(("comment", data))

    Tags().feed(out.getvalue())
    return tags, out.getvalue()


def test_no_text_changes_the_structure_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, _ = _structure("", monkeypatch)
    marked, page = _structure(HOSTILE, monkeypatch)
    assert marked == usual
    assert page.count("script&gt;x") > 100
    assert "{{ 7 * 7 }}" in page


def test_findings_without_end_take_bounded_memory() -> None:
    groups = Groups(3)
    for n in range(20 * GROUPS):
        groups.add(Issue("MM102", f"/x{n}/{n}"))
    assert len(groups) <= GROUPS + 1
    assert sum(g.count for g in groups) == 20 * GROUPS
    assert sum(len(g.examples) for g in groups) <= 3 * (GROUPS + 1)


class TestSeverities:
    """What a caller may ease, and what nobody may."""

    def read(self, tmp_path: Path, text: str) -> Any:
        path = tmp_path / "machimori.toml"
        path.write_text(text, encoding="utf-8")
        return read_severities(path)

    @pytest.mark.full
    def test_a_code_by_number_or_name(self, tmp_path: Path, file: Path) -> None:
        held = self.read(tmp_path, '[severity]\nMM201 = "warning"\nbelow-minimum = "off"\n')
        found = validate_stream(file, severities=held)
        levels = {i.code: i.severity for i in found}
        assert levels == {"MM201": "warning", "MM207": "error", "MM205": "error"}
        assert (found.records, found.invalid) == (1 + 4 * EACH, 2 * EACH)
        shared = validate_stream(file, severities=held, jobs=2)
        assert [(i.code, i.line) for i in shared] == [(i.code, i.line) for i in validate_stream(file, severities=held)]

    @pytest.mark.parametrize("code", [c for c, e in catalogue.codes().items() if e.get("fixed")])
    @pytest.mark.parametrize("level", ["warning", "off"])
    def test_what_is_fixed_cannot_be_eased(self, code: str, level: str, tmp_path: Path) -> None:
        with pytest.raises(SeveritiesError) as caught:
            self.read(tmp_path, f'[severity]\n{code} = "{level}"\n')
        assert caught.value.reason == catalogue.codes()[code]["fixed"]
        assert self.read(tmp_path, f'[severity]\n{code} = "error"\n') == {code: "error"}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "no-table"),
            ("[severity", "not-toml"),
            ('[severity]\nMM999 = "off"', "unknown"),
            ('[severity]\nMM201 = "quiet"', "no-table"),
            ("severity = 1", "no-table"),
            ('[severity]\nMM201 = "off"\n[other]\n', "no-table"),
        ],
    )
    def test_what_is_no_such_file_is_refused(self, text: str, reason: str, tmp_path: Path) -> None:
        with pytest.raises(SeveritiesError) as caught:
            self.read(tmp_path, text)
        assert caught.value.reason == reason

    def test_what_guards_the_classification_is_fixed(self) -> None:
        assert {c for c, e in catalogue.codes().items() if e.get("fixed") == "privacy"} >= {"MM102", "MM106", "MM901"}
        assert not any(i.level for i in eased([Issue("MM102")], {}))
