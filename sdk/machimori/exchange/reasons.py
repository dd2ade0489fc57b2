"""Every kind of loss and every reason, in both languages; adapters name a reason by its key and add facts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of loss. A quiet kind loses nothing and is counted by column; the others are listed one by one."""

    en: str
    ja: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was lost or changed; ``{…}`` are facts of the loss."""

    kind: str
    en: str
    ja: str


KINDS: dict[str, Kind] = {
    "row-not-converted": Kind("row not converted", "変換しなかった行"),
    "empty-row": Kind("empty row", "空の行"),
    "ragged-row": Kind("ragged row", "列数の合わない行"),
    "not-carried": Kind("column not carried over", "引き継がない列"),
    "character-replaced": Kind("character replaced", "置き換えた文字"),
    "metadata-not-carried": Kind("note about the file not carried over", "引き継がないファイルの情報"),
    "unreadable-value": Kind("unreadable value", "読み取れない値"),
    "outside-japan": Kind("outside Japan", "日本の範囲外"),
    "conditional-value": Kind("value with a condition", "条件付きの値"),
    "corrected": Kind("corrected", "訂正した値"),
    "duplicate-id": Kind("duplicate ID", "IDの重複"),
    "field-not-written": Kind("field not written", "書き出さない項目"),
    "normalised": Kind("normalised", "表記をそろえた値", quiet=True),
    "interpreted": Kind("interpreted", "解釈した値", quiet=True),
    "derived": Kind("derived", "補った値", quiet=True),
}

ROW_KINDS = ("row-not-converted", "empty-row")
"""The kinds that account for a row from which no record came."""

REASONS: dict[str, Reason] = {
    # Rows
    "no-name": Reason("row-not-converted", "no name is given", "名称がありません"),
    "no-code": Reason(
        "row-not-converted",
        "the code of the municipality is not in the row; give a default local_government_code",
        "全国地方公共団体コードが行にありません。既定値local_government_codeを指定してください",
    ),
    "row-repeated": Reason("row-not-converted", "says the same as row {other}", "{other}行目と同じ内容です"),
    "header-again": Reason("row-not-converted", "repeats the header", "見出しの繰返しです"),
    "quote-not-closed": Reason("row-not-converted", "a quotation mark is not closed", "引用符が閉じていません"),
    "not-a-shelter": Reason(
        "row-not-converted",
        "nothing in the row says that the site is also a designated shelter",
        "指定避難所を兼ねることが行に示されていません",
    ),
    "not-a-site": Reason(
        "row-not-converted",
        "nothing in the row says that the shelter is also an evacuation site",
        "指定緊急避難場所を兼ねることが行に示されていません",
    ),
    "not-a-feature": Reason("row-not-converted", "not a GeoJSON feature", "GeoJSONの地物（Feature）ではありません"),
    "other-class": Reason("row-not-converted", "not a record of {expected}", "{expected}の記録ではありません"),
    "not-valid": Reason(
        "row-not-converted",
        "the record does not comply with the model ({codes})",
        "記録が参照モデルに適合しません（{codes}）",
    ),
    "no-value": Reason("empty-row", "no cell has a value", "値のあるセルがありません"),
    "cells-beyond": Reason(
        "ragged-row", "{count} cells beyond the last column were dropped", "見出しを超える{count}個のセルを除きました"
    ),
    "cells-short": Reason(
        "ragged-row",
        "{count} cells are missing at the end and taken as empty",
        "行末の{count}個のセルがないため空として扱いました",
    ),
    # Columns
    "no-field": Reason("not-carried", "{entity} has no field for it", "{entity}に対応する項目がありません"),
    "unknown-column": Reason("not-carried", "the layout has no such column", "様式にない列です"),
    "no-header": Reason("not-carried", "the column has no name", "見出しのない列です"),
    "help-column": Reason("not-carried", "a note for whoever fills in the form", "記入者への説明です"),
    "column-repeated": Reason(
        "not-carried", "another column for the same field was used", "同じ項目の別の列を用いました"
    ),
    "implied": Reason(
        "not-carried", "follows from the code of the municipality", "全国地方公共団体コードから分かります"
    ),
    "running-number": Reason("not-carried", "a running number of the file", "ファイル内の通し番号です"),
    "meaning-unstated": Reason(
        "not-carried", "the file does not say what the column means", "列の意味がファイルに示されていません"
    ),
    "preamble": Reason("metadata-not-carried", "{key}: {stated}", "{key}：{stated}"),
    "preamble-row": Reason("metadata-not-carried", "a row above the header", "見出しより上の行です"),
    # Values
    "not-a-number": Reason("unreadable-value", "not a number", "数として読めません"),
    "out-of-range": Reason("unreadable-value", "outside the range of the field", "項目の範囲を超えています"),
    "not-a-flag": Reason("unreadable-value", "neither yes nor no", "該当・非該当のどちらとも読めません"),
    "not-a-code": Reason(
        "unreadable-value", "not a code for local governments", "全国地方公共団体コードの形式ではありません"
    ),
    "code-check-digit": Reason("unreadable-value", "the check digit does not fit", "検査数字が合いません"),
    "code-ambiguous": Reason("unreadable-value", "may stand for {candidates}", "{candidates}のいずれとも読めます"),
    "not-a-telephone": Reason("unreadable-value", "not one telephone number", "一つの電話番号として読めません"),
    "not-an-email": Reason("unreadable-value", "not an e-mail address", "電子メールアドレスとして読めません"),
    "not-a-url": Reason("unreadable-value", "not a complete web address", "完全なURLではありません"),
    "not-a-postal-code": Reason("unreadable-value", "not a postal code of 7 digits", "7桁の郵便番号ではありません"),
    "not-a-town-id": Reason("unreadable-value", "not a town ID of 7 digits", "7桁の町字IDではありません"),
    "not-a-national-id": Reason("unreadable-value", "not an ID of 14 letters and digits", "14桁の共通IDではありません"),
    "not-a-point": Reason("unreadable-value", "not latitude and longitude", "緯度と経度として読めません"),
    "half-a-point": Reason("unreadable-value", "latitude or longitude is missing", "緯度又は経度の一方がありません"),
    "elevation-alone": Reason("unreadable-value", "an elevation without coordinates", "座標のない標高です"),
    "nested-value": Reason(
        "unreadable-value", "a list or an object where one value is needed", "一つの値であるべき所が複合値です"
    ),
    "geometry-not-point": Reason("unreadable-value", "the geometry is not a point", "形状が点ではありません"),
    "capacity-text": Reason(
        "unreadable-value",
        "no single number of persons; the text is kept in capacity_note",
        "一つの人数として読めません。原文をcapacity_noteに残しました",
    ),
    "outside-japan": Reason(
        "outside-japan",
        "the point lies outside latitude 20° to 46°, longitude 122° to 154°, and was left out",
        "北緯20～46度、東経122～154度の範囲外のため、位置を書きませんでした",
    ),
    "conditional": Reason(
        "conditional-value",
        "usable only under a condition that the cell does not state",
        "条件付きで使用できます。条件はセルに書かれていません",
    ),
    "flood-scales": Reason(
        "conditional-value",
        "not usable at both scales of flood",
        "洪水の規模により使用の可否が異なります",
    ),
    "swapped": Reason(
        "corrected", "latitude and longitude were exchanged", "緯度と経度が入れ替わっていたため直しました"
    ),
    "id-used": Reason(
        "duplicate-id",
        "row {other} has the same ID; {suffix} was added to the id",
        "{other}行目とIDが同じため、idに{suffix}を付けました",
    ),
    # Quiet: counted by column
    "spaces": Reason("normalised", "spaces removed", "空白を除きました"),
    "control-characters": Reason("normalised", "control characters removed", "制御文字を除きました"),
    "line-breaks": Reason("normalised", "line breaks replaced by spaces", "改行を空白に置き換えました"),
    "half-width": Reason("normalised", "full-width characters made half-width", "全角文字を半角にしました"),
    "hyphens": Reason("normalised", "dashes made hyphens", "横線をハイフンにそろえました"),
    "float": Reason("normalised", "a whole number written with decimals", "小数で書かれた整数を直しました"),
    "thousands": Reason("normalised", "separators of thousands removed", "桁区切りを除きました"),
    "unit-removed": Reason("normalised", "the unit after the number removed", "数に付いた単位を除きました"),
    "yes-mark": Reason("normalised", "a mark read as yes", "記号を該当と読みました"),
    "no-mark": Reason("normalised", "a mark read as no", "記号を非該当と読みました"),
    "leading-zero": Reason("normalised", "lost leading zero restored", "失われた先頭の0を補いました"),
    "check-digit": Reason("normalised", "missing check digit added", "ない検査数字を補いました"),
    "separators": Reason("normalised", "brackets, spaces and marks removed", "括弧、空白、記号を除きました"),
    "percent-encoded": Reason(
        "normalised", "letters outside ASCII percent-encoded", "ASCII以外の文字をパーセント符号化しました"
    ),
    "capacity-summed": Reason(
        "interpreted",
        "persons indoors and outdoors added up; the text is kept in capacity_note",
        "屋内と屋外の人数を合計しました。原文をcapacity_noteに残しました",
    ),
    "capacity-approximate": Reason(
        "interpreted",
        "the number of persons taken from the text, which is kept in capacity_note",
        "文から人数を読み取りました。原文をcapacity_noteに残しました",
    ),
    "flood-merged": Reason(
        "interpreted",
        "two scales of flood read as one kind of hazard",
        "規模別の洪水の列を一つの災害種別として読みました",
    ),
    "code-from-default": Reason("derived", "the default given", "指定された既定値"),
    "code-from-address": Reason("derived", "from the code of the address", "所在地のコードから"),
    "code-from-national-id": Reason("derived", "from the national shelter ID", "共通IDから"),
    "code-from-collection": Reason("derived", "from the name of the collection", "データ集合の名前から"),
    "id-from-name": Reason("derived", "from the name, since no number is given", "番号がないため名称から"),
    # Writing
    "not-in-encoding": Reason(
        "character-replaced",
        "{encoding} lacks {count} of its characters; 〓 stands for them",
        "{encoding}にない文字{count}字を〓に置き換えました",
    ),
    "no-column": Reason("field-not-written", "the format has no column for it", "形式に対応する列がありません"),
    "not-kept": Reason("field-not-written", "would read back differently", "読み戻すと異なる値になります"),
}
