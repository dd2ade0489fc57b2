"""Sample data of the invented city 港川市 (Minatogawa, code 282995), for the documentation, the demo and the tests.

``evacuation_sites.csv``: sheet 03 of the municipal standard open-data set as municipalities publish it: with byte order
mark and CRLF, flags as ``1.0``, a code without its check digit, a town ID without its zeros, capacity as text, full-width
digits, a site usable under a condition, coordinates exchanged, two sites with one ID, and rows that say too little.

``mixed.ndjson``: ten records of several classes, a line each. Seven comply; three have one fault each: a field missing,
a value above its maximum in a field about a person (which no message shows), and a value that is not in its list.

``week``: a week in the ward みなと区 of the invented city 港川市, connected records of every domain.
"""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.samples import week
    from machimori.samples.breaking import CannotBreakError
    from machimori.samples.counterexamples import counterexample
    from machimori.samples.sampling import broken, sample, valid
else:
    __getattr__, __dir__ = handful(
        __name__,
        breaking="CannotBreakError",
        counterexamples="counterexample",
        sampling="broken sample valid",
        week="",
    )

__all__ = [
    "CannotBreakError",
    "broken",
    "counterexample",
    "sample",
    "valid",
    "week",
]
