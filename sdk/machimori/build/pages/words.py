"""The fixed words of the pages in both languages; everything else comes from the model."""

from __future__ import annotations

from typing import Literal, TypedDict

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")


Both = dict[str, str]
"""A text in both languages."""


class Marks(TypedDict):
    """Punctuation of a language."""

    colon: str
    comma: str
    opening: str
    closing: str


PUNCTUATION: dict[Language, Marks] = {
    "en": {"colon": ": ", "comma": ", ", "opening": " (", "closing": ")"},
    "ja": {"colon": "：", "comma": "、", "opening": "（", "closing": "）"},
}


def both(en: str, ja: str) -> Both:
    return {"en": en, "ja": ja}


def other(language: Language) -> Language:
    return "ja" if language == "en" else "en"


WORDS: dict[str, Both] = {
    "reference": both("Reference", "リファレンス"),
    "domains": both("Domains", "分野"),
    "domain": both("Domain", "分野"),
    "classes": both("Classes", "クラス"),
    "class": both("Class", "クラス"),
    "fields": both("Fields", "項目"),
    "field": both("Field", "項目"),
    "profiles": both("Privacy profiles", "プライバシー区分"),
    "profile": both("Privacy profile", "プライバシー区分"),
    "data_classes": both("Data classes", "データ区分"),
    "data_class": both("Data class", "データ区分"),
    "enums": both("Lists of values", "選択肢"),
    "enum": both("List of values", "選択肢"),
    "types": both("Types", "型"),
    "type": both("Type", "型"),
    "units": both("Units", "単位"),
    "codes": both("Issue codes", "指摘コード"),
    "code": both("Issue code", "指摘コード"),
    "a_z": both("A to Z", "英語名索引"),
    "gojuon": both("By Japanese reading", "五十音索引"),
    "glossary": both("Glossary", "用語集"),
    "english": both("English", "英語"),
    "used_in": both("Used in", "用いる所"),
    "values": both("Values", "選択肢の値"),
    "questions": both("Questions the model answers", "参照モデルが答える問い"),
    "asked_of": both("Asked of", "問合せ先"),
    "answer": both("Answer", "答え"),
    "answer_rows": both("{n} rows", "{n}行"),
    "valid_examples": both("the valid examples as one graph", "正しい例をまとめたグラフ"),
    "kind": both("Kind", "種類"),
    "name": both("Name", "名前"),
    "title": both("Title", "名称"),
    "other_title": both("Japanese", "英語名"),
    "value": both("Value", "値"),
    "range": both("Range", "値の型"),
    "cardinality": both("How many", "個数"),
    "unit": both("Unit", "単位"),
    "privacy": both("Privacy", "プライバシー"),
    "definition": both("Definition", "定義"),
    "description": both("Description", "説明"),
    "source": both("Source", "出典"),
    "defined_in": both("Defined in", "定義ファイル"),
    "in_python": both("In Python", "Python"),
    "data_subject": both("Data subject", "本人を示す項目"),
    "required": both("required", "必須"),
    "optional": both("optional", "任意"),
    "many": both("any number", "複数可"),
    "or_more": both("{least} or more", "{least}件以上"),
    "bounds": both("Bounds", "範囲"),
    "pattern": both("Pattern", "形式"),
    "format": both("Format", "書式"),
    "stays_on_device": both("Never leaves the device that made it", "作成した端末の外に出ない"),
    "homonym": both("Same name elsewhere", "同名の項目との違い"),
    "examples": both("Examples", "例"),
    "valid": both("Valid", "正しい例"),
    "invalid": both("Not valid", "誤りのある例"),
    "says": both("The validator says", "検証の結果"),
    "mappings": both("Mappings", "他の標準との対応"),
    "exact": both("same meaning", "同じ意味"),
    "close": both("close meaning", "近い意味"),
    "term": both("Term", "用語"),
    "not_in_model": both("Not in the model, and what there is instead", "この参照モデルにないもの"),
    "instead": both("Instead", "代わりに用いるもの"),
    "used_by": both("Used by", "参照元"),
    "downloads": both("Downloads", "ダウンロード"),
    "ordered": both("Order of times", "日時の前後"),
    "members": both("Concrete classes", "具体クラス"),
    "parent": both("Kind of", "上位クラス"),
    "root": both("Record that travels on its own", "単独で流通する記録"),
    "value_object": both("Value object", "値オブジェクト"),
    "abstract": both("Abstract class", "抽象クラス"),
    "part": both("Part of another record", "他の記録の一部"),
    "quantity": both("Kind of quantity", "量の種類"),
    "symbol": both("Symbol", "記号"),
    "notes": both("Notes", "備考"),
    "count": both("Number", "数"),
    "axes": both("Axes", "軸"),
    "axis": both("Axis", "軸"),
    "why": both("Why", "理由"),
    "sources": both("Sources", "出典"),
    "basis": both("Basis", "根拠の種別"),
    "who": both("Who may receive it, and in which form", "誰に、どの形で渡せるか"),
    "requester": both("Who asks", "請求者"),
    "rule": both("Rule", "規則"),
    "when": both("When", "条件"),
    "grants": both("What grants it", "渡す根拠"),
    "fields_with": both("Fields with this profile", "この区分の項目"),
    "rules": both("Rules of disclosure", "提供の規則"),
    "purposes": both("Purposes of use", "利用目的"),
    "purpose": both("Purpose of use", "利用目的"),
    "order": both("Order", "順序"),
    "scope": both("Judges", "対象"),
    "effect": both("Effect", "効果"),
    "cited_as": both("Cited as", "引用名"),
    "forms": both("Forms asked", "求める形"),
    "all_forms": both("all", "全て"),
    "applies_to": both("For whom and what", "適用の範囲"),
    "denies_when": both("Denies the whole request when", "請求全体を拒否する条件"),
    "grants_when": both("Grants the field when", "項目を認める条件"),
    "replaces_when": both("Takes the place of another reason when", "他の拒否の理由に代わる条件"),
    "condition": both("Condition", "条件"),
    "otherwise": both("Where it fails", "満たさないとき"),
    "state": both("the state of the document", "文書の不備に応じた理由"),
    "given_by": both("Given by", "この理由を示す規則"),
    "obligations": both("Obligations", "義務"),
    "law_version": both("State of the law", "法令の基準日"),
    "may_grant": both("Profiles for which it may grant", "この規則により渡し得るプライバシー区分"),
    "listed_by": both("Profiles that list it", "この利用目的を認めるプライバシー区分"),
    "statutory": both("Statutory tasks that cover it", "この利用目的を含む法令上の事務"),
    "asked_by": both("Rules that ask for it", "この利用目的を条件とする規則"),
    "severity": both("Severity", "重大度"),
    "message": both("Message", "メッセージ"),
    "remedy": both("Remedy", "直し方"),
    "error": both("error", "エラー"),
    "warning": both("warning", "警告"),
    "forbidden": both("forbidden", "禁止"),
    "yes": both("yes", "はい"),
    "no": both("no", "いいえ"),
    "none": both("none", "なし"),
    "latin": both("Latin letters and digits", "英数字"),
    "future_law": both("Law not yet in force", "未施行の法令"),
    "other_page": both("日本語", "English"),
}

BUILT_IN: dict[str, tuple[Both, Both]] = {
    "string": (both("Text", "文字列"), both("Any text.", "任意の文字列。")),
    "integer": (both("Whole number", "整数"), both("A number without fraction.", "小数部のない数。")),
    "double": (
        both("Number", "数値"),
        both("A finite number (IEEE 754, 64 bits).", "有限の数（IEEE 754、64ビット）。"),
    ),
    "boolean": (both("True or false", "真偽値"), both("true or false.", "true又はfalse。")),
}

SENTENCES: dict[str, Both] = {
    "no_person_data": both(
        "No field of this class is about people.",
        "このクラスに個人に関する項目はない。",
    ),
    "inherits": both(
        "A value object: each field is as private as the field that holds it.",
        "値オブジェクト。各項目の区分は、それを保持する項目の区分に従う。",
    ),
    "strictest": both(
        "A value object inside a field is as private as that field; the strictest profile on the path wins.",
        "項目の中の値オブジェクトは、その項目の区分に従う。経路上で最も厳しい区分が適用される。",
    ),
    "stays_on_device": both(
        "A record of this class never leaves the device that made it: no form of disclosure, to anyone, is permitted.",
        "このクラスの記録は、作成した端末の外に出ない。誰に対しても、どの形でも渡すことができない。",
    ),
    "matrix": both(
        "Derived from the axes above and the [rules](../rules/index.md), which are tried in the order shown; the first that "
        "grants decides. A dash means: denied. Where a cell names no purpose, it is one on the list above. A forbidden purpose "
        "is denied in every form. The holder is a company where it asks for itself, and in the rows of processors and joint "
        "users. *Budget* is what one recipient may still learn from statistics of one holder.",
        "上の軸と[提供の規則](../rules/index.md)から導いたもの。規則は示した順に試し、最初に認めるものが決定する。「―」は拒否。利用目的を示していない欄では、上の一覧にある利用目的に限る。"
        "禁止された利用目的はどの形でも拒否する。保有者自身の業務、委託先及び共同利用者の行では、保有者は事業者とする。「プライバシー予算」は、同じ相手が同じ保有者の統計から知り得る量の残りをいう。",
    ),
    "operational_note": both(
        "In a class that has a data subject, a field with this profile counts as personal.",
        "本人を示す項目を持つクラスでは、この区分の項目は個人データとして扱う。",
    ),
    "rules_intro": both(
        "The gate tries them in this order. A rule of the whole request denies it as soon as all its conditions hold for one "
        "field asked. The first rule of a field whose conditions all hold grants it, in the form asked and in no other. A field "
        "that no rule grants is denied for the reason that the last rule gives which applies to it; without one, as "
        "`default-deny`.",
        "ゲートは、この順に規則を試す。請求全体についての規則は、求められた項目の一つについて条件が全て満たされたとき、請求を拒否する。"
        "項目についての規則は、条件が全て満たされた最初のものが、求められた形に限りその項目を認める。どの規則も認めない項目は、適用される規則のうち"
        "最後のものが示す理由により拒否し、そのような規則がないときは`default-deny`とする。",
    ),
    "all_of": both("All of these must hold.", "次の全てを満たすことを要する。"),
    "forbidden_purpose": both(
        "Forbidden: asked for anything that is not open, it is refused in every form, whatever the consent.",
        "禁止された利用目的である。オープンデータを除き、同意があっても、どの形の提供も拒否する。",
    ),
    "counsel": both(
        "A demand with legal force that no rule grants is never silently denied: it goes to counsel (`refer-to-counsel`).",
        "法令に基づく求めは、規則が認めないものでも黙って拒否せず、法務担当者に回す（`refer-to-counsel`）。",
    ),
    "unused": both("No field uses it yet.", "まだどの項目にも用いられていない。"),
    "inherited": both(
        "Allowed in value objects alone. The field that holds the value object decides; the strictest profile on the "
        "path from the record down wins.",
        "値オブジェクトの中だけに許される。区分は値オブジェクトを保持する項目が決め、記録からの経路上で最も厳しいものが"
        "適用される。",
    ),
    "model_fault": both(
        "Found when the model is built or an extension is checked, not in a payload.",
        "データではなく、参照モデルの構築時や拡張の検査時に見つかる。",
    ),
    "questions_intro": both(
        "What the RDF of the model has to be able to answer (competency questions). Each is a SPARQL query over the files "
        "that it names; the answers are compared at every change of the model. `mm:` and `profile:` stand for "
        "`https://w3id.org/machimori/` and `https://w3id.org/machimori/profile/`.",
        "参照モデルのRDFが答えられなければならない問い（コンピテンシー質問）。それぞれ、示したファイルに対するSPARQLの問合せ"
        "であり、その答えはモデルを変更するたびに照合する。`mm:`は`https://w3id.org/machimori/`、`profile:`は"
        "`https://w3id.org/machimori/profile/`を表す。",
    ),
    "glossary_intro": both(
        "The terms of law and trade that the model uses, with the law or standard of each. The Japanese is the term; the "
        "English is a name for it. APPI is the Act on the Protection of Personal Information, PPC the Personal Information "
        "Protection Commission.",
        "参照モデルが用いる法令及び業界の用語と、それぞれの法令又は規格。用語は日本語によるものとし、英語は呼び名にすぎない。",
    ),
    "units_intro": both(
        "Each kind of quantity has one unit in the whole model. Another unit of the same dimension stands beside it only "
        "for the reason given. In a UCUM code, braces are an annotation and have no dimension; `ZZ` is the code of "
        "Recommendation 20 for what it has no code for.",
        "量の種類ごとに、参照モデルの全体で一つの単位を用いる。同じ次元の別の単位は、備考に示す理由がある場合に限る。UCUMの"
        "符号の波括弧は注記であり、次元を持たない。`ZZ`は、国連CEFACT勧告20に符号のない単位に用いる同勧告の符号である。",
    ),
    "reference_intro": both(
        "Every page here is written by the build from the model itself, in both languages.",
        "ここの各ページは、参照モデルそのものから両言語で自動生成される。",
    ),
}

PURPOSES_NOT_LISTABLE = ("law_enforcement",)
