"""The third shore: nobody stands in a group of fewer than k, or in one that shares a sensitive answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.promises import Breaches, ClassTables, Promise, whole
from terms.policy import Policy
from terms.survey import Role, Survey

if TYPE_CHECKING:
    import pandas as pd

DISTINCT = "distinct_{}"
"""Column of a class table that counts the distinct values of a sensitive column."""


def tables(survey: Survey) -> ClassTables:
    """``classes``: one line an equivalence class, with its ``people`` and ``distinct_<sensitive>`` each.

    What a class has in common (its quasi-identifiers) is not told.
    """
    sensitive = (DISTINCT.format(column.name) for column in survey.by_role(Role.SENSITIVE))
    return {"classes": ("people", *sensitive)}


def promises(
    survey: Survey, measured: dict[str, pd.DataFrame], *, policy: Policy, clean_rows: int | None, **_: Any
) -> list[Promise]:
    """The promises about equivalence classes; ``clean_rows`` is how many people must be in them."""
    return [
        Promise(rule="every_class_holds_k", table="classes", terms={"k": policy.k}, facts={"k": policy.k}),
        *(
            Promise(
                rule="every_class_holds_l",
                table="classes",
                of=column.name,
                terms={"column": column.name, "least": policy.l},
                facts={"l": policy.l},
            )
            for column in survey.by_role(Role.SENSITIVE)
        ),
        Promise(rule="nobody_left_the_classes", table="classes", terms={"people": clean_rows}),
    ]


def every_class_holds_k(classes: pd.DataFrame, k: int) -> list[str]:
    """Classes of fewer than ``k`` people, or of nobody knows how many."""
    return ["" for people in classes["people"] if (whole(people) or 0) < k]


def every_class_holds_l(classes: pd.DataFrame, column: str, least: int) -> list[str]:
    """Classes in which a sensitive column takes fewer than ``least`` values."""
    return [column for values in classes[DISTINCT.format(column)] if (whole(values) or 0) < least]


def nobody_left_the_classes(classes: pd.DataFrame, people: int | None) -> list[str]:
    """Classes that do not hold exactly the people of the clean layer."""
    counts = [whole(count) for count in classes["people"]]
    return [] if None not in counts and sum(count or 0 for count in counts) == people else [""]


BREACHES: dict[str, Breaches] = {
    breaches.__name__: breaches
    for breaches in (
        every_class_holds_k,
        every_class_holds_l,
        nobody_left_the_classes,
    )
}
