"""What can be wrong with a declaration."""

from __future__ import annotations

from terms.words import Text

_ROLES = "direct_identifier, quasi_identifier, question, sensitive, weight, consent, timestamp, open_text, ignored"


def _say(ja: str, en: str, hint_ja: str = "", hint_en: str = "") -> tuple[Text, Text]:
    return Text(ja=ja, en=en), Text(ja=hint_ja, en=hint_en)


MESSAGES: dict[str, tuple[Text, Text]] = {
    "declaration_missing": _say(
        "調査の定義ファイルがありません。",
        "there is no such declaration.",
        "data/surveys/ の調査名、または survey.yaml へのパスを指定してください。",
        "Name a survey under data/surveys/ or give the path of a survey.yaml.",
    ),
    "declaration_unreadable": _say(
        "定義ファイルを UTF-8 テキストとして読めません。",
        "the declaration cannot be read as UTF-8 text.",
        "権限と文字コードを確認してください。",
        "Check its permissions and save it as UTF-8.",
    ),
    "declaration_too_large": _say(
        "定義ファイルが大きすぎます。",
        "the declaration is too large to be one.",
        "2 MB 以下にしてください。",
        "Keep it below 2 MB.",
    ),
    "declaration_unfolds_too_far": _say(
        "別名(*)を展開すると大きすぎるか、入れ子が深すぎます。",
        "with its aliases (*) written out, the declaration is too large or nested too deeply.",
        "別名の入れ子と深い入れ子をやめてください。",
        "Do without aliases of aliases and without deep nesting.",
    ),
    "control_character": _say(
        "印字できない文字(制御文字)が含まれています。",
        "this holds a control character.",
        "消してください。使えるのは改行とタブだけで、キーにはそれらも使えません。",
        "Remove it; only line breaks and tabs are allowed, and not even those in a key.",
    ),
    "declaration_not_yaml": _say(
        "YAML として読めません。",
        "this is not valid YAML.",
        "字下げ、引用符、コロンを確認してください。",
        "Check indentation, quotes and colons here.",
    ),
    "declaration_key_repeated": _say(
        "同じキーが二度書かれています。",
        "a key is written twice.",
        "どちらかを消してください。",
        "Remove one of the two.",
    ),
    "declaration_not_a_mapping": _say(
        "定義の最上位がキーと値の組ではありません。",
        "the top level is not a mapping.",
        "data/README.md の例から始めてください。",
        "Start from the example in data/README.md.",
    ),
    "field_missing": _say(
        "必要な項目がありません。",
        "this field is required and missing.",
        "追加してください(data/README.md)。",
        "Add it (see data/README.md).",
    ),
    "field_unknown": _say(
        "知らない項目です。",
        "this field is not known.",
        "綴りを data/README.md と照らしてください。",
        "Check its spelling against data/README.md.",
    ),
    "field_malformed": _say(
        "値の形が違います。",
        "the value has the wrong form.",
        "data/README.md の該当項目を見てください。",
        "See this field in data/README.md.",
    ),
    "choice_unknown": _say(
        "選べる値ではありません。",
        "this is not one of the possible values.",
        "次のどれかにしてください: {choices}。",
        "Use one of: {choices}.",
    ),
    "name_malformed": _say(
        "名前に使えない文字があります。",
        "the name has characters that names cannot have.",
        "英小文字で始め、英小文字・数字・下線だけを使ってください。",
        "Start with a lower-case letter; use lower-case letters, digits and underscores.",
    ),
    "name_reserved": _say(
        "この名前は内部で使われています。",
        "the house uses this name itself.",
        "列の名前を変えてください。",
        "Rename the column.",
    ),
    "name_clash": _say(
        "{other} と区別できない名前になります(大文字小文字は区別しません)。",
        "the name cannot be told from {other} (case does not count).",
        "列の名前か選択肢のコードを変えてください。",
        "Rename the column or the code of the option.",
    ),
    "date_malformed": _say(
        "日付として読めません。", "this is not a date.", "2026-05-01 の形で書いてください。", "Write it as 2026-05-01."
    ),
    "number_malformed": _say(
        "整数ではありません。", "this is not a whole number.", "整数を書いてください。", "Write a whole number."
    ),
    "yes_no_malformed": _say(
        "true / false ではありません。",
        "this is neither true nor false.",
        "true か false を書いてください。",
        "Write true or false.",
    ),
    "label_malformed": _say(
        "ラベルの形が違います。",
        "this is not a label.",
        "空でない文字列一つ、または {{ja: ..., en: ...}} と書いてください。",
        "Write one text, or {{ja: ..., en: ...}}, and leave neither empty.",
    ),
    "role_open": _say(
        "役割が決められていません。",
        "the role of this column is left open.",
        f"次から選んでください: {_ROLES}。",
        f"Decide on one of: {_ROLES}.",
    ),
    "type_missing": _say(
        "種類(type)がありません。",
        "the type is missing.",
        "single, multiple, integer のどれかを書いてください。",
        "Add type: single, multiple or integer.",
    ),
    "type_not_for_role": _say(
        "この役割({role})の列に type / options / separator は書けません。",
        "a column with the role {role} takes no type, options or separator.",
        "それらを消すか、役割を直してください。",
        "Remove them or correct the role.",
    ),
    "hierarchy_not_for_role": _say(
        "階層(hierarchy)は準識別子だけのものです。",
        "only quasi-identifiers have a hierarchy.",
        "hierarchy を消すか、role: quasi_identifier にしてください。",
        "Remove it, or make the role quasi_identifier.",
    ),
    "options_missing": _say(
        "選択肢(options)がありません。",
        "the options are missing.",
        "コードと回答の文言を並べてください。",
        "List a code and the exported text for each.",
    ),
    "integer_only_for_quasi_identifiers": _say(
        "integer は準識別子だけに使えます。",
        "integer is for quasi-identifiers only.",
        "設問は type: single にして区分を options に並べてください。",
        "Declare the question as single and list its bands as options.",
    ),
    "integer_needs_range": _say(
        "integer には range: [最小, 最大](0 以上)が要り、options は書けません。",
        "an integer column needs range: [least, most] (0 or more) and no options.",
        "例: range: [10, 99]。",
        "For example range: [10, 99].",
    ),
    "single_has_own_columns": _say(
        "single の選択肢に header や separator があります。",
        "a single question has headers or a separator for its options.",
        "複数回答なら type: multiple にしてください。",
        "If several can be chosen, make it type: multiple.",
    ),
    "multiple_not_for_quasi_identifiers": _say(
        "準識別子は複数回答にできません。",
        "a quasi-identifier cannot be multiple.",
        "設問(question)として宣言してください。",
        "Declare it as a question.",
    ),
    "multiple_needs_separator_or_headers": _say(
        "複数回答の書き方が決まりません。",
        "it is not clear how several answers are written.",
        "一つのセルなら separator、0/1 列なら全ての選択肢に header を書いてください。",
        "Give a separator (one cell), or a header for every option (0/1 columns).",
    ),
    "multiple_has_both_forms": _say(
        "separator と header の両方があります。",
        "there is both a separator and headers.",
        "どちらか一方にしてください。",
        "Keep one of the two.",
    ),
    "no_answer_merge_only_for_single": _say(
        "includes_no_answer は single だけに使えます。",
        "includes_no_answer is for single questions only.",
        "消してください。",
        "Remove it.",
    ),
    "no_answer_merged_twice": _say(
        "無回答を含む選択肢が二つあります。", "two options include no answer.", "一つにしてください。", "Keep one."
    ),
    "code_malformed": _say(
        "コード {code} は使えません。",
        "the code {code} cannot be used.",
        "英数字で始めてください。_T, _NA, _ANS, * は予約済みです。",
        "Start with a letter or digit; _T, _NA, _ANS and * are reserved.",
    ),
    "code_undeclared": _say(
        "コード {code} は宣言されていません。",
        "the code {code} is not declared.",
        "options か前の段のコードを使ってください。",
        "Use a code of the options or of the level before.",
    ),
    "code_repeated": _say(
        "コード {code} が二つの群に入っています。",
        "the code {code} is in two groups.",
        "一つの群だけに入れてください。",
        "Put it into one group only.",
    ),
    "option_value_repeated": _say(
        "同じ回答文言が二度あります。",
        "the same exported text stands for two answers.",
        "一つのコードにまとめてください。",
        "Let one code have it.",
    ),
    "option_value_empty": _say(
        "空の回答文言があります。",
        "an exported text is empty.",
        "空のセルは無回答です。文言を書くか、この選択肢を消してください。",
        "An empty cell is no answer; write the text, or remove the option.",
    ),
    "free_text_only_for_multiple": _say(
        "free_text は multiple だけに使えます。",
        "free_text is for multiple questions only.",
        "消してください。宣言外の回答を無回答とするなら undeclared: no_answer です。",
        "Remove it; undeclared: no_answer counts what is not declared as no answer.",
    ),
    "free_text_twice": _say(
        "一つのセルの残りの言葉が、二つの選択肢のものになっています。",
        "two options claim the words left over in a cell.",
        "free_text は一つの選択肢だけにしてください。",
        "Keep free_text on one option.",
    ),
    "undeclared_only_for_questions": _say(
        "undeclared: no_answer は設問だけのものです。",
        "undeclared: no_answer is for questions only.",
        "消してください。準識別子の宣言外のコードは拒否されます。",
        "Remove it; an undeclared code of a quasi-identifier is refused.",
    ),
    "header_claimed_twice": _say(
        "見出しが {other} と重なっています。",
        "the header is claimed by {other} too.",
        "同じ見出しの二つ目は「見出し #2」と書きます。",
        "The second column of the same header is written 'header #2'.",
    ),
    "hierarchy_kind_unclear": _say(
        "段の作り方が一つに決まりません。",
        "it is not clear how this level is made.",
        "intervals, groups, prefix, file のどれか一つを書いてください。",
        "Give exactly one of intervals, groups, prefix, file.",
    ),
    "hierarchy_intervals_need_integer": _say(
        "intervals は type: integer の列のものです。",
        "intervals are for columns of type integer.",
        "groups を使ってください。",
        "Use groups.",
    ),
    "hierarchy_intervals_do_not_cover": _say(
        "区間が {least} から {most} までを昇順に覆っていません。",
        "the intervals do not cover {least} to {most} in ascending order.",
        "各区間の始まりを {least} から順に書いてください。",
        "List where each interval starts, the first one at {least}.",
    ),
    "hierarchy_misses_code": _say(
        "階層にコード {code} がありません。",
        "the hierarchy misses the code {code}.",
        "どれかの群に入れてください。",
        "Put it into one of the groups.",
    ),
    "hierarchy_not_nested": _say(
        "前の段の群を分けてしまっています。",
        "this level splits a group of the level before.",
        "各段は前の段の群をまとめるだけにしてください。",
        "A level may only merge groups of the one before.",
    ),
    "hierarchy_file_unreadable": _say(
        "階層ファイル {file} を読めません。",
        "the hierarchy file {file} cannot be read.",
        "定義ファイルと同じ場所に UTF-8 で置いてください。",
        "Put it beside the declaration, in UTF-8.",
    ),
    "hierarchy_file_malformed": _say(
        "階層ファイル {file} の形が違います。",
        "the hierarchy file {file} has the wrong form.",
        "各行を「コード,段1,段2,...」とし、列数を揃え、コードを重ねないでください。",
        "Every line is code,level1,level2,...: equally many columns, no code twice.",
    ),
    "weight_classes_unordered": _say(
        "classes はウェイト列だけに、昇順で書きます。",
        "classes belong to the weight column, in ascending order.",
        "例: classes: [0.5, 1, 1.5, 2]。",
        "For example classes: [0.5, 1, 1.5, 2].",
    ),
    "one_weight_only": _say(
        "ウェイト列が二つあります。", "there are two weight columns.", "一つにしてください。", "Keep one."
    ),
    "one_timestamp_only": _say(
        "回答日時の列が二つあります。",
        "there are two timestamp columns.",
        "一つにし、他は ignored にしてください。",
        "Keep one; make the other ignored.",
    ),
    "row_not_a_question": _say(
        "{name} は設問でも準識別子でもありません。",
        "{name} is neither a question nor a quasi-identifier.",
        "宣言済みの列名を書いてください。",
        "Name a declared column with such a role.",
    ),
    "break_not_quasi_identifier": _say(
        "{name} は準識別子ではありません。",
        "{name} is not a quasi-identifier.",
        "集計の切り口は準識別子だけです。",
        "Tables can be broken down by quasi-identifiers only.",
    ),
    "table_name_clash": _say(
        "表 {name} が列または別の表と同じ名前です。",
        "the table {name} has the name of a column or of another table.",
        "列の名前を変えてください。",
        "Rename the column.",
    ),
    "fieldwork_backwards": _say(
        "調査期間が逆です。",
        "fieldwork ends before it begins.",
        "from と to を直してください。",
        "Correct from and to.",
    ),
    "key_not_direct_identifier": _say(
        "回答者キーが direct_identifier の列ではありません。",
        "the respondent key is not a column with the role direct_identifier.",
        "列の役割を直してください。",
        "Correct the column's role.",
    ),
    "repeat_needs_timestamp": _say(
        "どの回答が先か分かりません。",
        "nothing says which of two answers came first.",
        "timestamp の列を宣言するか、repeat: refuse にしてください。",
        "Declare a timestamp column, or use repeat: refuse.",
    ),
    "repeat_needs_key": _say(
        "回答者キーがないのに repeat があります。",
        "repeat is declared without a respondent key.",
        "key を宣言するか repeat を消してください。",
        "Declare a key or remove repeat.",
    ),
    "consent_column_missing": _say(
        "同意の列か、受け入れる値がありません。",
        "the consent column or its accepted values are missing.",
        "consent: {{basis: consent, column: ..., accepted: [...]}}。",
        "Write consent: {{basis: consent, column: ..., accepted: [...]}}.",
    ),
    "consent_column_wrong_role": _say(
        "同意の列の役割が consent ではありません。",
        "the consent column does not have the role consent.",
        "role: consent にしてください。",
        "Make it role: consent.",
    ),
    "consent_basis_has_no_column": _say(
        "この根拠に同意の列はありません。",
        "this basis has no consent column.",
        "column を消すか basis: consent にしてください。",
        "Remove column, or use basis: consent.",
    ),
    "consent_column_unused": _say(
        "同意の列が使われていません。",
        "this consent column is not used.",
        "consent.column に書くか ignored にしてください。",
        "Name it in consent.column or make it ignored.",
    ),
    "source_name_repeated": _say(
        "同じ名前のソースが二つあります。",
        "two sources have the same name.",
        "name を別々にしてください。",
        "Give each its own name.",
    ),
    "column_unknown": _say(
        "宣言されていない列です。",
        "no such column is declared.",
        "columns にある名前を書いてください。",
        "Use a name from columns.",
    ),
    "policy_k_too_small": _say(
        "k が {value} です。一人や二人のセルが公表されてしまいます。",
        "k is {value}: cells of one or two people would be published.",
        "{least} 以上(推奨 10)にしてください。",
        "Use {least} or more; 10 is recommended.",
    ),
    "policy_s_too_small": _say(
        "{value} では、一人の回答を知る者に他の全員の回答が分かります。",
        "{value} lets one person who knows her own answer learn everybody else's.",
        "{least} 以上にしてください。",
        "Use {least} or more.",
    ),
    "policy_l_too_small": _say(
        "l が {value} です。", "l is {value}.", "{least} 以上にしてください。", "Use {least} or more."
    ),
    "policy_rounding_too_small": _say(
        "丸めの単位が {value} です。",
        "the rounding base is {value}.",
        "{least} 以上にしてください。",
        "Use {least} or more.",
    ),
    "policy_rounding_above_k": _say(
        "丸めの単位が k({k})を超えています。",
        "the rounding base is above k ({k}).",
        "k 以下にしてください。",
        "Keep it at k or below.",
    ),
    "policy_rounding_below_k": _say(
        "k 人({k} 人)が {reads} 人と表示され、k 人未満に見えます。",
        "k people ({k}) would be displayed as {reads}, which reads as fewer than k.",
        "k を丸めの単位の倍数にしてください(または丸めの単位を変えてください)。",
        "Make k a multiple of the rounding, or choose another rounding.",
    ),
    "policy_width_not_promised": _say(
        "約束している幅は k - 2 = {width} です。",
        "the promise is a width of k - 2 = {width}.",
        "width を消してください。",
        "Remove width.",
    ),
    "percent_out_of_range": _say(
        "0 から 100 ではありません。",
        "this is not between 0 and 100.",
        "百分率を書いてください。",
        "Write a percentage.",
    ),
}
