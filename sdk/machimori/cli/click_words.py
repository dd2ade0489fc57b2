"""The words that click itself says, in the language of the call: click asks gettext for them, which finds them in our catalogue.

Their English is click's and not ours. What another version of click says is said in English until it stands here.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from machimori import messages
from machimori.messages import msgid

LANGUAGE = "LANGUAGE"
"""Where gettext looks for the language."""
HEADING = msgid("{heading}:")
WORDS = (
    msgid("Usage:"),
    msgid("Options"),
    msgid("required"),
    msgid("default: {default}"),
    msgid("Missing argument"),
    msgid("Missing option"),
    msgid("Missing command."),
    msgid("Invalid value for {param_hint}: {message}"),
    msgid("Choose from:\n\t{choices}"),
    msgid("{value!r} is not {choice}.", plural="{value!r} is not one of {choices}."),
    msgid("{value!r} is not a valid {number_type}."),
    msgid("{value} is not in the range {range}."),
    msgid("No such command {name!r}."),
    msgid("No such option {name!r}."),
    msgid("Did you mean {possibility}?", plural="(Did you mean one of: {possibilities}?)"),
    msgid("Option {name!r} does not take a value."),
    msgid("Option {name!r} requires an argument.", plural="Option {name!r} requires {nargs} arguments."),
    msgid("Got unexpected extra argument ({args})", plural="Got unexpected extra arguments ({args})"),
)
"""What a call of ours can make click say."""
OLDER = (msgid("No such option: {name}"),)
"""What click said before version 8.5 instead."""


class Formatter(click.HelpFormatter):
    """Writes help with the punctuation of the language."""

    def write_heading(self, heading: str) -> None:
        """A heading; the English colon is in the code of click and in none of its words."""
        told = gettext.gettext(HEADING).format(heading=heading)
        self.write(f"{'':>{self.current_indent}}{told}\n")


class Context(click.Context):
    """The context of a call of ours."""

    formatter_class = Formatter


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let gettext speak a language from our catalogues: a process of the command line speaks one, from end to end."""
    before, domain = os.environ.get(LANGUAGE), gettext.textdomain()
    gettext.bindtextdomain(messages.DOMAIN, str(messages.FOLDER))
    gettext.textdomain(messages.DOMAIN)
    os.environ[LANGUAGE] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop(LANGUAGE)
        if before is not None:
            os.environ[LANGUAGE] = before
