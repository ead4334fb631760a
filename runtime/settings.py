"""How a destination reads its settings, from arguments or the environment; every problem is reported."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .destination import Variable


def read_settings(
    destination: str,
    given: Mapping[str, Any] | None,
    variables: Iterable[Variable],
    names: Collection[str],
    problem_of: Callable[[str, Any], str | None],
) -> dict[str, Any]:
    """The settings by name, from the given ones and, where they leave one out, from its environment variable.

    None or empty text counts as left out, for a setting that has a variable. `problem_of` says what is wrong with the
    value of a known setting; None if nothing is. Raises ValueError with all problems, which quotes no value.
    """
    by_name = {variable.setting: variable.name for variable in variables}
    explicit = {name: value for name, value in (given or {}).items() if name not in by_name or is_given(value)}
    texts = {name: os.environ.get(variable, "").strip() for name, variable in by_name.items() if name not in explicit}
    values: dict[str, Any] = {name: text for name, text in texts.items() if text} | explicit
    problems = []
    for name, value in values.items():
        problem = problem_of(name, value) if name in names else unknown(name, names)
        if problem is not None:
            problems.append(f"{name if name in explicit else by_name[name]}: {problem}")
    if problems:
        raise ValueError(f"settings of {destination}: {'; '.join(problems)}")
    return values


def is_given(value: Any) -> bool:
    """Whether a value of a setting takes precedence over its environment variable: None and empty text do not."""
    return value is not None and value != ""


def unknown(name: Any, names: Collection[str]) -> str:
    """What is wrong with a setting that a destination does not have, with the nearest name or all names."""
    from difflib import get_close_matches  # a large import, which only a mistake needs

    if not isinstance(name, str):
        return "expected a name that is a string"
    by_spelling = {_spelling(known): known for known in names}
    close = get_close_matches(_spelling(name), by_spelling, 1)
    way_out = f"did you mean `{by_spelling[close[0]]}`?" if close else f"there are: {', '.join(names)}"
    return f"no such setting; {way_out}"


def _spelling(name: str) -> str:
    """A name as it is compared: `api_key`, `API-Key` and `apiKey` are the same."""
    return name.replace("_", "").replace("-", "").lower()
