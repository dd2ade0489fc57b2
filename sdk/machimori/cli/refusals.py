"""Why a call was refused, in the reader's language. Errors hold facts; here they become sentences."""

from __future__ import annotations

from typing import Any

from machimori.errors import WRONG_CALL, MachimoriError
from machimori.messages import ENGLISH


class CallError(MachimoriError):
    """The arguments do not fit together; the text is given in both languages."""

    exit_status = WRONG_CALL

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(english, japanese)
        self.english, self.japanese = english, japanese

    def text(self, language: str = ENGLISH) -> str:
        """The refusal in English or Japanese."""
        return self.japanese if language == "ja" else self.english


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
