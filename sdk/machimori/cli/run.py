"""Run one call: parse it, do the work, and turn whatever happens into a line and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from machimori import files, messages
from machimori.catalogue import refusals
from machimori.cli import standard
from machimori.cli.exit_status import Status
from machimori.errors import CannotReadError, CannotWriteError, MachimoriError

if TYPE_CHECKING:
    import click

LANGUAGE, DEBUG, COMPLETE = "MACHIMORI_LANG", "MACHIMORI_DEBUG", "_MACHIMORI_COMPLETE"
NAME = "machimori"


def run() -> None:
    """The entry point ``machimori``: do what the command line says and exit."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # finding them reads every installed package
    standard.prepare()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Do what ``arguments`` say; the exit status."""
    language = spoken(arguments)
    refusals.tell = lambda error: _say(messages.text(language, "warning: {error}", error=error))
    try:
        status = _done(arguments, language)
        sys.stdout.flush()
        if standard.lost():
            _say(standard.LOST.text(language))
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


def spoken(arguments: Sequence[str]) -> str:
    """The language that the call asks for, known before the call is parsed: even its refusal is said in it."""
    asked = [os.environ.get(LANGUAGE, "")]
    for name, value in zip(arguments, [*arguments, ""][1:], strict=True):
        if name == "--lang":
            asked.append(value)
        elif name.startswith("--lang="):
            asked.append(name.partition("=")[2])
    return next((a for a in reversed(asked) if a in messages.languages()), messages.ENGLISH)


def _done(arguments: Sequence[str], language: str) -> int:
    import click

    from machimori.cli.app import machimori
    from machimori.cli.click_words import speaking

    with speaking(language):
        if COMPLETE in os.environ:
            from click.shell_completion import shell_complete

            return shell_complete(machimori, {"obj": language}, NAME, COMPLETE, os.environ[COMPLETE])
        try:
            with machimori.make_context(NAME, list(arguments), obj=language) as context:
                status: int = machimori.invoke(context)
                return status
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.UsageError as error:
            return _wrong_call(error, language)


def _wrong_call(error: click.UsageError, language: str) -> int:
    from click.exceptions import NoArgsIsHelpError

    if isinstance(error, NoArgsIsHelpError):
        _say(error.format_message())
        return Status.WRONG_CALL
    if error.ctx is not None:
        _say(error.ctx.get_usage())
    _say(messages.text(language, "error: {error}", error=error.format_message()))
    return Status.WRONG_CALL


def _refused(error: MachimoriError, language: str) -> int:
    _say(messages.text(language, "error: {error}", error=error))
    return error.exit_status


def _internal(error: Exception, language: str) -> int:
    if os.environ.get(DEBUG) == "1":
        traceback.print_exc()
    told = messages.text(language, "internal error ({kind}); MACHIMORI_DEBUG=1 shows where", kind=type(error).__name__)
    _say(told)
    return Status.INTERNAL


def _say(line: str) -> None:
    """Say it, without characters that could act on a terminal: a refusal quotes the call."""
    print(files.visible(line, kept="\n\t"), file=sys.stderr)
