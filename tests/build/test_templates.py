"""A template of the reference pages prints nothing raw: what is no Markdown of ours is escaped by the rules of Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError, nodes

from machimori.build.pages.markdown import Markdown, plain
from machimori.build.pages.sheet import environment

TEXTS = st.text(st.sampled_from("ab *_`[]<>|#{}&\\\n-+1.!:\"'街{{%"), max_size=20)
NAMES = environment().list_templates()
HARMLESS = {"length"}
"""Filters that make no text; a filter of Jinja that does escapes by the rules of HTML."""


@pytest.mark.parametrize("name", NAMES)
def test_no_template_makes_text_by_the_rules_of_html(name: str) -> None:
    loader = environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(environment(), name)
    tree = environment().parse(source)
    assert {node.name for node in tree.find_all(nodes.Filter)} <= HARMLESS
    assert [node.lineno for node in tree.find_all((nodes.Concat, nodes.MarkSafe, nodes.FilterBlock))] == []


@given(text=TEXTS)
@settings(derandomize=True, max_examples=200)
def test_text_is_escaped_wherever_it_is_printed(text: str) -> None:
    printed = environment().from_string(
        "{{ x }}{% macro m(x) %}{{ x }}{% endmacro %}|{{ m(x) }}|{% set y = x %}{{ y }}"
    )
    assert printed.render(x=text) == "|".join([plain(text)] * 3)
    assert printed.render(x=Markdown(text)) == "|".join([text] * 3)


@given(text=TEXTS)
@settings(derandomize=True, max_examples=200)
def test_text_that_is_joined_to_markdown_is_escaped(text: str) -> None:
    ours = Markdown("*ours*")
    assert ours + text == f"*ours*{plain(text)}"
    assert text + ours == f"{plain(text)}*ours*"
    assert Markdown(" ").join([text, ours]) == f"{plain(text)} *ours*"
    assert isinstance(ours + text, Markdown)


def test_a_name_that_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(TemplateError):
        environment().from_string("{{ unknown }}").render()
