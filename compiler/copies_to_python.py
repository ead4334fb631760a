"""The table of a function that only copies: its results and its rows, as the runtime takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..dsl.paths import write_path
from . import program
from .fields_to_python import Result
from .passes.derive_view import View
from .passes.split_copies import copied
from .plan import Part, Place, Put, flat
from .python_code import Python, code, join, literal, literal_object


@dataclass(frozen=True, slots=True)
class Copies:
    """What the module's template shows of a table."""

    function: Python
    """Its name, and that of the function which it stands before."""
    results: Python
    rows: list[Python]


def write_copies(function: Python, parts: Sequence[Part], results: Sequence[Result], view: View | None) -> Copies:
    """The table of a function that was written for the same parts."""
    names = {one.path: _name(one) for one in results if one.root == program.EVENT}
    made = [
        code("{}: {}", literal(_name(one)), Python("None") if one.fixed is None else literal_object(one.fixed))
        for one in results
    ]
    rows = list(_rows(parts, names))
    rows += [literal(("anything", ((_name(one),),), (one.path,))) for one in results if one.root != program.EVENT]
    return Copies(
        function, code("{{}}", join(", ", made)), rows if view is None else [*rows, code("view={}", view.name)]
    )


def _name(result: Result) -> str:
    """A name of a result, which none but its rows have to know; a path as it is written, for keys may hold dots."""
    if result.root != program.EVENT:
        return write_path(result.path, rooted=True)
    return ".".join(result.path) or "payload"


def _rows(parts: Sequence[Part], names: dict[tuple[str, ...], str]) -> Iterator[Python]:
    for part in flat(parts):
        if isinstance(part, Put) and (copy := copied(part)) is not None:
            places = tuple(_place(place, names) for place in part.places if place.use != "checked")
            yield literal((copy.kind, places, copy.paths))


def _place(place: Place, names: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The result, and the key of it that the value is put at; the result alone for one that is the value itself."""
    if place.path in names:
        return (names[place.path],)
    return (names[place.path[:-1]], place.path[-1])
