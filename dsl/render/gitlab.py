"""Diagnostics as GitLab's Code Quality report, which it shows in a merge request.

Source: GitLab, "Code Quality", "Code Quality report format".
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from ..diagnostics.diagnostic import Diagnostic

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def gitlab(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """An issue for each finding. Its fingerprint stays the same while only lines above it are added or removed."""
    issues: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for diagnostic in diagnostics:
        path = PurePath(diagnostic.span.source.name).as_posix()
        facts = "\0".join((path, diagnostic.code, diagnostic.message, diagnostic.span.text))
        number = seen[facts] = seen.get(facts, 0) + 1
        issues.append(
            {
                "description": "; ".join((diagnostic.message, *(f"help: {sentence}" for sentence in diagnostic.help))),
                "check_name": diagnostic.code,
                "fingerprint": sha256(f"{facts}\0{number}".encode("utf-8", "surrogatepass")).hexdigest(),
                "severity": _SEVERITIES[diagnostic.severity],
                "location": {"path": path, "lines": {"begin": diagnostic.span.line}},
            }
        )
    return issues
