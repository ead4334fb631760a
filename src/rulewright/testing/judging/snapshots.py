"""Snapshots: the accepted results of the events of tests, kept beside the rule file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...dsl.diagnostics.diagnostic import Diagnostic
from ...dsl.rule_error import RuleError
from ...dsl.source import Source, Span
from ...files.file_access import FileAccess, FileRefused, text_of
from ...files.file_replacement import write_text
from ...files.json_text import JsonProblem, decode
from ...runtime.outcome import Outcome
from ...trace.request_views import unfolded


def snapshot(outcome: Outcome, hidden: str) -> dict[str, Any]:
    """An outcome as plain data, without keys of the destination."""
    repairs = [
        {"mapping": repair.mapping, "field": repair.field, "code": repair.code, "message": repair.message}
        for repair in outcome.warnings
    ]
    return {
        "requests": [{"mapping": request.mapping, **unfolded(request, hidden)} for request in outcome.requests],
        "failures": [
            {"mapping": failure.mapping, "field": failure.field, "code": failure.code, "message": failure.message}
            for failure in outcome.failures
        ],
        "dropped": outcome.dropped,
        **({"warnings": repairs} if repairs else {}),
        **({} if outcome.opted_out is None else {"opted_out": outcome.opted_out}),
    }


def snapshots_beside(rules: Path) -> Path:
    """The path of the snapshots of a rule file."""
    return rules.with_name(rules.name.removesuffix(".rules") + ".snapshots.json")


class Snapshots:
    """The snapshots of one rule file, by the names of their tests."""

    def __init__(self, rules: Path, access: FileAccess | None = None) -> None:
        """Raises RuleError when the file is there and cannot be read."""
        self._access = access or FileAccess(rules.parent)
        self.path = snapshots_beside(rules)
        self.text = ""
        """The text of the file; empty where there is none."""
        self._kept: dict[str, Any] = self._read()
        self._new: dict[str, Any] = {}

    def _read(self) -> dict[str, Any]:
        try:
            if not self._access.has(self.path):
                return {}
            content = self._access.read(self.path)
            kept = decode(content)
        except FileRefused as refused:
            raise RuleError([self._unreadable(refused.reason)]) from None
        except JsonProblem as error:
            raise RuleError([self._unreadable(str(error))]) from None
        if not isinstance(kept, dict):
            raise RuleError([self._unreadable("it is not an object")])
        self.text = text_of(content)
        return kept

    def _unreadable(self, reason: str) -> Diagnostic:
        span = Span(Source(str(self.path), ""), 0, 0)
        message = f"`{self.path.name}` cannot be read: {reason.lower()}"
        return Diagnostic(
            "RW0706", message, span, help=("delete it, and run `rulewright test --update` to write it again",)
        )

    def kept(self, name: str) -> Any:
        """The snapshot of a test; None if there is none."""
        return self._kept.get(name)

    def take(self, name: str, current: dict[str, Any]) -> None:
        """Notes the current result of a test."""
        self._new[name] = current

    def save(self, keep: set[str]) -> int:
        """Writes the noted results, and returns the number of snapshots that changed.

        Of earlier snapshots, those of the tests to `keep`, which did not run, stay; all others are removed.
        """
        whole = {**{name: value for name, value in self._kept.items() if name in keep}, **self._new}
        changed = {name for name in {*self._kept, *whole} if self._kept.get(name) != whole.get(name)}
        if changed:
            write_text(self.path, _text(whole))
            self._kept = whole
        return len(changed)

    def text_with(self, name: str, current: dict[str, Any]) -> str:
        """The text of the file with a new snapshot of one test."""
        return _text({**self._kept, name: current})


def _text(snapshots: dict[str, Any]) -> str:
    return json.dumps(snapshots, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
