"""The table of formats: adapters load when used, and wrong calls are told so."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests import raw

from machimori import messages
from machimori.errors import MachimoriError, UnknownNameError
from machimori.exchange.containers.text import SourceError
from machimori.exchange.formats import FORMATS, read, write


@pytest.mark.full
def test_the_table_loads_no_adapter() -> None:
    code = (
        "import sys, machimori.exchange.formats; print([m for m in sys.modules if 'municipal' in m or 'pydantic' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_classes_of_the_model_and_both_titles(name: str) -> None:
    known = FORMATS[name]
    assert known.name == name
    assert known.title.isascii()
    assert not messages.text("ja", known.title).isascii()
    for entity in (*known.reads, *known.writes):
        assert not raw.class_data(entity)["abstract"]


def test_an_unknown_format_names_the_close_one() -> None:
    with pytest.raises(UnknownNameError, match="municipal"):
        read(io.BytesIO(), "municipall")


@pytest.mark.parametrize(
    "call",
    [
        lambda: read(io.BytesIO(), "municipal", "Trip"),
        lambda: read(io.BytesIO(), "municipal", defaults={"name": "港川公園"}),
        lambda: read(io.BytesIO(), "municipal", defaults={"local_government_code": "372014"}),
        lambda: read(io.BytesIO(), "municipal", defaults={"local_government_code": "高松"}),
        lambda: write([], "municipal", io.BytesIO(), "Trip"),
        lambda: write([], "municipal", io.BytesIO(), encoding="utf-16"),
        lambda: write([], "municipal", io.BytesIO(), colour="red"),
        lambda: write([], "geojson", io.BytesIO(), encoding="cp932"),
    ],
)
def test_a_wrong_call_is_an_error_of_the_project(call: Callable[[], object]) -> None:
    with pytest.raises(MachimoriError):
        call()


def test_a_default_with_a_wrong_check_digit_is_refused_in_both_languages() -> None:
    with pytest.raises(SourceError) as caught:
        read(io.BytesIO(), "municipal", defaults={"local_government_code": "372014"})
    assert "検査数字" in caught.value.text("ja")


def test_a_text_stream_is_read_as_well() -> None:
    text = "全国地方公共団体コード,名称,災害種別_地震\n282995,港川公園,1\n"
    assert len(read(io.StringIO(text), "municipal")) == 1


def test_nothing_to_write_is_a_header() -> None:
    stream = io.BytesIO()
    assert write([], "municipal", stream).rows == 0
    assert stream.getvalue().count(b"\r\n") == 1
