"""`rulewright functions`: every function and every field can be looked up without leaving the terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from rulewright.cli.functions import command
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.functions import FUNCTIONS


def functions(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_all_functions_are_listed_with_their_sentence() -> None:
    lines = functions().output.splitlines()
    assert len(lines) == len(FUNCTIONS)
    assert any(line.startswith("lowercase(") and FUNCTIONS["lowercase"].sentence in line for line in lines)
    assert [entry["name"] for entry in json.loads(functions("--format", "json").output)] == list(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_one_function_shows_its_examples(name: str) -> None:
    output = functions(name).output
    assert all(example.expression in output for example in FUNCTIONS[name].examples)


def test_the_fields_of_an_action_are_listed() -> None:
    output = functions("--fields", "logEvent").output
    for field in DESTINATIONS["amplitude"].actions["logEvent"].fields:
        assert field.name in output
    assert "event_type" in output
    assert "string *" in output
    everything = json.loads(functions("--fields", "--format", "json").output)
    assert {action["name"] for action in everything} == {
        name for destination in DESTINATIONS.values() for name in destination.actions
    }


def test_an_unknown_name_is_answered_with_those_that_are_near() -> None:
    result = functions("lowercas")
    assert result.exit_code == 2
    assert "there is no `lowercas`; there are: lowercase" in result.output
