"""The table of a function that only copies: its results and its rows, as the runtime takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...dsl.syntax.paths import write_path
from .. import ir
from ..plan.derive_view import View
from ..plan.mapping_plan import Copied, Part, Place, Put, flat
from ..plan.split_copies import copied
from .fields import Result
from .python_code import Python, code, join, literal, literal_object


@dataclass(frozen=True, slots=True)
class Copies:
    """What the module's template shows of a table."""

    function: Python
    """Its name, and that of the function which it stands before."""
    results: Python
    rows: list[Python]


def write_copies(
    function: Python,
    parts: Sequence[Part],
    results: Sequence[Result],
    view: View | None,
    constants: Mapping[str, Python] | None = None,
    required: Sequence[str] = (),
) -> Copies:
    """The table of a function that was written for the same parts.

    `constants` are the results that are the same for every event, and `required` the fields that must have a value.
    """
    names = {one.path: _name(one) for one in results if one.root == ir.EVENT}
    first = [(_name(one), _first(one, constants or {})) for one in results]
    rows = list(_rows(parts, names))
    rows += [literal(("anything", ((_name(one),),), (one.path,))) for one in results if one.root != ir.EVENT]
    if required:
        rows.append(code("required={}", literal(tuple(required))))
    if view is not None:
        rows.append(code("view={}", view.name))
    made = join(", ", [code("{}: {}", literal(name), value) for name, value in first])
    return Copies(function, code("{{}}", made), rows)


def _first(result: Result, constants: Mapping[str, Python]) -> Python:
    """What a result is before anything is copied."""
    if result.fixed is not None:
        return literal_object(result.fixed)
    return constants.get(_name(result), Python("None"))


def _name(result: Result) -> str:
    """A name of a result, which none but its rows have to know; a path as it is written, for keys may hold dots."""
    if result.root != ir.EVENT:
        return write_path(result.path, rooted=True)
    return ".".join(result.path) or "payload"


def _rows(parts: Sequence[Part], names: dict[tuple[str, ...], str]) -> Iterator[Python]:
    for part in flat(parts):
        if isinstance(part, Put) and (copy := copied(part)) is not None:
            yield literal(_row(copy, [_place(place, names) for place in part.places if place.use != "checked"]))


def _row(copy: Copied, places: Sequence[tuple[str, ...]]) -> tuple[Any, ...]:
    row = copy.kind, tuple(places), copy.paths
    if not copy.items:
        return row
    return (*row, tuple(_row(inner, [("item", key)]) for key, inner in copy.items))


def _place(place: Place, names: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The result, and the key of it that the value is put at; the result alone for one that is the value itself."""
    if place.path in names:
        return (names[place.path],)
    return (names[place.path[:-1]], place.path[-1])
