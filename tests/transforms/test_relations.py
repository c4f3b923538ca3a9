"""Relations: one unknown a cell, every equation there is, and a refusal to go on where one does not hold."""

import polars as pl
import pytest

from terms.findings import Fault
from tests.transforms.small_surveys import COUNTS, People
from transforms.relations import Equation, Part, relate


def frame(*lines: tuple) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=COUNTS, orient="row")


def named(relations, equation: Equation) -> tuple[str, set[str]]:
    """An equation in words: rows and groups."""

    def name(unknown: int) -> str:
        return " ".join(f"{variable}={code}" for variable, code in sorted(relations.keys[unknown])) or "n"

    return name(equation.total), {name(part) for part in equation.parts}


def equations(relations) -> list[tuple[str, set[str]]]:
    return [named(relations, equation) for equation in relations.equations]


SINGLE = People("single", ["a", "b"], {"sex": list("FFFMM")}, [frozenset(x) for x in "aabbb"])
MULTIPLE = People(
    "multiple", ["a", "b"], {}, [frozenset("a"), frozenset("ab"), frozenset("b"), frozenset(), None, None]
)


def test_a_single_question_by_a_break_has_these_equations_and_no_others():
    found = equations(relate(SINGLE.counts(), {"q": "single"}))
    expected = [
        ("q=_ANS", {"q=a", "q=b"}),
        ("n", {"q=_ANS", "q=_NA"}),
        ("q=_ANS sex=F", {"q=a sex=F", "q=b sex=F"}),
        ("sex=F", {"q=_ANS sex=F", "q=_NA sex=F"}),
        ("q=_ANS sex=M", {"q=a sex=M", "q=b sex=M"}),
        ("sex=M", {"q=_ANS sex=M", "q=_NA sex=M"}),
        ("n", {"sex=F", "sex=M"}),
        *((f"q={row}", {f"q={row} sex=F", f"q={row} sex=M"}) for row in ("a", "b", "_ANS", "_NA")),
    ]
    key = lambda equation: (equation[0], sorted(equation[1]))  # noqa: E731
    ordered = [(" ".join(sorted(total.split())), parts) for total, parts in found]
    assert sorted(ordered, key=key) == sorted(expected, key=key)


def test_the_total_column_of_a_crossed_table_is_the_one_way_table():
    relations = relate(SINGLE.counts(), {"q": "single"})
    # 5 rows x (F, M, all); 5 lines of the one-way table are 5 of these 15 cells again.
    assert len(relations.keys) == 15
    assert relations.places.sum() == SINGLE.counts().height == 20
    of_a = next(unknown for unknown, key in enumerate(relations.keys) if key == frozenset({("q", "a")}))
    assert relations.places[of_a] == 2


def test_a_multiple_question_has_complements_instead_of_a_sum_of_options():
    relations = relate(MULTIPLE.counts(), {"q": "multiple"})
    # Someone answered without choosing: mentions (4) happen to be no fewer than people who answered (4).
    assert ("q=_ANS", {"q=a", "q=!a"}) in equations(relations)
    assert ("q=_ANS", {"q=b", "q=!b"}) in equations(relations)
    assert ("n", {"q=_ANS", "q=_NA"}) in equations(relations)
    assert not any(total == "q=_ANS" and {"q=a", "q=b"} <= parts for total, parts in equations(relations))
    counted = {dict(key).get("q"): int(count) for key, count in zip(relations.keys, relations.counts, strict=True)}
    assert (counted["!a"], counted["!b"]) == (2, 2)


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        pytest.param(["a", "ab", "b"], True, id="everyone_chose"),
        pytest.param(["a", "", "b"], False, id="somebody_chose_nothing"),
    ],
)
def test_that_everyone_chose_something_is_known_where_it_can_be(answers, known):
    people = People("multiple", ["a", "b"], {}, [frozenset(answer) for answer in answers])
    assert (Part.MENTIONS in relate(people.counts(), {"q": "multiple"}).parts) == known


def test_where_no_answer_has_no_row_the_base_is_everyone():
    people = People("single", ["a", "b"], {}, [frozenset(x) for x in "aab"], no_answer_row=False)
    assert ("n", {"q=_ANS"}) in equations(relate(people.counts(), {"q": "single"}))


def test_quasi_identifiers_add_up_to_everyone_and_a_cell_is_the_same_in_both_directions():
    lines = []
    counts = {("20s", "F"): 3, ("20s", "M"): 4, ("30s", "F"): 5, ("30s", "M"): 6}
    for age in ("20s", "30s", "_T"):
        for sex in ("F", "M", "_T"):
            count = sum(n for (a, s), n in counts.items() if age in (a, "_T") and sex in (s, "_T"))
            lines.append(("age_by_sex", "age", age, "sex", sex, count))
            lines.append(("sex_by_age", "sex", sex, "age", age, count))
    relations = relate(frame(*lines), {"age": "quasi_identifier", "sex": "quasi_identifier"})
    assert len(relations.keys) == 9
    assert sum(part is Part.KNOWN for part in relations.parts) == 5  # everyone, two ages, two sexes
    assert ("sex=F", {"age=20s sex=F", "age=30s sex=F"}) in equations(relations)
    assert [len(component) for component in relations.components()] == [4]


def test_questions_are_components_of_their_own():
    both = pl.concat([SINGLE.counts("q"), SINGLE.counts("p")])
    relations = relate(both, {"q": "single", "p": "single"})
    variables = [
        {variable for unknown in part for variable, _ in relations.keys[unknown]} - {"sex"}
        for part in relations.components()
    ]
    assert variables == [{"p"}, {"q"}]


def test_unknowns_do_not_depend_on_the_order_of_lines():
    counts = SINGLE.counts()
    one, other = relate(counts, {"q": "single"}), relate(counts.reverse(), {"q": "single"})
    assert (one.keys, one.equations) == (other.keys, other.equations)
    assert one.lines.tolist() == other.lines.tolist()[::-1]


def one_off(row: str, col: str) -> pl.DataFrame:
    """One line of the table by sex counts one person too many."""
    wrong = (pl.col("table") == "q_by_sex") & (pl.col("row") == row) & (pl.col("col") == col)
    return SINGLE.counts().with_columns(respondents=pl.col("respondents") + wrong.cast(pl.Int64))


@pytest.mark.parametrize(
    ("row", "col"),
    [
        pytest.param("a", "F", id="a_category"),
        pytest.param("_ANS", "M", id="a_base"),
        pytest.param("_NA", "F", id="no_answer"),
        pytest.param("_T", "M", id="a_group"),
        pytest.param("a", "_T", id="a_cell_with_two_values"),
        pytest.param("_T", "_T", id="everyone"),
    ],
)
def test_counts_that_do_not_add_up_are_a_fault(row, col):
    relate(SINGLE.counts(), {"q": "single"})
    with pytest.raises(Fault) as caught:
        relate(one_off(row, col), {"q": "single"})
    assert [finding.rule for finding in caught.value.findings] == ["tables_do_not_add_up"]
    assert dict(caught.value.findings[0].facts) == {}


@pytest.mark.parametrize("row", ["_ANS", "_T", "a"])
def test_a_missing_line_is_a_fault(row):
    counts = SINGLE.counts().filter(~((pl.col("row") == row) & (pl.col("col") == "F")))
    with pytest.raises(Fault, match="tables_do_not_add_up"):
        relate(counts, {"q": "single"})


def test_an_option_that_reads_like_a_complement_is_a_fault():
    people = People("multiple", ["a", "!a"], {}, [frozenset(["a"]), frozenset(["!a"])])
    with pytest.raises(Fault, match="tables_do_not_add_up"):
        relate(people.counts(), {"q": "multiple"})


def test_more_mentions_of_an_option_than_people_who_answered_are_a_fault():
    counts = MULTIPLE.counts().with_columns(
        respondents=pl.when(pl.col("row") == "a").then(5).otherwise(pl.col("respondents"))
    )
    with pytest.raises(Fault, match="tables_do_not_add_up"):
        relate(counts, {"q": "multiple"})


def test_a_variable_of_unknown_kind_is_a_fault():
    with pytest.raises(Fault, match=r"tables\.q: row_variable_without_kind"):
        relate(SINGLE.counts(), {})
