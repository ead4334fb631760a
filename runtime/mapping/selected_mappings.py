"""A mapper that uses only some of its mappings."""

from __future__ import annotations

from ..outcome import Outcome
from .lines import MapsLines


def selected(mapper: MapsLines, names: frozenset[str]) -> MapsLines:
    """The mapper with outcomes of these mappings only; without names, the mapper itself."""
    return _Selected(mapper, names) if names else mapper


class _Selected:
    def __init__(self, mapper: MapsLines, names: frozenset[str]) -> None:
        self._mapper = mapper
        self._names = names

    def map_bytes(self, line: bytes) -> Outcome:
        outcome = self._mapper.map_bytes(line)
        outcome.requests = [request for request in outcome.requests if request.mapping in self._names]
        outcome.failures = [failure for failure in outcome.failures if failure.mapping in self._names]
        outcome.matched = [name for name in outcome.matched if name in self._names]
        outcome.warnings = [repair for repair in outcome.warnings if repair.mapping in self._names]
        return outcome
