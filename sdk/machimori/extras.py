"""What works only with an optional dependency: each thing once, with the extra that brings it and the modules that it imports.

Whatever needs one of them asks here before it begins, so that nothing is half done, and imports it then: the core knows none.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from machimori.errors import MissingExtraError


class Need(NamedTuple):
    """A feature, the extra that it needs and the modules that must be there."""

    extra: str
    modules: tuple[str, ...]
    feature: str
    feature_ja: str


NEEDS = {
    "signatures": Need("gate", ("joserfc",), "reading and making signed documents", "署名済み文書の読取り及び作成"),
    "store": Need(
        "gate",
        ("sqlalchemy", "joserfc"),
        "a store of documents, budgets and the log",
        "保存先（文書、予算及び記録簿）の利用",
    ),
    "statistics": Need("gate", ("duckdb",), "making statistics", "統計の作成"),
    "scenarios": Need(
        "gate",
        ("sqlalchemy", "joserfc", "duckdb"),
        "a scenario of machimori demo on the gate",
        "machimori demoのうち、門を用いるシナリオ",
    ),
    "postgresql": Need(
        "postgresql", ("sqlalchemy", "joserfc", "psycopg"), "a store on PostgreSQL", "PostgreSQL上の保存先の利用"
    ),
    "noise": Need("dp", ("opendp",), "differential privacy (epsilon)", "差分プライバシー（epsilon）の適用"),
    "graphs": Need("rdf", ("rdflib",), "RDF and JSON-LD", "RDF及びJSON-LDの読み書き"),
    "shapes": Need("rdf", ("rdflib", "pyshacl"), "holding a graph against the shapes", "グラフとSHACLの形状との照合"),
    "tables": Need("arrow", ("pyarrow",), "reading Parquet and Arrow files", "Parquet・Arrow形式のファイルの読取り"),
    "zstandard": Need("zstd", ("zstandard",), "reading .zst files", "Zstandard形式（.zst）のファイルの読取り"),
    "spark": Need("spark", ("pyspark", "pyarrow", "pandas"), "working with Spark", "Sparkの利用"),
    "spark-statistics": Need(
        "spark", ("pyspark", "pyarrow", "pandas", "sqlglot"), "statistics with Spark", "Sparkによる統計の作成"
    ),
    "service": Need(
        "serve", ("starlette", "uvicorn", "prometheus_client", "yaml"), "machimori serve", "machimori serve"
    ),
    "fastapi": Need("fastapi", ("fastapi",), "machimori.fastapi", "machimori.fastapi"),
    "build": Need("build", ("linkml", "linkml_runtime", "rdflib", "yaml"), "building the artefacts", "成果物の生成"),
}


def need(name: str) -> None:
    """Raise ``MissingExtraError`` unless all that a feature needs is installed; nothing is imported."""
    if not all(map(_installed, NEEDS[name].modules)):
        raise missing(name)


def missing(name: str) -> MissingExtraError:
    """The error for a feature whose extra is not there, or is broken."""
    wanted = NEEDS[name]
    return MissingExtraError(wanted.feature, wanted.feature_ja, wanted.extra)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # of a finder that refuses it, or a module that says nothing of itself
        return False
