"""``decide``, ``disclose`` and ``statistics`` with a store, without one, and with nothing said; and who makes a store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Answer, Call
from tests.cli.test_files import CALLS
from tests.privacy.gate import world
from tests.privacy.gate.world import AT, PERSON, consent, holding, request, tokens
from tests.privacy.postgresql import Server, postgresql
from tests.privacy.statistics.city import asking, flows, trips
from tests.programs import POSIX

from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store
from machimori.samples.sampling import sample

__all__ = ["postgresql"]

USE = {**next(iter(sample("ElectricityUse", 1))), "customer": PERSON}
ENERGY = ["ElectricityUse.energy"]
CARED = request("care", "ElectricityUse", "welfare_watch", fields=["energy"], subject=PERSON)
STOPS = request("city", "TransitStop", "transport_planning", fields=["name"])
COUNTED = {
    "type": "StatisticsQuery",
    "id": "urn:machimori:query:stops",
    "entity": "TransitStop",
    "measures": [{"aggregate_function": "count"}],
}
SAID = {
    "trial": ("a trial: nothing was logged", "試行：記録簿には記載せず"),
    "unlogged": ("no store: nothing was logged", "記録簿に記載していません"),
    "people": ("holds data about people", "個人に関するデータ"),
}
PEOPLE = {"decide": (CARED, "use"), "disclose": (CARED, "use"), "statistics": (asking(), "trips")}
OPEN = {
    "decide": (STOPS, "stops"),
    "disclose": (STOPS, "stops"),
    "statistics": (STOPS | {"form": "statistics", "fields": None}, "stops"),
}
DATA = {"people": PEOPLE, "open": OPEN}


class Held:
    """A holder's files, and a call of one of the three commands on them."""

    def __init__(self, call: Call, folder: Path) -> None:
        self.call, self.folder = call, folder
        self.store = folder / "gate.db"
        self.write("use", json.dumps(USE))
        self.write("trips", "\n".join(map(json.dumps, trips({"52350162": 60}))))
        self.write("stops", "\n".join(map(json.dumps, sample("TransitStop", 3))))
        self.write("consents", "\n".join(tokens(consent(ENERGY))))

    def write(self, name: str, text: str) -> Path:
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name

    def __call__(self, command: str, data: str, *more: object) -> Answer:
        asked, records = DATA[data][command]
        holder = "railway" if records == "trips" else "power"
        words: list[object] = [self.write("request", json.dumps(asked))]
        if command != "decide":
            words = [self.folder / records, "--request", *words]
        if command == "statistics":
            words += ["--query", self.write("query", json.dumps(flows() if data == "people" else COUNTED))]
        if command == "decide":
            words += ["--k", "50"]
        named = ["--holder", self.write("holder", json.dumps(holding(holder))), "--now", world.NOW]
        return self.call(command, *words, *named, *more)

    def made(self) -> set[str]:
        """The files of stores and keys that are there."""
        return {p.name for p in self.folder.iterdir() if ".db" in p.name or ".key" in p.name}

    def logged(self, holder: str) -> list[dict[str, Any]]:
        store = open_store(self.store, read_holding(json.dumps(holding(holder))), make=False, clock=lambda: AT)
        try:
            assert store.log.verify() == []
            return list(store.log.entries())
        finally:
            store.close()


@pytest.fixture
def held(call: Call, tmp_path: Path) -> Held:
    return Held(call, tmp_path)


# -- every command, with a store and without ----------------------------------------------------------------------------


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("command", PEOPLE)
def test_with_a_store_every_answer_is_logged(command: str, data: str, held: Held) -> None:
    answer = held(command, data, "--store", held.store)
    assert answer.status in (0, 1), answer
    holder = "railway" if (command, data) == ("statistics", "people") else "power"
    entries = held.logged(holder)
    assert entries[0]["type"] == "LogEntry"
    assert entries[0]["requester"]["id"] == DATA[data][command][0]["requester"]["id"]
    assert not any(said in answer.err for pair in SAID.values() for said in pair)
    assert {"gate.db", "gate.db.key"} <= held.made()
    held(command, data, "--store", f"sqlite:///{held.store}")
    assert len([e for e in held.logged(holder) if e["type"] == "LogEntry"]) == 2


TRIED = {
    # command, data: with --no-store, with nothing
    ("decide", "people"): ("trial", "trial"),
    ("decide", "open"): ("trial", "trial"),
    ("disclose", "people"): ("unlogged", None),
    ("disclose", "open"): ("unlogged", "unlogged"),
    ("statistics", "people"): (None, None),
    ("statistics", "open"): ("unlogged", "unlogged"),
}
"""What is said on standard error; ``None`` is status 2."""


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("command", "data"), TRIED)
@pytest.mark.parametrize("none", [True, False], ids=["no-store", "nothing said"])
def test_without_a_store_that_is_said_or_refused(
    command: str, data: str, none: bool, language: str, held: Held
) -> None:
    said = TRIED[command, data][0 if none else 1]
    answer = held(command, data, "--lang", language, *(["--no-store"] if none else []))
    if said is None:
        assert (answer.status, answer.out) == (2, "")
        assert SAID["people"][language == "ja"] in answer.err
        assert "--store" in answer.err
        assert len(answer.err.splitlines()) == 1
        assert ("--no-store" in answer.err) == (command == "disclose")
    else:
        assert answer.status in (0, 1), answer
        assert answer.err.count(SAID[said][language == "ja"]) == 1
    assert held.made() == set()
    assert PERSON not in answer.err


def test_a_denial_without_a_store_says_so_too(held: Held) -> None:
    answer = held("disclose", "people", "--no-store")
    assert answer.status == 1
    assert SAID["unlogged"][0] in answer.err


@pytest.mark.parametrize("command", PEOPLE)
def test_a_store_and_none_is_a_wrong_call(command: str, held: Held) -> None:
    for more, said in (
        (("--store", held.store, "--no-store"), "not both"),
        (("--no-store", "--log-key", held.folder / "x.key"), None),
    ):
        answer = held(command, "open", *more)
        assert (answer.status, answer.out) == (2, ""), answer
        assert (said or "--log-key needs --store") in answer.err
    assert held.made() == set()


def test_a_request_that_is_none_is_refused_before_a_store_is_made(held: Held) -> None:
    for command in PEOPLE:
        held.write("request", "{}")
        words: list[object] = [held.folder / "request"]
        if command != "decide":
            words = [held.folder / "use", "--request", *words]
        if command == "statistics":
            words += ["--query", held.write("query", json.dumps(flows()))]
        holder = held.write("holder", json.dumps(holding("power")))
        answer = held.call(command, *words, "--holder", holder)
        assert answer.status == 2
        assert "holds data about people" not in answer.err
    assert held.made() == set()


@pytest.mark.parametrize("entity", ["Nothing", "../../etc", ""])
def test_of_a_class_that_there_is_not_nothing_is_given(entity: str, held: Held) -> None:
    asked = held.write("request", json.dumps(CARED | {"entity": entity}))
    holder = held.write("holder", json.dumps(holding("power")))
    answer = held.call("disclose", held.folder / "use", "--request", asked, "--holder", holder)
    assert answer.status in (1, 2)
    assert answer.out == ""


# -- what a store brings ------------------------------------------------------------------------------------------------


def test_documents_of_the_store_and_of_files_count_together(held: Held) -> None:
    """What the store knows to be withdrawn is so in a file as well."""
    assert held("disclose", "people", "--store", held.store).status == 1
    shown = ("--consents", held.folder / "consents")
    answer = held("disclose", "people", "--store", held.store, *shown)
    assert (answer.status, len(answer.out.splitlines())) == (0, 1)
    desk = ("--store", held.store, "--holder", held.folder / "holder")
    assert held.call("consent", "give", held.folder / "consents", *desk).out == "1 kept\n"
    assert held("disclose", "people", "--store", held.store).status == 0
    assert held.call("consent", "withdraw", consent(ENERGY)["id"], *desk, "--at", world.NOW).status == 0
    for more in ((), shown):
        answer = held("disclose", "people", "--store", held.store, *more)
        assert answer.status == 1
        assert "consent-withdrawn" in answer.err
    begun = [e for e in held.logged("power") if e.get("release_begun")]
    ended = [e for e in held.logged("power") if e["type"] == "ReleaseEntry"]
    assert len(begun) == len(ended) == 2
    assert {(e["records_released"], e["release_end"]) for e in ended} == {(1, "complete")}


def test_a_decision_says_its_place_in_the_log(held: Held) -> None:
    answer = held("decide", "people", "--store", held.store, "--json")
    assert json.loads(answer.out)["receipt"]["log_sequence"] == 0
    assert "receipt" not in json.loads(held("decide", "people", "--json").out)


def test_a_release_that_cannot_be_written_was_logged_before(held: Held) -> None:
    more = ("--store", held.store, "--consents", held.folder / "consents")
    assert held("disclose", "people", *more, "-o", "/dev/full").status == 2
    begun, ended = held.logged("power")
    assert begun["release_begun"] is True
    assert (ended["about_entry"], ended["records_released"]) == (begun["id"], 1)


@POSIX
def test_a_store_that_is_made_is_its_owners_alone(held: Held) -> None:
    held("decide", "people", "--store", held.store, "--log-key", held.folder / "other.key")
    assert {"gate.db", "other.key"} <= held.made()
    assert "gate.db.key" not in held.made()
    for name in ("gate.db", "other.key"):
        assert (held.folder / name).stat().st_mode & 0o777 == 0o600
    answer = held("decide", "people", "--store", held.store)
    assert (answer.status, answer.out) == (2, "")
    assert "the file of its key is not there: gate.db.key" in answer.err


def test_anothers_store_is_refused(held: Held) -> None:
    assert held("statistics", "people", "--store", held.store).status == 0
    for command in ("decide", "disclose"):
        answer = held(command, "people", "--store", held.store)
        assert (answer.status, answer.out) == (2, "")
        assert "another holder" in answer.err
    held.write("text.db", "no database" * 500)
    assert held("decide", "people", "--store", held.folder / "text.db").status == 2
    assert held("decide", "people", "--store", held.folder).status == 2


@pytest.mark.full
@pytest.mark.parametrize("command", PEOPLE)
def test_a_store_on_a_server_needs_the_key_of_its_log(command: str, held: Held, postgresql: Server) -> None:
    address = postgresql.new_database()
    answer = held(command, "people", "--store", address)
    assert (answer.status, answer.out) == (2, "")
    assert "--log-key" in answer.err
    key = held.folder / "log.key"
    for n in range(2):
        assert held(command, "people", "--store", address, "--log-key", key).status in (0, 1)
        listed = held.call("log", "list", "--store", address, "--log-key", key)
        assert len(listed.out.splitlines()) >= n + 1
    assert held.made() <= {"log.key", "log.key.kept"}


# -- who makes a store --------------------------------------------------------------------------------------------------

MAKING = {"decide", "disclose", "statistics", "serve"}
"""What answers for a holder."""
DESKS = {"consent give", "consent withdraw", "order publish", "agreement register"}
"""What puts something in."""
READING = sorted(c for c, usual in CALLS.items() if "store" in usual.files and c not in MAKING | DESKS)
WORDS = {
    "log notified": ["0"],
    "counsel answer": ["urn:uuid:1", "--by", "Ito", "--reason", "none", "--refuse"],
}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_makes_no_store(command: str, language: str, held: Held) -> None:
    holder = held.write("holder", json.dumps(holding("power")))
    for address in (held.store, f"sqlite:///{held.store}"):
        words = [*command.split(), *WORDS.get(command, []), "--store", address, "--holder", holder]
        answer = held.call(*words, "--lang", language)
        assert (answer.status, answer.out) == (2, ""), answer
        assert {"en": "there is no store", "ja": "保存先がありません"}[language] in answer.err
    assert held.made() == set()


def test_the_commands_that_read_are_known() -> None:
    assert {"log list", "log verify", "expire", "counsel list", "consent list"} <= {*READING}
    assert len(READING) == 12
