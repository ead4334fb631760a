"""`rulewright functions`: the functions of the language, and the fields of each action."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from typing import Any

import click

from ..compiler.resolve.expressions import signature
from ..runtime.action import Action
from ..runtime.destinations import DESTINATIONS, BrokenDestination
from ..runtime.encoding import json_bytes
from ..runtime.fields.field import Field
from ..runtime.function import Function
from ..runtime.functions import FUNCTIONS
from ..runtime.semantics.missing import MISSING
from .examples import examples
from .reporting import CouldNotRun, write_json


@click.command("functions", epilog=examples("functions", "functions coalesce", "functions logPurchase --fields"))
@click.argument("name", required=False)
@click.option("--fields", is_flag=True, help="List the fields of the actions instead; NAME is then an action.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(name: str | None, fields: bool, form: str) -> None:
    """List the functions of the language, or describe the function NAME."""
    if fields:
        actions = _actions()
        chosen = [actions[_known(name, actions)]] if name else list(actions.values())
        _write(form, [_action_facts(action) for action in chosen], map(_action_text, chosen))
    elif name is None:
        listed = list(FUNCTIONS.values())
        width = max(len(signature(function)) for function in listed)
        lines = (f"{signature(function):{width}}  {function.sentence}" for function in listed)
        _write(form, [_function_facts(function) for function in listed], lines)
    else:
        function = FUNCTIONS[_known(name, FUNCTIONS)]
        _write(form, _function_facts(function), _function_lines(function))


def _actions() -> dict[str, Action]:
    """The actions of all destinations by name; of one name, that of the first destination.

    Raises CouldNotRun if a destination that is installed cannot be used.
    """
    actions: dict[str, Action] = {}
    try:
        for destination in DESTINATIONS.values():
            actions = {**destination.actions, **actions}
    except BrokenDestination as error:
        raise CouldNotRun(str(error)) from None
    return actions


def _known(name: str, known: Iterable[str]) -> str:
    """The name, if it is known. Raises UsageError with the known names that are near, or with all if none is."""
    names = list(known)
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, 3) or names
    raise click.UsageError(f"there is no `{name}`; there are: {', '.join(near)}")


def _write(form: str, facts: Any, lines: Iterable[str]) -> None:
    if form == "json":
        write_json(facts)
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)


def _function_lines(function: Function) -> Iterable[str]:
    yield signature(function)
    yield f"  {function.sentence}"
    for example in function.examples:
        result = "(missing)" if example.result is MISSING else json_bytes(example.result).decode()
        note = f"    # {example.note}" if example.note else ""
        yield f"  {example.expression}  =  {result}{note}"


def _function_facts(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "signature": signature(function),
        "returns": function.returns,
        "sentence": function.sentence,
        "fails": function.fails,
    }


def _action_text(action: Action) -> str:
    width = max((len(field.name) for field in action.fields), default=0)
    lines = [f"{action.name}  {action.title}: {action.description}", f"  when {action.trigger}"]
    lines += [f"  {field.name:{width}}  {_type(field):16}{field.label}" for field in action.fields]
    return "\n".join(lines) + "\n"


def _action_facts(action: Action) -> dict[str, Any]:
    fields = [{"name": field.name, "type": _type(field), "label": field.label} for field in action.fields]
    return {"name": action.name, "title": action.title, "trigger": action.trigger, "fields": fields}


def _type(field: Field) -> str:
    return f"{field.type}{'[]' if field.multiple else ''}{' *' if field.required else ''}"
