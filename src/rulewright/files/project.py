"""The project of a command: the content of its `rulewright.toml` for the parts that need it.

Only the command line looks for the file. A program that uses Rulewright as a library gets what it asks for and no more.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from ..dsl.diagnostics.diagnostic import Diagnostic, Severity

FILE = "rulewright.toml"
SeverityLevel: TypeAlias = "Severity | Literal['off']"


@dataclass(frozen=True, slots=True)
class Project:
    """The content of a project file; empty without one. Paths are relative to the current folder."""

    file: Path | None = None
    text: str = ""
    rules: tuple[str, ...] = ()
    """The entry files: what `check`, `fmt` and `test` take when they are given no files."""
    events: str | None = None
    plan: Path | None = None
    """The tracking plan of rules that name none."""
    fail_on: str | None = None
    fail_under: float | None = None
    severities: Mapping[str, SeverityLevel] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the destination, which override those of the rule files."""

    def leveled(self, findings: list[Diagnostic]) -> tuple[list[Diagnostic], int]:
        """The findings with the project's severities, and the number of those that it turns off."""
        if not self.severities:
            return findings, 0
        kept = []
        for finding in findings:
            level = self.severities.get(finding.code)
            if level is None:
                kept.append(finding)
            elif level != "off":
                kept.append(replace(finding, level=level))
        return kept, len(findings) - len(kept)


project: ContextVar[Project] = ContextVar("project", default=Project())  # noqa: B039


def with_project(settings: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The given settings, and the settings of the project for keys that are not given."""
    own = project.get().settings
    return {**own, **(settings or {})} if own else settings


def find_project(folder: Path) -> Path | None:
    """The nearest `rulewright.toml` in the folder or above it, up to the root of a Git repository.

    Its path is relative to the current folder.
    """
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return Path(os.path.relpath(place / FILE))
        if (place / ".git").exists():
            return None
    return None
