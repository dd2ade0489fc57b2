"""A graph held against the shapes of the model. pySHACL and rdflib are imported when it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from machimori.catalogue import catalogue
from machimori.errors import MissingExtraError, UnreadableError
from machimori.messages import Message

if TYPE_CHECKING:
    from rdflib import Graph


@dataclass(frozen=True, slots=True)
class ShapeResult:
    """One violation. It holds no value: focus, path and constraint say what to look at."""

    focus: str
    path: str | None
    constraint: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """Whether a graph conforms to the shapes, and if not, where."""

    conforms: bool
    results: tuple[ShapeResult, ...] = ()


def shacl_report(graph: Graph, focus: str | None = None) -> ShapeReport:
    """Hold a graph against the shapes of the model: the node ``focus``, or every node of a class of the model.

    A node asked for by ``focus`` has to be of a concrete class of the model.

    Raises ``MissingExtraError`` where pySHACL is not installed (extra ``rdf``), and ``UnreadableError`` for a graph that
    cannot be followed, such as one with a list that is its own rest.
    """
    try:
        import pyshacl
    except ImportError:
        raise MissingExtraError(Message("holding a graph against shapes"), "rdf") from None
    from rdflib import RDF, SH, URIRef

    from machimori.rdf import jsonld

    known = {c["iri"] for c in catalogue.catalogue()["classes"].values()}
    types = known & {str(t) for t in graph.objects(URIRef(focus) if focus else None, RDF.type)}
    shapes = jsonld.shapes(types)
    if focus is not None:
        if not types:
            return ShapeReport(False, (ShapeResult(focus, str(RDF.type), str(SH.InConstraintComponent), None),))
        for shape, target in list(shapes.subject_objects(SH.targetClass)):
            shapes.remove((shape, SH.targetClass, None))
            if str(target) in types:
                shapes.add((shape, SH.targetNode, URIRef(focus)))
    with jsonld.lexical():
        try:
            conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        except Exception as error:  # noqa: BLE001  the library has no one error for a graph that it cannot follow, and quotes it
            reason = Message("the shapes cannot be held against it ({kind})", kind=type(error).__name__)
            raise UnreadableError(Message("graph"), reason) from None
    return ShapeReport(
        bool(conforms), tuple(sorted(_results(report), key=lambda r: (r.focus, r.path or "", r.constraint)))
    )


def _results(report: Any) -> Iterator[ShapeResult]:
    from rdflib import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        shape = str(report.value(result, SH.sourceShape))
        yield ShapeResult(
            str(report.value(result, SH.focusNode)),
            None if path is None else str(path),
            str(report.value(result, SH.sourceConstraintComponent)),
            shape if ":" in shape else None,
        )
