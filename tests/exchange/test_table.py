"""CSV is split by RFC 4180, and damage in one place costs that place alone."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machimori.exchange.containers.csv import LONGEST_QUOTED, heading, quoted, rows

CELLS = st.text(st.sampled_from('ab,"\n\r 、'), max_size=6)


@pytest.mark.full
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_csv_writes_is_read_back(table: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(table)
    assert [list(row.cells) for row in rows(buffer.getvalue())] == table


@pytest.mark.full
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_cell_by_cell_is_read_back(table: list[list[str]]) -> None:
    text = "".join(",".join(map(quoted, cells)) + "\r\n" for cells in table)
    assert [list(row.cells) for row in rows(text)] == table


@given(st.text(st.sampled_from('a,"\n\r'), max_size=40))
def test_no_text_is_lost_on_the_way(text: str) -> None:
    found = list(rows(text))
    assert [row.number for row in found] == list(range(1, len(found) + 1))
    assert "".join(text.split('"')).count("a") == "".join("".join(row.cells) for row in found).count("a")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_row(end: str) -> None:
    assert [row.cells for row in rows(f"a,b{end}{end}c{end}")] == [("a", "b"), ("",), ("c",)]


def test_a_quotation_mark_that_never_closes_costs_its_own_line() -> None:
    found = list(rows('a,"b\nc,d\ne,f'))
    assert [(row.number, row.cells, row.unclosed) for row in found] == [
        (1, ("a", '"b'), True),
        (2, ("c", "d"), False),
        (3, ("e", "f"), False),
    ]


def test_a_quoted_cell_has_a_longest_length() -> None:
    text = '"' + "a" * (LONGEST_QUOTED + 1) + '"\nb'
    assert [row.unclosed for row in rows(text)] == [True, False]


def test_text_after_a_closing_quotation_mark_is_kept() -> None:
    assert next(rows('"a"b,c')).cells == ("ab", "c")


@pytest.mark.parametrize("cell", ["名称_カナ", "名称　_カナ", "名称_ｶﾅ", " 名称＿カナ ", "\ufeff名称_カナ"])
def test_headers_are_compared_without_width_and_spaces(cell: str) -> None:
    assert heading(cell) == "名称_カナ"
