"""What can be wrong with a release folder."""

from __future__ import annotations

from terms.words import Text

BUG = Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it.")
FETCH_AGAIN = Text(ja="公表元から、もう一度取得してください。", en="Get the release again from where it was published.")

FOLDERS: dict[str, tuple[Text, Text]] = {
    "release_exists": (
        Text(
            ja="同じ名前の公表フォルダーがすでにあります。公表ずみのものは上書きしません。",
            en="There is a release of that name already. What was published is never overwritten.",
        ),
        Text(
            ja="すでに公表ずみでないか、shoji status で確かめてください。",
            en="See with shoji status whether it was published before.",
        ),
    ),
    "release_damaged": (
        Text(
            ja="公表フォルダー {release} の内容が、書かれたときと違います。",
            en="The release folder {release} is not as it was written.",
        ),
        Text(
            ja="shoji verify で調べ、控えから元に戻してください。",
            en="Look into it with shoji verify, and restore it from a backup.",
        ),
    ),
    "release_forgotten": (
        Text(
            ja="公表ずみの {release} を、保管庫(warehouse.duckdb)が覚えていません。",
            en="The warehouse (warehouse.duckdb) has no memory of {release}, which was published.",
        ),
        Text(
            ja="保管庫を控えから元に戻してください。忘れたまま二度公表すると、差から個人の回答が分かります。",
            en="Put it back from a backup: a second release beside a forgotten one would give answers away.",
        ),
    ),
    "latest_broken": (
        Text(ja="latest.json が読めません。", en="latest.json cannot be understood."),
        Text(
            ja="中身が現在の公表フォルダーの名前を示すように、控えから元に戻してください。",
            en="Restore it from a backup: it names the current release folder.",
        ),
    ),
    "unsafe_file_name": (
        Text(
            ja="公表フォルダーに置けないファイル名です({position} 番目)。",
            en="A release folder does not take a file of this name (number {position}).",
        ),
        BUG,
    ),
    "sums_missing": (
        Text(
            ja="SHA256SUMS がありません。公表フォルダーではないか、壊れています。",
            en="There is no SHA256SUMS: this is not a release folder, or it is damaged.",
        ),
        Text(
            ja="公表フォルダー(released/調査名/番号と日付)を指定してください。",
            en="Name a release folder (released/survey/number and date).",
        ),
    ),
    "sums_broken": (
        Text(
            ja="{line} 行目が「ハッシュ値 ファイル名」の形ではありません。",
            en="Line {line} is not a hash and a file name.",
        ),
        FETCH_AGAIN,
    ),
    "file_missing": (Text(ja="ファイルがありません。", en="The file is missing."), FETCH_AGAIN),
    "file_changed": (
        Text(ja="内容が公表されたときと違います。", en="The content is not what was published."),
        FETCH_AGAIN,
    ),
    "file_surplus": (
        Text(ja="公表されたファイルの中にありません。", en="The file is not part of what was published."),
        FETCH_AGAIN,
    ),
    "file_is_link": (
        Text(ja="通常のファイルではありません(リンクなど)。", en="This is not an ordinary file (a link, perhaps)."),
        FETCH_AGAIN,
    ),
    "file_unreadable": (
        Text(ja="UTF-8のテキストとして読めません。", en="This cannot be read as UTF-8 text."),
        Text(
            ja="ファイルがあるか、読み取りの権限があるか、UTF-8で保存されているかを確かめてください。",
            en="Check that the file is there, that you may read it, and that it is saved as UTF-8.",
        ),
    ),
}
