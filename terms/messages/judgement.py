"""Why nothing was published."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "release_test_failed": (
        Text(ja="この検査に合格していません。", en="This test did not pass."),
        Text(
            ja="何も公表しません。先に原因を調べてください。",
            en="Nothing is published. Find out why before you try again.",
        ),
    ),
    "release_without_verdict": (
        Text(ja="検査の結果が一つもありません。", en="There is no verdict of any test."),
        Text(
            ja="検査を経ないものは公表しません。run で最初からやり直してください。",
            en="Nothing is published untested. Start again with run.",
        ),
    ),
    "release_column_missing": (
        Text(ja="公表する表にこの列がありません。", en="The frame to publish has no such column."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "release_line_undeclared": (
        Text(
            ja="公表する表に、宣言のない表・変数・区分・指標があります。",
            en="The frame to publish names a table, variable, code or measure that nobody declared.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "release_line_repeated": (
        Text(ja="公表する表に同じ欄が二度あります。", en="The frame to publish says the same cell twice."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "release_value_and_status_disagree": (
        Text(
            ja="非公表の欄に数値があるか、公表の欄に正しい数値がありません。",
            en="A hidden cell has a value, or a shown one has no whole number.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "release_withheld_question_shown": (
        Text(
            ja="数値を公表しない設問の数値が公表されるところでした。",
            en="A figure of a question that is withheld was about to be shown.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "release_figures_disagree": (
        Text(
            ja="同じ人々について、表によって数値が異なります。",
            en="Two tables say different numbers about the same people.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "tables_do_not_add_up": (
        Text(
            ja="この表の人数は、合計が合わないか、他の表の同じ欄と異なります。",
            en="The counts of this table do not add up, or differ from the same cell of another table.",
        ),
        Text(
            ja="集計の途中でデータが変わったか、不具合です。もう一度実行し、続くなら報告してください。",
            en="The data changed while they were counted, or this is a bug. Run again; report it if it stays.",
        ),
    ),
    "row_variable_without_kind": (
        Text(
            ja="変数 {variable} の行の足し上げ方が渡されませんでした。",
            en="Nobody said how the rows of {variable} add up.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "solver_failed": (
        Text(
            ja="秘匿の証明に使う線形計画を解けませんでした。",
            en="The solver failed on a linear program that the proof of suppression needs.",
        ),
        Text(
            ja="何も公表しません。もう一度実行し、続くなら報告してください。",
            en="Nothing is published. Run again; report it if it stays.",
        ),
    ),
    "expectation_failed": (
        Text(
            ja="スイート {suite} の約束 {promise} を確かめられませんでした。",
            en="Suite {suite} could not confirm its promise {promise}.",
        ),
        Text(
            ja="対象の表が空か、結果が欠けています。一つ前の段階の出力を確かめてから、もう一度実行してください。",
            en="The table it judges is empty or a result is missing. Check what the step before wrote and run again.",
        ),
    ),
    "expectation_errored": (
        Text(
            ja="スイート {suite} は判定の途中で壊れ、結論を出せませんでした。",
            en="Suite {suite} broke down while judging and came to no verdict.",
        ),
        Text(
            ja="データの不合格ではなく不具合です。公表は行われません。詳細は値を含み得るため残していません。同じ入力で報告してください。",
            en="A fault, not a failed test; nothing is published. Details could quote answers: they were dropped.",
        ),
    ),
    "expectation_suite_unknown": (
        Text(ja="そのような段階のスイートはありません。", en="There is no suite for such a shore."),
        Text(
            ja="段階は raw、clean、anonymised、released のいずれかです。",
            en="The shores are raw, clean, anonymised and released.",
        ),
    ),
    "expectation_frames_differ": (
        Text(
            ja="スイートはちょうど次の表で判定します: {expected}。",
            en="The suite is judged on exactly these tables: {expected}.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "expectation_column_missing": (
        Text(
            ja="判定に必要な列 {column} が渡されませんでした。",
            en="The column {column} that the suite is judged on was not handed over.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "expectation_rows_missing": (
        Text(
            ja="clean の行数が渡されなかったため、全員が同値類にいるか判定できません。",
            en="Without the number of clean rows nobody can say that the classes hold everyone.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "stored_columns_are_declared": (
        Text(ja="宣言にない列が保存されています: {lines} 列。", en="Stored columns that nobody declared: {lines}."),
        Text(
            ja="survey.yaml の columns に役割を宣言するか、ignored と宣言して取り込み直してください。",
            en="Declare their role under columns in survey.yaml (ignored, if nothing else) and ingest again.",
        ),
    ),
    "stored_roles_are_declared": (
        Text(
            ja="宣言と異なる役割で保存されています。",
            en="It is stored under another role than the declaration gives it.",
        ),
        Text(
            ja="宣言を変えたあとに取り込み直していません。もう一度取り込んでください。",
            en="The declaration changed after the data came in. Ingest again.",
        ),
    ),
    "stored_columns_pass_the_door": (
        Text(
            ja="保存してはならない役割の列が保存されています: {lines} 列。",
            en="Stored columns of a role that may not be stored: {lines}.",
        ),
        Text(
            ja="直接識別子、自由記述、ignored の列は入口で捨てます。データを消して取り込み直してください。",
            en="Direct identifiers, open text and ignored columns stop at the door. Erase it and ingest again.",
        ),
    ),
    "stored_values_do_not_identify": (
        Text(
            ja="電子メールや長い番号などが見つかった検査: {lines} 件(値は伏せています)。",
            en="Content checks that found an e-mail address, a long number or the like: {lines} (values withheld).",
        ),
        Text(
            ja="列の中身を元のファイルで確かめ、direct_identifier か open_text と宣言して取り込み直してください。",
            en="Look at the column in the source file, declare it direct_identifier or open_text, and ingest again.",
        ),
    ),
    "stored_answers_were_scanned": (
        Text(ja="内容の検査を受けていない列です。", en="No content check looked at this column."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "clean_variables_are_declared": (
        Text(
            ja="宣言にない変数の行が集計にあります: {lines} 行。",
            en="Counts of variables that nobody declared: {lines}.",
        ),
        Text(ja="宣言を変えたのなら、もう一度取り込んでください。", en="If the declaration changed, ingest again."),
    ),
    "clean_codes_are_declared": (
        Text(
            ja="宣言にないコードがあります: {lines} 種類(値は伏せています)。",
            en="Codes that are not declared: {lines} (withheld).",
        ),
        Text(
            ja="選択肢として宣言するか、undeclared: no_answer を指定してください。",
            en="Declare them as options, or set undeclared: no_answer.",
        ),
    ),
    "clean_counts_cover_everyone": (
        Text(
            ja="この変数の件数の合計が clean の行数と一致しません。",
            en="The counts of this variable do not add up to the clean rows.",
        ),
        Text(
            ja="集計の途中でデータが変わったか、不具合です。もう一度実行し、続くなら報告してください。",
            en="The data changed while they were counted, or this is a bug. Run again; report it if it stays.",
        ),
    ),
    "clean_holds_people": (
        Text(ja="公表の対象になる回答が一件もありません。", en="There is not one answer that may be published."),
        Text(
            ja="同意・目的・実査期間・不備行の報告を確かめてください。",
            en="Look at consent, purpose, fieldwork dates and the reject report.",
        ),
    ),
    "clean_row_is_a_person": (
        Text(ja="一人が一行になっていません。", en="Rows are not people: somebody stands in more than one."),
        Text(
            ja="回答者キーと、重複回答の扱い(repeat)を確かめてください。",
            en="Check the respondent key and which repeat answer counts (repeat).",
        ),
    ),
    "every_class_holds_k": (
        Text(
            ja="k = {k} 人に満たない同値類: {lines} 個。",
            en="Equivalence classes of fewer than k = {k} people: {lines}.",
        ),
        Text(
            ja="shoji plan で階層を粗くし、コードブックを凍結し直してください。",
            en="Choose coarser levels with shoji plan and freeze a new codebook.",
        ),
    ),
    "every_class_holds_l": (
        Text(
            ja="この要配慮の列の値が {l} 種類に満たない同値類: {lines} 個。",
            en="Equivalence classes in which this sensitive column takes fewer than {l} values: {lines}.",
        ),
        Text(
            ja="shoji plan で階層を粗くし、コードブックを凍結し直してください。",
            en="Choose coarser levels with shoji plan and freeze a new codebook.",
        ),
    ),
    "nobody_left_the_classes": (
        Text(
            ja="同値類の人数の合計が clean の行数と一致しません。",
            en="The people in the equivalence classes are not the people of the clean layer.",
        ),
        Text(
            ja="途中で人が抜けたか増えました。もう一度実行し、続くなら報告してください。",
            en="Somebody was lost or added on the way. Run again; report it if it stays.",
        ),
    ),
    "released_tables_are_declared": (
        Text(
            ja="宣言にない表か変数の行: {lines} 行。", en="Lines of tables or variables that nobody declared: {lines}."
        ),
        Text(
            ja="tables の宣言を確かめ、もう一度集計してください。",
            en="Check tables in the declaration and tabulate again.",
        ),
    ),
    "released_codes_are_declared": (
        Text(
            ja="公表してよいコードではない行: {lines} 行(値は伏せています)。",
            en="Lines with a code that may not be published: {lines} (withheld).",
        ),
        Text(
            ja="コードブックが宣言と合っているか、shoji check で確かめてください。",
            en="Check with shoji check that the codebook fits the declaration.",
        ),
    ),
    "released_measures_are_known": (
        Text(ja="規則のない指標の行: {lines} 行。", en="Lines of a measure that no rule speaks about: {lines}."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "released_status_is_known": (
        Text(ja="shown でも hidden でもない行: {lines} 行。", en="Lines that are neither shown nor hidden: {lines}."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "released_figures_appear_once": (
        Text(ja="同じ数値の行が重なっています: {lines} 行。", en="Figures that appear a second time: {lines}."),
        Text(
            ja="表の名前の重なりを確かめ、なければ報告してください。",
            en="Look for tables of the same name; report it if there are none.",
        ),
    ),
    "hidden_cells_have_no_value": (
        Text(
            ja="秘匿したはずの数値が書かれている行: {lines} 行。",
            en="Hidden lines that have a value all the same: {lines}.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "shown_cells_have_a_value": (
        Text(ja="表示するはずの数値がない行: {lines} 行。", en="Shown lines without a value: {lines}."),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "shown_counts_hold_k": (
        Text(
            ja="k = {k} 人に満たない人数が表示されています: {lines} 行。",
            en="Shown counts of fewer than k = {k} people: {lines}.",
        ),
        Text(
            ja="秘匿処理の不具合です。公表せずに報告してください。",
            en="Suppression let them through. Publish nothing and report it.",
        ),
    ),
    "shown_counts_are_rounded": (
        Text(
            ja="{rounding} の倍数でない人数が表示されています: {lines} 行。",
            en="Shown counts that are no multiple of {rounding}: {lines}.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "shown_percents_are_whole": (
        Text(
            ja="0 から 100 の整数でない百分率: {lines} 行。",
            en="Shown percentages that are no whole number from 0 to 100: {lines}.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
    "shown_percents_have_shown_figures": (
        Text(
            ja="人数か基数が秘匿なのに百分率が表示されています: {lines} 行。",
            en="Percentages shown although their count or base is not: {lines}.",
        ),
        Text(
            ja="秘匿処理の不具合です。公表せずに報告してください。",
            en="They would tell the hidden figure. Publish nothing and report it.",
        ),
    ),
    "shown_percents_follow_from_shown_figures": (
        Text(
            ja="表示した人数から計算されていない百分率: {lines} 行。",
            en="Percentages that do not follow from the displayed figures: {lines}.",
        ),
        Text(
            ja="丸める前の値から計算されています。公表せずに報告してください。",
            en="They were computed from figures that are not displayed. Publish nothing and report it.",
        ),
    ),
}
