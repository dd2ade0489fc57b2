"""Hostile text: what a vendor could write, and every place of a small model where it could stand."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.build.heat_pump import MODEL

Document = dict[str, Any]
Path_ = tuple[str | int, ...]
RUN = "__import__('pathlib').Path({canary!r}).touch()"
"""Python that leaves a trace when it runs; ``{n}`` in a payload makes each text another one."""

PAYLOADS = {
    "docstring": '{n} x""" + str({run}) + """',
    "docstring on lines of its own": '{n} x"""\n{run}\n"""',
    "double quote": '{n} T"+str({run})+"',
    "single quote": "{n} T'+str({run})+'",
    "statement": '{n} 1.0"; {run} #',
    "value": "{n} zz = str({run})#",
    "attribute": "a_{n}: int = {run}\n    b",
    "name as Python": "a{n} = {run}",
    "quotation marks at the end": '{n} ends with """"',
    "backslash at the end": "{n} ends with \\",
    "backslash and quote": '{n} \\" + str({run}) + \\"""" + str({run}) + """',
    "continued line": "{n} \\\n{run}",
    "format": "{n} {{0.__class__}} {{self}} %s %(x)s ${{x}} {{{{ x }}}} {{% x %}}",
    "end of a comment": "{n} */ globalThis.pwned = 1; /* <!-- --> //",
    "template of JavaScript": "{n} `${{globalThis.pwned = 1}}` </script> ]]>",
    "element": "{n} <script>alert(1)</script> <img src=x onerror=alert(1)> <b>bold</b>",
    "entities": "{n} &lt;script&gt;alert(1)&lt;/script&gt; &amp;",
    "link": "{n} [x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "address": '{n} https://x.example/"onmouseover="alert(1) https://x.example/<script>alert(1)</script>',
    "block of Markdown": "# {n}\n\n- item\n\n    code\n\n```\nfence\n```\n\n| a | b |\n|---|---|\n",
    "list of Markdown": "- {n}",
    "number of Markdown": "{n}. one",
    "note of Markdown": '!!! danger "{n}"',
    "attributes of Markdown": "{n} {{: onclick=alert(1) #id .class }}",
    "code of Markdown": "`` <script>alert({n})</script> ``",
    "title of Markdown": "<code><script>alert({n})</script>",
    "Turtle": '{n} "> .\n<urn:evil> a <urn:x> .\n"',
    "Turtle comment": "{n}\n:evil a :x .",
    "Turtle long": "{n} ''' \"\"\" @en . <urn:evil> a <urn:x> .",
    "SQL": "{n}'; DROP TABLE x; --",
    "SQL name": '{n}"; DROP TABLE x; --',
    "YAML": "{n}\n- !!python/object/apply:os.system ['touch {canary}']\nkey: value",
    "YAML mark": "&a{n} *a {n}: # x",
    "separators": "{n}\tx\ty\nz,w;v|u",
    "formula": "=cmd|' /C calc'!A{n}",
    "formula with an at": "@SUM({n})",
    "path": "../../../../tmp/{n}",
    "absolute path": "/etc/passwd{n}",
    "address alone": "http://127.0.0.1:9/{n}",
    "CURIE": "evil:{n}",
    "pattern": '^a{n}"+str({run})+"$',
    "pattern of the other quote": "^a{n}'+str({run})+'$",
    "pattern with a backslash": "^a{n}\\\\$",
    "pattern of SQL": "^a{n}' OR 1=1 --$",
    "pattern that is none": "^a{n}($",
    "nothing": "",
    "NUL": "{n}\x00",
    "escape of a terminal": "{n}\x1b[31m",
    "next line": "{n}\x85x",
    "line separator": "{n}\u2028{run}\u2029",
    "right to left": "{n}\u202e \u2066 x \u2069",
    "mark of direction": "{n}\u200f",
    "byte order mark": "{n}\ufeff",
    "tag characters": "{n}\U000e0041",
    "half a pair": "{n}\ud800",
}
HIDDEN = frozenset(
    [
        "NUL",
        "escape of a terminal",
        "next line",
        "line separator",
        "right to left",
        "mark of direction",
        "byte order mark",
        "tag characters",
        "half a pair",
    ]
)
"""Those that no text of a model may hold."""


def payload(name: str, number: int, canary: Path) -> str:
    run = RUN.format(canary=str(canary))
    return PAYLOADS[name].format(n=number, run=run, canary=canary)


@dataclass(frozen=True)
class Slot:
    """A place of a small model: a text, or a key."""

    file: str
    path: Path_
    key: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{'/'.join(map(str, self.path))}{'?' if self.key else ''}"


TEXTS = {
    "title": "Trial",
    "description": "A trial.",
    "annotations": {"mm:title_ja": "試行", "mm:reading_ja": "しこう", "mm:description_ja": "試行。"},
}
IN_AN_ENTRY = {
    "title": "Trial",
    "title_ja": "試行",
    "reading_ja": "しこう",
    "description": "A trial.",
    "description_ja": "試行。",
}
BOTH = {"en": "Trial", "ja": "試行"}


def small_model() -> dict[str, Document]:
    """The worked example with something of every kind that an extension can hold."""
    files = {
        name: yaml.safe_load((MODEL / name).read_text(encoding="utf-8"))
        for name in ("heatpump.yaml", "profiles.yaml", "tables.yaml")
    }
    schema, other = files["heatpump.yaml"], files["profiles.yaml"] | files.pop("tables.yaml")
    files["profiles.yaml"] = other
    schema |= {"license": "https://hinode.example/licence", "comments": ["a comment"], "keywords": ["heat"]}
    schema["imports"].append("parts")
    notes = schema["classes"]["HeatPump"]["annotations"]
    notes |= {
        "mm:ordered": "installed_on checked_on",
        "mm:instead": "No engineer.",
        "mm:instead_ja": "技術者は含まない。",
        "hp:note": "a note",
    }
    schema["classes"]["HeatPump"] |= {
        "exact_mappings": ["saref:HVAC"],
        "notes": ["noted"],
        "see_also": ["https://x.example/"],
    }
    schema["classes"]["HeatPump"]["attributes"] = {
        "checked_on": _field("Date", "personal.home_equipment", slot_uri="hp:checked_on", homonym="the day of a check"),
        "label_code": _field(
            "string", "personal.home_equipment", pattern="^[A-Z]{2}$", slot_uri="hp:label_code", homonym="a code"
        ),
    }
    schema["types"] = {
        "PumpCode": TEXTS | {"typeof": "string", "base": "str", "uri": "xsd:string", "pattern": "^[A-Z]{3}[0-9]$"}
    }
    schema["slots"]["pump_code"] = _field("PumpCode", "personal.home_equipment") | {
        "aliases": ["code"],
        "deprecated": "no",
        "exact_mappings": ["saref:hasCode"],
    }
    schema["classes"]["HeatPump"]["slots"].append("pump_code")
    schema["enums"]["Refrigerant"]["permissible_values"]["r32"] |= {"close_mappings": ["https://x.example/r32"]}
    schema["enums"]["Refrigerant"]["annotations"]["mm:source"] = "A standard"
    other["profiles"]["personal.heat_pump_use"]["dpv"] = [
        "https://w3id.org/machimori/category/ApplianceUse",
        "https://heatpump.example/category/PumpUse",
    ]
    other["profiles"]["operational.pump_stock"] = _profile()
    other["categories"] = {
        "PumpUse": IN_AN_ENTRY | {"parent": "https://w3id.org/machimori/category/ApplianceUse", "source": "A source"}
    }
    other["units"] = {
        "pump_speed": IN_AN_ENTRY
        | {"ucum": "r/s", "rec20": "RPS", "symbol": {"en": "r/s", "ja": "回/秒"}, "reason": BOTH, "note": BOTH}
    }
    other["english_sources"] = {"maker": BOTH}
    other["glossary"] = {
        "heat-pump": {
            "title": "heat pump",
            "title_ja": "ヒートポンプ",
            "reading_ja": "ひいとぽんぷ",
            "english": "maker",
            "source": BOTH,
        }
    }
    other["exclusions"] = {
        "pump-owner": {
            "term": BOTH,
            "why": BOTH,
            "iris": ["https://x.example/owner"],
            "class": "HeatPump",
            "instead": ["HeatPump.customer"],
        }
    }
    files["parts.yaml"] = {
        "id": "https://heatpump.example/parts",
        "name": "parts",
        **copy.deepcopy(TEXTS),
        "prefixes": {
            "linkml": "https://w3id.org/linkml/",
            "mm": "https://w3id.org/machimori/",
            "hp": "https://heatpump.example/",
        },
        "default_prefix": "hp",
        "default_range": "string",
        "imports": ["linkml:types", "machimori:core"],
        "enums": {"PumpPart": copy.deepcopy(TEXTS) | {"permissible_values": {"fan": copy.deepcopy(TEXTS)}}},
    }
    return files


def _field(range_name: str, privacy: str, **facts: Any) -> Document:
    notes = dict(TEXTS["annotations"]) | {"mm:privacy": privacy, "mm:source": "A source"}
    if "homonym" in facts:
        notes["mm:homonym"] = facts.pop("homonym")
    return {"title": "Trial", "description": "A trial.", "range": range_name, "annotations": notes, **facts}


def _profile() -> Document:
    return IN_AN_ENTRY | {
        "data_class": "operational",
        "identifiability": "none",
        "dpv": ["https://w3id.org/dpv#CommerciallyConfidentialData"],
        "government_access": "none",
        "purposes": ["service_provision"],
        "minimum_group": 10,
        "granularity": {"time_step": "P1D", "space_step": None, "band": None, "prefix_length": None},
        "traceable": False,
        "retention": "P1Y",
        "rescue": False,
        "biometric": False,
        "other_person": False,
        "statutory_task": None,
        "basis": [{"source": "A source", "basis": "profile"}],
        "law_version": "2026-11-02",
        "why": BOTH,
        "future_law": BOTH,
    }


def slots(files: dict[str, Document]) -> list[Slot]:
    """Every text and every key of the files."""
    return [slot for name, document in files.items() for slot in _slots(name, document, ())]


def _slots(file: str, node: Any, path: Path_) -> Iterator[Slot]:
    if isinstance(node, str):
        yield Slot(file, path)
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _slots(file, inner, (*path, index))
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield Slot(file, (*path, key), key=True)
            yield from _slots(file, inner, (*path, key))


def with_texts(files: dict[str, Document], texts: dict[Slot, str]) -> dict[str, Document]:
    """The files with other texts in these places; keys last, since they lead to the others."""
    changed = copy.deepcopy(files)
    for slot, text in sorted(texts.items(), key=lambda entry: (entry[0].key, -len(entry[0].path))):
        node: Any = changed[slot.file]
        for step in slot.path[:-1]:
            node = node[step]
        if slot.key:
            renamed = {(text if key == slot.path[-1] else key): value for key, value in node.items()}
            node.clear()
            node.update(renamed)
        else:
            node[slot.path[-1]] = text
    return changed


def write(files: dict[str, Document], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in files.items():
        (folder / name).write_text(_yaml(document), encoding="utf-8")
    return folder


def _yaml(document: Document) -> str:
    try:
        return _dumped(document, _InC)
    except UnicodeEncodeError:  # half a character, which libyaml does not take
        return _dumped(document, _InPython)


def _dumped(document: Document, dumper: Any) -> str:
    return str(yaml.dump(document, Dumper=dumper, allow_unicode=False, sort_keys=False, width=10_000))


class _WithoutAnchors:
    def ignore_aliases(self, data: Any) -> bool:
        return True


class _InC(_WithoutAnchors, yaml.CSafeDumper): ...


class _InPython(_WithoutAnchors, yaml.SafeDumper): ...
