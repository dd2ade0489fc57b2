"""Machimori (街守): a city's data in which every field says how private it is.

>>> import machimori as mm
>>> mm.validate({"type": "TransitStop"}).ok
False
>>> mm.privacy_of("ElectricityUse.energy").government_access
'aggregate_only'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from machimori.catalogue.profile import privacy_of
    from machimori.errors import MachimoriError
    from machimori.findings.issue import Issue, Report
    from machimori.privacy.decision.decision import Decision
    from machimori.privacy.gate import Gate
    from machimori.rdf.conversion import from_jsonld, to_graph
    from machimori.validation.record import validate
    from machimori.validation.stream import StreamReport, validate_stream

    __version__: str

_HOMES = {
    "Decision": "machimori.privacy.decision.decision",
    "Gate": "machimori.privacy.gate",
    "Issue": "machimori.findings.issue",
    "MachimoriError": "machimori.errors",
    "Report": "machimori.findings.issue",
    "StreamReport": "machimori.validation.stream",
    "from_jsonld": "machimori.rdf.conversion",
    "privacy_of": "machimori.catalogue.profile",
    "to_graph": "machimori.rdf.conversion",
    "validate": "machimori.validation.record",
    "validate_stream": "machimori.validation.stream",
}

__all__ = [
    "Decision",
    "Gate",
    "Issue",
    "MachimoriError",
    "Report",
    "StreamReport",
    "__version__",
    "from_jsonld",
    "privacy_of",
    "to_graph",
    "validate",
    "validate_stream",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for and nothing else: ``import machimori`` itself does no work."""
    if name == "__version__":
        from importlib.metadata import version

        return version("machimori")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
