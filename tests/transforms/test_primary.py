"""Primary suppression: the boundaries of R1 and R2."""

import polars as pl
import pytest

from terms.findings import Refused
from terms.policy import NoAnswer, Policy
from tests.transforms.small_surveys import People
from transforms.primary import check_groups, primary_cells
from transforms.protect import protect
from transforms.relations import Part, relate


def asked(kind: str, groups: dict[str, int], **answers: dict[str, int]) -> People:
    """So many people of each group gave each answer; ``none`` is no answer, ``ab`` chose a and b."""
    members, given = [], []
    for group in groups:
        for answer, by_group in answers.items():
            number = by_group.get(group, 0)
            members += [group] * number
            given += [None if answer == "none" else frozenset(answer)] * number
        assert members.count(group) == groups[group]
    return People(kind, ["a", "b"], {"sex": members}, given)


@pytest.mark.parametrize(
    ("size", "refused"),
    [
        pytest.param(9, True, id="one_below_k"),
        pytest.param(10, False, id="exactly_k"),
        pytest.param(1, True, id="one_person"),
    ],
)
def test_a_group_of_fewer_than_k_is_refused_without_saying_which(size, refused):
    people = asked("single", {"F": size, "M": 30}, a={"F": size, "M": 30})
    if not refused:
        check_groups(people.counts(), Policy())
        return
    with pytest.raises(Refused) as caught:
        protect(people.counts(), {"q": "single"}, Policy())
    (finding,) = caught.value.findings
    assert (finding.place, finding.rule, dict(finding.facts)) == (
        "tables.q_by_sex",
        "group_below_k",
        {"break": "sex", "k": 10},
    )


def test_an_empty_group_is_no_group_below_k():
    counts = asked("single", {"F": 30, "M": 30}, a={"F": 30, "M": 30}).counts()
    empty = pl.DataFrame(
        [("q_by_sex", "q", row, "sex", "X", 0) for row in ("a", "b", "_NA", "_ANS", "_T")],
        schema=counts.schema,
        orient="row",
    )
    protected = protect(pl.concat([counts, empty]), {"q": "single"}, Policy())
    assert set(protected["status"]) == {"shown"}


def marked(people: People, policy: Policy) -> set[str]:
    relations = relate(people.counts(), {"q": people.kind})
    found = primary_cells(relations, policy)
    return {" ".join(code for _, code in sorted(key)) for key, mark in zip(relations.keys, found, strict=True) if mark}


def test_a_cell_is_primary_below_k_and_not_at_k_nor_at_zero():
    people = asked("single", {"F": 29, "M": 40}, a={"F": 9, "M": 40}, b={"F": 20, "M": 0})
    assert marked(people, Policy(k=10)) == {"a F"}
    assert marked(people, Policy(k=9)) == set()


def test_no_answer_is_a_cell_like_any_other_unless_it_is_left_over():
    people = asked("single", {"F": 33, "M": 40}, a={"F": 30, "M": 40}, none={"F": 3, "M": 0})
    assert marked(people, Policy()) == {"_NA", "_NA F"}
    assert marked(people, Policy(no_answer=NoAnswer.RESIDUAL)) == set()


def test_a_small_base_is_primary():
    people = asked("single", {"F": 33, "M": 40}, a={"F": 3, "M": 40}, none={"F": 30, "M": 0})
    assert marked(people, Policy(no_answer=NoAnswer.RESIDUAL)) == {"_ANS F", "a F"}


def test_few_who_did_not_choose_are_primary_though_no_table_shows_them():
    # Everyone but 4 of the women chose a.
    people = asked("multiple", {"F": 34, "M": 40}, a={"F": 15, "M": 20}, ab={"F": 15, "M": 20}, b={"F": 4})
    assert marked(people, Policy()) == {"!a", "!a F"}


def test_known_groups_and_mentions_are_never_primary():
    people = asked("multiple", {"F": 12, "M": 12}, a={"F": 12, "M": 12})
    relations = relate(people.counts(), {"q": "multiple"})
    found = primary_cells(relations, Policy(k=20))
    assert not (found & relations.of(Part.KNOWN, Part.MENTIONS)).any()
