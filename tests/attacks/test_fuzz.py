"""Whatever a frame contains, the attacker answers with a verdict, and the same one in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Verdict
from terms.policy import NoAnswer
from tests.attacks.press import frame, rules
from transforms.attack import attack, self_test

CODES = ("a", "b", "_NA", "_ANS", "_T", "")
cells = st.tuples(
    st.sampled_from(["t1", "t2"]),
    st.sampled_from(["q", "m", "sex", "unknown", "_T"]),
    st.sampled_from(CODES),
    st.sampled_from(["sex", "age", "q", "_T"]),
    st.sampled_from(CODES),
    st.sampled_from(["respondents", "base", "percent", "percent_of_all", "row_percent", "weighted_percent", "mean"]),
    st.none() | st.integers(-1, 30),
    st.sampled_from(["shown", "hidden", "odd"]),
)


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(cells, max_size=12),
    rounding=st.sampled_from([1, 2, 5]),
    no_answer=st.sampled_from(NoAnswer),
    bars=st.sampled_from([None, {"q": 2, "m": 2}]),
)
def test_no_frame_makes_the_attacker_stumble(lines, rounding, no_answer, bars):
    known = rules(rounding=rounding, no_answer=no_answer, bars=bars)
    report = attack(frame(lines), **known)
    assert report.verdict in Verdict
    assert (report.verdict is Verdict.FAIL) is bool(report.findings)
    assert self_test(frame(lines), **known) in Verdict


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(cells, min_size=1, max_size=12, unique_by=lambda line: line[:6]), data=st.data())
def test_the_order_of_lines_changes_no_verdict(lines, data):
    shuffled = data.draw(st.permutations(lines))
    first, second = attack(frame(lines), **rules()), attack(frame(shuffled), **rules())
    assert first.tests == second.tests
