"""What works only with an optional dependency: each thing once, with the extra that brings it and the modules that it imports.

Whatever needs one of them asks here before it begins, so that nothing is half done, and imports it then: the core knows none.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from machimori.errors import MissingExtraError
from machimori.messages import Message


class Need(NamedTuple):
    """A feature, the extra that it needs and the modules that must be there."""

    extra: str
    modules: tuple[str, ...]
    feature: Message


NEEDS = {
    "signatures": Need("gate", ("joserfc",), Message("reading and making signed documents")),
    "store": Need(
        "gate",
        ("sqlalchemy", "alembic", "joserfc"),
        Message("a store of documents, budgets and the log"),
    ),
    "statistics": Need("gate", ("duckdb",), Message("making statistics")),
    "scenarios": Need(
        "gate",
        ("sqlalchemy", "alembic", "joserfc", "duckdb"),
        Message("a scenario of machimori demo on the gate"),
    ),
    "postgresql": Need("postgresql", ("sqlalchemy", "alembic", "joserfc", "psycopg"), Message("a store on PostgreSQL")),
    "noise": Need("dp", ("opendp",), Message("differential privacy (epsilon)")),
    "graphs": Need("rdf", ("rdflib",), Message("RDF and JSON-LD")),
    "shapes": Need("rdf", ("rdflib", "pyshacl"), Message("holding a graph against the shapes")),
    "tables": Need("arrow", ("pyarrow",), Message("reading Parquet and Arrow files")),
    "zstandard": Need("zstd", ("zstandard",), Message("reading .zst files")),
    "spark": Need("spark", ("pyspark", "pyarrow", "pandas"), Message("working with Spark")),
    "spark-statistics": Need("spark", ("pyspark", "pyarrow", "pandas", "sqlglot"), Message("statistics with Spark")),
    "service": Need("serve", ("starlette", "uvicorn", "prometheus_client", "yaml"), Message("machimori serve")),
    "fastapi": Need("fastapi", ("fastapi",), Message("machimori.fastapi")),
    "build": Need("build", ("linkml", "linkml_runtime", "rdflib", "yaml"), Message("building the artefacts")),
}


def need(name: str) -> None:
    """Raise ``MissingExtraError`` unless all that a feature needs is installed; nothing is imported."""
    if not all(map(_installed, NEEDS[name].modules)):
        raise missing(name)


def missing(name: str) -> MissingExtraError:
    """The error for a feature whose extra is not there, or is broken."""
    wanted = NEEDS[name]
    return MissingExtraError(wanted.feature, wanted.extra)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # of a finder that refuses it, or a module that says nothing of itself
        return False
