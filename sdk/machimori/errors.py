"""Errors of the public interface. Each holds facts; none holds a value of a payload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

_NAME = re.compile(r"[A-Za-z0-9_]*")


class MachimoriError(Exception):
    """Anything that the public interface raises."""


class ReasonedError(MachimoriError):
    """One of a closed list of reasons, ``TEXTS``, each said in English and Japanese with the facts of the case."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]]

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason, self.facts = reason, facts
        english, self.text_ja = (text.format_map(facts) for text in self.TEXTS[reason])
        super().__init__(english)


class UnknownNameError(MachimoriError):
    """The model has no class, field or code of that name."""

    def __init__(self, kind: str, name: str, close: tuple[str, ...] = ()) -> None:
        self.kind, self.name, self.close = kind, name, close
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"the model has no {kind} {name!r}{hint}")


class ExtensionError(MachimoriError):
    """An installed extension of the model cannot be used: it is unreadable, outdated, or takes a name that is taken."""

    def __init__(self, name: str, distribution: str, reason: str, reason_ja: str) -> None:
        self.name, self.distribution, self.reason, self.reason_ja = name, distribution, reason, reason_ja
        super().__init__(f"the extension {name} of {distribution} is not in use: {reason}")


class MissingArtefactError(ExtensionError):
    """An installed extension was packaged without one of its artefacts."""

    def __init__(self, name: str, distribution: str, path: str) -> None:
        self.path = path
        english = f"it was packaged without {path}: name it in package-data and install it again"
        japanese = f"{path}が収められていません。package-dataに書き、インストールし直してください"
        super().__init__(name, distribution, english, japanese)
        self.args = (f"the extension {name} of {distribution} lacks an artefact: {english}",)


class MissingExtraError(MachimoriError):
    """A feature needs an optional dependency that is not installed; ``extras.NEEDS`` has them all."""

    def __init__(self, feature: str, feature_ja: str, extra: str) -> None:
        self.feature, self.feature_ja, self.extra = feature, feature_ja, extra
        self.text_ja = f"{feature_ja}には追加の依存パッケージが必要です：pip install 'machimori[{extra}]'"
        super().__init__(f"{feature} needs an optional dependency: pip install 'machimori[{extra}]'")


class NotBuiltError(MachimoriError):
    """A source checkout lacks an artefact that the build makes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.text_ja = f"成果物{path}がありません。モデルのソースのフォルダでmachimori buildを実行してください"
        super().__init__(f"there is no artefact {path}: run machimori build in the source checkout")


class UnreadableError(MachimoriError):
    """A file or a text could not be read as what it should be."""

    def __init__(self, source: str, reason: str) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source}: {reason}")


class CannotReadError(UnreadableError):
    """There is no file of that name, or none that can be opened."""

    def __init__(self, source: str, reason: str, reason_ja: str) -> None:
        super().__init__(source, reason)
        self.reason_ja = reason_ja
        self.text_ja = f"{source}を読めません：{reason_ja}"

    def __str__(self) -> str:
        return f"cannot read {self.source}: {self.reason}"


class CannotWriteError(MachimoriError):
    """What a result should go to cannot be written to."""

    def __init__(self, target: str, reason: str, reason_ja: str) -> None:
        self.target, self.reason, self.reason_ja = target, reason, reason_ja
        self.text_ja = f"{target}に書き込めません：{reason_ja}"
        super().__init__(f"cannot write {target}: {reason}")


class OverlapError(ReasonedError):
    """A file is named in two parts of one call of which one would destroy what the other needs."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "input": ("the output {path} is also an input", "出力先{path}は入力でもあります"),
        "printed": ("standard output is also an input", "標準出力が入力でもあります"),
        "output": ("the output {path} is named twice", "出力先{path}が二度指定されています"),
        "twice": ("standard input is named twice", "標準入力が二度指定されています"),
        "folder": (
            "{path} would lie in the folder of the other, or hold it; name two folders apart",
            "{path}は、もう一方のフォルダの中にあるか、それを含みます。別々のフォルダを指定してください",
        ),
    }

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        super().__init__(reason, path=path)


def _without_strange_names(issue: Any) -> Any:
    """A finding that does not say a key again that cannot be the name of a field: it may be somebody's."""
    told = "/".join(key if _NAME.fullmatch(key) else "?" for key in issue.path.split("/"))
    return issue if told == issue.path else replace(issue, path=told)


class InvalidDocumentError(MachimoriError):
    """A request, a holding or another document that a decision reads does not comply with its class."""

    def __init__(self, class_name: str, issues: tuple[Any, ...] | list[Any] = ()) -> None:
        self.class_name, self.issues = class_name, tuple(map(_without_strange_names, issues))
        first = f": {self.issues[0].code} at {self.issues[0].path or '/'}" if self.issues else ""
        super().__init__(f"not a valid {class_name}{first}")
