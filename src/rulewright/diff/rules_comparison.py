"""Compares two rule files, with or without recorded events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..compiler.ir import Program
from ..loading.pipeline import compile_files, mapper_of
from ..loading.rule_files import RuleFiles
from ..runtime.destination import PLACEHOLDER
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper
from .edits import Edit, edits_between, renames
from .request_changes import RequestChanges, request_changes


@dataclass(frozen=True, slots=True)
class RulesComparison:
    """The edits between two versions of rules, and the changes for recorded events, if there are any."""

    edits: list[Edit]
    recorded: RequestChanges | None = None

    @property
    def different(self) -> bool:
        """Whether anything changes."""
        return bool(self.edits) or (self.recorded is not None and bool(self.recorded.groups))

    def mappings(self) -> list[str | None]:
        """The mappings with edits or changes, in the order of edits; None, the rules as a whole, is first."""
        recorded = () if self.recorded is None else (group.mapping for group in self.recorded.groups.values())
        return list(dict.fromkeys([*(edit.mapping for edit in self.edits), *recorded]))


def compare(old: RuleFiles, new: RuleFiles, lines: Iterable[bytes] | None = None) -> RulesComparison:
    """Compares two versions of rules; `lines` are recorded events as JSON texts, which are read once, one by one.

    Raises RuleError with all errors of a version, the old one first, and ValueError for settings that the destination
    does not take.
    """
    before, after = compile_files(old), compile_files(new)
    renamed = renames(before, after)
    edits = edits_between(before, after, renamed)
    if lines is None:
        return RulesComparison(edits)
    return RulesComparison(edits, request_changes(_mapper(old, before), _mapper(new, after), renamed, lines))


def _mapper(files: RuleFiles, program: Program) -> Mapper:
    """The mapper of a version. Nothing is sent, so no key is needed, and none is shown."""
    assert program.destination is not None
    secrets = DESTINATIONS[program.destination.name].secrets
    return mapper_of(files, program, settings=dict.fromkeys(secrets, PLACEHOLDER))
