"""An entry of the log in words, for the person whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from machimori.catalogue import catalogue, paths
from machimori.privacy.decision.decision import DENY
from machimori.privacy.decision.policy import shipped
from machimori.privacy.log.entries import DELETION, NOTICE, PREFIX, RELEASE, SUBJECT

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
        "told": "{at}: the person concerned was told of entry {entry}, the request of {who}.",
        "released": "{at}: under entry {entry}, {count} records went out to {who} ({end}).",
        "unfinished": "entry {entry}: the records began to go out to {who}; how many is not known, since the log tells no end.",
        "deleted": "{at}: the holder deleted what it had kept {whose}, its time of retention ({retention}) being over: {counts}.",
        "whose": "about the person concerned",
        "nobody": "that is about no one person",
        "count": "{kind} ({count})",
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
        "told": "{at}、記載{entry}（{who}による請求）について本人に通知しました。",
        "released": "{at}、記載{entry}により、{who}に{count}件の記録を渡しました（{end}）。",
        "unfinished": "記載{entry}：{who}に記録を渡し始めましたが、終了の記載がないため、渡した件数は不明です。",
        "deleted": "{at}、保存期間（{retention}）を過ぎた{whose}文書を消去しました：{counts}。",
        "whose": "本人に係る",
        "nobody": "特定の個人に係らない",
        "count": "{kind}{count}件",
        "myself": "ご本人",
        "who": "{id}（{kind}）",
        "comma": "、",
        "time": "%Y年%m月%d日%H時%M分",
        "everything": "全ての項目",
    },
}


def sentence(entry: Mapping[str, Any], language: str = "en") -> str:
    """When, who, for what purpose, asked what in which form, got what, by which rule; in ``en`` or ``ja``."""
    words = WORDS[language]
    at = datetime.fromisoformat(entry.get("notified_at") or entry["at"]).strftime(words["time"])
    if entry["type"] == DELETION:
        return _deleted(entry, at, language)
    who = _who(entry, language)
    if entry["type"] == NOTICE:
        return words["told"].format(at=at, who=who, entry=_number(entry["about_entry"]))
    if entry["type"] == RELEASE:
        end = _within(_value("ReleaseEnd", entry["release_end"], language))
        said = {"entry": _number(entry["about_entry"]), "count": entry["records_released"], "end": end}
        return words["released"].format(at=at, who=who, **said)
    if "notified_at" in entry:  # as notices were entered before they had a class
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


def unfinished(entry: Mapping[str, Any], language: str = "en") -> str:
    """That the log tells no end of the release under an entry."""
    return WORDS[language]["unfinished"].format(entry=entry["log_sequence"], who=_who(entry, language))


def _deleted(entry: Mapping[str, Any], at: str, language: str) -> str:
    words = WORDS[language]
    counts = (
        words["count"].format(
            kind=_within(_value("DeletedKind", c["deleted_kind"], language)), count=c["deleted_count"]
        )
        for c in entry["deletion_counts"]
    )
    return words["deleted"].format(
        at=at,
        whose=words["whose" if "subject" in entry else "nobody"],
        retention=entry["retention"],
        counts=words["comma"].join(counts),
    )


def _number(iri: str) -> str:
    """The number of an entry in its IRI."""
    return iri.rpartition(":")[2]


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
    title = _within(catalogue.class_(entity).title.text(language)) if entity else "—"
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
    class_ = catalogue.model().classes.get(entity)
    ways = paths.ways(class_, path.split(".")) if class_ is not None else ()
    return " › ".join(_within(f.title.text(language)) for f in ways[0].fields) if ways else path


def _value(enum: str, name: str | None, language: str) -> str:
    value = catalogue.enumeration(enum).values.get(name or "")
    return "" if value is None else value.title.text(language)


def _rule(name: str, language: str) -> str:
    held = shipped().by_name.get(name)
    if held is None:
        return name
    return (
        f"{name} — {held.message[language].rstrip('.')}"
        if language == "en"
        else f"{name}（{held.message[language].rstrip('。')}）"
    )
