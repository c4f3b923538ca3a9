"""The page: well formed, self-contained, in two languages, and the same figures as the cells."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.banner import Banner, Head
from publishing.chart import charts
from publishing.edition import make_edition
from publishing.lines import width, wrap
from publishing.page import TEMPLATES, spans, table_blocks
from publishing.release import build_release
from terms.words import Text
from tests.publishing.golden import golden
from tests.publishing.reading import Page


@pytest.fixture(scope="module")
def html() -> bytes:
    return build_release(golden())["index.html"]


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


@pytest.mark.parametrize(
    "broken", [b"</section>", b"</td>", b"</svg>", b"</title>"], ids=["section", "td", "svg", "title"]
)
def test_the_page_is_balanced_and_a_page_that_is_not_is_found(html, broken):
    Page(html)
    with pytest.raises(AssertionError):
        Page(html.replace(broken, b"", 1))


def test_names_are_unique_and_every_reference_leads_somewhere(page):
    names = page.attribute("id")
    assert len(names) == len(set(names))
    referred = [name for value in page.attribute("aria-labelledby") for name in value.split()]
    referred += page.attribute("for")
    referred += [link[1:] for link in page.attribute("href") if link.startswith("#")]
    assert set(referred) <= set(names)


def test_the_page_links_only_to_files_of_its_folder(page):
    files = {*build_release(golden()), "SHA256SUMS"}
    links = {link for link in page.attribute("href") if not link.startswith("#")}
    assert links == files - {"index.html"}


def test_the_page_asks_nobody_for_anything(html, page):
    text = html.decode("utf-8").lower()
    for word in ("http:", "https:", "//", "url(", "@import", "javascript", "data:image"):
        assert word not in text, word
    assert page.tags & {"script", "img", "link", "iframe", "object", "form", "base"} == set()
    names = {name for _, attributes in page.elements for name in attributes}
    assert [name for name in names if name.startswith("on") or name in {"src", "style", "srcset", "action"}] == []


def test_the_security_policy_allows_the_one_style_sheet_and_nothing_else(html, page):
    policy = next(value["content"] for tag, value in page.elements if tag == "meta" and "http-equiv" in value)
    style = re.search(b"<style>(.*?)</style>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert style.decode() == (TEMPLATES / "page.css").read_text(encoding="utf-8")


def test_every_text_is_there_in_both_languages_and_equal_labels_once(html):
    text = html.decode("utf-8")
    pairs = re.findall(r'<span lang="ja">[^<]*</span><span lang="en">[^<]*</span>', text)
    assert len(re.findall(r"<span lang=", text)) == 2 * len(pairs)
    assert '<th scope="row">Oat</th>' in text
    assert '<th scope="row"><span lang="ja">牛乳</span><span lang="en">Cow</span></th>' in text
    assert '<html lang="ja">' in text and 'id="show-ja" class="switch" checked' in text


def test_the_page_says_what_was_found_who_answered_and_whom_to_write_to(page):
    words = "\n".join(page.words)
    for expected in (
        "読者調査",
        "Reader survey",
        "「好きな飲み物」には、回答した人の75%が「お茶」と答えました。",
        "75% of those who answered said “Tea” to “Favourite drink”.",
        "約60人（5人単位）",
        "about 60 (to the nearest 5)",
        "2026年5月1日〜2026年6月30日",
        "集計値のみ・10人以上の集団だけを公表・2026年11月23日検査済み",
        "Aggregates only, groups of at least 10, checked on 23 November 2026",
        "障子出版「読者調査」公表 0007-2026-11-23（2026年11月23日）",
        "CC BY 4.0",
        "この設問の数値は公表しません",
        "No figures are published for this question",
        "尋ねた人全員に占める%",
        "読者調査室",
    ):
        assert expected in words, expected
    assert "privacy@example.org" in words


def test_the_table_of_a_question_says_its_figures(html):
    text = re.sub(r"<span lang=\"ja\">[^<]*</span>|</?span[^>]*>", "", html.decode("utf-8"))
    hidden = '<td><abbr title="非公表 / not shown">x</abbr></td>'
    assert f'<tr><th scope="row">Tea</th><td>75%<small>45</small></td>{hidden}{hidden}</tr>' in text
    assert '<th scope="row">Those who answered</th><td>60</td><td>40</td><td>20</td>' in text


def test_a_bar_is_as_long_as_its_share_and_a_hidden_one_has_none(page):
    bars = [value["width"] for tag, value in page.elements if tag == "rect" and value["class"] == "bar"]
    # Japanese, then English: tea and coffee; cow's milk (oat and no answer are hidden).
    assert bars == ["75%", "25%", "75%", "25%", "33%", "33%"]
    hidden = [value for tag, value in page.elements if tag == "rect" and value["class"] == "track none"]
    assert len(hidden) == 4


def test_a_chart_tells_its_figures_to_those_who_do_not_see_it(page):
    told = [text for element, text in page.texts if element == "desc"]
    assert told[:2] == ["お茶: 75%, コーヒー: 25%", "Tea: 75%, Coffee: 25%"]
    assert all(value.get("role") == "img" for tag, value in page.elements if tag == "svg")


def test_a_withheld_question_has_no_chart():
    banner = make_edition(golden()).banners[2]
    assert banner.withheld
    assert charts(banner, "ja") == ()


# --- columns on the page ----------------------------------------------------------------------------


def banner(sizes: list[int]) -> Banner:
    heads = [Head(break_label=Text.same(""), label=Text.same("T"), opens=True, share="percent")]
    for number, size in enumerate(sizes):
        heads += [
            Head(break_label=Text.same(f"B{number}"), label=Text.same("c"), opens=not place, share="percent")
            for place in range(size)
        ]
    return Banner(number=1, label=Text.same("q"), is_answer=True, several=False, withheld=False, heads=tuple(heads))


@given(st.lists(st.integers(1, 60), max_size=9))
def test_every_column_is_in_one_table_and_none_is_too_wide(sizes):
    made = banner(sizes)
    blocks = table_blocks(made, most=10)
    assert [column for block in blocks for column in block[1:]] == list(range(1, sum(sizes) + 1))
    assert all(block[0] == 0 and len(block) <= 11 for block in blocks)
    for block in blocks:
        assert sum(length for _, length in spans(made, block)) == len(block) - 1


@pytest.mark.parametrize(
    ("sizes", "widths"),
    [
        pytest.param([], [0], id="total_alone"),
        pytest.param([4, 6], [10], id="exactly_full"),
        pytest.param([4, 7], [4, 7], id="one_too_many"),
        pytest.param([10], [10], id="one_full_break"),
        pytest.param([11], [6, 5], id="a_break_cut_in_halves"),
        pytest.param([2, 23, 2], [2, 8, 8, 9], id="a_long_break_begins_anew"),
    ],
)
def test_breaks_stay_whole_while_they_fit(sizes, widths):
    assert [len(block) - 1 for block in table_blocks(banner(sizes), most=10)] == widths


# --- lines of labels --------------------------------------------------------------------------------


@given(st.text(max_size=200), st.integers(3, 44))
def test_a_line_keeps_within_its_measure_and_loses_nothing_but_blanks(text, ems):
    lines = wrap(text, ems, most=1_000)
    # One closing mark may hang over the edge for every line.
    assert all(width(line) <= 100 * ems or line[-1] in "、。」）ー々ぁっょ％" or len(line) > 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("本を借りる。", ("本を借りる。",), id="a_closing_mark_hangs"),
        pytest.param("本を借りるか", ("本を借りる", "か"), id="one_sign_too_many"),
        pytest.param("x" * 30, ("xxxxx", "xxxxx", "xxxx…"), id="a_word_without_end"),
        pytest.param("", ("",), id="nothing"),
    ],
)
def test_where_a_label_breaks(text, lines):
    assert wrap(text, 5) == lines
