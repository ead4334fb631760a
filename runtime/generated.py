"""What a generated module calls besides its expressions: fields, the program as data, and a way to run it."""

from __future__ import annotations

from .destinations import DESTINATIONS
from .fields.field import Field
from .fields.put import at_item, fields_by_path, put, put_inside, put_item, refuse_required, take
from .mapping.compiled import CompiledFilter, CompiledMapping, CompiledProgram, CompiledViews
from .mapping.copy_table import copies
from .mapping.source_map import SourceMap
from .mapping.view import an_object, anything, inside, object_view, or_missing, string


def fields_of(destination: str, action: str) -> dict[str, Field]:
    """The fields of an action by path."""
    return fields_by_path(DESTINATIONS[destination].actions[action])


def main(program: CompiledProgram) -> None:
    """`python module.py < events.jsonl`: requests as JSON lines on standard output."""
    import sys

    from .mapping.lines import run

    if len(sys.argv) > 1:
        sys.exit("this module takes no arguments: events come from standard input, `python module.py < events.jsonl`")
    sys.exit(run(program))


__all__ = [
    "CompiledFilter",
    "CompiledMapping",
    "CompiledProgram",
    "CompiledViews",
    "SourceMap",
    "an_object",
    "anything",
    "at_item",
    "copies",
    "fields_of",
    "inside",
    "main",
    "object_view",
    "or_missing",
    "put",
    "put_inside",
    "put_item",
    "refuse_required",
    "string",
    "take",
]
