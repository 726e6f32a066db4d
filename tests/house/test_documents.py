"""The documents say what is: generated pages are up to date, links lead somewhere, names exist in the code."""

import argparse
import re
from pathlib import Path

import pytest
from django.conf import settings

from xiaoneng.jobs import cli, rules_page

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "src" / "xiaoneng"
READMES = [PROJECT / "README.md", PROJECT / "README.zh-CN.md"]
PAGES = [*READMES, PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
IN_CODE = re.compile(r"`([^`]+)`")


def named(path):
    return str(path.relative_to(PROJECT))


def code():
    return "\n".join(path.read_text() for suffix in ("py", "sql") for path in SOURCE.rglob(f"*.{suffix}"))


def test_the_page_of_rules_is_what_the_rules_say():
    written = (PROJECT / "docs" / "rules.md").read_text()
    again = "docs/rules.md is out of date; run: python -m xiaoneng.jobs.rules_page > docs/rules.md"
    assert written == rules_page.page(), again


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file_that_is_there(page):
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text()) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", READMES, ids=named)
def test_a_readme_names_every_command_and_no_other(page):
    told = set(re.findall(r"^\| `xiaoneng (\w+)", page.read_text(), re.MULTILINE))
    assert told == set(commands())


@pytest.mark.parametrize("page", READMES, ids=named)
def test_every_option_in_the_table_of_commands_exists(page):
    unknown = [
        f"{name} {option}"
        for name, rest in re.findall(r"^\| `xiaoneng (\w+)([^`]*)`", page.read_text(), re.MULTILINE)
        for option in re.findall(r"--[a-z-]+", rest)
        if name not in commands() or option not in options(commands()[name])
    ]
    assert unknown == []


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = [each for each in cli.parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(action.choices)


def options(parser):
    found = set(parser._option_string_actions)
    for each in parser._actions:
        if isinstance(each, argparse._SubParsersAction):
            found |= set().union(*(options(below) for below in each.choices.values()))
    return found


@pytest.mark.parametrize("page", READMES, ids=named)
def test_a_readme_explains_every_environment_variable_and_no_other(page):
    read = set(re.findall(r'ENVIRONMENT\.get\("(XIAONENG_\w+)"', (SOURCE / "config" / "settings.py").read_text()))
    assert set(re.findall(r"XIAONENG_\w+", page.read_text())) == read


@pytest.mark.parametrize("page", READMES, ids=named)
def test_a_readme_lists_the_demo_accounts_as_they_are(page):
    rows = dict(re.findall(r"^\| `([a-z]\w*)` \| (\S+?)[,，]", page.read_text(), re.MULTILINE))
    assert rows == {account["login"]: account["name"] for account in settings.DEMO_ACCOUNTS}


@pytest.mark.parametrize("page", READMES, ids=named)
def test_every_make_target_in_a_readme_exists(page):
    targets = set(re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake (run|test|setup|prove|clean)\b", page.read_text())) <= targets


def test_the_glossary_has_only_identifiers_that_the_code_uses():
    rows = [
        line.split("|")[2] for line in (PROJECT / "docs" / "glossary.md").read_text().splitlines() if line[:1] == "|"
    ]
    words = {word for cell in rows for word in IN_CODE.findall(cell)}
    text = code()
    assert words
    assert [word for word in sorted(words) if not re.search(rf"\b{re.escape(word)}\b", text)] == []


@pytest.mark.parametrize("page", ["walkthrough.md", "architecture.md"])
def test_every_function_and_file_that_a_page_names_exists(page):
    text, known = (PROJECT / "docs" / page).read_text(), code()
    spans = IN_CODE.findall(text)
    calls = {span.removesuffix("()").rsplit(".", 1)[-1] for span in spans if span.endswith("()")}
    assert [name for name in sorted(calls) if not re.search(rf"(def|FUNCTION) {name}\(", known)] == []
    files = {span for span in spans if re.fullmatch(r"[\w/]+\.(py|sql)", span) and "/" in span}
    assert [name for name in sorted(files) if not (SOURCE / name).exists()] == []


def test_the_walkthrough_finds_each_function_in_the_file_that_it_names():
    told = re.findall(r"`([\w/]+\.(?:py|sql))`,\s+`(\w+)\(\)`", (PROJECT / "docs" / "walkthrough.md").read_text())
    assert len(told) > 10
    lost = [pair for pair in told if not re.search(rf"(def|FUNCTION) {pair[1]}\(", (SOURCE / pair[0]).read_text())]
    assert lost == []


def test_decisions_are_numbered_without_gaps_and_all_are_listed():
    folder = PROJECT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name[:4] for name in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
    assert sorted(LINK.findall((folder / "README.md").read_text())) == records
    for name in records:
        headings = re.findall(r"^## (.+)$", (folder / name).read_text(), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequence"], name
