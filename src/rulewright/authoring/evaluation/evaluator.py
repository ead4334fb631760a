"""Reads, checks and compiles the rules on a page, only as far as the texts and an event require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...compiler.memo import IdentityMemo
from ...explain.as_json import as_json
from ...explain.explanation import explain
from ...files.file_access import FileAccess, real_path
from ...loading.rule_files import RulesReader
from ...runtime.semantics.event import Event
from ...trace.traced_rules import FollowedRules, TracedRules
from .clause_marks import clause_marks
from .mapping_places import mapping_places


class Evaluator:
    """The rules of one file, which are compiled repeatedly while they are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = RulesReader()
        self._kept = IdentityMemo()
        self._texts: dict[str, str] | None = None
        self._followed: FollowedRules | None = None
        self._rules: TracedRules | None = None

    def rules(self, texts: Mapping[Path, str]) -> TracedRules:
        """The rules, with `texts` in place of the content of files. Raises RuleError and SettingsRefused."""
        followed = self._follow(texts)
        if self._rules is None:
            self._rules = followed.compiled()
        return self._rules

    def rules_for(self, texts: Mapping[Path, str], event: Event) -> TracedRules:
        """The rules for one event: only the mappings that take it are compiled, which saves most of the work.

        Raises RuleError and SettingsRefused.
        """
        followed = self._follow(texts)
        taken = {mapping.mapping.name for mapping in followed.tracer(event).mappings if mapping.matched}
        enabled = [mapping for mapping in followed.program.mappings if mapping.enabled]
        mappings = tuple(mapping for mapping in enabled if mapping.name in taken) or tuple(enabled[:1])
        return followed.compiled(replace(followed.program, mappings=mappings))

    def _follow(self, texts: Mapping[Path, str]) -> FollowedRules:
        given = {real_path(path): text for path, text in texts.items()}
        if self._followed is None or given != self._texts:
            contents = {name: text.encode("utf-8", "replace") for name, text in given.items()}
            self._followed = self._rules = None
            self._kept.next_round()
            files = self._reader.read(self.path, FileAccess(self.path.parent, contents))
            self._followed = FollowedRules.of(files, self._kept)
            self._texts = given
        return self._followed


def evaluation(rules: TracedRules, event: Event) -> dict[str, Any]:
    """What the rules do with an event and why, with the state of each clause, as plain data."""
    return {
        **as_json(explain(rules, event)),
        "clauses": [mark.data() for mark in clause_marks(rules, rules.tracer(event))],
        "places": mapping_places(rules),
    }
