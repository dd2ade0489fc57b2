"""Every field that the table of fields asks for is mapped by a term of the model, or refused with a reason.

The table, ``crosswalk_table.tsv``, names for each row an IRI, its Japanese source (ECHONET codes, columns, item names) and
other sources. What a row asks for is read from it as far as it can be; ``crosswalk_rows.yaml`` has the rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests import raw

TABLE = Path(__file__).parent / "crosswalk_table.tsv"
Row = dict[str, str]
EOJ = re.compile(r"0x([0-9A-F]{4})\b")
EPC = re.compile(r"(?<![\w.])(?:0x)?([0-9A-F]{2})(?=[ ;]|$)")
REFUSED = re.compile(r"\b(reject|exclude|never|own class)\b|^NOT ")


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def prefixes() -> dict[str, str]:
    text = (files("machimori.sources") / "crosswalk" / "targets.yaml").read_text(encoding="utf-8")
    return {p: iri for target in yaml.safe_load(text)["targets"].values() for p, iri in target["namespaces"].items()}


@cache
def written_down() -> dict[str, dict[str, list[str]]]:
    held: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / "crosswalk_rows.yaml").read_text(encoding="utf-8")
    )
    return held


@dataclass(frozen=True)
class Known:
    """What the model says: IRIs mapped, IRIs refused, and the sources of the terms that are mapped to a target."""

    mapped: frozenset[str]
    refused: frozenset[str]
    sources: dict[str, str]

    def iri(self, iri: str) -> bool:
        return iri in self.mapped or iri in self.refused

    def under(self, prefix: str, name: str) -> bool:
        """Whether a term of a source is there by its own name, whatever file or message it stands in."""
        wanted = name.replace("_", "").lower()
        space = prefixes()[prefix]
        held = (i for i in self.mapped | self.refused if i.startswith(space))
        return any(i.rpartition("/")[2].replace("_", "").lower() == wanted for i in held)

    def item(self, prefix: str, name: str) -> bool:
        """Whether a term mapped to this source names the item, in Japanese, as where it came from."""
        return name in self.sources[prefix]


@cache
def known() -> Known:
    held = raw.catalogue()
    classes, enums = held["classes"].values(), held["enums"].values()
    terms: list[dict[str, Any]] = [*classes, *(f for c in classes for f in c["fields"].values())]
    terms += [*enums, *(v for e in enums for v in e["values"].values())]
    mapped = {iri for t in terms for kind in ("exact", "close") for iri in t["mappings"][kind]}
    sources = {
        prefix: "\n".join(
            t.get("source", "")
            for t in terms
            if any(i.startswith(space) for kind in ("exact", "close") for i in t["mappings"][kind])
        )
        for prefix, space in prefixes().items()
    }
    refused = {iri for e in held["exclusions"].values() for iri in e["iris"]}
    return Known(frozenset(mapped), frozenset(refused), sources)


def asked(row: Row) -> Iterator[tuple[str, bool]]:
    """What a row asks for, each with whether it is there."""
    if row["iri"]:
        yield row["iri"], known().iri(row["iri"])
    yield from _echonet(row["japanese_source"])
    yield from _japanese_items(row["japanese_source"])
    yield from _columns(row)
    yield from _messages(row["other_source"])
    key = f"{row['domain']} {row['field']}"
    for name in written_down()["mapped"].get(key, []):
        yield name, _named(name)
    for name in written_down()["refused"].get(key, []):
        yield f"not {name}", name in raw.catalogue()["exclusions"]


def _echonet(source: str) -> Iterator[tuple[str, bool]]:
    """``MRA 0x027D A4 / A5`` asks for 0x027D/0xA4 and 0x027D/0xA5, ``MRA superClass 0x8A`` for 0x0000/0x8A."""
    if not source.startswith("MRA ") or "devices/" in source:
        return
    text = source.removeprefix("MRA ")
    eoj = EOJ.search(text)
    class_ = "0000" if "superClass" in text or eoj is None else eoj[1]
    codes = EPC.findall(text)
    base = f"{prefixes()['echonet']}0x{class_}"
    for code in codes:
        yield f"{base}/0x{code}", known().iri(f"{base}/0x{code}")
    if not codes:
        yield base, any(i == base or i.startswith(f"{base}/") for i in known().mapped)


def _japanese_items(source: str) -> Iterator[tuple[str, bool]]:
    for item in re.findall(r"(?:be|pd):([^/;]+)", source):
        yield f"eei {item.strip()}", known().item("eei", item.strip())
    for item in re.findall(r"^JARTIC (\S+)", source):
        yield f"jartic {item}", known().item("jartic", item)


def _columns(row: Row) -> Iterator[tuple[str, bool]]:
    """Fields of files whose column names are the fields of the table."""
    prefix = {"transit": "gtfs", "shared": "gbfs"}.get(row["domain"])
    if "NEC-FIWARE" in row["japanese_source"] and row["field"].startswith("numberOf"):
        prefix = "covid19"
    if prefix is None or row["field"].startswith(("(class)", "NOT ")) or "k_value" in row["field"]:
        return
    for name in re.split(r", | / ", row["field"].partition(", rotated")[0]):
        yield f"{prefix} {name}", known().under(prefix, name)


def _messages(source: str) -> Iterator[tuple[str, bool]]:
    for object_, field, more in re.findall(r"OCPI (?:count\()?(\w+)\.(\w+)(?: / (\w+))?", source):
        for name in filter(None, (field, more)):
            iri = f"{prefixes()['ocpi']}{object_.lower()}/{name}"
            yield iri, known().iri(iri)
    for name in re.findall(r"OpenADR event\.(\w+)", source):
        yield f"openadr {name}", known().under("openadr", name)


def _named(name: str) -> bool:
    """Whether an IRI (also by prefix) is mapped, or a term of the model is there."""
    prefix, colon, local = name.partition(":")
    if colon:
        return known().iri(name if local.startswith("//") else prefixes()[prefix] + local)
    class_, _, field = name.partition(".")
    return field in raw.catalogue()["classes"].get(class_, {"fields": {}})["fields"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['domain']}: {row['field']}")
def test_a_row_is_mapped_or_refused(row: Row) -> None:
    found = dict(asked(row))
    assert found, "nothing tells what this row asks for"
    assert [what for what, there in found.items() if not there] == []


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if REFUSED.search(row["privacy_hint"]) or REFUSED.search(row["field"])],
    ids=lambda row: f"{row['domain']}: {row['field']}",
)
def test_what_the_table_rejects_is_an_exclusion(row: Row) -> None:
    key = f"{row['domain']} {row['field']}"
    columns = re.findall(r"\w+\.(\w+)", row["other_source"]) or re.split(r", | / ", row["field"])
    told = [i for i in known().refused if i == row["iri"] or i.rpartition("/")[2] in columns]
    assert written_down()["refused"].get(key) or told


def test_nothing_is_written_down_for_a_row_that_is_not_there() -> None:
    keys = {f"{row['domain']} {row['field']}" for row in rows()}
    assert {key for part in written_down().values() for key in part} - keys == set()


def test_what_is_refused_is_not_mapped() -> None:
    assert known().mapped & known().refused == set()
