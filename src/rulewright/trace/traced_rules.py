"""Rules in two forms: compiled, to run them, and traced, to explain what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..compiler import ir
from ..compiler.analysis.lineage import DerivedFlow, lineage
from ..compiler.memo import IdentityMemo
from ..compiler.plan.route_totals import route_totals
from ..dsl.rule_error import raise_errors
from ..dsl.source import Source, Span
from ..files.project import with_project
from ..loading.pipeline import SettingsRefused, check_files, mapper_of
from ..loading.rule_files import RuleFiles
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper
from .influence import Influence
from .traced_event import TracedMapping
from .tracer import Tracer

HIDDEN = "HIDDEN"
"""Replaces every key and secret, because nothing is sent from here."""


@dataclass(eq=False)
class TracedRules:
    """The rules of a file and of what it includes."""

    files: RuleFiles
    program: ir.Program
    mapper: Mapper
    tracer: Tracer

    @classmethod
    def of(cls, files: RuleFiles) -> TracedRules:
        """Compiles the rules. Raises RuleError, and SettingsRefused for settings that cannot be taken."""
        return FollowedRules.of(files).compiled()

    @cached_property
    def sources(self) -> set[Source]:
        """The sources that the author wrote, without the defaults of the destination."""
        return {source for source, _ in self.files.files}

    @cached_property
    def flows(self) -> list[DerivedFlow]:
        """The flows from paths of an event to fields."""
        return lineage(route_totals(self.program))

    def is_own(self, span: Span) -> bool:
        """Whether the author wrote the text of a span."""
        return span.source in self.sources

    def influence(self, traced: TracedMapping) -> Influence:
        """The influence of values of the rules on the requests of a mapping."""
        return Influence(self.tracer.build(traced.mapping, is_further=traced.is_further), traced, HIDDEN)


@dataclass(frozen=True, slots=True)
class FollowedRules:
    """Checked rules that can be followed, and compiled as far as is needed."""

    files: RuleFiles
    program: ir.Program
    tracer: Tracer
    settings: Mapping[str, Any] | None

    @classmethod
    def of(cls, files: RuleFiles, memo: IdentityMemo | None = None) -> FollowedRules:
        """Checks the rules. Raises RuleError, and SettingsRefused for settings that cannot be taken.

        With `memo`, what was found before of the same items is taken from there.
        """
        checked, findings = check_files(files, memo)
        raise_errors(findings)
        assert checked.destination is not None
        settings = with_project(dict.fromkeys(DESTINATIONS[checked.destination.name].secrets, HIDDEN))
        try:
            return cls(files, checked, Tracer(checked, settings=settings), settings)
        except ValueError as error:
            raise SettingsRefused(str(error)) from None

    def compiled(self, part: ir.Program | None = None) -> TracedRules:
        """The rules with their mapper, or with that of a part of them."""
        mapper = mapper_of(self.files, part or self.program, settings=self.settings)
        return TracedRules(self.files, self.program, mapper, self.tracer)


def place(span: Span) -> str:
    """The file name and line of a span: `shop.rules:31`."""
    return f"{Path(span.source.name).name}:{span.line}"


def words(span: Span) -> str:
    """The author's text on one line."""
    return " ".join(span.text.split())
