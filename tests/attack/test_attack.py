"""A few cases of each part of the attack, so that the attack itself stays whole; and what it does with a finding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from tests.attack import answers, commands, event_recipes, events, queues, rule_files
from tests.attack.rule_texts import rule_text
from tests.attack.trials import Part, Wrong, main, tried

PARTS: dict[str, Part[Any]] = {
    "rule files": rule_files.PART,
    "commands": commands.PART,
    "events": events.PART,
    "queues": queues.PART,
    "answers": answers.PART,
}


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("part", PARTS)
def test_a_random_case_is_answered(part: str, number: int) -> None:
    outcome, error = tried(PARTS[part], PARTS[part].make(Random(f"1/{number}")))
    if error is not None:
        raise error
    assert outcome


@pytest.mark.parametrize("form", events.FORMS)
def test_an_event_is_tried_in_each_form(form: str) -> None:
    case = events.Case(0, True, form, event_recipes.EXAMPLES[0], None)
    assert tried(events.PART, case)[1] is None


@pytest.mark.parametrize("line", commands.LINES)
def test_each_command_is_tried(line: str) -> None:
    case = commands.make(Random("1/1"))._replace(line=line)
    outcome, error = tried(commands.PART, case)
    assert (outcome[-1] in "012", error) == (True, None)


def test_a_fault_of_a_command_is_the_exception_that_it_raised() -> None:
    with patch("rulewright.cli.profile.profile", side_effect=KeyError("gone")):
        error = tried(commands.PART, commands.make(Random("1/1"))._replace(line="profile events.jsonl"))[1]
    assert repr(error) == "KeyError('gone')"


def test_a_case_can_be_made_again() -> None:
    assert rule_text(Random("1/7")) == rule_text(Random("1/7")) != rule_text(Random("1/8"))


@pytest.mark.parametrize("name", event_recipes.VALUES)
def test_each_odd_value_is_answered_as_an_event_and_in_one(name: str) -> None:
    odd = event_recipes.Odd(name)
    for form, event in (("map", {"type": "track", "properties": odd}), ("deliver", odd)):
        assert tried(events.PART, events.Case(2, True, form, event, None))[1] is None


def test_a_finding_is_reduced_and_shown_with_its_number(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def attack(case: str) -> str:
        if "x" in case:
            raise Wrong("there is an x")
        return "good"

    def smaller(case: str) -> Iterator[str]:
        return (case[:index] + case[index + 1 :] for index in range(len(case)))

    part = Part("words", lambda random: "".join(random.choices("abcx", k=8)), attack, smaller)
    number = next(number for number in range(99) if "x" in part.make(Random(f"1/{number}")))
    progress = tmp_path / "progress"
    assert main(part, ["--seed", "1", "--only", str(number), "--progress", str(progress)]) == 1
    said = capsys.readouterr().out
    assert f"--- --seed 1 --only {number}\n'x'\n" in said
    assert "Wrong: there is an x" in said
    assert "1 words: 1 wrong" in said
    assert progress.read_text() == str(number)
