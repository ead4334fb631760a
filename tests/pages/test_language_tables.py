"""The page of the language is normative: each spelling, expression, trigger and filter in its tables is run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import rulewright
from rulewright.compiler.resolve.expressions import MAX_LOOPS
from rulewright.dsl.syntax.builders.expression_builder import MAX_DEPTH
from rulewright.dsl.syntax.builders.token_builder import MAX_STEPS
from rulewright.dsl.syntax.nesting import MAX_BRACKETS
from rulewright.dsl.syntax.reader import MAX_CHARACTERS
from rulewright.files import json_text
from rulewright.files.file_access import MAX_BYTES
from rulewright.loading.rule_files import MAX_INCLUDE_DEPTH, MAX_INCLUDES
from rulewright.runtime.semantics.glob import MAX_PATTERN
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
EXPRESSIONS, TRIGGERS = (
    PAGE[PAGE.index(f"### {title}, by example") :].split("\n## ")[0] for title in ("Expressions", "Triggers")
)
SPELLINGS = PAGE[PAGE.index("\nNAME        = ") :].split("\n### ")[0]
FILTERS = PAGE[PAGE.index("## Filters") :].split("\n## ")[0]
ROW = re.compile(r"^\| `(?P<text>.*?)` \| (?P<result>.*?) \|$", re.MULTILINE)


def rows(section: str) -> list[tuple[str, str]]:
    return [(row["text"], row["result"].strip("`")) for row in ROW.finditer(section)]


def event_of(section: str, opening: str, closing: str) -> dict[str, Any]:
    start = section.index(opening) + len(opening)
    event: dict[str, Any] = json.loads(section[start : section.index(closing, start)].replace("\n", " "))
    return event


def test_the_limits_are_those_of_the_code() -> None:
    section = PAGE[PAGE.index("## Limits") :].split("\n## ")[0]
    limits = re.findall(r"^\| .*? \| ([\d,]+) \|", section, re.MULTILINE)
    assert [int(limit.replace(",", "")) for limit in limits] == [
        MAX_CHARACTERS, MAX_INCLUDES, MAX_INCLUDE_DEPTH, MAX_BYTES, MAX_DEPTH, MAX_BRACKETS, MAX_LOOPS, MAX_STEPS,
        json_text.MAX_DEPTH, MAX_PATTERN,
    ]  # fmt: skip


def test_the_tables_are_found() -> None:
    assert len(rows(SPELLINGS)) > 30
    assert len(rows(EXPRESSIONS)) > 30
    assert len(rows(TRIGGERS)) > 12
    assert len(rows(FILTERS)) > 9


@pytest.mark.parametrize(("text", "result"), rows(SPELLINGS))
def test_a_spelling_is_accepted_or_refused_as_the_page_says(text: str, result: str) -> None:
    if result == "accepted":
        rulewright.compile_expression(text)
    else:
        assert result == "refused"
        with pytest.raises(rulewright.RuleError):
            rulewright.compile_expression(text)


@pytest.mark.parametrize(("text", "result"), rows(EXPRESSIONS))
def test_an_expression_gives_what_the_page_says(text: str, result: str) -> None:
    value = rulewright.compile_expression(text)(event_of(EXPRESSIONS, "```json\n", "```"))
    if result == "missing":
        assert value is rulewright.MISSING
    else:
        assert json.dumps(value) == json.dumps(json.loads(result))


@pytest.mark.parametrize(("text", "result"), rows(TRIGGERS))
def test_a_trigger_holds_as_the_page_says(text: str, result: str) -> None:
    holds = rulewright.compile_trigger(text)(event_of(TRIGGERS, "On the event `", "`:"))
    assert holds is (result == "yes")


@pytest.mark.parametrize(("text", "result"), rows(FILTERS))
def test_a_filter_leaves_of_an_event_what_the_page_says(text: str, result: str) -> None:
    mapping = (
        'mapping "A" -> logEventV2 {\n  when true\n  user_id = "user-1"\n  event_type = "x"\n  event_properties = $\n}'
    )
    mapper = rulewright.load(f"destination amplitude\n{text}\n{mapping}")
    event = event_of(FILTERS, "On the event `", "`:")
    for outcome in (mapper(event), mapper.map_bytes(json.dumps(event))):
        (request,) = outcome.requests
        assert request.json is not None
        assert request.json["events"][0]["event_properties"] == json.loads(result)
