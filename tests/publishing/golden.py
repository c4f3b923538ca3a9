"""One small release written by hand: its frame, and what every file must say about it.

Sixty people in two age groups. *drink* has everything shown in the total and everything hidden by age; *milk*
hides its answering base, so its shares are of everyone asked; *income* is withheld.
"""

from __future__ import annotations

from dataclasses import replace

from terms.policy import NoAnswer, Policy
from terms.release import ReleaseContent
from terms.survey import Column, Role
from terms.words import Text
from tests.builders import codebook, multiple, plain, single, survey
from tests.publishing.samples import content, frame


def labelled(column: Column, label: Text, *options: Text) -> Column:
    """The column with these words."""
    named = [replace(option, label=text) for option, text in zip(column.options, options, strict=True)]
    hierarchy = column.hierarchy
    if hierarchy is not None:
        labels = {option.code: option.label for option in named} | {"_NA": Text(ja="無回答", en="No answer")}
        levels = [replace(level, labels=labels) if "*" not in level.labels else level for level in hierarchy.levels]
        hierarchy = replace(hierarchy, levels=tuple(levels))
    return replace(column, label=label, options=tuple(named), hierarchy=hierarchy)


AGE = labelled(
    single("age", ["young", "old"], role=Role.QUASI_IDENTIFIER),
    Text(ja="年齢", en="Age"),
    Text(ja="若い人", en="Young"),
    Text(ja="年配の人", en="Old"),
)
DRINK = labelled(
    single("drink", ["tea", "coffee"]),
    Text(ja="好きな飲み物", en="Favourite drink"),
    Text(ja="お茶", en="Tea"),
    Text(ja="コーヒー", en="Coffee"),
)
MILK = labelled(
    multiple("milk", ["cow", "oat"]),
    Text(ja="使うミルク", en="Milk you use"),
    Text(ja="牛乳", en="Cow"),
    Text.same("Oat"),
)
INCOME = labelled(
    single("income", ["low", "high"], role=Role.SENSITIVE),
    Text(ja="収入", en="Income"),
    Text(ja="低い", en="Low"),
    Text(ja="高い", en="High"),
)

LINES = (
    ("drink", "drink", "tea", "_T", "_T", "respondents", 45),
    ("drink", "drink", "tea", "_T", "_T", "percent", 75),
    ("drink", "drink", "tea", "_T", "_T", "percent_of_all", 75),
    ("drink", "drink", "coffee", "_T", "_T", "respondents", 15),
    ("drink", "drink", "coffee", "_T", "_T", "percent", 25),
    ("drink", "drink", "coffee", "_T", "_T", "percent_of_all", 25),
    ("drink", "drink", "_NA", "_T", "_T", "respondents", 0),
    ("drink", "drink", "_NA", "_T", "_T", "percent_of_all", 0),
    ("drink", "drink", "_T", "_T", "_T", "respondents", 60),
    ("drink", "drink", "_T", "_T", "_T", "base", 60),
    ("drink_by_age", "drink", "tea", "age", "young", "respondents", None),
    ("drink_by_age", "drink", "tea", "age", "young", "percent", None),
    ("drink_by_age", "drink", "tea", "age", "old", "respondents", None),
    ("drink_by_age", "drink", "tea", "age", "old", "percent", None),
    ("drink_by_age", "drink", "tea", "age", "_T", "respondents", 45),
    ("drink_by_age", "drink", "tea", "age", "_T", "percent", 75),
    ("drink_by_age", "drink", "coffee", "age", "young", "respondents", None),
    ("drink_by_age", "drink", "coffee", "age", "young", "percent", None),
    ("drink_by_age", "drink", "coffee", "age", "old", "respondents", None),
    ("drink_by_age", "drink", "coffee", "age", "old", "percent", None),
    ("drink_by_age", "drink", "coffee", "age", "_T", "respondents", 15),
    ("drink_by_age", "drink", "coffee", "age", "_T", "percent", 25),
    ("drink_by_age", "drink", "_T", "age", "young", "respondents", 40),
    ("drink_by_age", "drink", "_T", "age", "young", "base", 40),
    ("drink_by_age", "drink", "_T", "age", "old", "respondents", 20),
    ("drink_by_age", "drink", "_T", "age", "old", "base", 20),
    ("drink_by_age", "drink", "_T", "age", "_T", "respondents", 60),
    ("drink_by_age", "drink", "_T", "age", "_T", "base", 60),
    ("milk", "milk", "cow", "_T", "_T", "respondents", 20),
    ("milk", "milk", "cow", "_T", "_T", "percent", None),
    ("milk", "milk", "cow", "_T", "_T", "percent_of_all", 33),
    ("milk", "milk", "oat", "_T", "_T", "respondents", None),
    ("milk", "milk", "oat", "_T", "_T", "percent", None),
    ("milk", "milk", "oat", "_T", "_T", "percent_of_all", None),
    ("milk", "milk", "_NA", "_T", "_T", "respondents", None),
    ("milk", "milk", "_NA", "_T", "_T", "percent_of_all", None),
    ("milk", "milk", "_T", "_T", "_T", "respondents", 60),
    ("milk", "milk", "_T", "_T", "_T", "base", None),
    ("income", "income", "low", "_T", "_T", "respondents", None),
    ("income", "income", "high", "_T", "_T", "respondents", None),
)

CODES = """\
variable,code,label_ja,label_en
_T,_T,全体,Total
age,young,若い人,Young
age,old,年配の人,Old
age,_NA,無回答,No answer
age,_T,全体,Total
drink,tea,お茶,Tea
drink,coffee,コーヒー,Coffee
drink,_NA,無回答,No answer
drink,_T,全体,Total
milk,cow,牛乳,Cow
milk,oat,Oat,Oat
milk,_NA,無回答,No answer
milk,_T,全体,Total
income,low,低い,Low
income,high,高い,High
income,_NA,無回答,No answer
income,_T,全体,Total
"""

DRINK_SHEET = [
    ["好きな飲み物", None, None, None, None],
    ["Favourite drink", None, None, None, None],
    ["目次 Contents", None, None, None, None],
    [None, None, None, "年齢\nAge", None],
    [None, None, "全体\nTotal", "若い人\nYoung", "年配の人\nOld"],
    [None, None, None, None, None],
    ["基数 / Bases", None, None, None, None],
    ["尋ねた人", "Everyone asked", 60, 40, 20],
    ["回答した人", "Those who answered", 60, 40, 20],
    [None, None, None, None, None],
    ["回答した人に占める% / % of those who answered", None, None, None, None],
    ["お茶", "Tea", 75, "x", "x"],
    ["コーヒー", "Coffee", 25, "x", "x"],
    [None, None, None, None, None],
    ["人数 / People", None, None, None, None],
    ["お茶", "Tea", 45, "x", "x"],
    ["コーヒー", "Coffee", 15, "x", "x"],
    ["無回答", "No answer", 0, "–", "–"],
]


def golden(**overrides: object) -> ReleaseContent:
    """The release. Its exact counts exist nowhere: 43 and 17, 6 without an answer to *milk*."""
    declared = survey(
        [AGE, DRINK, MILK, INCOME, plain("weight", Role.WEIGHT)],
        licence=Text.same("CC BY 4.0"),
        policy=Policy(no_answer=NoAnswer.CELL),
    )
    given: dict = {"cells": frame(LINES), "withheld_questions": ("income",), "number": 7} | overrides
    return content(declared, codebook(declared), **given)
