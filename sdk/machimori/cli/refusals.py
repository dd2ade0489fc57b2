"""Why a call was refused, in the reader's language. Errors hold facts; here they become sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from machimori.cli.statuses import Status
from machimori.errors import (
    CannotReadError,
    CannotWriteError,
    ExtensionError,
    InvalidDocumentError,
    MachimoriError,
    MissingArtefactError,
    MissingExtraError,
    NotBuiltError,
    OverlapError,
    UnknownNameError,
    UnreadableError,
)
from machimori.findings.severities import SeveritiesError
from machimori.privacy.database.errors import CannotOpenError, StoreError
from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeysError
from machimori.privacy.statistics.query import QueryRefusedError
from machimori.samples.breaking import CannotBreakError
from machimori.service.listening import CannotListenError


class CallError(MachimoriError):
    """The arguments do not fit together; the text is given in both languages."""

    def __init__(self, text: str, text_ja: str) -> None:
        self.text_ja = text_ja
        super().__init__(text)


WRONG_CALLS = (
    PseudonymKeysError,
    SeveritiesError,
    UnknownNameError,
    ExtensionError,
    MissingExtraError,
    NotBuiltError,
    CannotBreakError,
    CannotReadError,
    CannotWriteError,
    OverlapError,
    CallError,
    CannotOpenError,
    CannotListenError,
    InvalidDocumentError,
    QueryRefusedError,
)
OF_FORMAT = re.compile(r"(class|default|option) (?:in|for|of) format (\S+)")
OF_THE_MODEL = ("class", "field", "code", "profile")
KINDS_JA = {
    "class": "クラス",
    "field": "項目",
    "code": "コード",
    "profile": "区分",
    "format": "形式",
    "default": "既定値の項目",
    "option": "オプション",
    "scenario": "シナリオ",
}


def status_of(error: MachimoriError) -> Status:
    """Whether the call was wrong or what it was given."""
    return Status.WRONG_CALL if isinstance(error, WRONG_CALLS) else Status.REFUSED


def sentence(error: MachimoriError, language: str) -> str:
    """The error in ``en`` or ``ja``; in English where nobody translated it."""
    if language == "en":
        outside = isinstance(error, UnknownNameError) and error.kind not in OF_THE_MODEL
        return str(error).replace("the model has no", "there is no", 1) if outside else str(error)
    japanese = next((say for kind, say in JAPANESE.items() if isinstance(error, kind)), _own)
    return str(japanese(error))


def _own(error: MachimoriError) -> str:
    """What an error says of itself in Japanese."""
    return str(getattr(error, "text_ja", error))


def _unknown(error: UnknownNameError) -> str:
    kind = KINDS_JA.get(error.kind, error.kind)
    if of_format := OF_FORMAT.fullmatch(error.kind):
        kind = f"形式{of_format[2]}の{KINDS_JA.get(of_format[1], of_format[1])}"
    hint = f"（{'、'.join(error.close)}のことですか）" if error.close else ""
    return f"{kind}「{error.name}」はありません{hint}"


JAPANESE: dict[type[MachimoriError], Callable[[Any], str]] = {
    UnknownNameError: _unknown,
    MissingArtefactError: lambda e: f"{e.distribution}の拡張{e.name}に成果物がありません。{e.reason_ja}",
    ExtensionError: lambda e: f"{e.distribution}の拡張{e.name}は使用できません。{e.reason_ja}",
    CannotReadError: lambda e: e.text_ja,
    UnreadableError: lambda e: f"{e.source}：{getattr(e, 'reason_ja', e.reason)}",
    CannotBreakError: lambda e: (
        f"{e.entity}では{e.code}だけに反する記録を作れません。作れるもの：{'、'.join(e.possible)}"
    ),
    CannotListenError: lambda e: f"{e.host}のポート{e.port}で待ち受けられません：{e.reason}",
    CallError: lambda e: e.text_ja,
    StoreError: lambda e: e.text_ja,
    QueryRefusedError: lambda e: f"{e.reason}：{e.text_ja}",
}


def usage_sentence(error: Any, language: str) -> str:
    """A refusal by the option parser. It speaks English alone, so the common ones are said again here."""
    english = str(error.format_message())
    if language == "en":
        return english
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = _shown(parameter) if parameter is not None else ""
    if kind == "NoSuchOption":
        return f"オプション{error.option_name}はありません"
    if kind == "MissingParameter":
        return f"{name}の指定が必要です"
    if kind == "BadParameter" and name:
        return f"{name}の値が正しくありません（{error.message}）"
    return f"コマンドの指定に誤りがあります（{english}）"


def _shown(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name if parameter.param_type_name == "argument" else parameter.opts[0])
