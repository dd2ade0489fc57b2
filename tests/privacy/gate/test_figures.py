"""Who gets the figures that a facility states: the holder and whom it must report to as they stand, nobody else an exact one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.gate import space, world

from machimori.catalogue import catalogue
from machimori.catalogue.terms import StatutoryTask
from machimori.privacy.decision import fields, statutes
from machimori.privacy.decision.policy import ANONYMISED, IDENTIFIED, PSEUDONYMISED, STATISTICS
from machimori.privacy.disclosure import transforms
from machimori.privacy.gate import Gate

ACT = "Basic Act on Disaster Management Art. 53(1)"
COUNTS = (
    "evacuee_total",
    "evacuee_households",
    "evacuee_female",
    "vulnerable_evacuees",
    "infant_evacuees",
    "group_size",
)
ASKED = (*COUNTS, "observed_at", "opening_status")
EXACT = {
    "evacuee_total": 137,
    "evacuee_households": 44,
    "evacuee_female": 71,
    "vulnerable_evacuees": 23,
    "infant_evacuees": 4,
    "group_size": 137,
}
ROUNDED = {
    "evacuee_total": 140,
    "evacuee_households": 40,
    "evacuee_female": 70,
    "vulnerable_evacuees": 20,
    "group_size": 140,
}
"""What everybody else gets of these: nothing of four infants, who would be known by name."""
OBLIGED = ("hyogo", "meti", "fire")
PURPOSES_OF_THE_TASK = ("disaster_response", "rescue")
WHO = ("person:17", "power", "university", *OBLIGED, "police", "embassy", "anyone")
"""One of every kind of requester but a municipality, which is the holder here."""


def status(at: str = world.NOW, shelter: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "type": "ShelterStatus",
        "id": f"urn:machimori:shelter-status:{shelter}-{at}",
        "designated_shelter": f"urn:machimori:shelter:{shelter}",
        "local_government_code": "281018",
        "observed_at": at,
        "opening_status": "open",
        **EXACT,
        **more,
    }


def line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def asking(who: str, role: str = "third_party", purpose: str = "disaster_response", form: str = IDENTIFIED) -> Any:
    who = f"urn:machimori:{who}" if who.startswith("person") or who == "anyone" else who
    return world.request(who, "ShelterStatus", purpose, form, role=role, fields=list(ASKED))


def report(to: str, **more: Any) -> dict[str, Any]:
    purposes = more.pop("purposes", list(catalogue.enumeration("Purpose").values))
    parties = more.pop("parties", [world.org("city"), world.org(to)])
    named = more.pop("fields", [f"ShelterStatus.{f}" for f in ASKED])
    return world.agreement(more.pop("kind", "statutory_sharing"), parties, purposes, named, **{"statute": ACT} | more)


AGREEMENTS: dict[str, dict[str, Any] | None] = {
    "none": None,
    "in force": {},
    "ended": {"ends_at": world.NOW},
    "not begun": {"starts_at": "2026-04-01T09:00:01+09:00"},
    "other fields": {"fields": ["ShelterStatus.car_evacuees"]},
    "other purposes": {"purposes": ["billing"]},
    "of others": {"parties": [world.org("care"), world.org("railway")]},
    "without the holder": {"parties": [world.org("care")]},
    "another statute": {"statute": "Basic Act on Disaster Management Art. 49-11(2)"},
    "another article": {"statute": "Basic Act on Disaster Management Art. 53-2"},
    "no statute": {"statute": None},
    "processing": {"kind": "processing"},
    "supply": {"kind": "supply"},
    "joint use": {"kind": "joint_use"},
}


def gate(who: str, agreement: str) -> Gate:
    more = AGREEMENTS[agreement]
    held = [] if more is None else [report(who if who in world.PARTIES else "care", **more)]
    return world.gate("city", agreements=[{k: v for k, v in a.items() if v is not None} for a in held])


def seen(gate: Gate, asked: Any, *records: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(view) for view in gate.disclose(b"\n".join(map(line, records or (status(),))), asked)]


# -- the attack: everybody, everywhere ------------------------------------------------------------------------------------


def _askings(who: str) -> Iterator[tuple[str, str, str]]:
    forms = (IDENTIFIED, PSEUDONYMISED, ANONYMISED)
    yield from product(space.ROLES, catalogue.enumeration("Purpose").values, forms)


@pytest.mark.parametrize("who", WHO)
def test_nobody_but_holder_and_statute_gets_an_exact_figure(who: str) -> None:
    """Every kind of requester, in every role, for every purpose, in every form of records, under every agreement."""
    privileged = set()
    for agreement in AGREEMENTS:
        holder, told = gate(who, agreement), {}
        for role, purpose, form in _askings(who):
            decision = holder.decide(asking(who, role, purpose, form), k=1000)
            in_full = {g.field for g in decision.granted if g.field in COUNTS and g.transform == "as_is"}
            if in_full:
                privileged.add((agreement, role, purpose in PURPOSES_OF_THE_TASK))
                assert {g.rule for g in decision.granted if g.field in in_full} == {"statutory-report"}
                continue
            told[decision.granted] = asking(who, role, purpose, form)
        for asked in told.values():  # what is granted alike comes out alike: one request of each sort is carried out
            for view in seen(holder, asked):
                assert {n: view[n] for n in COUNTS if n in view} in ({}, ROUNDED)
                assert view["observed_at"] == "2026-04-01T09:00:00+09:00"
    assert privileged == ({("in force", "third_party", True)} if who in OBLIGED else set())


def test_the_holder_and_whom_it_must_report_to_get_what_was_counted() -> None:
    at = "2026-04-01T08:41:00+09:00"
    own = asking("city", "own_service", "service_provision")
    small = dict.fromkeys(COUNTS, 4)
    for holder, asked in ((gate("care", "none"), own), *((gate(w, "in force"), asking(w)) for w in OBLIGED)):
        for exact in (EXACT, small):
            assert seen(holder, asked, status(at, **exact)) == [
                {**exact, "observed_at": at, "opening_status": "open"},
            ]


@pytest.mark.parametrize("name", [n for n, c in catalogue.model().classes.items() if c.root])
def test_every_count_of_people_in_the_model_is_rounded_for_a_stranger(name: str) -> None:
    """Whatever the class: a whole number of class statistical is coarsened, but for the frame of a table."""
    request = world.request("urn:machimori:anyone", name, "research", fields=None)
    del request["fields"]
    counted = {p for p in fields.all_fields(name) if _counts(name, p)}
    granted = {g.field: g.transform for g in world.gate("city").decide(request, k=1 << 40).granted}
    assert {granted.get(path) for path in counted} <= {"coarsen"}


FRAME = {"minimum_group", "suppressed_cells", "looks", "dose_number"}
"""Whole numbers in the frame of a statistic that count nobody."""


def _counts(entity: str, path: str) -> bool:
    asked, field = fields.asked(entity, path), catalogue.class_(entity).fields[path]
    return asked.data_class == "statistical" and field.json == "integer" and not field.inlined and path not in FRAME


def test_a_free_bed_is_no_person() -> None:
    beds = fields.asked("HospitalCapacity", "beds_available")
    assert (beds.data_class, beds.counts_people) == ("operational", False)
    assert fields.asked("HospitalCapacity", "beds_occupied").counts_people


def test_no_statistics_of_a_shelter_by_the_way() -> None:
    """In the form of statistics nothing is said to be given as it stands, to nobody."""
    for who in WHO:
        decision = gate(who, "in force").decide(asking(who, form=STATISTICS), k=1000)
        assert {g.transform for g in decision.granted} <= {"aggregate"}


# -- rounding -----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.sampled_from([(10, 10), (10, 20), (5, 10), (100, 10), (7, 3)]))
@settings(derandomize=True)
def test_a_count_is_rounded_to_the_nearest(count: int, kept: tuple[int, int]) -> None:
    unit, least = kept
    found = transforms.rounded(unit, least)(count)
    if count < least:
        assert found is None
        return
    assert found is not None
    assert found % unit == 0
    assert abs(found - count) * 2 <= unit
    assert found >= least or unit > least
    assert transforms.rounded(unit, least)(count + 1) >= found


@pytest.mark.parametrize("odd", [True, 137.4, "137", None, [], -3, 9])
def test_what_is_no_count_of_the_minimum_is_left_out(odd: object) -> None:
    assert transforms.rounded(10, 10)(odd) is None


@given(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 300), min_size=1))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_what_a_stranger_sees_of_a_shelter_is_a_function_of_the_rounded(counts: dict[str, int]) -> None:
    """Two shelters that round alike look alike: an exact count, a hidden group and a missing one tell nothing more."""
    record = {**dict.fromkeys(COUNTS, 100), **counts}
    held = {
        n: transforms.rounded(10, 20 if n in ("vulnerable_evacuees", "infant_evacuees") else 10)(v)
        for n, v in record.items()
    }
    views = seen(gate("care", "none"), asking("anyone", purpose="research"), status(**record))
    if record["group_size"] < 10:
        assert views == [{"observed_at": world.NOW, "opening_status": "open"}]
        return
    few = ("vulnerable_evacuees", "infant_evacuees") if record["group_size"] < 20 else ()
    assert {n: v for n, v in views[0].items() if n in COUNTS} == {
        n: v for n, v in held.items() if v is not None and n not in few
    }


# -- once an hour ---------------------------------------------------------------------------------------------------------

MINUTES = st.lists(
    st.tuples(
        st.sampled_from("12"), st.integers(0, 300), st.integers(10, 400), st.sampled_from(("power", "university"))
    ),
    min_size=1,
    max_size=12,
)


@given(MINUTES)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_facility_gives_figures_once_an_hour(history: list[tuple[str, int, int, str]]) -> None:
    """Whoever asks, in whatever order and how often: everybody together sees one moment of each shelter and hour."""
    holder, figures, first = gate("care", "none"), defaultdict(set), {}
    for shelter, minute, count, who in history:
        at = datetime.fromisoformat(world.NOW) + timedelta(minutes=minute)
        exact = {**EXACT, "evacuee_total": count}
        (view,) = seen(holder, asking(who, purpose="research"), status(at.isoformat(), shelter, **exact))
        key = shelter, minute // 60
        first.setdefault(key, minute)
        assert ("evacuee_total" in view) is (first[key] == minute)
        assert view["opening_status"] == "open"
        if "evacuee_total" in view:
            figures[key].add(minute)
            assert view["observed_at"] == at.replace(minute=0).isoformat()
    assert all(len(moments) == 1 for moments in figures.values())


def test_the_figures_of_the_hour_are_the_same_for_everyone_and_for_ever() -> None:
    holder, ask = gate("care", "none"), asking("power", purpose="research")
    early, late = status("2026-04-01T09:10:00+09:00"), status("2026-04-01T09:50:00+09:00", evacuee_total=211)
    disclosed = holder.disclose(b"\n".join((line(early), line(late))), ask)
    assert [json.loads(v).get("evacuee_total") for v in disclosed] == [140, None]
    assert disclosed.skipped == {"same-hour": 1}
    assert [v.get("evacuee_total") for v in seen(holder, asking("university", purpose="research"), late, early)] == [
        None,
        140,
    ]
    same = status("2026-04-01T00:10:00Z")
    assert seen(holder, ask, same)[0]["evacuee_total"] == 140


def test_the_holder_and_a_report_do_not_use_up_the_hour() -> None:
    holder = gate("hyogo", "in force")
    moments = [status(f"2026-04-01T09:{minute}:00+09:00") for minute in (10, 20, 30)]
    for asked in (asking("city", "own_service"), asking("hyogo")):
        assert [v["evacuee_total"] for v in seen(holder, asked, *moments)] == [137] * 3
    assert [v.get("evacuee_total") for v in seen(holder, asking("power"), *reversed(moments))] == [140, None, None]


def test_a_status_that_does_not_say_when_gives_no_figures() -> None:
    holder, ask = gate("care", "none"), world.request("power", "ShelterStatus", "research", fields=["evacuee_total"])
    for at in ("2026-04-01", "yesterday", ""):
        disclosed = holder.disclose(line(status() | {"observed_at": at}), ask)
        assert list(disclosed) == []
    del ask["fields"]
    unread = holder.disclose(line({k: v for k, v in status().items() if k != "observed_at"}), ask)
    assert not any("evacuee_total" in json.loads(view) for view in unread)


def test_beds_of_another_kind_are_another_figure() -> None:
    holder, ask = world.gate("care"), world.request("power", "HospitalCapacity", "research", fields=["beds_occupied"])
    beds = {
        "type": "HospitalCapacity",
        "id": "urn:machimori:hospital-capacity:1",
        "facility": "urn:machimori:facility:hospital",
        "local_government_code": "281018",
        "observed_at": world.NOW,
        "bed_kind": "general",
        "beds_occupied": 341,
        "group_size": 341,
    }
    found = seen(holder, ask, beds, beds | {"bed_kind": "intensive_care", "beds_occupied": 14, "group_size": 14})
    assert found == [{"beds_occupied": 340}, {"beds_occupied": 10}]


# -- the statute ------------------------------------------------------------------------------------------------------------

TASK = StatutoryTask(
    statute="Basic Act on Disaster Management Art. 53",
    statute_ja="災害対策基本法第53条",
    purposes=("disaster_response",),
)


@pytest.mark.parametrize(
    "text",
    [
        "Basic Act on Disaster Management Art. 53",
        "Basic Act on Disaster Management Art. 53(1)",
        "basic act on disaster management article 53, paragraph 1",
        "Basic Act on Disaster Management 53(1)",
        "Basic Act on Disaster Management (Act No. 223 of 1961) Art. 53 (2)",
        "Fire Organization Act Art. 40; Basic Act on Disaster Management Art. 53",
        "災害対策基本法第53条",
        "災害対策基本法第５３条第１項",
        "災害対策基本法 第五十三条第一項",
        "災害対策基本法（昭和三十六年法律第二百二十三号）第五十三条",
        "消防組織法第40条、災害対策基本法第53条第1項",
    ],
)
def test_a_statute_is_cited_in_many_ways(text: str) -> None:
    assert statutes.cites(text, TASK)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Art. 53", "第53条", "Basic Act on Disaster Management", "災害対策基本法"),
        "Basic Act on Disaster Management Art. 5",
        "Basic Act on Disaster Management Art. 530",
        "Basic Act on Disaster Management Art. 53-2",
        "Basic Act on Disaster Management Art. 53bis",
        "Basic Act on Disaster Management Art. 49-11(2), (3)",
        "Ordinance under the Basic Act on Disaster Management Art. 53",
        "災害対策基本法第53条の2",
        "災害対策基本法第五十三条の二",
        "災害対策基本法第五百三十条",
        "災害対策基本法施行令第53条",
        "not the Basic Act on Disaster Management Art. 53",
        *(None, 53, ["Basic Act on Disaster Management Art. 53"]),
    ],
)
def test_another_statute_is_another_one(text: object) -> None:
    assert not statutes.cites(text, TASK)


@given(st.text(max_size=60))
@settings(derandomize=True)
def test_any_text_can_be_asked(text: str) -> None:
    assert statutes.cites(text, TASK) in (True, False)


@given(st.integers(1, 999))
@settings(derandomize=True)
def test_no_other_article_passes(article: int) -> None:
    for text in (
        f"災害対策基本法第{article}条",
        f"災害対策基本法第{_kanji(article)}条",
        f"Basic Act on Disaster Management Art. {article}",
    ):
        assert statutes.cites(text, TASK) is (article == 53)


@cache
def _kanji(number: int) -> str:
    digits = "〇一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = [f"{digits[n] if n > 1 else ''}{name}" for n, name in ((hundreds, "百"), (tens, "十")) if n]
    return "".join(said) + (digits[ones] if ones else "")


# -- reasons ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["not-settled", "off-grid"])
def test_statistics_are_refused_by_a_reason_of_the_model(reason: str) -> None:
    from machimori.privacy.decision.request import read_request

    asked = read_request(world.request("city", "Trip", "city_planning", STATISTICS, fields=["origin"]))
    refused = world.gate("railway").decider.refused(asked, reason)
    assert (refused.form, refused.rule, refused.basis) == ("deny", reason, "profile")
    assert [w.rule for w in refused.withheld] == [reason]
    assert set(refused.message) >= {"en", "ja"}
    assert all(refused.message.values())
