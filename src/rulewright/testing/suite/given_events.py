"""The events of tests: written out, read from a file, or a given one with changes."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic
from ...dsl.syntax.paths import steps
from ...files.file_access import FileAccess, FileRefused
from ...runtime.inputs.event_source import nth_event
from ...runtime.inputs.locations import Location
from ...runtime.inputs.problem import InputRefused
from ...runtime.mapping.event_text import read_event
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING


class GivenEvents:
    """Reads events, and collects what is wrong with them."""

    def __init__(self, diagnostics: list[Diagnostic], access: FileAccess) -> None:
        self.diagnostics = diagnostics
        self._access = access

    def event(self, given: ast.Given) -> Event | None:
        """The given event of a test; None if there is none, which is reported."""
        if given.event is not None:
            value = self.data(given.event)
            return value if isinstance(value, dict) else None
        assert given.file is not None
        path = Path(given.span.source.name).parent / given.file
        text = self._text(path, given)
        if text is None:
            return None
        place = f"line {given.line} of `{given.file}`" if given.line is not None else f"`{given.file}`"
        try:
            return read_event(text)
        except ValueError as error:
            self._report("RW0702", f"{place} is not an event: {error}", given)
            return None

    def _text(self, path: Path, given: ast.Given) -> bytes | None:
        """The JSON text of the event that is named."""
        assert given.file is not None
        try:
            content = self._access.read(path)
        except FileRefused as refused:
            code = "RW0702" if refused.code == "RW0001" else refused.code
            self._report(code, f"`{given.file}` cannot be read: {refused.reason}", given, refused.help)
            return None
        try:
            return nth_event(given.file, [Location(given.file, lambda: BytesIO(content))], given.line, "`line`")
        except InputRefused as refused:
            self._report("RW0702", refused.cause, given, refused.help)
            return None

    def changed(self, event: Event, changes: ast.Object) -> Event:
        """A copy of the event with the values of the changes at their paths; `omit` removes a value."""
        event = deepcopy(event)
        for entry in changes.entries:
            path = steps(f".{entry.key}") or (entry.key,)
            value = MISSING if isinstance(entry.value, ast.Omit) else self.data(entry.value)
            _put(event, path, value)
        return event

    def data(self, node: ast.Expression) -> Any:
        """The value of JSON that is written out; a part that is any other expression is reported, and is null."""
        match node:
            case ast.Literal(value):
                return value
            case ast.Object(entries):
                return {entry.key: self.data(entry.value) for entry in entries}
            case ast.List(items):
                return [self.data(item) for item in items]
            case _:
                self._report("RW0701", "expected a JSON value, found an expression", node, "write out the value")
                return None

    def _report(self, code: str, message: str, node: ast.Node, help_: str = "") -> None:
        self.diagnostics.append(Diagnostic(code, message, node.span, help=(help_,) if help_ else ()))


def _put(target: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Sets or removes the value at the end of a path; missing objects and lists on the path are created."""
    *parents, last = path
    for step, following in zip(parents, path[1:], strict=True):
        inside = _get(target, step)
        if not isinstance(inside, dict | list):
            if value is MISSING:
                return
            inside = [] if isinstance(following, int) else {}
            _set(target, step, inside)
        target = inside
    if value is not MISSING:
        _set(target, last, value)
    elif isinstance(target, dict):
        target.pop(last, None)
    elif isinstance(last, int) and last < len(target):
        del target[last]


def _get(target: Any, step: str | int) -> Any:
    if isinstance(target, list):
        return target[step] if isinstance(step, int) and step < len(target) else None
    return target.get(step)


def _set(target: Any, step: str | int, value: Any) -> None:
    """A place behind the end of a list is the next one."""
    if isinstance(target, dict) or (isinstance(step, int) and step < len(target)):
        target[step] = value
    else:
        target.append(value)
