"""What the attacker found in a release, or in one that was about to be."""

from __future__ import annotations

from terms.words import Text

OURS = Text(
    ja="何も公表しません。秘匿処理の不具合です。報告してください。",
    en="Publish nothing: protection went wrong. Please report it.",
)
MERGE = Text(
    ja="shoji plan で区分をまとめるか、この表を宣言から外してください。",
    en="Merge categories with shoji plan, or leave the table out of the declaration.",
)

MESSAGES: dict[str, tuple[Text, Text]] = {
    "nothing_to_attack": (
        Text(ja="公表する表に欄が一つもありません。", en="There is not one cell in what is to be published."),
        Text(ja="宣言の tables を確かめてください。", en="Look at tables in the declaration."),
    ),
    "kind_unknown": (
        Text(
            ja="設問か属性か分からない変数の表があります: {cells} 件。",
            en="Breakdowns by variables that nobody says are questions or breaks: {cells}.",
        ),
        Text(
            ja="公表物と宣言が食い違っています。両方を確かめてください。",
            en="Cells and declaration do not belong together. Check both.",
        ),
    ),
    "cell_malformed": (
        Text(
            ja="状態と数値が食い違う欄があります: {cells} 件。",
            en="Cells whose status and value do not fit each other: {cells}.",
        ),
        OURS,
    ),
    "cell_differs": (
        Text(
            ja="同じ人々の数が、ほかの表と異なる欄があります: {cells} 件。",
            en="Cells that another table gives another number: {cells}.",
        ),
        OURS,
    ),
    "figures_contradict": (
        Text(
            ja="表示した数値どうしが両立しません(関わる欄: {cells} 件)。",
            en="No survey can have the figures shown; cells involved: {cells}.",
        ),
        OURS,
    ),
    "cell_interval_narrow": (
        Text(
            ja="ほかの数値から狭い範囲に絞り込める非公表の欄があります: {cells} 件。",
            en="Hidden cells that the other figures pin down: {cells}.",
        ),
        MERGE,
    ),
    "cell_interval_unproven": (
        Text(
            ja="絞り込めないことを示せなかった非公表の欄があります: {cells} 件。",
            en="Hidden cells that could not be shown to stay hidden: {cells}.",
        ),
        MERGE,
    ),
    "small_count_derived": (
        Text(
            ja="表にない {k} 人未満の人数が、引き算で分かります: {cells} 件。",
            en="Counts of fewer than {k} people that are not printed but follow by subtraction: {cells}.",
        ),
        MERGE,
    ),
    "attack_solver_failed": (
        Text(
            ja="計算が途中で失敗し、安全かどうか判定できませんでした。",
            en="The solver failed, so nobody knows whether this is safe.",
        ),
        Text(
            ja="何も公表しません。もう一度実行し、続くなら報告してください。",
            en="Publish nothing. Run again; report it if it stays.",
        ),
    ),
    "group_below_k": (
        Text(
            ja="この表に、{k} 人に満たない集団か基数があります。",
            en="This table has a group or base of fewer than {k} people.",
        ),
        MERGE,
    ),
    "shown_below_k": (
        Text(
            ja="{k} 人に満たない人数が表示されています: {cells} 件。",
            en="Shown counts of fewer than {k} people: {cells}.",
        ),
        OURS,
    ),
    "hidden_with_value": (
        Text(ja="非公表の欄に数値が残っています: {cells} 件。", en="Hidden cells that still have a value: {cells}."),
        OURS,
    ),
    "shown_and_hidden": (
        Text(
            ja="ある表で隠し、別の表で見せている欄があります: {cells} 件。",
            en="Cells hidden in one table and shown in another: {cells}.",
        ),
        OURS,
    ),
    "group_disclosure": (
        Text(
            ja="全員またはほぼ全員が同じ答えの集団があります: {cells} 件。",
            en="Groups in which all, or all but a few, gave the same answer: {cells}.",
        ),
        MERGE,
    ),
    "figure_not_rounded": (
        Text(ja="丸められていない人数があります: {cells} 件。", en="Counts that were not rounded: {cells}."),
        OURS,
    ),
    "measure_unknown": (
        Text(
            ja="攻撃者が判定できない指標があります: {cells} 件。",
            en="Figures of a measure that the attacker cannot judge: {cells}.",
        ),
        OURS,
    ),
    "percent_of_hidden": (
        Text(
            ja="人数か基数が非公表なのに百分率が表示されています: {cells} 件。",
            en="Percentages whose count or base is hidden: {cells}.",
        ),
        OURS,
    ),
    "weighted_of_hidden": (
        Text(
            ja="人数が非公表なのに加重百分率が表示されています: {cells} 件。",
            en="Weighted percentages whose unweighted count is hidden: {cells}.",
        ),
        OURS,
    ),
    "percent_not_from_displayed": (
        Text(
            ja="表示した人数から計算できない百分率があります: {cells} 件。",
            en="Percentages that do not follow from the figures shown: {cells}.",
        ),
        OURS,
    ),
    "cells_csv_malformed": (
        Text(ja="{line} 行目が cells.csv の形式と異なります。", en="Line {line} is not in the format of cells.csv."),
        Text(
            ja="公表されたときのままのファイルを指定してください。",
            en="Give the file as it was published, unchanged.",
        ),
    ),
}
