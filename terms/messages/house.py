"""What can go wrong with the warehouse, the keys, the ledger and the machine."""

from __future__ import annotations

from terms.messages.folders import FOLDERS
from terms.words import Text

# Never overwrites a key (set -C), and leaves the shell that it is pasted into as it was (the brackets).
MAKE_KEY = (
    '`(umask 077; set -C; d="${{SHOJI_KEYS:-$HOME/.config/shoji/keys}}"; '
    'mkdir -p "$d" && head -c 32 /dev/urandom > "$d/root.key")`'
)

WAIT = Text(ja="終わるのを待って、もう一度実行してください。", en="Wait until it has ended, then run again.")
BUG = Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it.")
COMPARE_LEDGER = Text(
    ja="SHOJI_KEYS を確かめ、台帳を控えと比べてください。解決するまで何も公表しません。",
    en="Check SHOJI_KEYS and compare the ledger with a backup. Nothing is published until this is settled.",
)

HOME: dict[str, tuple[Text, Text]] = {
    "home_not_writable": (
        Text(ja="作業フォルダーを作れないか、書き込めません。", en="The home cannot be made or written to."),
        Text(
            ja="--home(または SHOJI_HOME)で、自分が書き込めるフォルダーを指定してください。",
            en="Name a folder that you may write to with --home (or SHOJI_HOME).",
        ),
    ),
    "keys_inside_home": (
        Text(
            ja="鍵のフォルダーが作業フォルダーの中にあります。作業フォルダーの写しを渡すと、鍵まで渡ります。",
            en="The key folder lies inside the home: whoever gets a copy of the home gets the keys.",
        ),
        Text(ja="SHOJI_KEYS を作業フォルダーの外にしてください。", en="Point SHOJI_KEYS outside the home."),
    ),
    "home_inside_keys": (
        Text(ja="作業フォルダーが鍵のフォルダーの中にあります。", en="The home lies inside the key folder."),
        Text(
            ja="鍵のフォルダーには鍵だけを置き、--home(または SHOJI_HOME)を別の場所にしてください。",
            en="Keep nothing but keys there: name another place with --home (or SHOJI_HOME).",
        ),
    ),
    "disk_full": (
        Text(
            ja="ディスクの空きが足りません。途中まで書いたものは残していません。",
            en="The disk is full. Nothing was left half-written.",
        ),
        Text(
            ja="空きを作るか割り当て(クォータ)を増やしてから、もう一度実行してください。",
            en="Free some space or raise the quota, then run again.",
        ),
    ),
    "not_writable": (
        Text(ja="書き込みが許可されていません。", en="Writing is not permitted."),
        Text(
            ja="所有者と権限、読み取り専用のディスクでないことを確かめてください。",
            en="Check owner and permissions, and that the disk is not read-only.",
        ),
    ),
    "disk_failed": (
        Text(
            ja="ファイルの操作に失敗しました(システムのエラー {code})。",
            en="The operating system refused a file operation ({code}).",
        ),
        Text(
            ja="ディスクの状態を確かめてください。released と staging は同じディスクに置く必要があります。",
            en="Check the disk; released and staging must lie on the same one.",
        ),
    ),
    "writer_busy": (
        Text(
            ja="ほかの実行(プロセス {pid}、{since} から)が使っています。書き込めるのは一度に一つです。",
            en="Another run (process {pid}, since {since}) is at work here; there is one writer at a time.",
        ),
        WAIT,
    ),
    "writer_busy_unnamed": (
        Text(
            ja="ほかの実行が使っています。書き込めるのは一度に一つです。",
            en="Another run is at work here; there is one writer at a time.",
        ),
        WAIT,
    ),
}

KEYS: dict[str, tuple[Text, Text]] = {
    "key_missing": (
        Text(ja="根鍵(root.key)がありません。", en="There is no root key (root.key)."),
        Text(
            ja="以前の鍵があるなら元に戻してください。初めてなら次で作り、控えを安全な場所に保管してください: "
            + MAKE_KEY,
            en="If there was one, put it back. The first time, make it like this and keep a copy in a safe place: "
            + MAKE_KEY,
        ),
    ),
    "key_exists": (
        Text(
            ja="根鍵(root.key)はすでにあります。上書きしません。",
            en="There is a root key (root.key) already. It is never overwritten.",
        ),
        Text(
            ja="その鍵を使うか、SHOJI_KEYS で別のフォルダーを指定してください。",
            en="Use that one, or name another folder with SHOJI_KEYS.",
        ),
    ),
    "key_is_link": (
        Text(ja="根鍵(root.key)がリンクです。", en="The root key (root.key) is a link."),
        Text(
            ja="リンク先ではなく、鍵のファイルそのものを SHOJI_KEYS に置いてください。",
            en="Put the key file itself into SHOJI_KEYS.",
        ),
    ),
    "key_open_to_others": (
        Text(
            ja="根鍵またはそのフォルダーが、ほかの利用者にも開かれています。",
            en="The root key or its folder is open to others.",
        ),
        Text(
            ja="フォルダーを 700、root.key を 600 にし(chmod)、読まれた恐れがあれば責任者に知らせてください。",
            en="Set the folder to 700 and root.key to 600 (chmod); report it if somebody may have read the key.",
        ),
    ),
    "key_wrong_size": (
        Text(
            ja="根鍵(root.key)が32バイトではありません。",
            en="The root key (root.key) is not 32 bytes long.",
        ),
        Text(
            ja="控えから元に戻してください。改行なども付けてはいけません。",
            en="Put it back from your copy, without a line end or anything else added.",
        ),
    ),
    "key_unreadable": (
        Text(ja="根鍵(root.key)を読めません。", en="The root key (root.key) cannot be read."),
        Text(
            ja="SHOJI_KEYS のフォルダーと鍵の所有者を、実行する利用者にしてください。",
            en="The folder SHOJI_KEYS and the key must belong to the user who runs this.",
        ),
    ),
    "key_changed": (
        Text(
            ja="この作業フォルダーの仮名を作った鍵と違います。同じ人が別人として数えられます。",
            en="This is not the key that made the pseudonyms in this home: everybody would count as a stranger.",
        ),
        Text(
            ja="元の root.key を SHOJI_KEYS に戻してください。失われた場合は、新しい作業フォルダーで始めてください。",
            en="Put the old root.key back into SHOJI_KEYS. If it is lost, begin with a new home.",
        ),
    ),
    "respondent_key_missing": (
        Text(ja="回答者を示す列が空です。", en="The column that names the respondent is empty."),
        Text(
            ja="元のデータで補ってください。補えない行は集計に入りません。",
            en="Fill it in at the source; rows without it are not counted.",
        ),
    ),
}

WAREHOUSE: dict[str, tuple[Text, Text]] = {
    "warehouse_busy": (
        Text(
            ja="ほかのプロセスが保管庫(warehouse.duckdb)を開いています。",
            en="Another process has the warehouse (warehouse.duckdb) open.",
        ),
        WAIT,
    ),
    "warehouse_corrupt": (
        Text(
            ja="保管庫(warehouse.duckdb)が壊れているか、DuckDBのファイルではありません。",
            en="The warehouse (warehouse.duckdb) is damaged or not a DuckDB file.",
        ),
        Text(
            ja="控えから元に戻してください。控えがなければ、消さずに別の場所へ移して調べてください。",
            en="Put it back from a backup. Without one, move the file aside for inspection instead of deleting it.",
        ),
    ),
    "warehouse_missing": (
        Text(ja="ここにはまだ保管庫がありません。", en="There is no warehouse here yet."),
        Text(
            ja="--home(または SHOJI_HOME)を確かめるか、先に shoji run を実行してください。",
            en="Check --home (or SHOJI_HOME), or run shoji run first.",
        ),
    ),
    "warehouse_newer": (
        Text(
            ja="保管庫は、このソフトウェアより新しい版で使われています(移行 {number})。",
            en="A later version of this software has used the warehouse (migration {number}).",
        ),
        Text(ja="新しい版で実行してください。", en="Use the later version."),
    ),
    "warehouse_older": (
        Text(
            ja="保管庫の構成が古く、移行 {number} がまだです。",
            en="The warehouse has an older layout: migration {number} is still to come.",
        ),
        Text(ja="先に shoji run を実行すると移行されます。", en="The next shoji run brings it up to date."),
    ),
    "migration_altered": (
        Text(
            ja="適用ずみの移行 {number} の内容が、このソフトウェアのものと違います。",
            en="Migration {number}, applied before, is not the one this software knows.",
        ),
        Text(
            ja="storage/migrations のファイルを元に戻してください。変更は新しい番号で加えます。",
            en="Restore the file in storage/migrations; a change is a new number.",
        ),
    ),
    "engine_failed": (
        Text(
            ja="データベースの処理に失敗しました({error})。値が含まれうるため、詳しい文面は出しません。",
            en="The database failed ({error}). Its own words are withheld: they may quote an answer.",
        ),
        Text(
            ja="この処理による変更はありません。繰り返すときは、この行を添えて報告してください。",
            en="The step changed nothing. If it happens again, report it with this line.",
        ),
    ),
    "engine_out_of_memory": (
        Text(
            ja="メモリーが足りません。回答を一時ファイルに書き出すことはしません。",
            en="There is not enough memory, and answers are never spilled to temporary files.",
        ),
        Text(
            ja="ほかのプログラムを閉じるか、メモリーの多い機械で実行してください。",
            en="Close other programs, or use a machine with more memory.",
        ),
    ),
    "readings_incomplete": (
        Text(
            ja="宣言したファイルと、読み込んだファイルが一致しません。",
            en="What was read is not what the declaration lists as sources.",
        ),
        BUG,
    ),
    "batch_altered": (
        Text(
            ja="集団 {number} は、別の内容ですでに記録されています。",
            en="Batch {number} is on record already, and it is not this one.",
        ),
        Text(
            ja="公表した集団は変えられません。コードブックと方針を元に戻すか、新しい調査として宣言してください。",
            en="A published batch does not change: restore codebook and policy, or declare a new survey.",
        ),
    ),
    "cells_incomplete": (
        Text(
            ja="公表する数値の表の列が、決められたものと違います。",
            en="The frame of displayed cells does not have the agreed columns.",
        ),
        BUG,
    ),
}

LEDGER: dict[str, tuple[Text, Text]] = {
    "ledger_broken": (
        Text(
            ja="台帳の {line} 行目が、書かれたときのままではありません(または別の鍵で書かれています)。",
            en="Line {line} of the ledger is not as it was written (or was written with another key).",
        ),
        COMPARE_LEDGER,
    ),
    "ledger_broken_end": (
        Text(
            ja="台帳の最後の行が、書かれたときのままではありません(または別の鍵で書かれています)。",
            en="The last line of the ledger is not as it was written (or was written with another key).",
        ),
        COMPARE_LEDGER,
    ),
    "ledger_rewound": (
        Text(
            ja="台帳が巻き戻されています(保管庫が知るのは {expected} 件目まで、台帳にあるのは {found} 件)。",
            en="The ledger was rewound (the warehouse has seen entry {expected}; the ledger holds {found}).",
        ),
        Text(
            ja="台帳(ledger.jsonl)を控えから元に戻してください。解決するまで何も公表しません。",
            en="Put ledger.jsonl back from a backup. Nothing is published until this is settled.",
        ),
    ),
    "ledger_body": (Text(ja="台帳に書けない内容です。", en="The ledger does not take this."), BUG),
}

MESSAGES: dict[str, tuple[Text, Text]] = {**HOME, **KEYS, **WAREHOUSE, **LEDGER, **FOLDERS}
