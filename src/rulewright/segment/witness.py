"""Finds an event for which two readings of a trigger differ, and makes it as small as it can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from random import Random
from typing import Any, TypeAlias

from ..dsl import ast
from ..runtime.semantics.missing import MISSING
from .syntax_walk import nodes_of

Test: TypeAlias = Callable[[dict[str, Any]], object]
"""What a reading says of an event."""

MOST_EVENTS = 20_000
"""So many events are tried; a difference that none of them shows is not found."""

_ANY_PATH: tuple[Any, ...] = (MISSING, None, "x", "", 1, True, False)
_TYPES = ("track", "page", "screen", "identify", "group", "alias")


def witness(readings: Iterable[ast.Expression], one: Test, other: Test) -> dict[str, Any] | None:
    """The smallest event found for which the two tests differ; None when none of the events tried shows one."""
    values = _values_by_path(readings)
    paths = list(values)
    for assignment in _assignments([values[path] for path in paths]):
        event = _event(paths, assignment)
        if one(event) != other(event):
            return _smallest(paths, list(assignment), one, other)
    return None


def _assignments(choices: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """All combinations where they are few; else some of them, the same at each run."""
    total = 1
    for values in choices:
        total *= len(values)
    if total <= MOST_EVENTS:
        return islice(product(*choices), MOST_EVENTS)
    random = Random(1)
    return (tuple(random.choice(values) for values in choices) for _ in range(MOST_EVENTS))


def _smallest(paths: list[ast.Path], assignment: list[Any], one: Test, other: Test) -> dict[str, Any]:
    """The event without what makes no difference, but with a type, for every event of Segment has one."""
    for index, path in enumerate(paths):
        kept = assignment[index]
        if path.steps == ("type",) and kept in _TYPES:
            continue
        assignment[index] = MISSING
        event = _event(paths, assignment)
        if one(event) == other(event):
            assignment[index] = kept
    event = _event(paths, assignment)
    natural = {"type": "track", **event}
    return natural if one(natural) != other(natural) else event


def _event(paths: list[ast.Path], assignment: Iterable[Any]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for path, value in zip(paths, assignment, strict=True):
        if value is not MISSING:
            _put(event, path.steps, value)
    return event


def _put(event: dict[str, Any], steps: tuple[ast.Step, ...], value: Any) -> None:
    target = event
    for step in steps[:-1]:
        inner = target.setdefault(str(step), {})
        if not isinstance(inner, dict):
            return
        target = inner
    target[str(steps[-1])] = value


def _values_by_path(readings: Iterable[ast.Expression]) -> dict[ast.Path, list[Any]]:
    """For each path that a reading names, values near those that it is compared with."""
    values: dict[ast.Path, list[Any]] = {}
    for reading in readings:
        for node in nodes_of(reading):
            if not isinstance(node, ast.Comparison | ast.Call):
                continue
            parts = list(nodes_of(node))
            literals = [part.value for part in parts if isinstance(part, ast.Literal)]
            for path in parts:
                if isinstance(path, ast.Path) and path.steps:
                    known = values.setdefault(path, [])
                    for value in _near(literals):
                        if not any(value is each or (value == each and type(value) is type(each)) for each in known):
                            known.append(value)
    for path, known in values.items():
        known.extend(each for each in (_TYPES if path.steps == ("type",) else ()) if each not in known)
        known.extend(each for each in _ANY_PATH if not any(each is other for other in known))
    return values


def _near(literals: Iterable[ast.Scalar]) -> Iterator[Any]:
    for value in literals:
        yield value
        if isinstance(value, str):
            bare = re.sub(r"[*?]", "", value)
            yield from (f"x{value}", f"{value}x", value[1:], value[:-1], bare, f"x{bare}", f"{bare}x", [value])
            yield from (value.replace("*", middle) for middle in ("", "x") if "*" in value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from (value - 1, value + 1, str(value))
            if 0 <= value < 100:
                yield from ("x" * (int(value) + 1), ["x"] * (int(value) + 1), "x" * int(value))
