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
    "questions": both("Questions the model answers", "参照モデルが答える問い"),
    "asked_of": both("Asked of", "問い合わせ先"),
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
    "not_in_model": both("Not in the model, and what there is instead", "このモデルに無いもの"),
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
        "Derived from the axes above and the rules of the model, first match first. A dash means: denied. Every purpose "
        "must be on the list above unless a rule names its own. A forbidden purpose is denied in every form. "
        "*Budget* is what one recipient may still learn from statistics of one holder.",
        "上の軸と参照モデルの規則から導いたもの。規則は順に試し、最初に当てはまるものが決定する。「―」は拒否。規則が"
        "別に定める場合を除き、利用目的は上の一覧になければならない。禁止された目的はどの形でも拒否する。「予算」は、同じ相手が同じ保有者の統計から知り得る量の残りをいう。",
    ),
    "operational_note": both(
        "In a class that has a data subject, a field with this profile counts as personal.",
        "本人を示す項目を持つクラスでは、この区分の項目は個人データとして扱う。",
    ),
    "counsel": both(
        "A demand with legal force that no rule grants is never silently denied: it goes to counsel (`refer-to-counsel`).",
        "法的な強制力のある要求は、規則が認めないものでも黙って拒否せず、法務の担当者に回す（`refer-to-counsel`）。",
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
