"""The reference pages say what the model says, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests import raw

from machimori import messages
from machimori.build.pages import book, indexes, markdown, searching, words, writing
from machimori.catalogue.catalogue import artefact
from machimori.privacy.decision import policy, recipients

PROFILES = raw.catalogue()["profiles"]
PLACE = re.compile(r"\{(\w+)")
"""A fact in a text."""


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_fixed_text_is_there_in_each_language(language: words.Language) -> None:
    texts = {
        **words.WORDS,
        **words.SENTENCES,
    }
    facts = {key: dict.fromkeys(PLACE.findall(text), 1) for key, text in texts.items()}
    assert [key for key, text in texts.items() if not messages.text(language, text, **facts[key]).strip()] == []


@pytest.mark.parametrize(
    ("profile", "requester", "form", "rules"),
    [
        ("open", "foreign_government", "identified", ["open-data"]),
        ("statistical.movement", "third_party", "statistics", ["open-data"]),
        ("operational.business", "holder", "identified", ["business-data"]),
        ("restricted.grid", "third_party", "identified", []),
        ("restricted.grid", "emergency_service", "identified", ["infrastructure-data", "infrastructure-order"]),
        ("statistical.movement", "holder", "statistics", ["own-figures"]),
        ("statistical.disaster", "government", "statistics", ["statutory-report", "open-data"]),
        ("personal.trip", "data_subject", "identified", ["own-data"]),
        ("personal.trip", "government", "statistics", ["statistics", "emergency-statistics"]),
        ("personal.trip", "government", "identified", []),
        ("personal.trip", "law_enforcement", "identified", []),
        ("personal.trip", "third_party", "identified", ["consent"]),
        ("personal.trip", "holder", "pseudonymised", ["pseudonymised-internal"]),
        ("personal.fare", "law_enforcement", "identified", ["warrant"]),
        ("personal.fare", "law_enforcement", "statistics", []),
        ("personal.vehicle_plate", "government", "statistics", []),
        ("personal.vehicle_plate", "third_party", "anonymised", []),
        ("personal.last_location", "emergency_service", "identified", ["rescue-order"]),
        ("personal.supporter", "data_subject", "identified", []),
        ("code.face_template", "holder", "identified", ["own-service"]),
        ("code.face_template", "processor", "identified", []),
        ("code.face_template", "own_task", "identified", []),
        ("code.face_template", "third_party", "identified", []),
        ("communications.metadata", "third_party", "identified", []),
        ("communications.metadata", "joint_user", "identified", []),
        ("special_care.support_need", "own_task", "identified", ["own-task"]),
        ("special_care.support_need", "government", "identified", ["statutory-provision", "rescue-order"]),
        ("special_care.support_need", "joint_user", "identified", []),
        ("pseudonymised.record", "holder", "identified", []),
        ("pseudonymised.record", "holder", "pseudonymised", ["pseudonymised-internal"]),
        ("anonymised.record", "third_party", "anonymised", ["anonymised"]),
        ("anonymised.record", "third_party", "identified", []),
    ],
)
def test_who_may_receive_what(profile: str, requester: str, form: str, rules: list[str]) -> None:
    assert list(dict.fromkeys(g.rule for g in recipients.granted(profile, requester, form))) == rules


@pytest.mark.parametrize(
    ("profile", "requester", "form", "en", "ja"),
    [
        ("open", "third_party", "identified", "always", "常に"),
        (
            "personal.fare",
            "holder",
            "identified",
            "the holder collected the data itself",
            "保有者が自ら取得した情報であること",
        ),
        (
            "personal.fare",
            "law_enforcement",
            "identified",
            "for the purpose: law enforcement; a warrant in force for this one person and field; one person named; "
            "stored values, nothing live",
            "利用目的が犯罪捜査であること、かつ、特定の一人及び項目についての有効な令状があること、かつ、本人一人を特定すること、かつ、蓄積された値に限ること",
        ),
        (
            "special_care.health",
            "third_party",
            "anonymised",
            "group of at least 20; no person named; stored values, nothing live",
            "集団が20以上であること、かつ、本人を特定しないこと、かつ、蓄積された値に限ること",
        ),
    ],
)
def test_a_condition_is_said_in_words(profile: str, requester: str, form: str, en: str, ja: str) -> None:
    when = recipients.granted(profile, requester, form)[0].when
    assert (when.text("en"), when.text("ja")) == (en, ja)


@pytest.mark.full
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_rule_reason_and_purpose_has_a_page_that_says_all_of_it(language: words.Language) -> None:
    held = book.read()
    pages = writing.pages(held, language)
    rules = json.loads(artefact("policy/policy.json"))["rules"]
    assert len(rules) == len(held.rules)
    for rule in rules:
        page = pages[f"rules/{rule['id'].rpartition('/')[2]}.md"]
        said = [
            rule["message"]["en"],
            rule["message"]["ja"],
            rule["description" if language == "en" else "description_ja"],
        ]
        said += [*rule["sources"], rule["title"], rule["title_ja"], rule["law_version"], str(rule["rule_order"])]
        assert [text for text in said if markdown.prose(text) not in page and text not in page] == []
        conditions = [*(rule.get("applicability") or []), *(rule.get("conditions") or [])]
        listed = re.findall(r"^(?:- (?!<span)|\| )", page, re.MULTILINE)
        assert len(listed) >= len(conditions)
        for reason in {c.get("denial_reason") for c in conditions if rule["rule_scope"] == "field"} - {None}:
            assert f"({reason}.md)" in page
    for purpose, term in held.purposes.items():
        page = pages[f"purposes/{purpose}.md"]
        assert markdown.plain(term["description"][language]) in page
        assert f"({purpose}.md)" in pages["purposes/index.md"]


@pytest.mark.full
@pytest.mark.parametrize("scope", ["request", "field", "reason"])
def test_the_list_of_rules_is_in_their_order(scope: str) -> None:
    held = book.read()
    part = writing.pages(held, "en")["rules/index.md"].partition(f"{{: #{scope} }}")[2].partition("\n## ")[0]
    assert re.findall(r"\]\(([a-z-]+)\.md\)", part) == [k for k, r in held.rules.items() if r["rule_scope"] == scope]


def test_no_record_about_a_person_goes_to_a_public_body_without_a_document_that_names_that_person() -> None:
    """An own task is the body's own data; a statute, a rescue order and a warrant are the documents."""
    with_document = {"statutory-provision", "rescue-order", "warrant"}
    found = {
        grant.rule
        for name, axes in PROFILES.items()
        if axes["person_related"]
        for requester, row in recipients.requesters().items()
        if True in row.facts["public_body"] and requester != "own_task"
        for form in policy.FORMS
        if form != "statistics"
        for grant in recipients.granted(name, requester, form)
    }
    assert found == with_document


@pytest.mark.parametrize(
    ("reading", "row"),
    [
        ("あたい", "あ"),
        ("オーディーりゅうどうりょう", "あ"),
        ("がいく", "か"),
        ("パーク", "は"),
        ("ヴァン", "あ"),
        ("んー", "わ"),
    ],
)
def test_a_reading_stands_in_its_row(reading: str, row: str) -> None:
    assert indexes.row_of(reading) == row


@pytest.mark.parametrize("text", ["AED", "URL", "3分類"])
def test_letters_and_digits_stand_in_no_row(text: str) -> None:
    assert indexes.row_of(text) is None


def test_readings_are_in_the_order_of_the_fifty_sounds() -> None:
    given = ["ザッカ", "さっか", "きしょう", "きしゃ", "かいぎ", "がい", "かい", "カード"]
    assert sorted(given, key=indexes.sounds) == [
        "カード",
        "かい",
        "がい",
        "かいぎ",
        "きしゃ",
        "きしょう",
        "さっか",
        "ザッカ",
    ]


def test_a_compound_is_found_by_the_words_that_end_it() -> None:
    known = searching.runs(["緊急の避難場所"])
    assert searching.words_within("指定緊急避難場所", known) == ["緊急避難場所", "避難場所"]


def test_text_of_the_model_is_never_read_as_markup() -> None:
    assert markdown.plain("a|b <i> {x} [y] *z* `c`") == r"a&#124;b &#60;i&#62; &#123;x&#125; &#91;y&#93; \*z\* \`c\`"


@pytest.mark.full
def test_pages_are_the_same_in_both_languages_and_writing_them_again_changes_nothing(tmp_path: Path) -> None:
    counts = writing.write(tmp_path)
    held = {p.relative_to(tmp_path / "en") for p in (tmp_path / "en").rglob("*.md")}
    assert held == {p.relative_to(tmp_path / "ja") for p in (tmp_path / "ja").rglob("*.md")}
    assert counts == {"en": len(held), "ja": len(held)}
    stale = tmp_path / "en" / "reference" / "classes" / "Gone.md"
    stale.write_text("gone", encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.md")}
    writing.write(tmp_path)
    after = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.md")}
    assert after == {p: time for p, time in before.items() if p != stale}


@pytest.mark.full
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_class_page_tells_what_is_refused_and_links_to_what_serves_instead(language: words.Language) -> None:
    page = writing.pages(book.read(), language)["classes/Building.md"]
    section = page.split("{: #class-exclusions }")[1].split("\n## ")[0]
    entry = raw.catalogue()["exclusions"]["building-occupier"]
    assert markdown.prose(raw.catalogue()["classes"]["Building"]["instead"][language]) in section
    assert markdown.plain(entry["why"][language]) in section
    assert f"<{entry['iris'][0]}>" in section
    assert "[`OccupancyCount`](OccupancyCount.md)" in section
    assert "[`Building.operator`](Building.md#operator)" in section


@pytest.mark.full
def test_a_field_about_a_person_shows_no_value_in_what_the_validator_says() -> None:
    held = book.read()
    page = writing.pages(held, "en")["classes/ElectricityUse.md"]
    said = page.split("The validator says")[-1]
    assert "value withheld (personal.energy_use)" in said
