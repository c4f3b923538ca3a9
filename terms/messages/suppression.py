"""What can be wrong with tables that are to be protected, and with protecting them."""

from __future__ import annotations

from terms.words import Text

FIX_FILE = Text(ja="ファイルを直して、もう一度実行してください。", en="Correct the file and run again.")
OURS = Text(
    ja="何も公表しないでください。秘匿処理の不具合です。報告してください。",
    en="Publish nothing: protection went wrong. Please report it.",
)

MESSAGES: dict[str, tuple[Text, Text]] = {
    "cost_without_frequencies": (
        Text(
            ja="費用を人数で数えるのに、セルごとの人数が渡されていません。",
            en="Costs are to count people, but the people of each cell are not given.",
        ),
        Text(ja="frequencies を渡してください。", en="Pass frequencies."),
    ),
    "no_safe_pattern": (
        Text(
            ja="隠せる欄をすべて隠しても守れない欄があります: {cells} 件。",
            en="Cells that stay exposed even when everything that may be hidden is hidden: {cells}.",
        ),
        Text(
            ja="区分をまとめるか、隠せる欄を増やすか、表を公表しないでください。",
            en="Merge categories, let more cells be hidden, or do not publish the table.",
        ),
    ),
    "prior_excludes_the_truth": (
        Text(
            ja="攻撃者が知っているとした範囲に、実際の値が入っていません。",
            en="What the attacker is said to know rules the true figures out.",
        ),
        Text(ja="範囲の宣言を確かめてください。", en="Check the declared bounds."),
    ),
    "problem_of_different_sizes": (
        Text(ja="欄ごとの情報の数がそろっていません。", en="Not every cell has all that is asked of a cell."),
        OURS,
    ),
    "problem_with_negative_numbers": (
        Text(
            ja="費用は 1 以上、保護の幅は 0 以上でなければなりません。",
            en="Costs must be 1 or more, and protection levels 0 or more.",
        ),
        OURS,
    ),
    "suppression_solver_failed": (
        Text(
            ja="計算が途中で失敗し、安全な隠し方が決まりませんでした。",
            en="The solver failed, so no safe pattern was found.",
        ),
        Text(
            ja="何も公表しません。もう一度実行し、続くなら報告してください。",
            en="Nothing is published. Run again; report it if it stays.",
        ),
    ),
    "suppression_pattern_not_safe": (
        Text(
            ja="選ばれた隠し方が最後の検査に通りませんでした。",
            en="The chosen pattern did not pass its last audit.",
        ),
        OURS,
    ),
    "suppression_file_unreadable": (
        Text(
            ja="UTF-8 の CSV として読めません。",
            en="Cannot be read as a text file in UTF-8.",
        ),
        Text(ja="ファイル名と文字コードを確かめてください。", en="Check the name and the encoding."),
    ),
    "suppression_table_empty": (
        Text(ja="見出しと欄がありません。", en="There is no header, or no cell under it."),
        FIX_FILE,
    ),
    "suppression_column_missing": (
        Text(ja="列 {column} がありません。", en="There is no column {column}."),
        Text(
            ja="1 行目を d1, d2, ..., freq, primary にしてください。",
            en="The first line names d1, d2, ..., freq and primary.",
        ),
    ),
    "suppression_code_missing": (
        Text(ja="区分が空です。", en="A code is missing."),
        Text(ja="合計には Total と書いてください。", en="Totals have the code Total."),
    ),
    "suppression_cell_twice": (
        Text(ja="同じ欄が二度あります。", en="This cell has been given before."),
        FIX_FILE,
    ),
    "suppression_not_a_count": (
        Text(ja="freq が整数ではありません。", en="freq is not a whole number."),
        FIX_FILE,
    ),
    "suppression_negative": (
        Text(ja="freq が負です。", en="freq is negative."),
        FIX_FILE,
    ),
    "suppression_sums_differ": (
        Text(ja="合計が内訳の和と一致しません。", en="A total is not the sum of its parts."),
        FIX_FILE,
    ),
    "suppression_primary_unknown": (
        Text(ja="primary が 0 でも 1 でもありません。", en="primary is neither 0 nor 1."),
        FIX_FILE,
    ),
    "suppression_total_missing": (
        Text(ja="合計 Total の欄がありません。", en="There are no cells with the code Total."),
        FIX_FILE,
    ),
    "suppression_cells_missing": (
        Text(
            ja="区分の組み合わせのうち、足りない欄があります: {cells} 件。",
            en="Combinations of codes that have no cell: {cells}.",
        ),
        Text(
            ja="空の欄も 0 として書いてください。",
            en="Give empty cells too, as 0.",
        ),
    ),
    "suppression_code_without_parent": (
        Text(
            ja="階層ファイルにない区分があります: {cells} 件。",
            en="Codes that the hierarchy file does not know: {cells}.",
        ),
        Text(ja="階層ファイルに加えてください。", en="Add them to the hierarchy file."),
    ),
    "suppression_hierarchy_broken": (
        Text(
            ja="階層ファイルが「区分;親」でも @ の字下げでもないか、木になっていません。",
            en="The hierarchy file is neither code;parent lines nor indented by @, or is no tree.",
        ),
        FIX_FILE,
    ),
}
