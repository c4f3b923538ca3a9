"""One release in words and banners: what page, workbook and statement have in common, every text harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from publishing.banner import Banner, Figure, Mark, make_banners
from publishing.promise import guaranteed, not_guaranteed
from publishing.wording import clean, cleaned
from terms.hierarchy import NO_ANSWER, TOTAL
from terms.release import ReleaseContent
from terms.survey import Kind
from terms.words import Text

HIDDEN_SYMBOL = "x"
"""The Japanese profile. Primary and secondary suppression look the same."""
ABSENT_SYMBOL = "–"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SYMBOLS = (
    (HIDDEN_SYMBOL, Text(ja="回答した人を守るため、公表しません", en="not shown, to protect the people who answered")),
    (ABSENT_SYMBOL, Text(ja="該当する数値がありません", en="there is no such figure")),
    ("0", Text(ja="人数の0は、誰もいないことを示します", en="as a number of people: nobody")),
)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Everything the readers' formats say besides the figures themselves."""

    release: str
    title: Text
    finding: Text | None
    """One sentence, from displayed figures only; ``None`` where no share of a question is shown."""
    badge: Text
    facts: tuple[tuple[Text, Text], ...]
    controller: Text
    division: Text
    contact: str
    banners: tuple[Banner, ...]
    method: tuple[Text, ...]
    guaranteed: tuple[Text, ...]
    not_guaranteed: tuple[Text, ...]
    citation: Text


def make_edition(content: ReleaseContent) -> Edition:
    """The words of one release."""
    survey = content.survey
    title, controller = cleaned(survey.title), cleaned(survey.controller.name)
    banners = make_banners(content)
    k = survey.policy.k
    return Edition(
        release=content.name,
        title=title,
        finding=_finding(banners),
        badge=Text(
            ja=f"集計値のみ・{k}人以上の集団だけを公表・{_day(content.released_on).ja}検査済み",
            en=f"Aggregates only, groups of at least {k}, checked on {_day(content.released_on).en}",
        ),
        facts=_facts(content, controller),
        controller=controller,
        division=cleaned(survey.controller.division),
        contact=clean(survey.controller.contact),
        banners=banners,
        method=_method(content),
        guaranteed=guaranteed(content),
        not_guaranteed=not_guaranteed(content),
        citation=Text(
            ja=f"{controller.ja}「{title.ja}」公表 {content.name}（{_day(content.released_on).ja}）",
            en=f"{controller.en}, “{title.en}”, release {content.name} ({_day(content.released_on).en})",
        ),
    )


def respondents(content: ReleaseContent) -> Figure:
    """Everybody in the release as displayed: the total of the first table that shows it."""
    lines = content.cells.select("row", "col", "measure", "value").iter_rows()
    totals = (value for row, col, measure, value in lines if (row, col, measure) == (TOTAL, TOTAL, "respondents"))
    return next((value for value in totals if value is not None), Mark.HIDDEN)


def _facts(content: ReleaseContent, controller: Text) -> tuple[tuple[Text, Text], ...]:
    survey = content.survey
    first, last = _day(survey.fieldwork_from), _day(survey.fieldwork_to)
    nothing_declared = Text(ja="定めはありません", en="none declared")
    return (
        (Text(ja="調査主体", en="Survey by"), controller),
        (Text(ja="回答者", en="Respondents"), _respondents_in_words(content)),
        (Text(ja="調査期間", en="Fieldwork"), Text(ja=f"{first.ja}〜{last.ja}", en=f"{first.en} to {last.en}")),
        (Text(ja="公表日", en="Published"), _day(content.released_on)),
        (Text(ja="公表番号", en="Release"), Text.same(content.name)),
        (Text(ja="区分表の版", en="Codebook version"), Text.same(str(content.codebook.version))),
        (
            Text(ja="利用条件", en="Licence"),
            nothing_declared if survey.licence is None else cleaned(survey.licence),
        ),
    )


def _respondents_in_words(content: ReleaseContent) -> Text:
    figure, unit = respondents(content), content.survey.policy.rounding
    if isinstance(figure, Mark):
        return Text.same(HIDDEN_SYMBOL)
    if unit == 1:
        return Text(ja=f"{figure:,}人", en=f"{figure:,}")
    return Text(ja=f"約{figure:,}人（{unit}人単位）", en=f"about {figure:,} (to the nearest {unit})")


def _day(day: date) -> Text:
    return Text(ja=f"{day.year}年{day.month}月{day.day}日", en=f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def _finding(banners: tuple[Banner, ...]) -> Text | None:
    """The largest share shown in the total column of the first question that shows one."""
    for banner in banners:
        shown = [line for line in banner.shares if isinstance(line.figures[0], int) and line.code != NO_ANSWER]
        if not banner.is_answer or not shown:
            continue
        line = max(shown, key=lambda line: line.figures[0])
        share = line.figures[0]
        of_all = banner.heads[0].share == "percent_of_all"
        return Text(
            ja=f"「{banner.label.ja}」には、{'尋ねた人' if of_all else '回答した人'}の{share}%が"
            f"「{line.label.ja}」と答えました。",
            en=f"{share}% of those who {'were asked' if of_all else 'answered'} said “{line.label.en}”"
            f" to “{banner.label.en}”.",
        )
    return None


def _method(content: ReleaseContent) -> tuple[Text, ...]:
    policy, survey = content.survey.policy, content.survey
    rounded = Text(
        ja=f"人数は{policy.rounding}人単位に丸めています。内訳の合計が全体と一致しないことがあります。",
        en=f"Numbers of people are rounded to the nearest {policy.rounding}; parts may not add up to totals.",
    )
    hidden = Text(
        ja=f"{policy.k}人に満たない人数と、そこから逆算できてしまう人数は、区別せず「{HIDDEN_SYMBOL}」と示します。",
        en=f"Numbers below {policy.k} people, and numbers they could be worked out from, are shown alike as"
        f" “{HIDDEN_SYMBOL}”.",
    )
    percent = Text(
        ja="割合は、その設問に回答した人を分母とする整数の百分率です。合計が100%にならないことがあります。"
        "回答した人の数を公表できない列では、尋ねた人全員を分母とし、列の見出しにそう記しています。",
        en="Percentages are whole numbers out of those who answered the question; they may not add up to 100%."
        " Where the number of those who answered cannot be shown, they are out of everyone asked, and the"
        " heading of the column says so.",
    )
    several = Text(
        ja="複数回答の設問では、一人が選択肢をいくつでも選べるため、合計は100%を超えることがあります。",
        en="Where several answers were possible, each person may count in several rows, which may add up to more"
        " than 100%.",
    )
    weighted = Text(
        ja="ウェイト付きの割合は、回答した人の数に偏りを補正する重みを掛けたものです。人数には重みを掛けていません。",
        en="Weighted percentages correct for who was more or less likely to answer. Numbers of people are not"
        " weighted.",
    )
    person = Text(
        ja="同じ人が何度か回答しても、一人として数えています。", en="Somebody who answered more than once counts once."
    )
    row = Text(
        ja="回答者を識別する項目がないため、一つの回答を一人として数えています。",
        en="There is no respondent key: each questionnaire counts as one person.",
    )
    empty = Text(
        ja="誰もいない区分は、ページと集計表では省いています（CSVには含まれます）。",
        en="Groups without people are left out of the page and the workbook; they are in the CSV file.",
    )
    kinds = {question.kind for question in survey.questions}
    return (
        *((rounded,) if policy.rounding > 1 else ()),
        hidden,
        percent,
        *((several,) if Kind.MULTIPLE in kinds else ()),
        *((weighted,) if survey.weight is not None else ()),
        empty,
        row if survey.respondents.key is None else person,
    )
