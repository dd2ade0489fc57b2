"""No value of a person comes out where its field was not granted: neither in views nor in words.

Every person-related field of every class is filled with a value that is found nowhere else, and everything that the gate gives,
says, logs or raises is searched for it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests import raw
from tests.privacy.gate.world import AT, agreement, consent, holding, key, org, public, request, rescue, tokens

from machimori.cli.run import main
from machimori.errors import MachimoriError, UnreadableError
from machimori.privacy.decision import fields as known_fields
from machimori.privacy.decision.documents import Register, Standing
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.request import read_request
from machimori.privacy.decision.signatures import documents, signed
from machimori.privacy.gate import Gate
from machimori.samples.sampling import sample

pytestmark = pytest.mark.full

SUBJECT = "urn:machimori:canary:the-person"
CLASSES = sorted(
    name
    for name, entry in raw.catalogue()["classes"].items()
    if entry["root"] and any(known_fields.asked(name, p).facts.person_related for p in entry["fields"])
)


class Filled:
    """A valid record with canaries: what is searched for, by the path of its field."""

    def __init__(self, entity: str) -> None:
        self.entity, self.numbers = entity, count(1)
        self.canaries: dict[str, list[str]] = {}
        self.owner = raw.class_data(entity)["data_subject"]
        richest = max(sample(entity, 60), key=len)
        self.record = self._object(richest, entity, "")
        if self.owner and self.owner != "trusted_keys":
            self.record[self.owner] = SUBJECT
            self.canaries[self.owner] = [SUBJECT]

    def _object(self, value: dict[str, Any], entity: str, at: str) -> dict[str, Any]:
        entity = value.get("type", entity) if raw.class_data(entity)["abstract"] else entity
        held = raw.class_data(entity)["fields"]
        ordered = {name for pair in raw.class_data(entity)["ordered"] for name in pair}
        return {n: self._value(v, held[n], f"{at}{n}", n in ordered) for n, v in value.items() if n in held}

    def _value(self, value: Any, field: dict[str, Any], path: str, ordered: bool) -> Any:
        if isinstance(value, list):
            return [self._value(v, field, path, ordered) for v in value]
        if isinstance(value, dict):
            return self._object(value, field["range"], f"{path}.")
        made, canary = self._canary(value, field, ordered)
        if canary and known_fields.asked(self.entity, path.partition(".")[0]).facts.person_related:
            self.canaries.setdefault(path.partition(".")[0], []).append(canary)
        return made

    def _canary(self, value: Any, field: dict[str, Any], ordered: bool) -> tuple[Any, str]:
        number, range_name = next(self.numbers), field["range"]
        if range_name == "DateTime" and not ordered:
            text = f"2031-07-19T03:17:29.{712000 + number}+09:00"
            return text, text[:26]
        if range_name == "Date" and not ordered:
            text = (date(2140, 3, 1) + timedelta(days=number)).isoformat()
            return text, text
        if range_name == "Iri" or (range_name in raw.catalogue()["classes"] and not field["inlined"]):
            text = f"urn:machimori:canary:{number:05d}"
            return text, text
        if (
            range_name == "string"
            and not field.get("pattern")
            and value != field.get("const")
            and "type" not in field["iri"][-5:]
        ):
            return f"canary-{number:05d}", f"canary-{number:05d}"
        if range_name == "double" and field.get("maximum", 1e9) - field.get("minimum", 0) > 1:
            least = float(field.get("minimum", 0))
            text = f"{least + 0.5371 + (number * 10 + 1) / 1e8:.8f}"
            return float(text), text[-8:]
        return value, ""


def asks(entity: str) -> Iterator[dict[str, Any]]:
    """Requests of every sort of requester, in every form, for all fields and for one."""
    some = list(raw.class_data(entity)["fields"])[-1]
    for form in ("identified", "pseudonymised", "anonymised"):
        for fields in (None, [some]):
            more: dict[str, Any] = {"fields": fields} if fields else {}
            yield request(SUBJECT, entity, "resident_access", form, role="data_subject", subject=SUBJECT, **more)
            yield request("urn:machimori:person:18", entity, "resident_access", form, role="data_subject", subject=SUBJECT, **more)  # fmt: skip
            yield request("power", entity, "service_provision", form, role="own_service", **more)
            yield request("care", entity, "service_provision", form, subject=SUBJECT, **more)
            yield request("care", entity, "billing", form, role="processor", subject=SUBJECT, **more)
            yield request("care", entity, "research", form, role="joint_user", **more)
            yield request("city", entity, "service_provision", form, subject=SUBJECT, **more)
            yield request("police", entity, "law_enforcement", form, subject=SUBJECT, **more)
            yield request("fire", entity, "rescue", form, subject=SUBJECT, **more)
            yield request("university", entity, "research", form, **more)
            yield request("urn:machimori:anyone", entity, "marketing", form, **more)
            yield request("urn:machimori:anyone", entity, "person_scoring", form, **more)


def held(entity: str, one: str) -> dict[str, Any]:
    known = holding("power")
    known["trusted_keys"].append(
        {"key": public("canary"), "party": SUBJECT, "signs": ["ConsentRecord"], "for": [SUBJECT]}
    )
    return known


def gate(entity: str) -> Gate:
    """A holder with documents about the person."""
    one = list(raw.class_data(entity)["fields"])[1]
    known = read_holding(json.dumps(held(entity, one)))
    mine = consent([f"{entity}.{one}"], subject=SUBJECT, purposes=["service_provision"])
    lines = [signed(mine, key("canary")), *tokens(rescue([f"{entity}.{one}"], subject=SUBJECT))]
    mandate = agreement("mandate", [org("power"), SUBJECT], ["resident_access"], [f"{entity}.{one}"], subject=SUBJECT)
    return Gate(
        known, register=Register(tuple(documents(lines, known)), (mandate,)), clock=lambda: AT, secret=b"canaries"
    )


def broken(record: dict[str, Any]) -> list[bytes]:
    """The record spoiled in ways that tempt a reader to quote it."""
    line = json.dumps(record, ensure_ascii=False).encode()
    wrong = {n: (v if n in ("type",) else [v]) for n, v in record.items()}
    return [line[: len(line) // 2], line[1:], line.replace(b'":', b'"', 1), json.dumps(wrong).encode(), line + line]


@pytest.mark.parametrize("entity", CLASSES)
def test_no_canary_leaves(
    entity: str, caplog: pytest.LogCaptureFixture, record_property: Callable[[str, object], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    filled, holder, outputs, released = Filled(entity), gate(entity), 0, 0
    everything = {c for found in filled.canaries.values() for c in found}
    others = [{**filled.record, str(filled.owner): f"urn:machimori:person:{n}"} for n in range(25) if filled.owner]
    crowd = [json.dumps(r).encode() for r in (filled.record, *others)]
    for asked in asks(entity):
        disclosure = holder.disclose(
            [*(crowd if asked["form"] == "anonymised" else crowd[:1]), *broken(filled.record)], asked
        )
        views = b"\n".join(disclosure)
        granted = {g.field.partition(".")[0] for g in disclosure.decision.granted}
        hidden = everything - {c for path in granted for c in filled.canaries.get(path, ())}
        words = (disclosure, disclosure.decision, holder, disclosure.skipped, read_request(asked))
        said = [disclosure.decision.json().decode(), *map(repr, words), *map(str, words), caplog.text]
        outputs += 1 + len(said)
        released += disclosure.released
        assert not [c for c in hidden if c.encode() in views], asked["requester"]
        assert not [c for c in everything for text in said if c in text], asked["requester"]
    if filled.owner and filled.owner != "trusted_keys":
        assert released, "no record came out, so nothing was tried"
    record_property("canaries", len(everything))
    record_property("outputs", outputs)
    print(f"{entity}: {len(everything)} canaries, {outputs} outputs, {released} views")


def test_nothing_has_a_telling_repr() -> None:
    holder = gate("ElectricityUse")
    register: Register = holder.decider._register()
    asked = read_request(request(SUBJECT, "ElectricityUse", "resident_access", role="data_subject", subject=SUBJECT))
    party = holder.holding.verified(SUBJECT, "person", None)
    assert party is not None
    standing = Standing(register, asked, party, holder.holding, False, AT, ("energy",))
    standing.answers("energy")
    things = (holder, holder.holding, *holder.holding.trusted_keys, register, *register.signed, asked, asked.requester)
    for thing in (*things, party, standing, holder.decide(asked)):
        assert "canary" not in repr(thing), type(thing).__name__
        assert "canary" not in str(thing), type(thing).__name__


WRONG_REQUESTS: list[Any] = [
    {"subject": "canary of a person"},
    {"subject": ["urn:machimori:canary:1"]},
    {"requester": {"id": "canary", "kind": "person"}},
    {"requester": "urn:machimori:canary:1"},
    {"consents": "urn:machimori:canary:1"},
    {"note": "canary"},
    {"urn:machimori:canary:1": 1},
    {"at": "canary"},
    {"role": "canary"},
    {"form": "canary"},
    {"id": "canary"},
    {"fields": ["canary", {"canary": "canary"}]},
    {"fields": ["Canary Person"]},
    {"epsilon": "canary"},
    {"order": "canary"},
]
TEXTS = [
    '{"subject": "urn:machimori:canary:1", ',
    "canary",
    '["canary"]',
    '{"type": "DisclosureRequest", "subject": "canary", "subject": "canary"}',
    '"canary',
    '{"canary": NaN}',
]


@pytest.mark.parametrize("change", WRONG_REQUESTS, ids=lambda c: next(iter(c)))
def test_a_wrong_request_is_not_quoted(change: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    asked = request("care", "ElectricityUse", "welfare_watch", fields=["energy"]) | change
    for source in (asked, json.dumps(asked), json.dumps(asked).encode()):
        try:
            decision = gate("ElectricityUse").decide(source)
        except MachimoriError as error:
            _silent(error)
        else:
            assert "canary" not in decision.json().decode().replace('"canary"', "") or "fields" in change
    assert "canary" not in caplog.text


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_is_no_document_is_not_quoted(text: str) -> None:
    readers: list[Callable[[str], object]] = [gate("ElectricityUse").decide, Gate, lambda t: Gate(t.encode())]
    for read in readers:
        with pytest.raises(MachimoriError) as caught:
            read(text)
        _silent(caught.value)
    asked = request("power", "ElectricityUse", "billing", role="own_service")
    for source in (text, text.encode(), [text]):
        with suppress(UnreadableError):  # a text without a mark of JSON is the path of a file
            assert b"canary" not in b"".join(gate("ElectricityUse").disclose(source, asked))


def _silent(error: BaseException) -> None:
    """Neither the error nor what it came from quotes a value."""
    seen: BaseException | None = error
    while seen is not None:
        assert "canary" not in str(seen).lower(), type(seen).__name__
        assert "canary" not in repr(seen).lower(), type(seen).__name__
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    for issue in getattr(error, "issues", ()):
        assert "canary" not in issue.text("en") + issue.text("ja"), issue.code


@pytest.mark.parametrize("spoiled", ["request", "holder", "consents", "orders", "agreements"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_command_quotes_nothing(
    spoiled: str, language: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mandate = agreement("mandate", [org("power"), SUBJECT], ["resident_access"], ["Trip.origin"], subject=SUBJECT)
    files = {
        "request": json.dumps(request("care", "Trip", "research", subject=SUBJECT)),
        "holder": json.dumps(held("Trip", "origin")),
        "consents": signed(consent(["Trip.origin"], subject=SUBJECT), key("canary")),
        "orders": "\n".join(tokens(rescue(["Trip.origin"], subject=SUBJECT))),
        "agreements": json.dumps([mandate]),
    }
    for bad in (
        files[spoiled][:-20],
        files[spoiled].replace("the-person", "the person"),
        f'{{"{SUBJECT}": 1}}',
        SUBJECT,
    ):
        for name, text in files.items():
            (tmp_path / name).write_text(bad if name == spoiled else text, encoding="utf-8")
        given = [f"--{n}={tmp_path / n}" for n in ("holder", "consents", "orders", "agreements")]
        status = main(["decide", str(tmp_path / "request"), *given, "--lang", language])
        out, err = capfd.readouterr()
        assert status in (0, 1, 2)
        assert "canary" not in err
        assert "canary" not in out
