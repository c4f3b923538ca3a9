"""What the search for a generalisation refuses."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "search_ladder_malformed": (
        Text(
            ja="階層の段階どうしで値の数が異なるか、値がありません。",
            en="The levels of the hierarchy do not all map the same values, or there are none.",
        ),
        Text(ja="どの段階にも同じ値を並べてください。", en="Give every level the same values."),
    ),
    "search_value_outside_hierarchy": (
        Text(
            ja="階層にない値をもつ行があります: {rows} 件(値は示しません)。",
            en="Rows whose value is not in the hierarchy: {rows} (values withheld).",
        ),
        Text(
            ja="階層に値を加えるか、その行のデータを確かめてください。",
            en="Add the values to the hierarchy, or look at those rows.",
        ),
    ),
    "search_sensitive_is_quasi_identifier": (
        Text(
            ja="機微な属性が準識別子としても扱われています。",
            en="A sensitive attribute is a quasi-identifier as well.",
        ),
        Text(
            ja="役割をどちらか一つにしてください。",
            en="Give it one role: what is generalised cannot be judged as the secret.",
        ),
    ),
    "search_model_without_attribute": (
        Text(
            ja="モデルが判定する機微な属性がこのデータにありません。",
            en="A model judges a sensitive attribute that the table does not have.",
        ),
        Text(ja="モデルの属性名を確かめてください。", en="Name a sensitive attribute of the table in the model."),
    ),
    "search_model_without_population": (
        Text(
            ja="母集団を必要とするモデルですが、母集団が与えられていません。",
            en="A model needs the population from which the table was drawn, and none was given.",
        ),
        Text(ja="母集団の人数を与えるか、モデルを外してください。", en="Give the population, or leave the model out."),
    ),
    "search_model_not_local": (
        Text(
            ja="局所的な再符号化と併用できないモデルです。",
            en="Local recoding cannot keep this model: it judges a class by more than the class.",
        ),
        Text(ja="局所的な再符号化をやめるか、モデルを外してください。", en="Leave out local recoding, or the model."),
    ),
    "search_numeric_unknown": (
        Text(
            ja="数値として扱う準識別子が指定されていないか、準識別子でない名前があります。",
            en="No quasi-identifier is named as numeric, or a name is not one.",
        ),
        Text(ja="準識別子の名前を指定してください。", en="Name quasi-identifiers of the table."),
    ),
    "search_k_above_people": (
        Text(
            ja="k={k} は全員の人数より大きく、どの区分でも満たせません。",
            en="k={k} is more than all people: no class can be that large.",
        ),
        Text(ja="k を小さくするか、回答が集まるのを待ってください。", en="Use a smaller k, or wait for more answers."),
    ),
    "search_no_solution": (
        Text(
            ja="{suppressed} 人までの秘匿では、どの段階の組み合わせもモデルを満たしません。",
            en="No combination of levels meets the models with at most {suppressed} people suppressed.",
        ),
        Text(
            ja="秘匿の上限を上げるか、階層に粗い段階を加えるか、モデルを緩めてください。",
            en="Allow more suppression, add a coarser level, or relax a model.",
        ),
    ),
    "search_budget_spent": (
        Text(
            ja="{nodes} 通りを調べたところで予算を使い切り、満たす組み合わせは見つかっていません。",
            en="The budget ended after {nodes} nodes, and none of them holds.",
        ),
        Text(ja="予算を増やしてください。", en="Give the search a larger budget."),
    ),
    "search_budget_zero": (
        Text(ja="予算がありません。", en="There is no budget."),
        Text(ja="1 以上にしてください。", en="Use 1 or more."),
    ),
    "search_limit_below_zero": (
        Text(ja="秘匿の上限が負の数です。", en="The suppression limit is below zero."),
        Text(ja="0 以上の人数にしてください。", en="Use 0 people or more."),
    ),
    "search_factor_outside_0_1": (
        Text(
            ja="一般化と秘匿の比が 0 から 1 の外です。",
            en="The factor between generalisation and suppression is not 0 to 1.",
        ),
        Text(ja="0 から 1 の数にしてください。", en="Use a number from 0 to 1."),
    ),
    "search_weights_not_positive": (
        Text(ja="重みに負の数があるか、すべて 0 です。", en="A weight is below zero, or all are zero."),
        Text(
            ja="0 以上で、少なくとも一つは正の数にしてください。", en="Use numbers of 0 or more, one of them above 0."
        ),
    ),
}
