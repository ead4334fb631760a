"""Segment's paths, both ways: `$.a.b[0]['odd key']` to steps as its own code splits them, and steps to a path."""

from __future__ import annotations

import re

from ...dsl import ast

_SEPARATOR = re.compile(r"\[(?=[\"'0-9])|\.|(?<=[\"'0-9])\]+")
_INDEX = re.compile(r"\[(0|[1-9][0-9]{0,8})\]")


def path_to_steps(path: str) -> tuple[ast.Step, ...]:
    """The steps of a `@path`: the first `$.` is removed, wherever it is, and no step means the whole payload.

    Source: `get` and the `@path` directive of @segment/actions-core.
    """
    return placeholder_to_steps(path.replace("$.", "", 1))


def placeholder_to_steps(path: str) -> tuple[ast.Step, ...]:
    """The steps of a placeholder of a template, in which `$.` has no meaning."""
    if path in ("", "."):
        return ()
    indexes = {match.start(1): match.end(1) for match in _INDEX.finditer(path)}
    steps: list[ast.Step] = []
    at = 0
    for separator in [*_SEPARATOR.finditer(path), None]:
        end = separator.start() if separator else len(path)
        if piece := path[at:end]:
            is_index = indexes.get(at) == end and path[at - 1 : at] == "["
            steps.append(int(piece) if is_index else re.sub("['\"]", "", piece))
        at = separator.end() if separator else end
    return tuple(steps)


def steps_to_path(steps: tuple[ast.Step, ...]) -> str | None:
    """The `@path` that leads to the steps; None for a key that Segment cannot name, such as one with a dot in it."""
    path = "$." + _joined(steps)
    return path if path_to_steps(path) == steps else None


def steps_to_placeholder(steps: tuple[ast.Step, ...]) -> str | None:
    """The placeholder of a template that leads to the steps; None if none does, as for a key with a brace."""
    path = _joined(steps) or "."
    fits = "}" not in path and path == path.strip() and placeholder_to_steps(path) == steps
    return path if fits else None


def _joined(steps: tuple[ast.Step, ...]) -> str:
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step:
            path += "['']"
        else:
            path += f".{step}" if path else step
    return path
