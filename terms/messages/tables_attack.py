"""What the attacker found in somebody's protected table, and what kept it from being read."""

from __future__ import annotations

from terms.words import Text

HIDE_MORE = Text(
    ja="同じ行や列でもう一つ以上の欄を隠すか、区分をまとめてください。",
    en="Hide another cell in its rows and columns, or merge categories.",
)
FORMAT = Text(
    ja="形式は d1,…,dn,value,status で、見出しの行が必要です。",
    en="The format is d1,...,dn,value,status, with that header.",
)
FIX_LINE = Text(ja="その行を直してください。", en="Correct that line.")
FIX_HIERARCHY = Text(
    ja="階層は code,parent の行か、@ による字下げで書いてください。",
    en="Write the hierarchy as code,parent lines, or indented with @.",
)

FOUND: dict[str, tuple[Text, Text]] = {
    "table_cell_determined": (
        Text(ja="この非公表の欄の値は、公表値から一つに決まります。", en="The figures shown leave one value only."),
        HIDE_MORE,
    ),
    "table_cell_narrow": (
        Text(ja="この非公表の欄は、狭い範囲に絞り込めます。", en="This hidden cell is pinned down to a narrow range."),
        HIDE_MORE,
    ),
    "table_cell_unproven": (
        Text(
            ja="この欄が絞り込めないことを示せませんでした。",
            en="This hidden cell could not be shown to stay hidden.",
        ),
        HIDE_MORE,
    ),
    "table_small_count_derived": (
        Text(
            ja="表にない {k} 未満の値が、引き算で分かります。",
            en="A count below {k} that is not printed follows by subtraction.",
        ),
        HIDE_MORE,
    ),
    "table_secondary_determined": (
        Text(
            ja="ほかを守るために隠したこの欄の値が分かります。これ自体は開示ではありません。",
            en="This cell was hidden to protect others, yet follows; no disclosure by itself.",
        ),
        Text(ja="この欄は何も守っていません。", en="It protects nothing."),
    ),
    "table_total_leaves_nothing": (
        Text(
            ja="この合計は、隠した欄の分を含んでいません。",
            en="This total leaves nothing for the hidden cells it is the sum of.",
        ),
        Text(
            ja="隠した記録も数えた本来の合計を示すか、合計も隠してください。本来の合計との差が隠した値になります。",
            en="Show the total of all records, or hide it: its difference from the true total is what was hidden.",
        ),
    ),
    "table_contradicts": (
        Text(
            ja="公表値と仮定が両立しません(関わる欄: {cells} 件)。ほかは判定できません。",
            en="Figures and assumptions contradict each other; cells involved: {cells}. Nothing else can be judged.",
        ),
        Text(
            ja="数値、階層、--k、--rounding、--zeros-hidden を確かめてください。",
            en="Check the figures, the hierarchies, --k, --rounding and --zeros-hidden.",
        ),
    ),
    "table_cell_open_to_contributor": (
        Text(
            ja="自分の値を知る回答者 {contributors} 人が、この欄を絞り込めます。",
            en="Contributors who can work out this cell from their own: {contributors}.",
        ),
        HIDE_MORE,
    ),
    "table_shows_below_k": (
        Text(ja="{k} に満たない値が表示されています。", en="A count below {k} is shown."),
        Text(ja="この欄を隠してください。", en="Hide this cell."),
    ),
    "table_hides_nothing": (
        Text(
            ja="隠した欄がなく --k もないので、判定できることがありません。",
            en="Nothing is hidden and --k is not given, so there is nothing to judge.",
        ),
        Text(ja="status の列を確かめるか、--k を指定してください。", en="Check the status column, or give --k."),
    ),
    "table_cells_missing": (
        Text(
            ja="表にない欄が {cells} 件あります。読み手にも分からないものとしました。",
            en="Cells that the table does not have: {cells}. Readers were taken not to know them.",
        ),
        Text(ja="空の欄なら 0 と書いてください。", en="Write 0 where they are empty."),
    ),
    "table_truth_found": (
        Text(
            ja="ファイルの真の値と比べて、攻撃者の結論は {cells} 件で正しいものでした。",
            en="Compared with the true values in the file, the attacker is right about this many cells: {cells}.",
        ),
        Text(ja="この表を公表しないでください。", en="Do not publish this table."),
    ),
    "table_readers_mislead_themselves": (
        Text(
            ja="ファイルの真の値と比べて、{cells} 件の結論は誤りです。仮定が成り立っていません。",
            en="Compared with the true values in the file, some conclusions are wrong: {cells}. An assumption fails.",
        ),
        Text(
            ja="--k、--rounding、--zeros-shown、階層、合計を確かめてください。",
            en="Check --k, --rounding, --zeros-shown, the hierarchies and the totals.",
        ),
    ),
}

UNREADABLE: dict[str, tuple[Text, Text]] = {
    "table_header_malformed": (
        Text(ja="見出しが表の形式と異なります。", en="The header is not that of a table."),
        FORMAT,
    ),
    "table_line_malformed": (
        Text(ja="項目の数か引用符が誤っています。", en="Wrong number of fields, or quotes."),
        FORMAT,
    ),
    "table_empty": (Text(ja="欄が一つもありません。", en="There is not one cell."), FORMAT),
    "table_code_malformed": (
        Text(ja="区分の符号が空か、表示できない文字を含みます。", en="A code is empty or has unprintable characters."),
        FIX_LINE,
    ),
    "table_status_unknown": (
        Text(ja="status が不明です。", en="The status is not known."),
        Text(
            ja="shown、hidden、s、z、u、x、m か tau-ARGUS の番号を使ってください。",
            en="Use shown, hidden, s, z, u, x, m or the numbers of tau-ARGUS.",
        ),
    ),
    "table_value_missing": (Text(ja="公表する欄に値がありません。", en="A shown cell has no value."), FIX_LINE),
    "table_value_malformed": (
        Text(ja="value が数ではありません。", en="The value is not a number."),
        Text(
            ja="桁区切りのない 123 や 4.5 の形で書いてください(小数は6桁まで)。",
            en="Write it as 123 or 4.5, without separators of thousands and with at most six decimals.",
        ),
    ),
    "table_value_negative": (
        Text(ja="負の値は判定できません。", en="Negative values cannot be judged."),
        Text(ja="正と負の部分を別の表にしてください。", en="Put positive and negative parts into tables of their own."),
    ),
    "table_value_too_large": (
        Text(ja="値が大きすぎます。", en="The value is too large."),
        Text(ja="千や百万を単位にしてください。", en="Use thousands or millions as the unit."),
    ),
    "table_value_not_rounded": (
        Text(ja="値が --rounding の倍数ではありません。", en="The value is no multiple of --rounding."),
        Text(ja="本当の丸めの単位を指定してください。", en="Give the base that was really used."),
    ),
    "table_cell_twice": (
        Text(ja="同じ欄が {first} 行目にもあります。", en="The same cell is on line {first} already."),
        FIX_LINE,
    ),
    "table_too_long": (
        Text(ja="{most} 行を超える表は攻撃できません。", en="Tables of more than {most} lines cannot be attacked."),
        Text(ja="表を分けてください。", en="Split the table."),
    ),
    "table_total_missing": (
        Text(ja="この変数に合計の符号がありません。", en="This variable has no code for the total."),
        Text(
            ja="--total で符号を、合計のない変数なら --no-total で変数を指定してください。",
            en="Name it with --total, or the variable with --no-total if it is not summed up.",
        ),
    ),
    "table_total_ambiguous": (
        Text(ja="合計らしい符号が複数あります。", en="Several codes could be the total."),
        Text(ja="--total で一つを指定してください。", en="Name one with --total."),
    ),
    "table_variable_unknown": (
        Text(ja="変数 {variable} は見出しにありません。", en="The header has no variable {variable}."),
        Text(ja="--hierarchy と --no-total を確かめてください。", en="Check --hierarchy and --no-total."),
    ),
    "table_code_not_in_hierarchy": (
        Text(ja="{variable} の符号が階層にありません。", en="The hierarchy of {variable} does not have this code."),
        FIX_HIERARCHY,
    ),
    "table_does_not_add_up": (
        Text(
            ja="公表された内訳の和と合計が一致しません。", en="The parts are all shown and do not add up to this total."
        ),
        Text(
            ja="数値か階層を直すか、丸めてあるなら --rounding を指定してください。",
            en="Correct figures or hierarchy, or give --rounding if they were rounded.",
        ),
    ),
    "table_trees_broken": (
        Text(ja="階層が合計にたどり着きません。", en="A hierarchy does not lead to the total."),
        FIX_HIERARCHY,
    ),
    "table_contributor_without_value": (
        Text(
            ja="回答者が一人の非公表の欄に値がありません。",
            en="A hidden cell of one contributor has no value, which she would know.",
        ),
        Text(ja="値を書くか、contributors を空にしてください。", en="Give the value, or leave contributors empty."),
    ),
    "table_file_unreadable": (
        Text(
            ja="ファイルを読めないか、{megabytes} MB を超えています。",
            en="The file cannot be read, or has more than {megabytes} MB.",
        ),
        Text(ja="名前と権限を確かめるか、表を分けてください。", en="Check name and permissions, or split the table."),
    ),
    "table_encoding_unknown": (
        Text(ja="文字コードがわかりません。", en="The encoding cannot be told."),
        Text(ja="UTF-8 で保存してください。", en="Save the file as UTF-8."),
    ),
    "table_file_missing": (
        Text(ja="その名前のファイルがありません。", en="There is no such file."),
        Text(ja="CSV の名前を確かめてください。", en="Check the name of the CSV."),
    ),
    "hierarchy_line_malformed": (
        Text(ja="{line} 行目が階層の形式と異なります。", en="Line {line} is not in the format of a hierarchy."),
        FIX_HIERARCHY,
    ),
    "hierarchy_code_twice": (
        Text(ja="{line} 行目の符号は二度目です。", en="The code on line {line} was there before."),
        FIX_HIERARCHY,
    ),
    "hierarchy_parent_missing": (
        Text(
            ja="{line} 行目の親が、階層にも合計にもありません。",
            en="The parent on line {line} is neither in the hierarchy nor the total.",
        ),
        FIX_HIERARCHY,
    ),
    "hierarchy_cycle": (
        Text(ja="{line} 行目の符号は自分自身の内訳になっています。", en="The code on line {line} is a part of itself."),
        FIX_HIERARCHY,
    ),
    "hierarchy_option_malformed": (
        Text(ja="--hierarchy は VAR=FILE の形で、変数ごとに一度です。", en="--hierarchy is VAR=FILE, once a variable."),
        Text(ja="例: --hierarchy region=region.hrc です。", en="For example --hierarchy region=region.hrc."),
    ),
    "option_number_malformed": (
        Text(ja="使えない数です。", en="This number cannot be used."),
        Text(
            ja="--width と --rounding は正の数、--k は 2 以上の整数です。",
            en="--width and --rounding are positive, --k is a whole number of 2 or more.",
        ),
    ),
    "option_is_for_tables": (
        Text(ja="このオプションは CSV の表だけに使えます。", en="This option is for tables in a CSV only."),
        Text(ja="オプションを外してください。", en="Leave it out."),
    ),
}

MESSAGES: dict[str, tuple[Text, Text]] = {**FOUND, **UNREADABLE}
