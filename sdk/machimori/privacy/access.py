"""Who may receive a value of a profile, and in which form: the rules of disclosure applied to the axes of a profile.

A row is a requester, a column a form; a cell names every rule that may grant it, in the order in which they are tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
"""A profile as the catalogue holds it."""
Both = dict[str, str]
"""A text in both languages."""


def both(en: str, ja: str) -> Both:
    """A text in both languages."""
    return {"en": en, "ja": ja}


FORMS = ("statistics", "anonymised", "pseudonymised", "identified")
STATISTICS, ANONYMISED, PSEUDONYMISED, IDENTIFIED = FORMS

REQUESTERS: dict[str, Both] = {
    "data_subject": both("The data subject", "本人"),
    "holder": both("The holder's own service", "保有者自身の業務"),
    "processor": both("A processor of the holder", "委託先"),
    "joint_user": both("A joint user", "共同利用者"),
    "third_party": both("Anybody else who is no public body", "公的機関以外の第三者"),
    "own_task": both("A public body with data it collected itself", "自ら集めたデータを扱う公的機関"),
    "government": both("Municipality, prefecture, national government", "市区町村、都道府県、国の行政機関"),
    "emergency_service": both("Emergency service", "救助機関"),
    "law_enforcement": both("Law enforcement", "捜査機関"),
    "foreign_government": both("Government of another country", "外国政府"),
}
ALL = tuple(REQUESTERS)
PUBLIC = ("own_task", "government", "emergency_service", "law_enforcement", "foreign_government")
NOT_PUBLIC = ("holder", "processor", "joint_user", "third_party")
FINAL = ("open", "operational", "restricted", "statistical")


@dataclass(frozen=True)
class Grant:
    """One rule: to whom, in which forms, for which profiles, and the condition in words."""

    rule: str
    requesters: tuple[str, ...]
    forms: tuple[str, ...]
    holds: Callable[[Entry], bool]
    when: Both


def _of(*data_classes: str) -> Callable[[Entry], bool]:
    return lambda p: p["data_class"] in data_classes


def _person(profile: Entry, *but: str) -> bool:
    return bool(profile["person_related"]) and profile["data_class"] not in but


def _release(profile: Entry) -> bool:
    """Whether rows 12 to 22 look at the profile at all: rows 8 to 11 are final for the classes before."""
    return profile["data_class"] not in FINAL


GRANTS = (
    Grant(
        "own-data",
        ("data_subject",),
        FORMS,
        lambda p: _person(p) and not p["other_person"],
        both("for `resident_access`", "目的が`resident_access`のとき"),
    ),
    Grant("open-data", ALL, FORMS, _of("open"), both("always", "常に")),
    Grant(
        "open-data",
        ALL,
        FORMS,
        _of("statistical"),
        both("the cell states a group of at least 10", "集計値が10以上の集団の大きさを示すとき"),
    ),
    Grant("business-data", ("holder",), FORMS, _of("operational"), both("always", "常に")),
    Grant(
        "business-data",
        tuple(r for r in ALL if r != "holder"),
        FORMS,
        _of("operational"),
        both("an agreement in force names it", "有効な合意が定めるとき"),
    ),
    Grant(
        "business-data",
        PUBLIC,
        FORMS,
        lambda p: p["data_class"] == "operational" and p["government_access"] == "open",
        both("always", "常に"),
    ),
    Grant(
        "business-data",
        PUBLIC,
        (STATISTICS,),
        lambda p: p["data_class"] == "operational" and p["government_access"] == "aggregate_only",
        both("always", "常に"),
    ),
    Grant("infrastructure-data", ("holder", "processor"), FORMS, _of("restricted"), both("always", "常に")),
    Grant(
        "infrastructure-data",
        ("own_task", "government", "emergency_service"),
        FORMS,
        _of("restricted"),
        both(
            "for `maintenance_and_safety`, `disaster_response` or `rescue`",
            "目的が`maintenance_and_safety`、`disaster_response`又は`rescue`のとき",
        ),
    ),
    Grant(
        "statistics",
        NOT_PUBLIC,
        (STATISTICS,),
        lambda p: _release(p) and not p["biometric"],
        both("group of at least {k}, budget left", "集団が{k}以上で、予算が残るとき"),
    ),
    Grant(
        "statistics",
        ("own_task", "government", "emergency_service"),
        (STATISTICS,),
        lambda p: _release(p) and not p["biometric"] and p["government_access"] != "none",
        both("group of at least {k}, budget left", "集団が{k}以上で、予算が残るとき"),
    ),
    Grant(
        "emergency-statistics",
        ("government", "emergency_service"),
        (STATISTICS,),
        lambda p: _release(p) and not p["biometric"] and p["government_access"] != "none",
        both(
            "an emergency order in force names purpose and field; group of at least {k}",
            "有効な緊急命令が目的と項目を定め、集団が{k}以上のとき",
        ),
    ),
    Grant(
        "anonymised",
        NOT_PUBLIC,
        (ANONYMISED,),
        lambda p: (
            _release(p)
            and p["identifiability"] != "direct"
            and p["data_class"] not in ("code", "communications")
            and not p["biometric"]
        ),
        both("k-anonymous with k ≥ {k}, items published", "k-匿名性（k≧{k}）を満たし、項目を公表するとき"),
    ),
    Grant(
        "own-task",
        ("own_task",),
        (PSEUDONYMISED, IDENTIFIED),
        lambda p: _person(p, "code", "communications", "special_care"),
        both("purpose on the list", "目的が一覧にあるとき"),
    ),
    Grant(
        "own-task",
        ("own_task",),
        (PSEUDONYMISED, IDENTIFIED),
        lambda p: p["data_class"] == "special_care" and bool(p["statutory_task"]),
        both("for a purpose that its statutory task serves", "法令上の事務に含まれる目的のとき"),
    ),
    Grant(
        "own-service",
        ("holder",),
        (IDENTIFIED,),
        lambda p: _person(p, "pseudonymised", "code", "communications", "special_care"),
        both("it collected the data itself", "自ら集めたデータであるとき"),
    ),
    Grant(
        "own-service",
        ("holder",),
        (IDENTIFIED,),
        _of("code"),
        both("with consent", "本人の同意があるとき"),
    ),
    Grant(
        "own-service",
        ("holder",),
        (IDENTIFIED,),
        _of("communications"),
        both(
            "with consent, or for `service_provision`, `billing`",
            "同意があるとき、又は目的が`service_provision`、`billing`のとき",
        ),
    ),
    Grant(
        "own-service",
        ("holder",),
        (IDENTIFIED,),
        _of("special_care"),
        both("with consent, or for its statutory task", "同意があるとき、又は法令上の事務のとき"),
    ),
    Grant(
        "own-service",
        ("processor",),
        (IDENTIFIED,),
        lambda p: _person(p, "pseudonymised") and not p["biometric"],
        both(
            "as the holder, under a `processing` agreement", "保有者と同じ条件で、委託の合意（`processing`）があるとき"
        ),
    ),
    Grant(
        "pseudonymised-internal",
        ("holder", "processor"),
        (PSEUDONYMISED,),
        lambda p: _person(p, "code", "communications", "special_care"),
        both("as in identified form; goes to no third party", "識別された記録と同じ条件。第三者には渡さない"),
    ),
    Grant(
        "joint-use",
        ("joint_user",),
        (IDENTIFIED,),
        lambda p: _person(p, "pseudonymised", "code", "communications", "special_care"),
        both("a published joint-use notice with its five items", "法定の五つの事項を公表した共同利用のとき"),
    ),
    Grant(
        "consent",
        ("third_party",),
        (PSEUDONYMISED, IDENTIFIED),
        lambda p: _person(p, "pseudonymised", "communications") and not p["biometric"],
        both("consent in force for recipient, purpose and field", "提供先、目的及び項目について有効な同意があるとき"),
    ),
    Grant(
        "statutory-provision",
        ("government", "emergency_service"),
        (IDENTIFIED,),
        lambda p: _person(p) and not p["biometric"] and bool(p["statutory_task"]),
        both(
            "a `statutory_sharing` agreement that cites the statute",
            "法令を引く提供の合意（`statutory_sharing`）があるとき",
        ),
    ),
    Grant(
        "rescue-order",
        ("emergency_service",),
        (IDENTIFIED,),
        lambda p: _person(p) and p["rescue"] and not p["biometric"],
        both(
            "a rescue order for one named person, at most 24 hours",
            "特定の一人についての救助命令（24時間以内）があるとき",
        ),
    ),
    Grant(
        "rescue-order",
        ("government",),
        (IDENTIFIED,),
        lambda p: _person(p) and p["rescue"] and not p["biometric"],
        both(
            "municipality or prefecture under an emergency order, with a rescue order for one named person",
            "緊急命令の下にある市区町村又は都道府県で、特定の一人についての救助命令があるとき",
        ),
    ),
    Grant(
        "warrant",
        ("law_enforcement",),
        (IDENTIFIED,),
        lambda p: _person(p) and p["government_access"] == "order_only" and not p["biometric"],
        both(
            "a warrant: one person, named fields, stored data", "令状があるとき（一人、特定の項目、保存済みのデータ）"
        ),
    ),
)


def granted(profile: Entry, requester: str, form: str) -> list[Grant]:
    """The rules that may grant a value of this profile to this requester in this form."""
    return [g for g in GRANTS if requester in g.requesters and form in g.forms and g.holds(profile)]
