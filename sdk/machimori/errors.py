"""Errors of the public interface. Each is one sentence and its facts; none holds a value of a payload."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol

from machimori import messages
from machimori.messages import Choice, Message, Spoken, msgid

__all__ = [
    "CannotReadError",
    "CannotWriteError",
    "ExtensionError",
    "InvalidDocumentError",
    "MachimoriError",
    "MissingArtefactError",
    "MissingExtraError",
    "NotBuiltError",
    "OverlapError",
    "ReasonedError",
    "UnknownNameError",
    "UnreadableError",
]

_NAME = re.compile(r"[A-Za-z0-9_]*")
REFUSED, WRONG_CALL = 1, 2
"""What an error ends a command with: the input does not comply, or the call itself was wrong."""


class MachimoriError(Exception):
    """Anything that the public interface raises: ``message`` is its sentence, and its attributes are the facts of it."""

    message: str
    exit_status: ClassVar[int] = REFUSED

    def text(self, language: str = messages.ENGLISH) -> str:
        """The error in a language."""
        return messages.text(language, self.message, **self._facts())

    def _facts(self) -> Mapping[str, object]:
        return vars(self)

    def __str__(self) -> str:
        return self.text()


class ReasonedError(MachimoriError):
    """One of a closed list of reasons, ``REASONS``, each a sentence with the facts of the case."""

    REASONS: ClassVar[Mapping[str, str]]

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason, self.facts, self.message = reason, facts, self.REASONS[reason]

    def _facts(self) -> Mapping[str, object]:
        return self.facts


class UnknownNameError(MachimoriError):
    """There is no class, field or code of that name in the model, or no format or scenario; ``kind`` is a key of ``KINDS``."""

    KINDS: ClassVar[Mapping[str, str]] = {
        "class": msgid("the model has no class {name!r}"),
        "field": msgid("the model has no field {name!r}"),
        "code": msgid("the model has no code {name!r}"),
        "profile": msgid("the model has no profile {name!r}"),
        "format": msgid("there is no format {name!r}"),
        "class-of-format": msgid("there is no class {name!r} in format {format}"),
        "default-of-format": msgid("there is no default {name!r} for format {format}"),
        "option-of-format": msgid("there is no option {name!r} of format {format}"),
        "encoding": msgid("there is no encoding {name!r}"),
        "scenario": msgid("there is no scenario {name!r}"),
    }
    exit_status = WRONG_CALL

    def __init__(self, kind: str, name: str, close: tuple[str, ...] = (), *, format: str = "") -> None:
        super().__init__(kind, name, close)
        self.kind, self.name, self.close, self.format = kind, name, close, format
        self.message = self.KINDS[kind]

    def text(self, language: str = messages.ENGLISH) -> str:
        """The error in a language, with the names that are close."""
        said = super().text(language)
        if not self.close:
            return said
        return messages.text(language, "{said}; did you mean {close}?", said=said, close=Choice(self.close))


class ExtensionError(MachimoriError):
    """An installed extension of the model cannot be used: it is unreadable, outdated, or takes a name that is taken."""

    message = msgid("the extension {name} of {distribution} is not in use: {reason}")
    exit_status = WRONG_CALL

    def __init__(self, name: str, distribution: str, reason: Spoken) -> None:
        super().__init__(name, distribution, reason)
        self.name, self.distribution, self.reason = name, distribution, reason


class MissingArtefactError(ExtensionError):
    """An installed extension was packaged without one of its artefacts."""

    message = msgid("the extension {name} of {distribution} lacks an artefact: {reason}")

    def __init__(self, name: str, distribution: str, path: str) -> None:
        told = Message(msgid("it was packaged without {path}: name it in package-data and install it again"), path=path)
        super().__init__(name, distribution, told)
        self.args, self.path = (name, distribution, path), path


class MissingExtraError(MachimoriError):
    """A feature needs an optional dependency that is not installed; ``extras.NEEDS`` has them all."""

    message = msgid("{feature} needs an optional dependency: pip install 'machimori[{extra}]'")
    exit_status = WRONG_CALL

    def __init__(self, feature: str | Spoken, extra: str) -> None:
        super().__init__(feature, extra)
        self.feature, self.extra = feature, extra


class NotBuiltError(MachimoriError):
    """A source checkout lacks an artefact that the build makes."""

    message = msgid("there is no artefact {path}: run machimori build in the source checkout")
    exit_status = WRONG_CALL

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class UnreadableError(MachimoriError):
    """A file or a text could not be read as what it should be."""

    message = msgid("{source}: {reason}")

    def __init__(self, source: str | Spoken, reason: str | Spoken) -> None:
        super().__init__(source, reason)
        self.source, self.reason = source, reason


class CannotReadError(UnreadableError):
    """There is no file of that name, or none that can be opened."""

    message = msgid("cannot read {source}: {reason}")
    exit_status = WRONG_CALL


class CannotWriteError(MachimoriError):
    """What a result should go to cannot be written to."""

    message = msgid("cannot write {target}: {reason}")
    exit_status = WRONG_CALL

    def __init__(self, target: str | Spoken, reason: str | Spoken) -> None:
        super().__init__(target, reason)
        self.target, self.reason = target, reason


class OverlapError(ReasonedError):
    """A file is named in two parts of one call of which one would destroy what the other needs."""

    REASONS: ClassVar[Mapping[str, str]] = {
        "input": msgid("the output {path} is also an input"),
        "printed": msgid("standard output is also an input"),
        "output": msgid("the output {path} is named twice"),
        "twice": msgid("standard input is named twice"),
        "folder": msgid("{path} would lie in the folder of the other, or hold it; name two folders apart"),
    }
    exit_status = WRONG_CALL

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason, path=path)
        self.args, self.path = (path, reason), path


class IssueLike(Spoken, Protocol):
    """A finding (``machimori.findings.Issue``) as errors know it, who stand below that room."""

    @property
    def code(self) -> str:
        """The issue code, ``MM001``."""
        ...

    @property
    def path(self) -> str:
        """Where in the document, as a JSON Pointer; empty for the whole."""
        ...

    def data(self, language: str = messages.ENGLISH) -> dict[str, object]:
        """The finding as JSON data."""
        ...


def _without_strange_names(issue: Any) -> Any:
    """A finding that does not say a key again that cannot be the name of a field: it may be somebody's."""
    told = "/".join(key if _NAME.fullmatch(key) else "?" for key in issue.path.split("/"))
    return issue if told == issue.path else replace(issue, path=told)


class InvalidDocumentError(MachimoriError):
    """A request, a holding or another document that a decision reads does not comply with its class."""

    message = msgid("not a valid {class_name}")
    exit_status = WRONG_CALL

    def __init__(self, class_name: str, issues: Sequence[IssueLike] = ()) -> None:
        held: tuple[IssueLike, ...] = tuple(map(_without_strange_names, issues))
        super().__init__(class_name, held)
        self.class_name, self.issues = class_name, held
        if held:
            self.message = msgid("not a valid {class_name}: {code} at {path}")
            self.code, self.path = held[0].code, held[0].path or "/"


def __dir__() -> list[str]:
    return __all__
