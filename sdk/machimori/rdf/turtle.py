"""Turtle (and N-Triples, which is part of it) as statements, each with the line where it ends. Imported only by ``graphs``."""

from __future__ import annotations

import io

from rdflib import Graph
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser
from rdflib.term import Node

from machimori.rdf.jsonld import RELATIVE, Statement, lexical


class TurtleError(ValueError):
    """The text is no Turtle, from this line on."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"not Turtle, in line {line}")


def statements(text: str) -> tuple[list[Statement], dict[int | str, int]]:
    """What a text states, in its order, and the line of each subject by its identity.

    Raises ``TurtleError`` with the line; what the library says of it would quote the text.
    """
    stated: list[Statement] = []
    lines: dict[int | str, int] = {}

    class Stated(Graph):
        def add(self, triple: tuple[Node, Node, Node]) -> Stated:
            stated.append(triple)
            lines.setdefault(id(triple[0]), parser.lines + 1)
            return self

    with lexical():
        parser = SinkParser(RDFSink(Stated()), baseURI=RELATIVE, turtle=True)
        try:
            parser.loadStream(io.BytesIO(text.encode()))
        except BadSyntax:
            raise TurtleError(parser.lines + 1) from None
        except (ValueError, IndexError, AssertionError):
            raise TurtleError(parser.lines + 1) from None
    return stated, lines
