"""The help of the command line in Japanese. The English stands beside the options themselves."""

from __future__ import annotations

from typing import Any

LABELS = {
    "Usage:": "使い方：",
    "Arguments:": "引数：",
    "Options:": "オプション：",
    "Commands:": "コマンド：",
    "Examples:": "例：",
    "[required]": "[必須]",
    "[default: ": "[既定：",
    "[default:": "[既定：",
    "First steps:": "はじめに：",
    "Exit status:": "終了コード：",
    "  0  all good": "  0  問題なし",
    "  1  the input does not comply, or a disclosure is denied": "  1  入力が適合しない、又は提供が認められない",
    "  2  the call is wrong: unknown class, bad option, missing argument": (
        "  2  指定の誤り（定義のないクラス、誤ったオプション、引数の不足）"
    ),
    "  3  a fault of machimori itself": "  3  machimori自体の不具合",
    "Environment:": "環境変数：",
    "MACHIMORI_LANG=ja    messages and help in Japanese": "MACHIMORI_LANG=ja    メッセージとヘルプを日本語にする",
    "MACHIMORI_DEBUG=1    show where an internal error happened": "MACHIMORI_DEBUG=1    内部エラーの発生箇所を表示する",
    "NO_COLOR=1           no colour on a terminal": "NO_COLOR=1           端末で色を使わない",
}
COMMANDS = {
    "machimori": "都市のデータの参照モデル。全ての項目が、どれほど私的であるかを示す。データの検査、説明の表示、形式の変換を行う。",
    "validate": (
        "記録を参照モデルに照らして検査する。\n\n"
        "指摘ごとに位置、不変のコード、説明を示す。個人に関する項目の値は表示しない。"
    ),
    "describe": "クラスや項目を説明する。\n\n意味、プライバシー区分とその理由、誰にどの形で渡せるかを示す。",
    "list": "クラス、又は区分ごとの項目を一覧する。\n\n--privacyを付けると、そのデータ区分又はプライバシー区分の項目を一覧する。",
    "schema": "クラスのスキーマを、必要なものを全て含めて出力する。",
    "sample": (
        "架空の記録をNDJSONで作る。\n\n"
        "クラスを指定するとその記録を一件ずつ作り、--scenarioを指定すると、互いに参照し合う記録からなる一つの物語を作る。"
    ),
    "convert": "ほかの形式と相互に変換する。\n\n引き継がれないものは、行ごと、列ごとに全て報告する。",
    "decide": (
        "請求を認めるかどうかを決定し、その理由を示す。\n\n"
        "誰が求めているか、どの文書があるか、今がいつかは保有者の把握によるもので、請求は何を求めるかを示すだけである。"
    ),
    "disclose": (
        "請求が受けられる範囲で記録を開示する。\n\n"
        "1行に1件を出力し、渡さない項目は含まない。決定と件数は標準エラー出力に示す。"
    ),
    "statistics": (
        "個人が特定されない統計を作成する。\n\n"
        "小さい集団と、それを明らかにするものを秘匿する。表と棒で示し、--json又は-oを付けるとJSONで出力する。"
    ),
    "build": "参照モデルから全成果物を作る。\n\n作れないときは、原因となるモデルの行を示す。追加の依存パッケージ（build）が必要。",
    "serve": (
        "検査と参照モデルをHTTPで提供する。\n\n"
        "POST /validateは記録、配列又はストリームを検査し、GET /schemas/CLASS、/context、/catalogue、/codesは参照モデルを返す。"
        "/healthと/metricsは監視に用いる。追加の依存パッケージ（serve）が必要。"
    ),
    "demo": "付属のデータで動きを見る。",
    "log": "保有者の記録簿を読み、改変がないことを確かめる。",
    "log verify": "記録簿が書かれたときのままであるかを確かめる。",
    "log list": "誰が、いつ、何のために、何を求め、何を受け取ったかを示す。",
    "log report": "請求と回答の件数を集計する（TransparencyReportクラス）。",
    "log notices": "まだ本人に通知していない決定と、通知の期限を一覧する。",
    "log notified": "本人に通知したことを記録簿に記載する。",
    "log checkpoint": "署名済みの件数とルートハッシュを、公表のために出力する。",
    "consent": "本人の同意を登録し、一覧する。",
    "consent give": "本人が署名した同意を登録する。",
    "consent withdraw": "本人による同意の撤回を登録する。",
    "consent list": "同意と、その効力の有無を一覧する。",
    "order": "命令及び法令に基づく求めを登録し、一覧する。",
    "order publish": "発した者が署名した命令及び求めを登録する。",
    "order list": "命令及び求めと、その効力の有無を一覧する。",
    "agreement": "保有者が結んだ合意を登録し、一覧する。",
    "agreement register": "保有者が結んだ合意を登録する。",
    "agreement list": "合意と、その効力の有無を一覧する。",
    "counsel": "人が判断すべき、法令に基づく求めに回答する。",
    "counsel list": "回答を待つ求めを一覧する。",
    "counsel answer": "人の判断により提供し、又は拒む。記録簿に記載する。",
    "keys": "仮名を作る鍵を管理する。",
    "keys rotate": "新しい鍵を加える。新しい鍵による仮名は、それまでの仮名と突き合わせることができない。",
    "keys list": "それぞれの鍵を使い始めた月を一覧する。鍵そのものは表示しない。",
    "expire": "保存期間を過ぎた文書を消去する。件数を記録簿に記載する。",
}
OPTIONS = {
    ("machimori", "version"): "版を表示して終了する。",
    ("validate", "paths"): (
        "ファイル（JSON、JSON配列、NDJSON。gzip、zstandard可。Parquet、Arrow、JSON-LD、Turtle）、そのフォルダ、"
        "又は標準入力を示す-。"
    ),
    ("validate", "entity"): "typeにかかわらず、全ての記録をこのクラスとして検査する。",
    ("validate", "format"): "報告の形式。",
    ("validate", "jobs"): "分担するプロセスの数。省略すると1、Sparkでは全てのコア。",
    ("validate", "engine"): "検査を行う仕組み。local（この計算機）、又はspark（行区切りのJSON及びParquet）。",
    ("validate", "master"): "Sparkクラスタの所在。省略するとこの計算機だけで行う。--engine sparkのときだけ用いる。",
    ("validate", "remedy"): "指摘ごとに直し方を示す。",
    ("validate", "out"): "報告の出力先（-は標準出力）。",
    ("validate", "max_findings"): "同じ指摘はN件まで示し、残りは件数だけを示す。",
    ("validate", "fail_fast"): "最初のエラーで終了する。",
    ("validate", "severity"): "利用者が定める重大度のファイル（TOML）。区分を守るものは変更できない。",
    ("validate", "show_values"): "個人に関する項目の値も表示する。データを保有する者の手元でだけ用いること。",
    ("describe", "name"): "クラス、又はその項目。点で更に内側を示せる。",
    ("list", "privacy"): "このデータ区分（personalなど）又はプライバシー区分（personal.tripなど）の項目を一覧する。",
    ("schema", "name"): "参照モデルのクラス（Tripなど）。",
    ("schema", "form"): "スキーマ言語。",
    ("sample", "name"): "参照モデルのクラス（Tripなど）。--scenarioを用いるときは省く。",
    ("sample", "count"): "作る記録の数。省略すると1。",
    ("sample", "seed"): "同じ値からは同じ記録ができる。",
    ("sample", "invalid"): "記録ごとに規則を一つだけ破る。破った規則は標準エラー出力に示す。",
    ("sample", "code"): "このコードの規則を破る（--invalidを兼ねる）。",
    ("decide", "request"): "請求（クラスDisclosureRequest）、又は標準入力を示す-。",
    ("decide", "holder"): "保有者の記録（クラスHolding）。",
    ("decide", "consents"): "同意記録。1行に1件の署名文書（JWS）。",
    ("decide", "orders"): "命令、令状及び法令に基づく求め。1行に1件の署名文書（JWS）。",
    ("decide", "agreements"): "合意のJSON配列。",
    ("decide", "budget"): "請求者の台帳の残り。省くと新しい台帳とみなす。",
    ("decide", "k"): "最も小さい集計値のもとになる人又は世帯の数。省くと0とみなす。",
    ("decide", "now"): "保有者の時計（オフセット付きの日時）。省くとこの機械の時計による。",
    ("decide", "json"): "決定をJSON（クラスDecision）で出力する。",
    ("disclose", "records"): "記録のファイル（NDJSON又はJSON配列）、又は標準入力を示す-。",
    ("disclose", "keys"): "仮名の鍵（JSON）。所有者だけが読めるファイルとする。",
    ("disclose", "request"): "請求（クラスDisclosureRequest）。",
    ("disclose", "holder"): "保有者の記録（クラスHolding）。",
    ("disclose", "consents"): "同意記録。1行に1件の署名文書（JWS）。",
    ("disclose", "orders"): "命令、令状及び法令に基づく求め。1行に1件の署名文書（JWS）。",
    ("disclose", "agreements"): "合意のJSON配列。",
    ("disclose", "budget"): "請求者の台帳の残り。省くと新しい台帳とみなす。",
    ("disclose", "now"): "保有者の時計（オフセット付きの日時）。省くとこの機械の時計による。",
    ("disclose", "out"): "書き出すファイル。-は標準出力。",
    ("statistics", "records"): "ファイル又はフォルダ（NDJSON、JSON配列、CSV、Parquet。gzip可）、又は標準入力を示す-。",
    ("statistics", "query"): "集計の指定（クラスStatisticsQuery）。",
    ("statistics", "totals"): "分類項目ごとの合計を加える。",
    ("statistics", "json"): "公表する統計をJSON（クラスStatisticsRelease）で出力する。",
    ("statistics", "request"): "請求（クラスDisclosureRequest）。",
    ("statistics", "holder"): "保有者の記録（クラスHolding）。",
    ("statistics", "consents"): "同意記録。1行に1件の署名文書（JWS）。",
    ("statistics", "orders"): "命令、令状及び法令に基づく求め。1行に1件の署名文書（JWS）。",
    ("statistics", "agreements"): "合意のJSON配列。",
    ("statistics", "budget"): "請求者の台帳の残り。省くと新しい台帳とみなす。",
    ("statistics", "now"): "保有者の時計（オフセット付きの日時）。省くとこの機械の時計による。",
    ("statistics", "engine"): "集計を行う仕組み。local（この計算機）、又はspark（行区切りのJSON又はParquet）。",
    ("statistics", "master"): "Sparkクラスタの所在。省略するとこの計算機だけで行う。--engine sparkのときだけ用いる。",
    ("statistics", "out"): "書き出すファイル。-は標準出力。",
    ("sample", "scenario"): "全ての分野にわたり互いにつながった記録を作る。week（みなと区の一週間）。",
    ("sample", "out"): "書き出すファイル。-は標準出力。",
    ("convert", "path"): "ファイル、又は標準入力を示す-。",
    ("convert", "source"): "元の形式。",
    ("convert", "target"): "書き出す形式。machimoriはNDJSON。",
    ("convert", "entity"): "ファイルから分からないときのクラス。",
    ("convert", "loss_report"): "引き継がれなかったものをここに書き出す（.txtは文章、ほかはJSON）。",
    ("convert", "out"): "書き出すファイル。-は標準出力。",
    ("convert", "default"): "ファイルにない項目の値。繰り返し指定できる。",
    ("build", "check"): "何も書かず、成果物が最新でなければ失敗とする。",
    ("build", "model"): "モデルのフォルダ。ソースの中では省略できる。",
    ("build", "out"): "成果物の置き場所。ソースの中では省略でき、generatedになる。",
    ("serve", "port"): "ポート番号。0は空いているものを用いる。",
    ("serve", "host"): "待ち受けるアドレス。0.0.0.0とするとほかの機械からも接続できる。",
    ("serve", "workers"): "分担するプロセスの数。",
    ("serve", "holder"): "保有者の情報（HoldingクラスのJSON）。POST /decideがこの保有者のゲートにより回答する。",
    ("serve", "store"): "保有者の保存先。文書を考慮し、決定を記録簿に記載する。",
    ("serve", "max_bytes"): "JSON本文の最大の長さ、及びストリームの1行の最大の長さ（バイト）。",
    ("serve", "max_requests"): "一つのワーカーが同時に処理するリクエストの数。超えると503を返す。",
    ("serve", "max_client_requests"): "そのうち一つのクライアントアドレスの数。超えると429を返す。",
    ("serve", "timeout"): "リクエストにかけられる秒数。ストリームでは途切れてよい秒数。",
    ("serve", "stream_timeout"): "ストリームを続けられる秒数。",
    ("demo", "scenario"): "tour、convert、validate、privacy、energy、congestion、infection、disaster又はcare。",
    ("log verify", "checkpoint"): "公表済みのチェックポイント（1行に一つ）。記録簿がなおこれを含むことを確かめる。",
    ("log notices", "overdue"): "期限を過ぎたものだけを示す。",
    ("log notified", "entries"): "通知の対象とした記載の番号。",
    ("log report", "year"): "4月1日に始まる年度。省略時は今年度。",
    ("consent withdraw", "consent"): "同意の識別子。",
    ("agreement register", "file"): "合意のJSON配列、又は標準入力を示す-。",
    ("counsel list", "all"): "回答済みのものも表示する。",
    ("counsel answer", "item"): "請求の識別子。",
    ("counsel answer", "by"): "回答する者。",
    ("counsel answer", "reason"): "理由。保有者の手元に残す。",
    ("counsel answer", "release"): "回答の内容（提供又は拒否）。",
    ("keys rotate", "file"): "鍵のファイル。",
    ("keys rotate", "month"): "鍵を使い始める月。省略時は翌月（新しいファイルでは当月）。",
    ("keys list", "file"): "鍵のファイル。",
    ("expire", "retention"): "文書の終期後に保存する期間（ISO 8601）。省略時は参照モデルの定めによる。",
}
SHARED = {
    "lang": "メッセージの言語。",
    "store": "保有者の保存先。SQLiteのファイル、sqlite:///FILE、又はpostgresql+psycopg://…。",
    "holder": "保有者の情報（HoldingクラスのJSON）。",
    "key": "記録簿の鍵のファイル。省略時は、SQLiteのファイル名に.keyを付けたもの。",
    "json": "記録をNDJSONで出力する。",
    "subject": "この本人に係るものだけを示す。保有者が用いる識別子で指定する。",
    "at": "日時（RFC 3339）。省略時は現在。",
    "show_values": "誰に係るものかも表示する。データを保有する者の手元でだけ用いること。",
    "file": "署名済み文書（1行に一つのJWS）、又は標準入力を示す-。",
}
"""Options that several commands have in the same sense."""
HELP = "この説明を表示して終了する。"


def translate(command: Any, name: str = "machimori") -> None:
    """Put the Japanese help into a command and those below it."""
    command.help = COMMANDS[name]
    command.epilog = labelled(command.epilog or "")
    shown = command.get_help
    command.get_help = lambda context: labelled(shown(context))
    own = command.get_help_option
    command.get_help_option = lambda context: _with_help(own(context))
    for parameter in command.params:
        parameter.help = OPTIONS.get((name, parameter.name)) or SHARED[parameter.name]
    for below, inner in getattr(command, "commands", {}).items():
        translate(inner, below if name == "machimori" else f"{name} {below}")


def _with_help(option: Any) -> Any:
    if option is not None:
        option.help = HELP
    return option


def labelled(text: str) -> str:
    """The fixed words that the option parser puts around the texts."""
    for english, japanese in LABELS.items():
        text = text.replace(english, japanese)
    return text
