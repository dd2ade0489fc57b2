"""Run one call: parse it, do the work, and turn whatever happens into a line and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from machimori import files
from machimori.catalogue import extensions
from machimori.cli import standard
from machimori.cli.statuses import Status
from machimori.errors import CannotReadError, CannotWriteError, MachimoriError

LANGUAGES = ("en", "ja")
LANGUAGE, DEBUG = "MACHIMORI_LANG", "MACHIMORI_DEBUG"
INTERNAL = {
    "en": "internal error ({kind}); MACHIMORI_DEBUG=1 shows where",
    "ja": "内部エラー（{kind}）。MACHIMORI_DEBUG=1で発生箇所を表示します",
}
ERROR = {"en": "error", "ja": "エラー"}
WARNING = {"en": "warning", "ja": "警告"}


def run() -> None:
    """The entry point ``machimori``: do what the command line says and exit."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # finding them reads every installed package
    standard.prepare()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Do what ``arguments`` say; the exit status."""
    language = spoken(arguments)
    extensions.tell = lambda error: _warn(error, language)
    try:
        status = _done(arguments, language)
        sys.stdout.flush()
        if standard.lost():
            _say(standard.LOST[language])
        return status
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except BrokenPipeError:
        standard.forget_output()
        return Status.CLOSED
    except MachimoriError as error:
        return _refused(error, language)
    except OSError as error:
        if error.errno in files.CLOSED_TO_US and error.filename:
            return _refused(CannotReadError(files.name_of(error.filename), files.reason(error)), language)
        if error.errno not in files.FULL:
            return _internal(error, language)
        standard.forget_output()
        return _refused(CannotWriteError(error.filename or standard.NAME, files.reason(error)), language)
    except Exception as error:  # noqa: BLE001 - a traceback could show the data
        return _internal(error, language)


def _refused(error: MachimoriError, language: str) -> int:
    _say(f"{ERROR[language]}: {error.text(language)}")
    return error.exit_status


def _internal(error: Exception, language: str) -> int:
    if os.environ.get(DEBUG) == "1":
        traceback.print_exc()
    _say(INTERNAL[language].format(kind=type(error).__name__))
    return Status.INTERNAL


def spoken(arguments: Sequence[str]) -> str:
    """The language that the call asks for, known before the call is parsed: even its refusal is said in it."""
    asked = [os.environ.get(LANGUAGE, "")]
    for name, value in zip(arguments, [*arguments, ""][1:], strict=True):
        if name == "--lang":
            asked.append(value)
        elif name.startswith("--lang="):
            asked.append(name.partition("=")[2])
    return next((a for a in reversed(asked) if a in LANGUAGES), LANGUAGES[0])


def _done(arguments: Sequence[str], language: str) -> int:
    from machimori.cli import app

    command = app.command(language, next(iter(arguments), None))
    try:
        work: Callable[[], int] | int | None = command.main(
            list(arguments), prog_name="machimori", standalone_mode=False
        )
    except app.USAGE_ERROR as error:
        return _wrong_call(error, language)
    return work() if callable(work) else int(work or 0)


def _wrong_call(error: Any, language: str) -> int:
    from machimori.cli.refusals import usage_sentence

    if type(error).__name__ == "NoArgsIsHelpError":
        _say(error.format_message())
        return Status.WRONG_CALL
    if error.ctx is not None:
        _say(error.ctx.get_usage())
    _say(f"{ERROR[language]}: {usage_sentence(error, language)}")
    return Status.WRONG_CALL


def _warn(error: MachimoriError, language: str) -> None:
    _say(f"{WARNING[language]}: {error.text(language)}")


def _say(line: str) -> None:
    print(line, file=sys.stderr)
