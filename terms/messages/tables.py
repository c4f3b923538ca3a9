"""What can be wrong with the tables, hierarchies, contributions and rules of disclosure control."""

from __future__ import annotations

from terms.words import Text


def _say(ja: str, en: str, hint_ja: str, hint_en: str) -> tuple[Text, Text]:
    return Text(ja=ja, en=en), Text(ja=hint_ja, en=hint_en)


TREES: dict[str, tuple[Text, Text]] = {
    "variable_without_codes": _say(
        "コードが一つもありません。", "there are no codes.", "コードを宣言してください。", "Declare its codes."
    ),
    "tree_repeats_code": _say(
        "コード {code} が二度現れます。",
        "the code {code} appears twice.",
        "一つの階層では、各コードの親は一つだけです。",
        "In one hierarchy every code has one parent; a second grouping is a second hierarchy.",
    ),
    "tree_orphan": _say(
        "コード {code} の親が宣言されていません。",
        "the parent of the code {code} is not declared.",
        "親をコードとして足すか、綴りを直してください。",
        "Add the parent as a code, or correct its spelling.",
    ),
    "tree_of_several_roots": _say(
        "親のないコードが {roots} 個あります。",
        "codes without a parent: {roots}.",
        "合計にあたるコードを一つだけ置いてください。",
        "Let one code be the total and the parent of the others.",
    ),
    "tree_cycle": _say(
        "コード {code} の親をたどると元に戻ります。",
        "the parents of the code {code} lead in a circle.",
        "親の指定を直してください。",
        "Correct the parents.",
    ),
    "tree_unknown": _say(
        "階層 {tree} は宣言されていません。",
        "there is no hierarchy {tree}.",
        "宣言した階層の名前を使ってください。",
        "Use the name of a declared hierarchy.",
    ),
    "trees_of_different_codes": _say(
        "最も細かいコードが、ほかの階層と異なります。",
        "its finest codes are not those of the variable's other hierarchies.",
        "同じ変数の階層は、同じ最下層のコードをまとめてください。",
        "Let all hierarchies of a variable group the same finest codes.",
    ),
    "tree_code_of_two_meanings": _say(
        "コード {code} の意味が、ほかの階層と異なります。",
        "the code {code} stands for something else in another hierarchy.",
        "どちらかのコードの名前を変えてください。",
        "Rename one of the two.",
    ),
    "code_not_in_any_tree": _say(
        "コード {code} はどの階層にもありません。",
        "no hierarchy has the code {code}.",
        "宣言したコードを使ってください。",
        "Use a declared code.",
    ),
}

TABLES: dict[str, tuple[Text, Text]] = {
    "nothing_to_lay_out": _say(
        "表が一つもありません。", "there is no table.", "表を宣言してください。", "Declare at least one table."
    ),
    "table_declared_twice": _say(
        "同じ名前の表が二つあります。",
        "two tables have the same name.",
        "名前を変えてください。",
        "Rename one of them.",
    ),
    "variable_declared_twice": _say(
        "変数 {variable} の宣言が、表によって異なります。",
        "tables declare the variable {variable} differently.",
        "一つの宣言をすべての表で使ってください。",
        "Use one declaration in all tables.",
    ),
    "table_uses_variable_twice": _say(
        "同じ変数が二度使われています。",
        "a variable is used twice, perhaps as a filter too.",
        "絞り込みに使う変数では、同じ表を分けないでください。",
        "Do not break a table down by a variable that filters it.",
    ),
    "too_many_cells": _say(
        "セルが多すぎます({cells} 個、上限 {most} 個)。",
        "too many cells: {cells}, and {most} at most.",
        "区分を粗くするか、表を分けてください。",
        "Use coarser levels, or cross fewer variables in one table.",
    ),
    "too_many_sums": _say(
        "合計の式に現れるセルが多すぎます({cells} 個、上限 {most} 個)。",
        "too many cells in sums: {cells}, and {most} at most.",
        "階層を減らすか、区分を粗くしてください。",
        "Use fewer hierarchies or coarser levels.",
    ),
    "table_missing": _say(
        "この表の数値がありません。",
        "the figures of this table are missing.",
        "数値を渡してください。",
        "Give its figures.",
    ),
    "lines_differ": _say(
        "行が宣言と異なります({lines} 行、宣言では {expected} 行)。",
        "its lines are not the declared ones: {lines} given, {expected} declared.",
        "合計も含め、コードの組み合わせごとに一行にしてください。",
        "Give one line for every combination of codes, totals too.",
    ),
    "filter_outside_its_whole": _say(
        "絞り込んだ表の数値が、絞り込む前の表より大きくなっています。",
        "a table within others says more than they do.",
        "絞り込みの宣言(within)を確かめてください。",
        "Check that the filter lets in only people of the other tables.",
    ),
    "variable_missing": _say(
        "変数 {variable} の列がありません。",
        "there is no column for the variable {variable}.",
        "列を足してください。",
        "Add the column.",
    ),
    "code_unknown": _say(
        "変数 {variable} に、最も細かいコードでない値のある行: {rows} 行(値は表示しません)。",
        "rows whose {variable} is none of its finest codes: {rows} (values withheld).",
        "コードの宣言かデータを直してください。",
        "Correct the codes or the data.",
    ),
}

FIGURES: dict[str, tuple[Text, Text]] = {
    "figures_missing": _say(
        "列 {column} がないか、空の欄があります。",
        "the column {column} is missing or has gaps.",
        "0 であれば 0 と書いてください。",
        "Write 0 where it is 0.",
    ),
    "figures_not_whole": _say(
        "列 {column} が整数ではありません。",
        "the column {column} does not hold whole numbers.",
        "最小の単位の整数に直してください。",
        "Give whole numbers of the smallest unit.",
    ),
    "figures_not_exact": _say(
        "列 {column} を正確な十進数として読めません。",
        "the column {column} cannot be read as exact decimal numbers.",
        "浮動小数点ではなく、文字列か十進数で渡してください。",
        "Give text or decimals, not floating point, and at most 9 decimals.",
    ),
    "figures_of_more_decimals": _say(
        "列 {column} に、小数点以下 {decimals} 桁を超える数値があります。",
        "the column {column} has figures of more than {decimals} decimals.",
        "桁数の宣言を増やすか、先に丸めてください。",
        "Declare more decimals, or round before.",
    ),
    "figures_negative": _say(
        "列 {column} に負の数値があります。",
        "the column {column} has negative figures.",
        "負の値に一次秘匿の規則は使えません。別の列に分けてください。",
        "No primary rule means anything for them; publish gains and losses as separate columns.",
    ),
    "figures_too_large": _say(
        "列 {column} の合計が、正確に数えられる範囲を超えています。",
        "the column {column} adds up to more than is counted exactly.",
        "単位を粗くしてください。",
        "Use a coarser unit.",
    ),
    "unit_missing": _say(
        "列 {column} がないか、空の欄があります。",
        "the column {column}, which says whose a row is, is missing or has gaps.",
        "すべての行に書いてください。",
        "Fill it in for every row.",
    ),
}

RULES: dict[str, tuple[Text, Text]] = {
    "no_rule": _say(
        "一次秘匿の規則がありません。",
        "there is no primary rule.",
        "一つ以上決めてください。",
        "Decide on one at least.",
    ),
    "rule_share_out_of_range": _say(
        "規則の割合が範囲外です。",
        "the rule's percentages are out of range.",
        "0 < k < 100、0 < p < q ≤ 100 にしてください。",
        "Use 0 < k < 100 and 0 < p < q <= 100.",
    ),
    "contributions_not_deep_enough": _say(
        "大きい順に {depth} 件の寄与では足りません({wanted} 件必要です)。",
        "the {depth} largest contributions are not enough: the rule needs {wanted}.",
        "depth を大きくしてください。",
        "Gather them with a larger depth.",
    ),
    "primary_follows_from_shown": _say(
        "必ず表示するセルだけで、秘匿すべきセルが計算できます。",
        "cells that must be shown give away one that must be hidden.",
        "表示を求めるセルを減らしてください。",
        "Let more cells be hidden.",
    ),
    "insiders_not_settled": _say(
        "{rounds} 回くり返しても、寄与した人自身から守れませんでした。",
        "after {rounds} rounds some contributor can still work out another.",
        "区分をまとめてください。",
        "Merge categories.",
    ),
}

MESSAGES = {**TREES, **TABLES, **FIGURES, **RULES}
