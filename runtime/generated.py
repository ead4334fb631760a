"""What a generated module imports: the fields of actions, the classes of a compiled program, and `main`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .destinations import DESTINATIONS
from .fields.field import Field
from .fields.put import at_item, fields_by_path, put, put_inside, refuse_required, take
from .mapping.compiled import CompiledFilter, CompiledMapping, CompiledProgram, CompiledViews
from .mapping.copy_table import CopyTable
from .mapping.source_map import SourceMap
from .mapping.view import an_object, anything, inside, object_view, or_missing, string

if TYPE_CHECKING:
    from .mapper import Mapper


def fields_of(destination: str, action: str) -> dict[str, Field]:
    """The fields of an action by path, as `fields_by_path` gives them. Raises KeyError for an unknown name."""
    return fields_by_path(DESTINATIONS[destination].actions[action].fields)


def mapper_of(program: CompiledProgram) -> Callable[..., Mapper]:
    """What a compiled module has as `mapper`: a function that makes a mapper of its rules."""

    def mapper(settings: Mapping[str, Any] | None = None, checks: bool = True) -> Mapper:
        """A mapper of these rules, as `rulewright.load` makes one of rule files.

        `settings` are the destination's own, by Segment's keys; what is not given comes from the rules and then from
        the environment. `checks=False` leaves out the destination's limits. Raises ValueError for settings that the
        destination does not take, and TypeError for arguments of another type.
        """
        from .mapper import Mapper

        return Mapper(program, settings=settings, checks=checks)

    return mapper


def main(program: CompiledProgram) -> None:
    """Runs a compiled module as a command: `python module.py [--sessions FILE] < events.jsonl`.

    Requests are written to standard output as JSON lines. Ends the process with the exit code of `lines.run`, or with 1
    for unknown arguments, and for `--sessions` where the destination or the rules have no sessions.
    """
    import sys

    from .mapper import Mapper
    from .mapping.lines import run

    mapper = Mapper(program)
    match sys.argv[1:]:
        case []:
            sys.exit(run(mapper))
        case ["--sessions", file]:
            sessions = DESTINATIONS[program.destination].sessions
            if sessions is None:
                sys.exit(f"{program.destination} has no sessions")
            try:
                staged = sessions().staged(mapper, file)
            except ValueError as error:
                sys.exit(str(error))
            sys.exit(run(staged))
        case _:
            sys.exit("events come from standard input: `python module.py [--sessions FILE] < events.jsonl`")


__all__ = [
    "CompiledFilter",
    "CompiledMapping",
    "CompiledProgram",
    "CompiledViews",
    "CopyTable",
    "SourceMap",
    "an_object",
    "anything",
    "at_item",
    "fields_of",
    "inside",
    "main",
    "mapper_of",
    "object_view",
    "or_missing",
    "put",
    "put_inside",
    "refuse_required",
    "string",
    "take",
]
