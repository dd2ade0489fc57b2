"""What the store refuses, and why: a closed list of reasons, in both languages. None holds a value of a document."""

from __future__ import annotations

from machimori.errors import ReasonedError

TEXTS: dict[str, tuple[str, str]] = {
    # the store cannot be opened
    "scheme": (
        "a store is an SQLite file or a PostgreSQL address (sqlite:///FILE, postgresql+psycopg://…)",
        "保存先には、SQLiteのファイル又はPostgreSQLのアドレスを指定してください（sqlite:///FILE、postgresql+psycopg://…）。",
    ),
    "memory": ("a store in memory would forget: name a file", "メモリー上の保存先は内容が失われます。ファイルを指定してください。"),
    "absent": ("there is no store at that address", "指定した場所に保存先がありません。"),
    "unopened": ("the store cannot be opened ({kind})", "保存先を開けません（{kind}）。"),
    "foreign": ("that is no store of Machimori", "Machimoriの保存先ではありません。"),
    "newer": (
        "the store has schema {found}, newer than {known}: use a newer Machimori",
        "保存先の構造の版は{found}で、対応する版{known}より新しいため、新しいMachimoriが必要です。",
    ),
    "other-holder": ("the store belongs to another holder", "ほかの保有者の保存先です。"),
    "no-holder": ("this needs the holding (--holder)", "保有者の情報（--holder）が必要です。"),
    # the key of the log
    "key-unnamed": ("a store on a server needs the file of the log's key (--key)", "サーバー上の保存先では、記録簿の鍵のファイル（--key）を指定してください。"),
    "key-absent": (
        "the log has entries, and the file of its key is not there: {file}",
        "記録簿に記載がありますが、その鍵のファイルがありません：{file}",
    ),
    "key-unreadable": ("the file of the log's key cannot be read: {file}", "記録簿の鍵のファイルを読めません：{file}"),
    "key-shared": ("others may read the file of the log's key (chmod 600): {file}", "記録簿の鍵のファイルをほかの利用者が読めます（chmod 600）：{file}"),
    "key-other": ("that is not the key with which this log was begun", "この記録簿の鍵ではありません。"),
    # what is given to it
    "no-document": ("that is no signed document of a class that the gate reads", "門が読む種類の署名済み文書ではありません。"),
    "unsigned": (
        "the {class_name} bears no signature of a key that the holder trusts for it",
        "{class_name}に、保有者が信頼する鍵による署名がありません。",
    ),
    "not-own-consent": (
        "the consent of that id is another person's, and only that person takes it back",
        "その識別子の同意は別の本人のものであり、撤回できるのはその本人に限ります。",
    ),
    "conflict": ("another {class_name} has that id", "同じ識別子の{class_name}が既にあります。"),
    "no-item": ("nothing of that id waits for counsel", "その識別子の案件は、法務担当者の判断を待っていません。"),
    "answered": ("counsel has answered that already", "その案件は既に回答済みです。"),
    "cost": ("a cost is a finite number, not below zero", "費用は0以上の有限の数で指定してください。"),
    "person-named": (
        "an entry of the log names a person only by digest",
        "記録簿の記載では、個人をハッシュ値によってのみ示します。",
    ),
    "entry": ("that is no entry of a log", "記録簿の記載として正しくありません。"),
    "no-decision": (
        "that entry of the log is no decision of which a person is told",
        "その記載は、本人に通知すべき決定ではありません。",
    ),
    "told": ("the log says already that the person was told of it", "本人に通知したことが既に記載されています。"),
    "told-before": ("nobody can be told of a decision before it is made", "決定より前に通知することはできません。"),
    "proof": ("the log has no such entries", "記録簿にその記載はありません。"),
    # what happens to it
    "silent": ("the store does not answer ({kind})", "保存先が応答しません（{kind}）。"),
    "unaccounted": (
        "{count} records went out under entry {sequence}, and the log could not be told so ({kind})",
        "記載{sequence}により{count}件の記録を渡しましたが、その件数を記録簿に記載できませんでした（{kind}）。",
    ),
    "damaged": (
        "the log is not as it was signed; `machimori log verify` tells where",
        "記録簿が署名された内容と一致しません。`machimori log verify`で箇所を確かめてください。",
    ),
}  # fmt: skip


class StoreError(ReasonedError):
    """The store, or what it was given, is not as it must be; ``reason`` is the key of the text."""

    TEXTS = TEXTS


class CannotOpenError(StoreError):
    """There is no store at the address, or not the one that is meant, or not its key."""


class RefusedError(StoreError):
    """What the store was given is nothing that it may keep."""


class UnansweredError(StoreError):
    """The store is open and does not answer."""


class LogDamagedError(StoreError):
    """The log was changed by someone who does not have its key; nothing is added to it."""


class UnaccountedError(StoreError):
    """Records went out, and the log could not be told how many."""
