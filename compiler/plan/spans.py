"""The places of a mapping's fields in the rules, for failures that name a field and not a line."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl.source import NOWHERE, Span
from .. import ir


def spans_by_field(mapping: ir.Mapping) -> Iterator[tuple[str, Span]]:
    """The span in which a mapping sets each field, and each key of objects that it writes out, by path.

    `products[].price` is a key of the objects that a comprehension makes; the empty path is the mapping itself.
    """
    yield "", mapping.span
    for field in mapping.fields:
        yield from ((path, span) for path, span in _spans(field.facts.name, field.value) if span is not NOWHERE)


def _spans(path: str, value: ir.Value) -> Iterator[tuple[str, Span]]:
    yield path, value.span
    match value:
        case ir.MakeObject(entries):
            for key, entry in entries:
                yield from _spans(f"{path}.{key}", entry)
        case ir.MakeList(items):
            for number, item in enumerate(items):
                yield from _spans(f"{path}[{number}]", item)
        case ir.ForEach(item):
            # The list itself is where a failure of an item as a whole is shown.
            _, *inner = _spans(f"{path}[]", item)
            yield from inner
        case _:
            pass
