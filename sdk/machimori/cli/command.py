"""What a command is here: it speaks the language of the call, teaches by examples, and destroys no file that it reads.

The object of click's context is the language. A text stands here in English and becomes another language as it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from machimori import messages
from machimori.cli import exit_status, paths, standard
from machimori.cli.click_words import Context
from machimori.messages import msgid

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

ENVIRONMENT = {
    "MACHIMORI_LANG=ja": msgid("messages and help in Japanese"),
    "MACHIMORI_DEBUG=1": msgid("show where an internal error happened"),
    "NO_COLOR=1": msgid("no colour on a terminal"),
}


class Option(click.Option):
    """An option whose help is said in the language of the call."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"show_default": True, **settings})

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and what is said of it."""
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        return record[0], messages.text(ctx.obj, self.help) + record[1].removeprefix(self.help)


class Language(Option):
    """The language of a command and of those below it; by default that of the command above."""

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:
        """What was asked for before."""
        return ctx.obj

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Check it and make it that of the context."""
        ctx.obj = super().process_value(ctx, value)
        return ctx.obj


class Argument(click.Argument):
    """An argument that is explained, as an option is."""

    def __init__(self, *arguments: Any, help: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.told = help

    def record(self, ctx: click.Context) -> tuple[str, str]:
        """The argument and what is said of it."""
        told, default = messages.text(ctx.obj, self.told), self.get_default(ctx, call=False)
        if self.required:
            told += f"  [{messages.text(ctx.obj, 'required')}]"
        elif isinstance(default, str):
            told += f"  [{messages.text(ctx.obj, 'default: {default}', default=default)}]"
        return self.human_readable_name, told


class Explained(click.Command):
    """What has a purpose, details, examples and exit statuses, all in its help."""

    context_class = Context
    heading = msgid("Examples:")

    def __init__(
        self,
        name: str,
        *,
        summary: str,
        details: str = "",
        examples: Iterable[str] = (),
        envvar: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(name, add_help_option=False, **settings)
        self.summary, self.details, self.examples = summary, details, tuple(examples)
        self.params += [_lang(envvar), _help()]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All of the help. Before version 8.5, click itself has no place for arguments in it."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_arguments(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The purpose and the details."""
        for text in filter(None, (self.summary, self.details)):
            _indented(formatter, messages.text(ctx.obj, text))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The arguments, explained."""
        found = [p.record(ctx) for p in self.get_params(ctx) if isinstance(p, Argument)]
        if found:
            with formatter.section(messages.text(ctx.obj, "Arguments")):
                formatter.write_dl(found)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, the exit statuses, and what of the environment counts."""
        statuses = {str(status.value): told for status, told in exit_status.TOLD.items()}
        _listed(formatter, messages.text(ctx.obj, self.heading), self.examples)
        _listed(formatter, messages.text(ctx.obj, "Exit status:"), _rows(ctx, statuses))
        _listed(formatter, messages.text(ctx.obj, "Environment:"), _rows(ctx, ENVIRONMENT))


class Command(Explained):
    """A command that is not begun where one of its outputs is also an input or another output.

    With ``verdict``, its exit status is its result: nothing is lost where nobody reads the words.
    """

    def __init__(self, name: str, *, verdict: bool = False, **settings: Any) -> None:
        super().__init__(name, **settings)
        self.verdict = verdict

    def invoke(self, ctx: click.Context) -> int:
        """Look at the files before anything is opened, and do the work; the exit status."""
        paths.apart(paths.files_named(self.params, ctx.params))
        return standard.whole(super().invoke(ctx), verdict=self.verdict)


class Group(Explained, click.Group):
    """A command that has commands below it, in the order of their declaration."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help."""
        return list(self.summaries())

    def summaries(self) -> Mapping[str, str]:
        """What the commands below are for."""
        return {name: command.summary for name, command in self.commands.items() if isinstance(command, Explained)}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands below with their purposes."""
        with formatter.section(messages.text(ctx.obj, "Commands")):
            formatter.write_dl([(name, messages.text(ctx.obj, told)) for name, told in self.summaries().items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands and options that begin as what was typed."""
        from click.shell_completion import CompletionItem

        begun = {name: told for name, told in self.summaries().items() if name.startswith(incomplete)}
        found = [CompletionItem(name, help=messages.text(ctx.obj, told)) for name, told in begun.items()]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def _lang(envvar: str | None) -> Language:
    return Language(
        ["--lang"],
        type=click.Choice(messages.languages()),
        envvar=envvar,
        expose_value=False,
        help=msgid("Language of messages."),
    )


def _help() -> Option:
    """Click's own is made once, in the language of the first call that a process makes."""
    return Option(
        ["-h", "--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_shown,
        help=msgid("Show this message and exit."),
    )


def _shown(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


def _rows(ctx: click.Context, told: Mapping[str, str]) -> list[str]:
    width = max(map(len, told))
    return [f"{name:<{width}}  {messages.text(ctx.obj, said)}" for name, said in told.items()]


def _listed(formatter: click.HelpFormatter, heading: str, lines: Iterable[str]) -> None:
    """A heading and lines that are not wrapped, so that they can be copied."""
    _indented(formatter, "\n".join(["\b", heading, *(f"  {line}" for line in lines)]))


def _indented(formatter: click.HelpFormatter, text: str) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
