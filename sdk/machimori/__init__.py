"""Machimori (街守): a city's data in which every field says how private it is.

>>> import machimori as mm
>>> mm.validate({"type": "TransitStop"}).ok
False
>>> mm.privacy_of("ElectricityUse.energy").government_access
'aggregate_only'
"""

from typing import TYPE_CHECKING

from machimori.handful import handful

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
else:
    _loaded, _ = handful(
        __name__,
        catalogue__profile="privacy_of",
        errors="MachimoriError",
        findings__issue="Issue Report",
        privacy__decision__decision="Decision",
        privacy__gate="Gate",
        rdf__conversion="from_jsonld to_graph",
        validation__record="validate",
        validation__stream="StreamReport validate_stream",
    )

    def __getattr__(name: str) -> object:
        """Load what is asked for and nothing else: ``import machimori`` itself does no work."""
        if name == "__version__":
            from importlib.metadata import version

            return version("machimori")
        return _loaded(name)


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


def __dir__() -> list[str]:
    return sorted(__all__)
