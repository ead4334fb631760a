"""The place of each mapping in the text, and of its `use defaults`."""

from __future__ import annotations

from typing import Any

from ...dsl import ast
from ...trace.traced_rules import TracedRules


def mapping_places(rules: TracedRules) -> list[dict[str, Any]]:
    """For each mapping: name, file, first and last line, and the line of `use defaults` or None."""
    return [_place(item) for item in rules.files.items if isinstance(item, ast.Mapping)]


def _place(item: ast.Mapping) -> dict[str, Any]:
    source = item.span.source
    defaults = next((statement.span.line for statement in item.body if isinstance(statement, ast.UseDefaults)), None)
    return {
        "mapping": item.name,
        "action": item.action,
        "file": source.name,
        "line": item.span.line,
        "end_line": source.position(item.span.end)[0],
        "defaults_line": defaults,
    }
