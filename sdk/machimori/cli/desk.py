"""The commands of the holder's desk: its log, its documents, and the demands that people answer."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from machimori.cli.app import SETTINGS, Lang, Language, Work
from machimori.cli.app import _example as example

Store = Annotated[
    str,
    typer.Option(
        "--store", metavar="URL", help="The holder's store: an SQLite file, sqlite:///FILE, or postgresql+psycopg://…"
    ),
]
Holder = Annotated[str, typer.Option("--holder", metavar="F", help="The holding: JSON of class Holding.")]
AnyHolder = Annotated[
    str | None, typer.Option("--holder", metavar="F", help="The holding, to make sure that the store is this holder's.")
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="F", help="File of the log's key; by default beside the SQLite file, with .key added."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print records as NDJSON.")]
Subject = Annotated[
    str | None, typer.Option(metavar="ID", help="Only what is about this person, by the id that the holder uses.")
]
Moment = Annotated[str | None, typer.Option("--at", metavar="T", help="When (RFC 3339); by default now.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show whom it is about; for the holder's own desk only.")
]
Documents = Annotated[
    str, typer.Argument(metavar="FILE", help="Signed documents, one compact JWS a line, or - for standard input.")
]


def _group(help: str, *examples: str) -> typer.Typer:
    return typer.Typer(**{**SETTINGS, "help": help, "epilog": example(*examples)})


log = _group(
    "Read the holder's log, and show that nobody changed it.",
    "machimori log verify --store gate.db",
    "machimori log list --store gate.db --subject urn:machimori:customer:17 --lang ja",
    "machimori log report --store gate.db --year 2026 > transparency.json",
    "machimori log notices --store gate.db --lang ja",
    "machimori log checkpoint --store gate.db >> published.txt",
)
consent = _group(
    "Keep and list the consents of persons.",
    "machimori consent give consents.jws --store gate.db --holder holder.json",
    "machimori consent withdraw urn:uuid:b7a4b2f2-2a0e-4a39-9c1f-6a4a2f6f1c01 --store gate.db --holder holder.json",
    "machimori consent list --store gate.db --holder holder.json --subject urn:machimori:customer:17",
)
order = _group(
    "Keep and list orders and lawful demands.",
    "machimori order publish orders.jws --store gate.db --holder holder.json",
    "machimori order list --store gate.db --holder holder.json",
)
agreement = _group(
    "Keep and list the holder's agreements.",
    "machimori agreement register agreements.json --store gate.db --holder holder.json",
    "machimori agreement list --store gate.db --holder holder.json",
)
counsel = _group(
    "Answer demands that only people may answer.",
    "machimori counsel list --store gate.db --holder holder.json",
    "machimori counsel answer urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04 --refuse --by 'Legal, M. Ito'"
    " --reason 'no statute cited' --store gate.db --holder holder.json",
)
GROUPS = {"log": log, "consent": consent, "order": order, "agreement": agreement, "counsel": counsel}


@log.command("verify", epilog=example("machimori log verify --store gate.db --checkpoint published.txt"))
def log_verify(
    store: Store,
    holder: AnyHolder = None,
    key: Key = None,
    checkpoint: Annotated[
        str | None,
        typer.Option(metavar="F", help="Checkpoints that were published, one a line: the log must still contain them."),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Say whether the log is as it was written."""
    from machimori.cli import auditing

    return partial(auditing.verify, store, holder, key, checkpoint, lang.value)


@log.command("list", epilog=example("machimori log list --store gate.db --subject urn:machimori:customer:17"))
def log_list(
    store: Store,
    subject: Subject = None,
    holder: AnyHolder = None,
    key: Key = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> Work:
    """Tell who asked for what, when, why, and what they got."""
    from machimori.cli import auditing

    return partial(auditing.entries, store, holder, key, subject, json, lang.value)


@log.command("report", epilog=example("machimori log report --store gate.db --year 2026"))
def log_report(
    store: Store,
    year: Annotated[
        int | None,
        typer.Option(
            min=1901, max=2198, metavar="Y", help="The fiscal year that begins on 1 April Y; by default this one."
        ),
    ] = None,
    holder: AnyHolder = None,
    key: Key = None,
    lang: Lang = Language.en,  # noqa: ARG001  every command takes it
) -> Work:
    """Count requests and answers (class TransparencyReport)."""
    from machimori.cli import auditing

    return partial(auditing.report, store, holder, key, year)


@log.command("checkpoint", epilog=example("machimori log checkpoint --store gate.db >> published.txt"))
def log_checkpoint(
    store: Store,
    holder: AnyHolder = None,
    key: Key = None,
    lang: Lang = Language.en,  # noqa: ARG001  every command takes it
) -> Work:
    """Print the log's signed size and root, to be published."""
    from machimori.cli import auditing

    return partial(auditing.checkpoint, store, holder, key)


@consent.command("give", epilog=example("machimori consent give consents.jws --store gate.db --holder holder.json"))
def consent_give(file: Documents, store: Store, holder: Holder, lang: Lang = Language.en) -> Work:
    """Keep consents that the persons signed."""
    from machimori.cli import keeping

    return partial(keeping.add_signed, file, store, holder, ("ConsentRecord",), lang.value)


@consent.command(
    "withdraw", epilog=example("machimori consent withdraw urn:uuid:… --store gate.db --holder holder.json")
)
def consent_withdraw(
    consent: Annotated[str, typer.Argument(metavar="ID", help="The id of the consent.")],
    store: Store,
    holder: Holder,
    at: Moment = None,
    lang: Lang = Language.en,
) -> Work:
    """Keep that a person took a consent back."""
    from machimori.cli import keeping

    return partial(keeping.withdraw, consent, store, holder, at, lang.value)


@consent.command("list", epilog=example("machimori consent list --store gate.db --holder holder.json"))
def consent_list(
    store: Store,
    holder: Holder,
    subject: Subject = None,
    json: Json = False,
    show_values: ShowValues = False,
    lang: Lang = Language.en,
) -> Work:
    """List consents and whether they hold."""
    from machimori.cli import keeping

    return partial(keeping.consents, store, holder, subject, json, show_values, lang.value)


@order.command("publish", epilog=example("machimori order publish orders.jws --store gate.db --holder holder.json"))
def order_publish(file: Documents, store: Store, holder: Holder, lang: Lang = Language.en) -> Work:
    """Keep orders and demands that their issuers signed."""
    from machimori.cli import keeping

    return partial(keeping.add_signed, file, store, holder, keeping.ORDERS, lang.value)


@order.command("list", epilog=example("machimori order list --store gate.db --holder holder.json"))
def order_list(
    store: Store, holder: Holder, json: Json = False, show_values: ShowValues = False, lang: Lang = Language.en
) -> Work:
    """List orders and demands and whether they are in force."""
    from machimori.cli import keeping

    return partial(keeping.orders, store, holder, json, show_values, lang.value)


@agreement.command(
    "register", epilog=example("machimori agreement register a.json --store gate.db --holder holder.json")
)
def agreement_register(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON array of agreements, or - for standard input.")],
    store: Store,
    holder: Holder,
    lang: Lang = Language.en,
) -> Work:
    """Keep agreements that the holder made."""
    from machimori.cli import keeping

    return partial(keeping.add_agreements, file, store, holder, lang.value)


@agreement.command("list", epilog=example("machimori agreement list --store gate.db --holder holder.json"))
def agreement_list(
    store: Store, holder: Holder, json: Json = False, show_values: ShowValues = False, lang: Lang = Language.en
) -> Work:
    """List agreements and whether they are in force."""
    from machimori.cli import keeping

    return partial(keeping.agreements, store, holder, json, show_values, lang.value)


@counsel.command("list", epilog=example("machimori counsel list --store gate.db --holder holder.json"))
def counsel_list(
    store: Store,
    holder: Holder,
    all: Annotated[bool, typer.Option("--all", help="Show answered ones too.")] = False,
    json: Json = False,
    show_values: ShowValues = False,
    lang: Lang = Language.en,
) -> Work:
    """List demands that wait for an answer."""
    from machimori.cli import answering

    return partial(answering.items, store, holder, all, json, show_values, lang.value)


@counsel.command(
    "answer",
    epilog=example(
        "machimori counsel answer urn:uuid:… --release --by Ito --reason 'Art. 34' --store gate.db --holder h.json"
    ),
)
def counsel_answer(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The id of the request.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays with the holder.")],
    release: Annotated[bool, typer.Option("--release/--refuse", help="What is answered.")],
    store: Store,
    holder: Holder,
    key: Key = None,
    lang: Lang = Language.en,
) -> Work:
    """Release or refuse by hand; the log says so."""
    from machimori.cli import answering

    return partial(answering.answer, item, by, reason, release, store, holder, key, lang.value)


def expire(
    store: Store,
    holder: Holder,
    retention: Annotated[
        str | None,
        typer.Option(
            metavar="P", help="How long after its end a document is kept (ISO 8601); by default as the model says."
        ),
    ] = None,
    key: Key = None,
    lang: Lang = Language.en,
) -> Work:
    """Delete documents past their retention, and log that."""
    from machimori.cli import keeping

    return partial(keeping.expire, store, holder, key, retention, lang.value)


def register(app: Any) -> None:
    """Put the commands of the desk among those of ``app``."""
    from machimori.cli import desk_notices  # noqa: F401  it adds its own to ``log``

    app.command("expire", epilog=example("machimori expire --store gate.db --holder holder.json"))(expire)
    from machimori.cli import keys

    for name, group in {**GROUPS, **keys.GROUPS}.items():
        app.add_typer(group, name=name)
