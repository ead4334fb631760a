"""Finds the key for a name as Segment's interface shows it, such as "Log Event V2" or "Event Type"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..compiler.catalog import Catalog
from ..dsl.diagnostics.diagnostic import Diagnostic, Fix

_TEXT = r"\"[^\"\n]+\"|'[^'\n]+'"
_ACTION = re.compile(rf"^\s*(?:disabled\s+)?mapping\b.*?->\s*(?P<label>{_TEXT}|[A-Z][\w ]*[\w])\s*\{{")
_DESTINATION = re.compile(rf"^\s*destination\s+(?P<label>{_TEXT}|[A-Z][\w ()]*[\w)])\s*(?:#.*)?$")
_FIELD = re.compile(rf"^\s*(?P<label>{_TEXT}|[A-Z][\w ()/-]*?)\s*=(?!=)")
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]")


def with_keys(diagnostics: Iterable[Diagnostic], catalog: Catalog) -> list[Diagnostic]:
    """The diagnostics, in which a syntax error about a label of Segment names the key for it."""
    return [_with_key(diagnostic, catalog) if diagnostic.code == "RW0101" else diagnostic for diagnostic in diagnostics]


def _with_key(diagnostic: Diagnostic, catalog: Catalog) -> Diagnostic:
    source = diagnostic.span.source
    line = source.line(diagnostic.span.line)
    start = source.line_starts[diagnostic.span.line - 1]
    for pattern, key_of in ((_ACTION, _action), (_DESTINATION, _destination), (_FIELD, _field)):
        match = pattern.match(line)
        if match is None or not start + match.start("label") <= diagnostic.span.start < start + match.end("label"):
            continue
        label = match["label"].strip("\"'")
        key = key_of(label, catalog)
        if key is not None and key != label:  # a key in quotes is not a label
            offset = start - diagnostic.span.start
            span = diagnostic.span.within(offset + match.start("label"), offset + match.end("label"))
            message = f"`{label}` is a label, and rules use the key"
            return replace(
                diagnostic, message=message, span=span, help=(f"write `{key}`",), fix=Fix(span, key, f"write `{key}`")
            )
    return diagnostic


def _action(label: str, catalog: Catalog) -> str | None:
    actions = (action for destination in catalog.destinations.values() for action in destination.actions.values())
    return _only(action.name for action in actions if _bare(label) in (_bare(action.title), _bare(action.name)))


def _destination(label: str, catalog: Catalog) -> str | None:
    bare = _bare(label).replace("actions", "").replace("classic", "")
    return _only(
        destination.name
        for destination in catalog.destinations.values()
        if bare in (_bare(destination.title), _bare(destination.name))
    )


def _field(label: str, catalog: Catalog) -> str | None:
    actions = (action for destination in catalog.destinations.values() for action in destination.actions.values())
    fields = (field for action in actions for field in action.fields)
    return _only(field.name for field in fields if _bare(label) in (_bare(field.label), _bare(field.name)))


def _only(keys: Iterable[str]) -> str | None:
    """The key, where there is one alone."""
    values = set(keys)
    return values.pop() if len(values) == 1 else None


def _bare(name: str) -> str:
    return _NOT_IN_KEYS.sub("", name.lower())
