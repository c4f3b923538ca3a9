"""What a release promises, in plain words: the same sentences on the page, in the workbook and in the statement."""

from __future__ import annotations

from terms.policy import NoAnswer
from terms.release import ReleaseContent
from terms.survey import Kind
from terms.words import Text

ONLY_AGGREGATES = Text(
    ja="個々の回答、自由記述、氏名や連絡先は、この公表物のどこにも含まれません。",
    en="No single person's answers, no free text, no names and no contact data are anywhere in this release.",
)
NOT_WORKED_OUT = Text(
    ja="非公表（x）の人数は、この公表物のすべての表を足し引きしても求められません。",
    en="A number of people that is not shown (x) cannot be worked out by adding and subtracting all the tables"
    " of this release.",
)
NOT_UNANIMOUS = Text(
    ja="公表したどの集団でも、全員、または一人を除く全員が同じ回答を選んだということはありません。",
    en="In no published group did everyone, or everyone but one, choose the same answer.",
)
FROM_DISPLAYED = Text(
    ja="割合は、丸めて公表した人数だけから計算しています。",
    en="Percentages are worked out from the published, rounded numbers of people and from nothing else.",
)
FROM_DISPLAYED_UNWEIGHTED = Text(
    ja="ウェイトなしの割合は、丸めて公表した人数だけから計算しています。",
    en="Unweighted percentages are worked out from the published, rounded numbers of people and from nothing else.",
)

LIKELY_ANSWERS = Text(
    ja="ある集団の大半が同じ回答のとき、その集団にいる人の回答が高い確率で推測できること。",
    en="Likelihood: where most people of a group gave the same answer, somebody in that group probably did too.",
)
EMPTY_CELLS = Text(
    ja="人数が0の欄から、その集団の人がその回答をしていないと分かること。",
    en="Exclusion: where a number is 0, nobody in that group gave that answer, and that can be read.",
)
NOBODY_CHOSE = Text(
    ja="複数回答の設問で、「この集団では誰もこの選択肢を選ばなかった」と読み取れること。",
    en="Questions with several answers: that nobody in a group chose an option may be read.",
)
SIDE_KNOWLEDGE = Text(
    ja="ほかの回答者の回答をあらかじめ知っている人や、教え合う人たちに対する保護には限りがあること。",
    en="Side knowledge: protection against people who already know, or tell each other, the answers of several"
    " respondents has its limits.",
)
WHICH_CELLS = Text(
    ja="どの欄を非公表にしたかということからの推測。",
    en="Choice of cells: what the choice of hidden numbers itself lets you guess.",
)
RELATIONS = Text(
    ja="設問どうしの関係からの推測。",
    en="Relations: what one question lets you guess about another.",
)
OTHER_PUBLICATIONS = Text(
    ja="この公表の仕組みの外で、同じ人々について公表された情報との組み合わせ。",
    en="Other publications: what has been published about the same people elsewhere.",
)
WHETHER_ANSWERED = Text(
    ja="設問に回答したかどうかは、最小人数の規則では保護していないこと。",
    en="Blank answers: whether a person answered a question is not protected by the minimum frequency.",
)


def guaranteed(content: ReleaseContent) -> tuple[Text, ...]:
    """What holds for every figure of this release (rules R1 to R3, R7 and R9 in plain words)."""
    k = content.survey.policy.k
    return (
        Text(
            ja=f"人数の欄は、0でない限り{k}人以上を表します。",
            en=f"Every number of people stands for at least {k} people, unless it is 0.",
        ),
        Text(
            ja=f"表の区分（年代や地域など）には、誰かがいる限り{k}人以上がいます。",
            en=f"Every group that the tables are broken down by holds at least {k} people, or nobody.",
        ),
        NOT_WORKED_OUT,
        NOT_UNANIMOUS,
        FROM_DISPLAYED if content.survey.weight is None else FROM_DISPLAYED_UNWEIGHTED,
        ONLY_AGGREGATES,
    )


def not_guaranteed(content: ReleaseContent) -> tuple[Text, ...]:
    """What somebody may still find out or guess, said openly."""
    return (
        LIKELY_ANSWERS,
        EMPTY_CELLS,
        *((NOBODY_CHOSE,) if _one_sided_options(content) else ()),
        *((WHETHER_ANSWERED,) if content.survey.policy.no_answer is NoAnswer.RESIDUAL else ()),
        SIDE_KNOWLEDGE,
        WHICH_CELLS,
        RELATIONS,
        OTHER_PUBLICATIONS,
    )


def _one_sided_options(content: ReleaseContent) -> bool:
    rows = {table.row for table in content.survey.tables}
    return any(
        question.kind is Kind.MULTIPLE and not question.both_sides_sensitive
        for question in content.survey.questions
        if question.name in rows
    )
