"""How do graphs become records, and records graphs?"""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.rdf.conversion import from_jsonld, to_graph, to_jsonld
    from machimori.rdf.errors import LossError, NotOneRecordError, RemoteContextError
    from machimori.rdf.shacl import ShapeReport, ShapeResult, shacl_report
    from machimori.rdf.turtle import TurtleError
else:
    __getattr__, __dir__ = handful(
        __name__,
        conversion="from_jsonld to_graph to_jsonld",
        errors="LossError NotOneRecordError RemoteContextError",
        shacl="ShapeReport ShapeResult shacl_report",
        turtle="TurtleError",
    )

__all__ = [
    "LossError",
    "NotOneRecordError",
    "RemoteContextError",
    "ShapeReport",
    "ShapeResult",
    "TurtleError",
    "from_jsonld",
    "shacl_report",
    "to_graph",
    "to_jsonld",
]
