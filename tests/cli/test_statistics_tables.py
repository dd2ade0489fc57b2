"""``machimori statistics --tables``: what can be asked of a class, with a query that is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests import raw
from tests.cli.conftest import Call

import machimori as mm

EXAMPLES = Path(__file__).parents[2] / "model" / "examples"
CLASSES: dict[str, Any] = raw.catalogue()["classes"]
PROFILES: dict[str, Any] = raw.catalogue()["profiles"]
TABLED = [name for name, class_ in CLASSES.items() if (class_.get("statistics") or {}).get("tables")]
SILENT = [name for name, class_ in CLASSES.items() if "statistics" in class_ and name not in TABLED]


def listed(call: Call, name: str) -> dict[str, Any]:
    answer = call("statistics", "--tables", name, "--json")
    assert answer.status == 0
    told: dict[str, Any] = json.loads(answer.out)
    return told


@pytest.mark.parametrize("name", TABLED)
def test_each_table_comes_with_a_query_that_is_one(name: str, call: Call) -> None:
    told, class_ = listed(call, name), CLASSES[name]
    assert [t["name"] for t in told["tables"]] == list(class_["statistics"]["tables"])
    for table in told["tables"]:
        query, held = table["query"], class_["statistics"]["tables"][table["name"]]
        assert mm.validate(query).ok, mm.validate(query).issues
        assert query["entity"] == name
        measures = [(m["aggregate_function"], m.get("field")) for m in query["measures"]]
        assert measures == [(m["function"], m.get("field")) for m in held["measures"]]
        assert [g["field"] for g in query["group_by"]] == [d["field"] for d in held["dimensions"]]
        assert [g.get("granularity", {}) for g in query["group_by"]] == [
            {k: v for k, v in d.get("granularity", {}).items() if v is not None} for d in held["dimensions"]
        ]


@pytest.mark.parametrize("name", TABLED)
def test_a_cell_is_shown_from_the_minimum_group_and_the_looks_on(name: str, call: Call) -> None:
    fields, told = CLASSES[name]["fields"], listed(call, name)
    for table in told["tables"]:
        used = [g["field"] for g in table["query"]["group_by"]] + [
            m["field"] for m in table["query"]["measures"] if "field" in m
        ]
        group = max(PROFILES[fields[f]["privacy"]]["minimum_group"] for f in used)
        assert (table["minimum_group"], table["shown_from"]) == (group, group + told["looks"])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_tables_are_told_to_people(language: str, call: Call) -> None:
    for words in (["--tables", "Trip", "--lang", language], ["--lang", language, "--tables", "Trip"]):
        out = call("statistics", *words).out
        for name, table in CLASSES["Trip"]["statistics"]["tables"].items():
            assert f"{name}  {table['title'][language]}" in out
        queries = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        assert queries == [t["query"] for t in listed(call, "Trip")["tables"]]
        assert {"en": "17 persons or households", "ja": "17人又は世帯以上"}[language] in out


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", SILENT)
def test_a_class_without_tables_says_why(name: str, language: str, call: Call) -> None:
    answer = call("statistics", "--tables", name, "--lang", language)
    assert answer.status == 0
    assert CLASSES[name]["statistics"]["why"][language].strip() in answer.out.replace("\n", " ")
    assert listed(call, name)["tables"] == []


def examples(name: str) -> list[dict[str, Any]]:
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((EXAMPLES / name).glob("valid-*.json"))]


def fitting(query: dict[str, Any]) -> list[str]:
    """The tables with the cells of a query and at least its figures."""
    held = CLASSES[query["entity"]]["statistics"]["tables"]
    cells = sorted(json.dumps((g["field"], g.get("granularity"))) for g in query["group_by"])
    asked = {(m["aggregate_function"], m.get("field")) for m in query["measures"]}
    return [
        name
        for name, table in held.items()
        if sorted(json.dumps((d["field"], _steps(d))) for d in table["dimensions"]) == cells
        and asked <= {(m["function"], m.get("field")) for m in table["measures"]}
    ]


def _steps(dimension: dict[str, Any]) -> dict[str, Any] | None:
    return {k: v for k, v in dimension.get("granularity", {}).items() if v is not None} or None


def test_the_queries_of_the_examples_fit_one_table_each() -> None:
    plain = [query for query in examples("StatisticsQuery") if "epsilon" not in query]
    assert [len(fitting(query)) for query in plain] == [1] * len(plain) != []


def test_the_releases_of_the_examples_are_of_tables_that_there_are() -> None:
    plain = [release for release in examples("StatisticsRelease") if "epsilon" not in release]
    assert plain
    for release in plain:
        held = CLASSES[release["entity"]]["statistics"]
        cells = {k["field"] for cell in release["cells"] for k in cell["cell_keys"]}
        assert cells == {d["field"] for d in held["tables"][release["table"]]["dimensions"]}
        assert (release["looks"], release["noise_variance"]) == (held["looks"], 2 * held["looks"])
        assert all(
            c["suppressed"] or c["group_size"] >= release["minimum_group"] + held["looks"] for c in release["cells"]
        )


def test_a_class_about_nobody_needs_no_table(call: Call) -> None:
    assert "any query" in call("statistics", "--tables", "FeederLoad").out
    assert listed(call, "FeederLoad") == {"entity": "FeederLoad", "tables": []}


def test_a_class_that_is_not_there_is_a_wrong_call(call: Call) -> None:
    answer = call("statistics", "--tables", "Tripp")
    assert (answer.status, answer.out) == (2, "")
    assert "Trip" in answer.err


def test_without_the_listing_records_and_documents_are_needed(call: Call) -> None:
    assert call("statistics").status == 2
