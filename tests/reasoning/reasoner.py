"""HermiT, a complete reasoner for OWL 2 DL, over graphs of rdflib. The program comes with owlready2 and needs Java."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from tests.programs import present

SECONDS = 300
MAIN = "org.semanticweb.HermiT.cli.CommandLine"
CONSISTENT, INCONSISTENT = f"{OWL.Thing} is satisfiable.", "InconsistentOntologyException"
NAMES_NOTHING = f"Classes equivalent to '{OWL.Nothing}':"

OUTSIDE_OWL = {XSD.date, XSD.duration, URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")}
"""Datatypes of the data that the OWL 2 datatype map lacks (OWL 2 Syntax, section 4): HermiT stops at such a literal."""


@dataclass(frozen=True)
class Verdict:
    """What the reasoner found; the classes only where it was asked for them."""

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()


def reason(folder: Path, graphs: list[Graph], *, classes: bool = False) -> Verdict:
    """Hold all that the graphs state together against OWL; ``classes``: and name those that nothing can belong to."""
    command = _command()
    path = folder / "ontology.nt"
    path.write_bytes(b"".join(map(readable, graphs)))
    asked = ["--no-prefixes", "--consistency", *(["--unsatisfiable"] if classes else [])]
    done = subprocess.run([*command, *asked, path.as_uri()], capture_output=True, text=True, timeout=SECONDS)
    said = done.stdout + done.stderr
    if INCONSISTENT in said:
        return Verdict(False)
    if done.returncode or CONSISTENT not in said or classes != (NAMES_NOTHING in said):
        raise RuntimeError(f"HermiT gave no verdict:\n{said[-2000:]}")
    named = re.findall(r"^\t(\S+)$", said.partition(NAMES_NOTHING)[2], re.MULTILINE)
    return Verdict(True, frozenset(named) - {str(OWL.Nothing)})


@cache
def readable(graph: Graph) -> bytes:
    """The graph as N-Triples without annotations, from which nothing follows, and with dates, durations and geometries as
    strings.

    The ontology says of their fields no more than ``rdfs:Literal``, which a string is too, so that nothing follows from
    the datatype that is lost here; and values stay as different as they are written, which is what counting needs.
    (HermiT's own ``--ignoreUnsupportedDatatypes`` drops whole statements.)
    """
    annotations = {RDFS.label, RDFS.comment, *graph.subjects(RDF.type, OWL.AnnotationProperty)}
    annotated = set(graph.subjects(RDF.type, OWL.Axiom))
    found = Graph()
    for s, p, o in graph:
        if p not in annotations and s not in annotated:
            found.add((s, p, Literal(str(o)) if isinstance(o, Literal) and o.datatype in OUTSIDE_OWL else o))
    return found.serialize(format="nt", encoding="utf-8")


def _command() -> list[str]:
    """How to call HermiT, which comes with owlready2."""
    java, owlready = present("java", "openjdk-17-jre-headless"), find_spec("owlready2")
    assert owlready is not None
    assert owlready.origin is not None
    hermit = Path(owlready.origin).parent / "hermit"
    return [java, "-Xmx2g", "-cp", os.pathsep.join(map(str, (hermit, hermit / "HermiT.jar"))), MAIN]
