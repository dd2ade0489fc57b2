"""The commands of the holder's desk: its documents, the demands that people answer, and what is past its time."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.desk_options import Documents, Holder, Json, Key, Moment, ShowValues, Store, Subject, group
from machimori.cli.options import SETTINGS, Lang, Language, Work, example
from machimori.cli.paths import Named

consent = group(
    "Keep and list the consents of persons.",
    "machimori consent give consents.jws --store gate.db --holder holder.json",
    "machimori consent withdraw urn:uuid:b7a4b2f2-2a0e-4a39-9c1f-6a4a2f6f1c01 --store gate.db --holder holder.json",
    "machimori consent list --store gate.db --holder holder.json --subject urn:machimori:customer:17",
)
order = group(
    "Keep and list orders and lawful demands.",
    "machimori order publish orders.jws --store gate.db --holder holder.json",
    "machimori order list --store gate.db --holder holder.json",
)
agreement = group(
    "Keep and list the holder's agreements.",
    "machimori agreement register agreements.json --store gate.db --holder holder.json",
    "machimori agreement list --store gate.db --holder holder.json",
)
counsel = group(
    "Answer demands that only people may answer.",
    "machimori counsel list --store gate.db --holder holder.json",
    "machimori counsel answer urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04 --refuse --by 'Legal, M. Ito'"
    " --reason 'no statute cited' --store gate.db --holder holder.json",
)
commands = typer.Typer(**SETTINGS)
for _name, _group in {"consent": consent, "order": order, "agreement": agreement, "counsel": counsel}.items():
    commands.add_typer(_group, name=_name)


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
    file: Annotated[
        str,
        Named.INPUT,
        typer.Argument(metavar="FILE", help="A JSON array of agreements, or - for standard input."),
    ],
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


@commands.command("expire", epilog=example("machimori expire --store gate.db --holder holder.json"))
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
