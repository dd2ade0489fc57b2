"""An entry of the log in words, for the person whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from machimori import catalogue
from machimori.privacy.decision import DENY
from machimori.privacy.policy import shipped
from machimori.privacy.store.entries import PREFIX, SUBJECT

WORDS = {
    "en": {
        "sentence": "{at}: {who} asked for {form} of {what}{purpose}. {answer} Rule: {rule}.",
        "purpose": " for the purpose “{purpose}”",
        "given": "They got: {fields}.",
        "partly": "They got: {fields}. Not given: {withheld}.",
        "denied": "They got nothing.",
        "counsel": "Counsel released it by hand: {fields}.",
        "counsel_denied": "Counsel refused it.",
        "notified": "{at}: you were told of the disclosure to {who}.",
        "myself": "you yourself",
        "who": "{id} ({kind})",
        "comma": ", ",
        "time": "%Y-%m-%d %H:%M (%z)",
        "everything": "all fields",
    },
    "ja": {
        "sentence": "{at}、{who}が{purpose}{what}について{form}を求めました。{answer}適用した規則：{rule}。",
        "purpose": "「{purpose}」の目的で",
        "given": "渡したもの：{fields}。",
        "partly": "渡したもの：{fields}。渡さなかったもの：{withheld}。",
        "denied": "何も渡していません。",
        "counsel": "法務担当者の判断により、次のものを渡しました：{fields}。",
        "counsel_denied": "法務担当者の判断により、渡していません。",
        "notified": "{at}、{who}への提供について本人に通知しました。",
        "myself": "ご本人",
        "who": "{id}（{kind}）",
        "comma": "、",
        "time": "%Y年%m月%d日%H時%M分",
        "everything": "すべての項目",
    },
}


def sentence(entry: Mapping[str, Any], language: str = "en") -> str:
    """When, who, for what purpose, asked what in which form, got what, by which rule; in ``en`` or ``ja``."""
    words = WORDS[language]
    at = datetime.fromisoformat(entry.get("notified_at") or entry["at"]).strftime(words["time"])
    who = _who(entry, language)
    if "notified_at" in entry:
        return words["notified"].format(at=at, who=who)
    purpose = _within(_value("Purpose", entry.get("purpose"), language))
    return words["sentence"].format(
        at=at,
        who=who,
        what=_what(entry, language),
        form=_within(_value("DisclosureForm", entry.get("form"), language)),
        purpose=words["purpose"].format(purpose=purpose) if purpose else "",
        answer=_answer(entry, language),
        rule=_rule(entry["rule"], language),
    )


def _within(title: str) -> str:
    """A title as it stands within a sentence: an abbreviation keeps its capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _who(entry: Mapping[str, Any], language: str) -> str:
    words, requester = WORDS[language], entry["requester"]
    if requester["id"] == entry.get("subject"):
        return words["myself"]
    kind = _within(_value("RequesterKind", requester["kind"], language))
    if requester["id"].startswith(PREFIX.format(kind=SUBJECT)):
        return kind
    return words["who"].format(id=requester["id"], kind=kind)


def _what(entry: Mapping[str, Any], language: str) -> str:
    entity = entry.get("entity")
    title = _within(catalogue.class_data(entity)["title"][language]) if entity else "—"
    if entity and entry.get("fields"):
        named = WORDS[language]["comma"].join(_field(entity, f, language) for f in entry["fields"])
        return f"{title} ({named})" if language == "en" else f"{title}（{named}）"
    return str(title)


def _answer(entry: Mapping[str, Any], language: str) -> str:
    words, entity = WORDS[language], entry.get("entity") or ""
    given, kept = (
        words["comma"].join(_field(entity, f["field"], language) for f in entry.get(name) or ())
        for name in ("granted", "withheld")
    )
    by_hand = entry.get("released_by_counsel")
    denied = entry["decided_form"] == DENY
    if by_hand is not None:
        return words["counsel_denied" if denied else "counsel"].format(fields=given or words["everything"])
    return words["denied" if denied else "partly" if kept else "given"].format(fields=given, withheld=kept)


def _field(entity: str, path: str, language: str) -> str:
    """The title of a field; of a path into a value object that of every step."""
    owner, titles = entity, []
    for key in path.split("."):
        held = catalogue.catalogue()["classes"].get(owner, {"fields": {}})["fields"].get(key)
        if held is None:
            return path
        titles.append(_within(held["title"][language]))
        owner = held["range"]
    return " › ".join(titles)


def _value(enum: str, name: str | None, language: str) -> str:
    values = catalogue.catalogue()["enums"][enum]["values"]
    return str(values[name]["title"][language]) if name in values else ""


def _rule(name: str, language: str) -> str:
    held = shipped().by_name.get(name)
    if held is None:
        return name
    return (
        f"{name} — {held.message[language].rstrip('.')}"
        if language == "en"
        else f"{name}（{held.message[language].rstrip('。')}）"
    )
