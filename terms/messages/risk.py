"""What privacy models, risk measures and the builders of ladders refuse."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "risk_number_too_small": (
        Text(ja="{least} より小さい数では何も守れません。", en="A number below {least} promises nothing."),
        Text(ja="{least} 以上の数にしてください。", en="Use {least} or more."),
    ),
    "risk_number_not_above": (
        Text(ja="{bound} 以下の数では意味がありません。", en="A number of {bound} or less has no meaning here."),
        Text(ja="{bound} より大きい数にしてください。", en="Use a number above {bound}."),
    ),
    "risk_share_outside_0_1": (
        Text(ja="割合が 0 から 1 の外です。", en="A share is not 0 to 1."),
        Text(ja="0 から 1 の数にしてください。", en="Use a number from 0 to 1."),
    ),
    "risk_low_above_high": (
        Text(ja="下限が上限より大きくなっています。", en="The lower bound is above the upper bound."),
        Text(ja="下限を上限以下にしてください。", en="Use a lower bound that is not above the upper one."),
    ),
    "risk_choice_unknown": (
        Text(ja="選択肢にない名前です。", en="The name is not one of the choices."),
        Text(ja="モデルの説明にある名前を使ってください。", en="Use a name that the model's description lists."),
    ),
    "risk_levels_and_distance_differ": (
        Text(
            ja="値の階層は距離 hierarchical にだけ、必ず与えるものです。",
            en="The levels of the values go with the distance hierarchical, and only with that one.",
        ),
        Text(ja="距離か階層のどちらかを直してください。", en="Change the distance or the levels."),
    ),
    "risk_levels_malformed": (
        Text(
            ja="値の階層が木になっていません。",
            en="The levels of the values do not form a tree.",
        ),
        Text(
            ja="値を一つずつ分ける段から始め、区分をまとめながら、全体で一つの区分になる段で終えてください。",
            en="Begin with every value apart, merge whole groups at each level, and end with one group.",
        ),
    ),
    "risk_levels_do_not_fit": (
        Text(
            ja="値の階層と表とで値の数が異なります。",
            en="The levels are of another number of values than the table has.",
        ),
        Text(ja="同じ属性の階層を与えてください。", en="Give the levels of the same attribute."),
    ),
    "risk_sensitive_needed": (
        Text(
            ja="モデルが判定する機微な属性が表にありません。",
            en="The model judges a sensitive attribute, and the table has none.",
        ),
        Text(ja="属性ごとの人数を与えてください。", en="Count the people by a sensitive attribute."),
    ),
    "risk_population_needed": (
        Text(
            ja="母集団の人数が必要ですが、表にありません。",
            en="The population is needed, and the table does not know it.",
        ),
        Text(ja="区分ごとの母集団の人数を与えてください。", en="Give the population of every class."),
    ),
    "risk_fraction_outside_0_1": (
        Text(ja="抽出率が 0 から 1 の外です。", en="The sampling fraction is not above 0 and at most 1."),
        Text(ja="0 より大きく 1 以下の数にしてください。", en="Use the share of the population that is in the table."),
    ),
    "risk_nobody_measured": (
        Text(ja="測るには人数が足りません。", en="There are too few people to measure anything."),
        Text(ja="回答のある表を与えてください。", en="Give a table with people in it."),
    ),
    "risk_table_malformed": (
        Text(
            ja="同値類の表の人数が互いに合いません。",
            en="The counts of the class table do not agree with one another.",
        ),
        Text(
            ja="人数は 0 以上の整数で、区分の合計、全体、母集団と矛盾しないようにしてください。",
            en="Use whole numbers of 0 or more that fit the classes, the whole table and the population.",
        ),
    ),
    "risk_table_too_large": (
        Text(
            ja="人数と値の数が大きすぎ、正確に計算できません。",
            en="There are too many people and values to compute exactly.",
        ),
        Text(ja="機微な属性の値をまとめてください。", en="Group the values of the sensitive attribute."),
    ),
    "ladder_empty": (
        Text(ja="階層に値がありません。", en="The ladder has no values."),
        Text(ja="変数の取りうる値を与えてください。", en="Give the values that the variable can have."),
    ),
    "ladder_value_repeated": (
        Text(
            ja="同じ値が重なっています: {values} 件(値は示しません)。",
            en="Values occur more than once: {values} (withheld).",
        ),
        Text(ja="値を一つずつにしてください。", en="Give every value once."),
    ),
    "ladder_uneven": (
        Text(ja="この段の区分の数が値の数と合いません。", en="This level has not one group for every value."),
        Text(ja="どの値にも区分を一つ与えてください。", en="Give every value one group."),
    ),
    "ladder_group_malformed": (
        Text(
            ja="区分の名前に使えない文字があります: {groups} 件(名前は示しません)。",
            en="Names of groups that cannot be codes: {groups} (withheld).",
        ),
        Text(
            ja="英数字で始め、英数字と _ + . - だけを 64 字まで使ってください。",
            en="Begin with a letter or digit and use letters, digits and _ + . - only, 64 at most.",
        ),
    ),
    "ladder_value_not_covered": (
        Text(
            ja="この段の区分に入らない値があります: {values} 件(値は示しません)。",
            en="Values that this level has no group for: {values} (withheld).",
        ),
        Text(ja="区分の範囲か、値を確かめてください。", en="Look at the values, or let the level cover them."),
    ),
    "ladder_file_malformed": (
        Text(ja="階層の表の形が違います。", en="The table of the ladder has the wrong form."),
        Text(
            ja="各行を「値,段1,段2,...」とし、列数を揃えてください。",
            en="Every line is value,level 1,level 2,...: equally many columns.",
        ),
    ),
    "ladder_bands_disordered": (
        Text(ja="区間が昇順に並んでいません。", en="The bands do not ascend."),
        Text(
            ja="0 以上の始まりを昇順に、終わりをその後に書いてください。",
            en="Give starts of 0 or more in ascending order, and an end after them.",
        ),
    ),
    "ladder_size_too_small": (
        Text(ja="1 より小さい大きさではまとめられません。", en="A size below 1 groups nothing."),
        Text(ja="1 以上の整数にしてください。", en="Use a whole number of 1 or more."),
    ),
    "ladder_value_in_two_groups": (
        Text(ja="二つの区分に入っている値があります。", en="A value is in two groups."),
        Text(ja="どの値も一つの区分にだけ入れてください。", en="Put every value into one group only."),
    ),
}
