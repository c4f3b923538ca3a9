"""How ``shoji explain`` can be asked wrongly."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "table_unknown": (
        Text(ja="その名前の表はありません。", en="there is no table of that name."),
        Text(ja="表: {known}。", en="Tables: {known}."),
    ),
    "cell_unknown": (
        Text(ja="その表にそのセルはありません。", en="there is no such cell in that table."),
        Text(
            ja="cells.csv のコードで ROW または ROW,COL と書いてください。行: {rows}。列: {cols}。",
            en="Write ROW or ROW,COL with the codes of cells.csv. Rows: {rows}. Columns: {cols}.",
        ),
    ),
    "inside_a_flow": (
        Text(
            ja="Prefect のフローの中では使えません。真の人数を画面に出すコマンドで、Prefect は出力を保存します。",
            en="this shows true counts and cannot run inside a Prefect flow, which may keep what is printed.",
        ),
        Text(ja="端末から直接実行してください。", en="Run it yourself in a terminal."),
    ),
}
