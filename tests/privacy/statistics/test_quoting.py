"""Names and texts in SQL are what they were, whatever an extension calls its fields and lists in its types."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machimori.privacy.statistics.columns import _accepted, identifier, quoted
from machimori.privacy.statistics.reading import _access, _structure, _type, leaf, present

NASTY = st.text(st.sampled_from("\"'\\;-{}[]().,$ ab\n%?`"), min_size=1, max_size=20)
PAYLOADS = [
    "'; DROP TABLE x; --",
    '"; DROP TABLE x; --',
    "\\' OR 1=1 --",
    "x') UNION SELECT 1 --",
    "{a: 1}",
    "/*",
    "$$",
    "?",
]


@pytest.mark.full
@given(NASTY)
@settings(derandomize=True)
def test_a_text_is_what_it_was(text: str) -> None:
    assert duckdb.sql(f"SELECT {quoted(text)}").fetchall() == [(text,)]


@given(NASTY)
@settings(derandomize=True)
def test_a_name_is_what_it_was(text: str) -> None:
    for named, name in ((identifier(text), text), (leaf(text), text), (present(text), f"{text}?")):
        assert duckdb.sql(f"SELECT 1 AS {named}").columns == [name]


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_field_of_a_structure_is_one(text: str) -> None:
    made = duckdb.sql(f"SELECT CAST(NULL AS {_type({text: {'inner': 'VARCHAR'}})}) AS top")
    assert len(made.columns) == 1
    assert [name for name, _ in made.types[0].children] == [text]
    assert duckdb.sql(f"SELECT json_transform('{{}}', {quoted(_structure({text: 'VARCHAR'}))})").fetchall() == [
        ({text: None},)
    ]
    assert duckdb.sql(f"SELECT {_access('a.b')} FROM (SELECT {{'b': 1}} AS a)").fetchall() == [(1,)]


@pytest.mark.parametrize("text", PAYLOADS)
def test_the_values_and_the_pattern_of_a_type_select_and_do_nothing_else(text: str) -> None:
    chosen = duckdb.sql(
        f"SELECT {_accepted('v', (text, 'other'))} FROM (VALUES ({quoted(text)}), ('x')) t(v)"
    ).fetchall()
    assert chosen == [(text,), (None,)]
    form = "^" + "".join(f"[{c}]" if c not in "^\\]" else f"\\{c}" for c in text) + "$"
    matched = duckdb.sql(f"SELECT {_accepted('v', form)} FROM (VALUES ({quoted(text)}), ('x')) t(v)").fetchall()
    assert matched == [(text,), (None,)]
