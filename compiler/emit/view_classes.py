"""The view classes of a module, for the objects of an event that the rules read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...dsl.ast import Step
from ..plan.view import ViewField, ViewPlan
from .python_code import Names, Python, code, literal

_KEYS = {"string": Python("string"), "object": Python("an_object"), None: Python("anything")}


@dataclass(frozen=True, slots=True)
class ViewClass:
    """A view with the names that the module has for it."""

    view: ViewPlan
    name: Python
    nothing: Python
    """An instance for where the object is missing."""
    attributes: dict[Step, Python]
    inner: dict[Step, ViewClass]
    """The classes of the objects that are read into."""

    @property
    def inner_first(self) -> Iterator[ViewClass]:
        """All classes that this one is made of, and itself, each after those that it needs."""
        for inner in self.inner.values():
            yield from inner.inner_first
        yield self

    @property
    def fields(self) -> Iterator[tuple[Python, Python]]:
        """The attributes, each with the key that it is read from."""
        for step, field in self.view.fields.items():
            yield self.attributes[step], self._key(step, field)

    def _key(self, step: Step, field: ViewField) -> Python:
        name = literal(str(step))
        if step in self.inner:
            return code("inside({}, {})", name, self.inner[step].name)
        key = code("{}({})", _KEYS[field.leaf], name)
        return code("or_missing({})", key) if field.or_missing else key


def name_view(view: ViewPlan, names: Names) -> ViewClass:
    """Names the classes of a view, the outermost first."""
    name = names.fresh("_".join(map(str, view.path)) or "event").upper()
    attributes = Names(attributes=True)
    named: dict[Step, Python] = {}
    inner: dict[Step, ViewClass] = {}
    for step, field in view.fields.items():
        if field.inside is not None:
            inner[step] = name_view(field.inside, names)
        named[step] = attributes.fresh(str(step))
    return ViewClass(view, Python(name), Python(f"NO_{name}"), named, inner)
