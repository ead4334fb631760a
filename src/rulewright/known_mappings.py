"""What is known of the mappings of large rules by their text: after an edit, the others need not be read again."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from .cache import Head, Known
from .catalog import catalog
from .compiler.ir import Condition, Program
from .compiler.ir import Mapping as CheckedMapping
from .compiler.optimize.rewrite import simplified
from .compiler.resolve.program import check_items
from .dsl import ast
from .dsl.source import NOWHERE, Source, Span
from .dsl.syntax.splitter import Splitter
from .rule_files import ReadBy, RuleFiles
from .runtime.action import ConflictPolicy
from .single_mappings import MOST_TOGETHER, head_of

_Places: TypeAlias = dict[tuple[Source, int], Span]
"""The whole text of each item, by where it begins."""
_LEVEL = 5
"""The protocol of pickle."""


@dataclass(frozen=True, slots=True)
class KnownProgram:
    """A checked program without what its mappings do."""

    program: Program
    """With the enabled mappings alone, which have a simplified trigger and no field."""
    mappings: list[tuple[Head, Known]]
    """All of them."""


def known_of(files: RuleFiles, program: Program) -> KnownProgram:
    """What is known of a checked program, all of which was read."""
    places = {(source, span.start): span for source, _ in files.files for span in Splitter().cut(source)[0]}
    return _known(files, program, places, {})


def read_known(read_by: ReadBy, destination: str, before: Mapping[str, Known]) -> tuple[RuleFiles, KnownProgram] | None:
    """Rules as they are now; mappings that were known before are not read.

    None where something may be wrong with them, which reading all of them says, and where they are not many.
    """
    places: _Places = {}

    def is_known(span: Span) -> bool:
        places[span.source, span.start] = span
        return _head(_NO_NAME, destination, 0, span).key in before

    files = read_by(is_known)
    program, found = check_items(files.items, catalog())
    if any(one.severity == "error" for one in (*files.diagnostics, *found)):
        return None
    if program.destination is None or program.destination.name != destination:
        return None
    known = _known(files, program, places, before)
    names = {mapping.name for _, mapping in known.mappings}
    stages = Counter(one.action.name for one in known.program.mappings if one.action.sends == "nothing")
    is_whole = len(names) == len(known.mappings) and not any(count > 1 for count in stages.values())
    return (files, known) if is_whole and len(known.program.mappings) > MOST_TOGETHER else None


def _known(files: RuleFiles, program: Program, places: _Places, before: Mapping[str, Known]) -> KnownProgram:
    assert program.destination is not None
    numbers = {source: number for number, (source, _) in enumerate(files.files)}
    read = {mapping.name: mapping for mapping in program.mappings}
    mappings: list[tuple[Head, Known]] = []
    enabled: list[CheckedMapping] = []
    for item in files.items:
        if not isinstance(item, ast.Mapping | ast.Unread):
            continue
        span = places[item.span.source, item.span.start]
        number = numbers[span.source]
        if isinstance(item, ast.Unread):
            known = before[_head(_NO_NAME, program.destination.name, number, span).key]
            trigger = _unpacked(known.trigger, span)
        else:
            trigger = simplified(read[item.name].trigger)
            known = _known_mapping(read[item.name], trigger, span)
        mappings.append((_head(known, program.destination.name, number, span), known))
        if known.enabled:
            action = program.destination.actions[known.action]
            enabled.append(CheckedMapping(known.name, action, trigger, (), known.conflict, False, True, span=span))
    return KnownProgram(replace(program, mappings=tuple(enabled)), mappings)


def _known_mapping(mapping: CheckedMapping, trigger: Condition, span: Span) -> Known:
    policy = cast("ConflictPolicy", mapping.conflict)
    return Known(mapping.name, mapping.action.name, policy, mapping.enabled, _packed(trigger, span))


_NO_NAME = Known("", "", "reject", False, b"")


def _head(known: Known, destination: str, number: int, span: Span) -> Head:
    return head_of(known.name, known.action, known.conflict, destination, number, span)


class _Pickler(pickle.Pickler):
    """Writes places as distances from the beginning of an item, so that they hold wherever its text stands."""

    def __init__(self, file: io.BytesIO, item: Span) -> None:
        super().__init__(file, _LEVEL)
        self._item = item

    def persistent_id(self, node: Any) -> tuple[int, int] | None:
        """None for all but spans."""
        if not isinstance(node, Span):
            return None
        if node.source is not self._item.source:
            return 0, 0
        return node.start - self._item.start, node.end - self._item.start


class _Unpickler(pickle.Unpickler):
    """Reads what `_Pickler` wrote."""

    def __init__(self, file: io.BytesIO, item: Span) -> None:
        super().__init__(file)
        self._item = item

    def persistent_load(self, distances: tuple[int, int]) -> Span:
        """The place in the item as it stands now."""
        return NOWHERE if distances == (0, 0) else self._item.within(*distances)


def _packed(trigger: Condition, item: Span) -> bytes:
    file = io.BytesIO()
    _Pickler(file, item).dump(trigger)
    return file.getvalue()


def _unpacked(packed: bytes, item: Span) -> Condition:
    found: Condition = _Unpickler(io.BytesIO(packed), item).load()
    return found
