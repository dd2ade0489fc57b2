"""Why a request is not answered: problem details (RFC 9457) in the client's language. None shows what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response

from machimori import messages
from machimori.errors import IssueLike, MachimoriError
from machimori.messages import msgid

BASE = "https://w3id.org/machimori/problems/"
MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """The status of a problem, and the sentences that are its title and detail."""

    status: int
    title: str
    detail: str


PROBLEMS = {
    "not-found": Kind(404, msgid("Not found"), msgid("There is nothing at this path.")),
    "unknown-class": Kind(
        404, msgid("Unknown class"), msgid("The model has no such class{hint}. GET /catalogue lists them.")
    ),
    "abstract-class": Kind(
        404, msgid("Abstract class"), msgid("An abstract class has no schema of its own; use one of {members}.")
    ),
    "method-not-allowed": Kind(
        405, msgid("Method not allowed"), msgid("The header Allow lists the methods of this path.")
    ),
    "timeout": Kind(408, msgid("Request timeout"), msgid("The request did not arrive within {limit} seconds.")),
    "too-large": Kind(
        413,
        msgid("Content too large"),
        msgid("The body is larger than {limit} bytes; send many records as application/x-ndjson."),
    ),
    "unsupported-media-type": Kind(
        415,
        msgid("Unsupported media type"),
        msgid("Send application/json or application/x-ndjson in UTF-8, without Content-Encoding."),
    ),
    "bad-parameter": Kind(
        422, msgid("Wrong parameter"), msgid("The query parameter `as` takes the name of one class of the model{hint}.")
    ),
    "unreadable": Kind(
        422, msgid("Unreadable body"), msgid("The body is not a JSON object or array; `issues` says where and why.")
    ),
    "not-a-request": Kind(
        422,
        msgid("Not a disclosure request"),
        msgid("The body does not comply with class DisclosureRequest; `issues` says where and why."),
    ),
    "not-compliant": Kind(
        422,
        msgid("Not compliant"),
        msgid("The request does not comply with what this path takes; `issues` says where and why."),
    ),
    "too-many-of-client": Kind(
        429, msgid("Too many requests"), msgid("This client has {limit} requests being answered; wait for one of them.")
    ),
    "internal": Kind(500, msgid("Internal error"), msgid("A fault of the service; nothing of the request was kept.")),
    "overloaded": Kind(
        503,
        msgid("Service busy"),
        msgid("As many requests as the service takes at once are being answered; try again after Retry-After seconds."),
    ),
    "too-slow": Kind(
        503,
        msgid("Time limit"),
        msgid("The answer was not ready within {limit} seconds; send fewer records in one request."),
    ),
}
RETRY_AFTER = {429: "1", 503: "1"}


class ProblemError(MachimoriError):
    """A request that is not answered: which of ``PROBLEMS``, its facts, and what was found in the body."""

    def __init__(
        self,
        name: str,
        facts: Mapping[str, object] | None = None,
        issues: Sequence[IssueLike] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name, facts, issues, headers)
        self.name, self.facts, self.issues, self.headers = name, dict(facts or {}), tuple(issues), dict(headers or {})
        self.message = PROBLEMS[name].title

    def _facts(self) -> Mapping[str, object]:
        return self.facts

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return PROBLEMS[self.name].status

    def data(self, language: str, told: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """The problem details in a language; ``told`` are findings in that language already."""
        kind = PROBLEMS[self.name]
        facts = {"hint": "", **self.facts}
        said = {
            "type": BASE + self.name,
            "title": messages.text(language, kind.title),
            "status": kind.status,
            "detail": messages.text(language, kind.detail, **facts),
        }
        issues = [*(i.data(language) for i in self.issues), *told]
        return {**said, "issues": issues} if issues else said

    def response(self, language: str, told: Sequence[Mapping[str, Any]] = ()) -> Response:
        """The problem as an answer; one whose body may not have been read ends the connection."""
        headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store", **self.headers}
        if self.status in RETRY_AFTER:
            headers["Retry-After"] = RETRY_AFTER[self.status]
        if self.status in (408, 413, 415, 429, 503):
            headers["Connection"] = "close"
        return Response(msgspec.json.encode(self.data(language, told)), self.status, headers, MEDIA_TYPE)


def language_of(accept: str | None) -> str:
    """The language that ``Accept-Language`` (RFC 9110, 12.5.4) likes best of ours; English where it says none."""
    known, best, weight = messages.languages(), messages.ENGLISH, 0.0
    for part in (accept or "").split(","):
        name, _, quality = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        try:
            given = float(quality.partition("=")[2]) if quality.strip() else 1.0
        except ValueError:
            continue
        if language in known and given > weight:
            best, weight = language, given
    return best
