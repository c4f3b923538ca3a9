"""The documents say what is so: commands exist, options exist, links lead somewhere, the session is a real one."""

import re
from pathlib import Path

import pytest
import typer

from flows.command_line import app

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = sorted([CHECKOUT / "README.md", CHECKOUT / "data" / "README.md", *(CHECKOUT / "docs").rglob("*.md")])
MENTION = re.compile(r"(?<![\w./-])shoji ([a-z]+)((?: [^\n`|#]*)?)")


def verbs() -> dict[str, set[str]]:
    """Verb -> its options, as the command line itself knows them."""
    group = typer.main.get_command(app)
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in group.commands.items()
    }


def mentions(text: str) -> list[tuple[str, list[str]]]:
    """Every ``shoji VERB --option`` of a text."""
    return [(verb, re.findall(r"--[a-z-]+", rest)) for verb, rest in MENTION.findall(text)]


def wrong_mentions(text: str) -> list[str]:
    known = verbs()
    wrong = [verb for verb, _ in mentions(text) if verb not in known]
    return wrong + [
        f"{verb} {option}"
        for verb, options in mentions(text)
        for option in options
        if verb in known and option not in known[verb]
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_command_in_the_documents_exists(page):
    assert wrong_mentions(page.read_text(encoding="utf-8")) == []


def test_a_command_that_does_not_exist_is_noticed():
    assert wrong_mentions("run `shoji fly` and shoji run x --wings") == ["fly", "run --wings"]


def test_the_readme_lists_exactly_the_verbs_there_are():
    listed = re.findall(r"^\| `shoji ([a-z]+)", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(verbs())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_lead_to_files_that_are_there(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_states_a_decision_and_a_reason():
    for page in sorted((CHECKOUT / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert "**Decision.**" in text and "**Why.**" in text, page.name


def test_every_rule_name_of_the_promise_is_used_by_the_code():
    rules = set(re.findall(r"^\| (R\d) \|", (CHECKOUT / "docs" / "promise.md").read_text(encoding="utf-8"), re.M))
    code = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "transforms").rglob("*.py"))
    assert rules and all(rule in code for rule in rules)
