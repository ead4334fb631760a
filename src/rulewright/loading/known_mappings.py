"""The mappings of large rules, known by their text: after an edit, unchanged mappings are not read again."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias, cast

from ..compiler.ir import Condition, Program
from ..compiler.ir import Mapping as CheckedMapping
from ..compiler.optimize.rewrite import simplified
from ..compiler.resolve.program import check_items
from ..dsl import ast
from ..dsl.source import NOWHERE, Source, Span
from ..dsl.syntax.splitter import Splitter
from ..runtime.action import ConflictPolicy
from .cache import Head, MappingSummary
from .catalog import catalog
from .rule_files import ReadBy, RuleFiles
from .single_mappings import MOST_TOGETHER, head_of

_Places: TypeAlias = dict[tuple[Source, int], tuple[Span, Head]]
"""The whole text of each item and its head, by where it begins."""
_LEVEL = 5
"""The protocol of pickle."""


class KnownMapping(NamedTuple):
    """What is known of a mapping, and its current place."""

    head: Head
    known: MappingSummary
    span: Span
    trigger: Condition | None
    """Simplified; None where the mapping was not read now."""


@dataclass(frozen=True, slots=True)
class KnownProgram:
    """A checked program without what its mappings do."""

    checked: Program
    """What was read now."""
    items: list[KnownMapping | Span]
    """All items in the order of the rules; of items other than mappings, the place."""

    @property
    def mappings(self) -> list[KnownMapping]:
        """The mappings among the items, enabled or not."""
        return [item for item in self.items if isinstance(item, KnownMapping)]

    @property
    def enabled(self) -> list[KnownMapping]:
        """The mappings that take events."""
        return [mapping for mapping in self.mappings if mapping.known.enabled]

    def program(self) -> Program:
        """The program with the enabled mappings alone, which have a trigger and no field."""
        assert self.checked.destination is not None
        actions = self.checked.destination.actions
        mappings = []
        for _, known, span, read in self.enabled:
            trigger = _unpacked(known.trigger, span) if read is None else read
            mapping = CheckedMapping(
                known.name, actions[known.action], trigger, (), known.conflict, False, True, span=span
            )
            mappings.append(mapping)
        return replace(self.checked, mappings=tuple(mappings))


def known_of(files: RuleFiles, program: Program) -> KnownProgram:
    """What is known of a checked program, all of whose text was read."""
    assert program.destination is not None
    numbers = _numbers(files)
    places: _Places = {}
    for source, _ in files.files:
        for span in Splitter().cut(source)[0]:
            head = _head(program.destination.name, span)
            places[source, span.start] = span, head._replace(file=numbers[source])
    return _known(files, program, places, {})


def read_known(
    read_by: ReadBy, destination: str, before: Mapping[str, MappingSummary]
) -> tuple[RuleFiles, KnownProgram] | None:
    """The current rules, without reading the mappings that are known from `before`.

    None if they may have errors, which reading all of them reports, if they have another destination, or if they are no
    longer large rules.
    """
    places: _Places = {}

    def is_known(span: Span) -> bool:
        head = _head(destination, span)
        places[span.source, span.start] = span, head
        return head.key in before

    files = read_by(is_known)
    program, diagnostics = check_items(files.items, catalog())
    if any(diagnostic.severity == "error" for diagnostic in (*files.diagnostics, *diagnostics)):
        return None
    if program.destination is None or program.destination.name != destination:
        return None
    numbers = _numbers(files)
    placed = {place: (span, head._replace(file=numbers[span.source])) for place, (span, head) in places.items()}
    known = _known(files, program, placed, before)
    mappings, actions = known.mappings, program.destination.actions
    names = {mapping.known.name for mapping in mappings}
    stages = Counter(
        mapping.known.action for mapping in known.enabled if actions[mapping.known.action].sends == "nothing"
    )
    is_whole = len(names) == len(mappings) and not any(count > 1 for count in stages.values())
    return (files, known) if is_whole and len(known.enabled) > MOST_TOGETHER else None


def _known(files: RuleFiles, program: Program, places: _Places, before: Mapping[str, MappingSummary]) -> KnownProgram:
    read = {mapping.name: mapping for mapping in program.mappings}
    items: list[KnownMapping | Span] = []
    for item in files.items:
        span, head = places[item.span.source, item.span.start]
        trigger = None
        if isinstance(item, ast.Unread):
            known = before[head.key]
        elif isinstance(item, ast.Mapping):
            trigger = simplified(read[item.name].trigger)
            known = _known_mapping(read[item.name], trigger, span)
        else:
            items.append(span)
            continue
        named = head._replace(name=known.name, action=known.action, conflict=known.conflict)
        items.append(KnownMapping(named, known, span, trigger))
    return KnownProgram(program, items)


def _numbers(files: RuleFiles) -> dict[Source, int]:
    """The rule files by number."""
    return {source: number for number, (source, _) in enumerate(files.files)}


def _head(destination: str, span: Span) -> Head:
    """The head of an item, by its text alone."""
    return head_of("", "", "reject", destination, 0, span)


def _known_mapping(mapping: CheckedMapping, trigger: Condition, span: Span) -> MappingSummary:
    policy = cast("ConflictPolicy", mapping.conflict)
    return MappingSummary(mapping.name, mapping.action.name, policy, mapping.enabled, _packed(trigger, span))


class _Pickler(pickle.Pickler):
    """Writes places as distances from the beginning of an item, so that they are valid wherever its text is."""

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
        """The place in the current item."""
        return NOWHERE if distances == (0, 0) else self._item.within(*distances)


def _packed(trigger: Condition, item: Span) -> bytes:
    file = io.BytesIO()
    _Pickler(file, item).dump(trigger)
    return file.getvalue()


def _unpacked(packed: bytes, item: Span) -> Condition:
    condition: Condition = _Unpickler(io.BytesIO(packed), item).load()
    return condition
