"""The commands that make records and carry them from format to format."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, Lang, Language, Work, example
from machimori.cli.paths import Named

commands = typer.Typer(**SETTINGS)


@commands.command(
    "sample",
    epilog=example(
        "machimori sample Trip --count 1000 --seed 7 > trips.ndjson",
        "machimori sample Trip --count 5 --invalid | machimori validate -",
        "machimori sample Place --count 3 --code MM203",
        "machimori sample --scenario week -o week.ndjson",
    ),
)
def sample(
    name: Annotated[
        str | None, typer.Argument(metavar="CLASS", help="A class of the model, such as Trip; or else a --scenario.")
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="How many records of the class; 1 if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="The same seed gives the same records.")] = None,
    invalid: Annotated[
        bool,
        typer.Option("--invalid", help="Break exactly one rule in each; which one is told on standard error."),
    ] = False,
    code: Annotated[
        str | None, typer.Option(metavar="MMnnn", help="Break the rule of this code in each (implies --invalid).")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Connected records of every domain instead: week, a week in Minato ward."),
    ] = None,
    out: Annotated[
        str, Named.OUTPUT, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")
    ] = "-",
    lang: Lang = Language.en,
) -> Work:
    """Make invented records, as NDJSON.

    Of one class, each for itself; or with --scenario a whole story, in which records refer to one another.
    """
    from machimori.cli import sampling

    if scenario is not None and (name, count, seed, code, invalid) == (None, None, None, None, False):
        return partial(sampling.scenario, scenario, out)
    if name is None or scenario is not None:
        return sampling.unclear
    return partial(
        sampling.sample, name, count=count, seed=seed, invalid=invalid, code=code, out=out, language=lang.value
    )


@commands.command(
    "convert",
    epilog=example(
        "machimori convert evacuation.csv --from municipal --to machimori -o sites.ndjson --loss-report losses.json",
        "machimori convert sites.ndjson --from machimori --to geojson --as EvacuationSite",
    ),
)
def convert(
    path: Annotated[str, Named.INPUT, typer.Argument(metavar="PATH", help="The file, or - for standard input.")],
    source: Annotated[str, typer.Option("--from", metavar="FORMAT", help="Format of the file.")],
    target: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Format to write; machimori is NDJSON.")],
    entity: Annotated[
        str | None, typer.Option("--as", metavar="CLASS", help="The class, where the file does not tell.")
    ] = None,
    loss_report: Annotated[
        str | None,
        Named.OUTPUT,
        typer.Option(metavar="F", help="Write here what did not come along: text for .txt, else JSON."),
    ] = None,
    out: Annotated[
        str, Named.OUTPUT, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")
    ] = "-",
    default: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help="Value of a field that the file does not have; may be repeated."),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Convert from and to other formats.

    Whatever does not come along is accounted for, row by row and column by column.
    """
    from machimori.cli import converting

    return partial(
        converting.convert,
        path,
        source,
        target,
        entity=entity,
        loss_report=loss_report,
        out=out,
        defaults=default or [],
        language=lang.value,
    )
