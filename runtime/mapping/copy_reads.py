"""The lines of a copying function; it reads each object of an event once, and skips missing ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

from .view import VALUE_OBJECT, Key, View, key_of

KeyPath: TypeAlias = tuple[str, ...]
TargetKeys: TypeAlias = tuple[str] | tuple[str | None, str]
"""A result, or a result and the key of it; None and a field for a value that the field only checks."""
Row: TypeAlias = tuple[Any, ...]
"""What a value may be, the places that it goes to, and the paths it is read from: the first of them at which there is
anything but null. Of "items" also the rows for each item, whose one result is "item"."""

DEEPEST = 20
"""Objects that blocks of code are nested for; Python takes 100 levels."""


class Lines:
    """Lines of code, as they are written, each with the field that it sets."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fields: list[str | None] = []
        self.field: str | None = None
        self.depth = 1

    def add(self, line: str) -> None:
        """One line."""
        self.lines.append("    " * self.depth + line)
        self.fields.append(self.field)

    @contextmanager
    def inside(self, line: str) -> Iterator[None]:
        """A line that ends in a colon; everything that is written in the `with` block is indented below it."""
        self.add(line)
        self.depth += 1
        yield
        self.depth -= 1


class _Object(NamedTuple):
    """An object that is read from."""

    name: str
    view: View | None
    is_always: bool
    """It is read where the function begins, because no block holds all that reads from it."""
    nothing: str = "NOTHING"
    """Its default if it is missing."""


class ObjectReads:
    """The objects that are read from, the event or an item first."""

    def __init__(self, lines: Lines, root: str, view: View | None, names: Iterator[int]) -> None:
        self.nothing: list[View] = []
        """The views that the code needs an empty instance of, by number."""
        self._lines = lines
        self._names = names
        self._objects: dict[KeyPath, _Object] = {(): _Object(root, view, True)}
        self._open: list[KeyPath] = []
        """The objects whose blocks the next line is in, the outermost first."""

    def enter(self, block: KeyPath) -> None:
        """Ends the blocks of other objects, and begins those of the objects that lead to this one."""
        while self._open and block[: len(self._open[-1])] != self._open[-1]:
            self._lines.depth -= 1
            path = self._open.pop()
            if not self._objects[path].is_always:
                del self._objects[path]
        for length in range(len(self._open), len(block)):
            self._begin(block[: length + 1])
            self._open.append(block[: length + 1])

    def fetch(self, path: KeyPath) -> None:
        """Reads an object, and those that lead to it, where the function begins."""
        if path in self._objects:
            return
        self.fetch(path[:-1])
        name, view = self._fresh(), self._view_at(path)
        parent = self._objects[path[:-1]]
        if view is not None:
            nothing = f"nothing{len(self.nothing)}"
            self.nothing.append(view)
            self._lines.add(f"{name} = {self.read(path, null_is_missing=True)} or {nothing}")
            self._objects[path] = _Object(name, view, True, nothing)
            return
        default = ", NOTHING" if parent.view is None else ""
        read = f"{parent.name}.get({literal(path[-1])}{default})" if default else self.read(path, null_is_missing=False)
        self._lines.add(f"{name} = {read}")
        self._make_readable(name)
        self._objects[path] = _Object(name, None, True)

    def _begin(self, path: KeyPath) -> None:
        """Begins the block that is skipped if there is no object at a path."""
        known = self._objects.get(path)
        if known is not None:
            self._lines.add(f"if {known.name} is not {known.nothing}:")
            self._lines.depth += 1
            return
        known = _Object(self._fresh(), self._view_at(path), False)
        self._lines.add(f"{known.name} = {self.read(path, null_is_missing=True)}")
        self._lines.add(f"if {known.name} is not None:")
        self._lines.depth += 1
        key = self.key(path)
        if known.view is None and (key is None or key[1].type != VALUE_OBJECT):
            self._make_readable(known.name)
        self._objects[path] = known

    def _fresh(self) -> str:
        return f"object{next(self._names)}"

    def _make_readable(self, name: str) -> None:
        self._lines.add(f"if {name}.__class__ is not dict:")
        self._lines.add(f"    {name} = readable({name})")

    def key(self, path: KeyPath) -> tuple[str, Key] | None:
        """The attribute of a view that a path is read by; None where it is read from a dict."""
        view = self._objects[path[:-1]].view
        return None if view is None else key_of(view, path[-1])

    def _view_at(self, path: KeyPath) -> View | None:
        member = self.key(path)
        return None if member is None else member[1].view

    def read(self, path: KeyPath, *, null_is_missing: bool) -> str:
        """The code that reads a path; a missing value reads as None with `null_is_missing`, else as MISSING."""
        parent, member = self._objects[path[:-1]].name, self.key(path)
        if member is None:
            return f"{parent}.get({literal(path[-1])}{'' if null_is_missing else ', MISSING'})"
        attribute, key = member
        assert attribute.isidentifier()
        is_missing = null_is_missing and key.default is not None
        return f"null_for_missing({parent}.{attribute})" if is_missing else f"{parent}.{attribute}"


def literal(value: Any) -> str:
    """The literal of a key, or of a result that is the same for every event. Raises TypeError for other values."""
    if value.__class__ is dict:
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    if value.__class__ is float and value - value != 0:
        return f"float({str(value)!r})"
    if value is not None and value.__class__ not in (str, bool, int, float):
        raise TypeError(f"expected a key or a constant, found {type(value).__name__}")
    return ascii(value)
