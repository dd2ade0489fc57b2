"""Why a request is not answered: problem details (RFC 9457) in English and Japanese. None shows what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response

from machimori.errors import MachimoriError
from machimori.findings.issue import Issue

BASE = "https://w3id.org/machimori/problems/"
MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("en", "ja")


class Kind(NamedTuple):
    """The status of a problem and its title and detail in both languages; ``{…}`` stands for a fact."""

    status: int
    title: dict[str, str]
    detail: dict[str, str]


def _kind(status: int, title: str, title_ja: str, detail: str, detail_ja: str) -> Kind:
    return Kind(status, {"en": title, "ja": title_ja}, {"en": detail, "ja": detail_ja})


KINDS = {
    "not-found": _kind(
        404, "Not found", "ありません", "There is nothing at this path.", "このパスには何もありません。"
    ),
    "unknown-class": _kind(
        404,
        "Unknown class",
        "定義のないクラス",
        "The model has no such class{hint}. GET /catalogue lists them.",
        "参照モデルにそのクラスはありません{hint_ja}。一覧はGET /catalogueで得られます。",
    ),
    "abstract-class": _kind(
        404,
        "Abstract class",
        "抽象クラス",
        "An abstract class has no schema of its own; use one of {members}.",
        "抽象クラスには単独のスキーマがありません。次のいずれかを用いてください：{members}",
    ),
    "method-not-allowed": _kind(
        405,
        "Method not allowed",
        "使えないメソッド",
        "The header Allow lists the methods of this path.",
        "このパスで使えるメソッドはAllowヘッダーにあります。",
    ),
    "timeout": _kind(
        408,
        "Request timeout",
        "リクエストの時間切れ",
        "The request did not arrive within {limit} seconds.",
        "{limit}秒以内にリクエストが届きませんでした。",
    ),
    "too-large": _kind(
        413,
        "Content too large",
        "本文が大きすぎる",
        "The body is larger than {limit} bytes; send many records as application/x-ndjson.",
        "本文が{limit}バイトを超えています。多数の記録はapplication/x-ndjsonで送ってください。",
    ),
    "unsupported-media-type": _kind(
        415,
        "Unsupported media type",
        "対応しない形式",
        "Send application/json or application/x-ndjson in UTF-8, without Content-Encoding.",
        "application/json又はapplication/x-ndjsonを、UTF-8で、Content-Encodingを用いずに送ってください。",
    ),
    "bad-parameter": _kind(
        422,
        "Wrong parameter",
        "パラメーターの誤り",
        "The query parameter `as` takes the name of one class of the model{hint}.",
        "クエリパラメーターasには参照モデルのクラス名を一つ指定してください{hint_ja}。",
    ),
    "unreadable": _kind(
        422,
        "Unreadable body",
        "読めない本文",
        "The body is not a JSON object or array; `issues` says where and why.",
        "本文がJSONのオブジェクト又は配列ではありません。位置と理由はissuesにあります。",
    ),
    "not-a-request": _kind(
        422,
        "Not a disclosure request",
        "提供の請求ではない",
        "The body does not comply with class DisclosureRequest; `issues` says where and why.",
        "本文がクラスDisclosureRequestに適合しません。位置と理由はissuesにあります。",
    ),
    "not-compliant": _kind(
        422,
        "Not compliant",
        "適合しない",
        "The request does not comply with what this path takes; `issues` says where and why.",
        "リクエストがこのパスの求めるものに適合しません。位置と理由はissuesにあります。",
    ),
    "too-many-of-client": _kind(
        429,
        "Too many requests",
        "リクエストが多すぎる",
        "This client has {limit} requests being answered; wait for one of them.",
        "このクライアントの処理中のリクエストが{limit}件あります。いずれかの完了を待ってください。",
    ),
    "internal": _kind(
        500,
        "Internal error",
        "内部エラー",
        "A fault of the service; nothing of the request was kept.",
        "サービスの不具合です。リクエストの内容は保存していません。",
    ),
    "overloaded": _kind(
        503,
        "Service busy",
        "混雑",
        "As many requests as the service takes at once are being answered; try again after Retry-After seconds.",
        "同時に受け付ける数のリクエストを処理中です。Retry-After秒後にやり直してください。",
    ),
    "too-slow": _kind(
        503,
        "Time limit",
        "時間の上限",
        "The answer was not ready within {limit} seconds; send fewer records in one request.",
        "{limit}秒以内に回答できませんでした。一度に送る記録を減らしてください。",
    ),
}
RETRY_AFTER = {429: "1", 503: "1"}


class ProblemError(MachimoriError):
    """A request that is not answered: which of ``KINDS``, its facts, and what was found in the body."""

    def __init__(
        self,
        name: str,
        facts: Mapping[str, str] | None = None,
        issues: Sequence[Issue] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.facts, self.issues, self.headers = name, dict(facts or {}), tuple(issues), dict(headers or {})
        super().__init__(KINDS[name].title["en"])

    @property
    def status(self) -> int:
        return KINDS[self.name].status

    def data(self, language: str, told: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """The problem details in ``en`` or ``ja``; ``told`` are findings in that language already."""
        kind = KINDS[self.name]
        facts = {"hint": "", "hint_ja": "", **self.facts}
        said = {
            "type": BASE + self.name,
            "title": kind.title[language],
            "status": kind.status,
            "detail": kind.detail[language].format_map(facts),
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
    """The language that ``Accept-Language`` (RFC 9110, 12.5.4) likes best of ``en`` and ``ja``; English where it says none."""
    best, weight = LANGUAGES[0], 0.0
    for part in (accept or "").split(","):
        name, _, quality = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        try:
            given = float(quality.partition("=")[2]) if quality.strip() else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and given > weight:
            best, weight = language, given
    return best
