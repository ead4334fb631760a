"""Fields of a mapping to Python: what an action can take at once is put in its place, all else goes through `put`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from . import program
from .catalog import FieldFacts
from .python_code import Python, code, literal
from .types import kinds
from .values_to_python import ValueWriter

_CLASSES = {
    "string": "str",
    "boolean": "bool",
    "object": "dict",
    "integer": "int",
}
"""Python's class of a value that the field takes as it is."""


Level: TypeAlias = Literal["top", "inside", "item"]
"""Where a field stands: at the top, in an object, or in an item of a list. Empty text is no value at the top, null is
none at the top and in an object, and in an item everything counts but what is missing."""

_PUT: dict[Level, Python] = {"top": Python("put"), "inside": Python("put_inside"), "item": Python("put_item")}


class FieldWriter:
    """Writes the fields of one mapping."""

    def __init__(self, values: ValueWriter, table: Python) -> None:
        self.values = values
        self.body = values.body
        self.table = table
        """The name under which the generated module knows the action's fields."""

    def field(
        self, facts: FieldFacts, value: program.Value, target: Python, path: str = "", level: Level = "top"
    ) -> None:
        """Writes what computes a field and puts it into the dict named `target`."""
        path = f"{path}.{facts.name}" if path else facts.name
        if isinstance(value, program.MakeObject) and facts.type == "object" and facts.fields and not facts.multiple:
            held = self.values.names.fresh(facts.name)
            self.body.add("{} = {}[{}] = {{}}", held, target, literal(facts.name), Python(""))
            self._entries(facts, value, held, path, "item" if level == "item" else "inside")
        elif isinstance(value, program.Each) and isinstance(value.item, program.MakeObject) and facts.multiple:
            self._list(facts, value, value.item, target, path)
        elif isinstance(value, program.Constant) and self._fits(facts, value):
            if value.value != "" or level != "top":
                self.body.add("{}[{}] = {}", target, literal(facts.name), literal(value.value))
        else:
            self._single(facts, value, target, path, level)

    @staticmethod
    def _fits(facts: FieldFacts, value: program.Constant) -> bool:
        """Whether a constant is of the field's own class already."""
        if facts.multiple or facts.choices:
            return False
        return value.value.__class__.__name__ == _CLASSES.get(facts.type)

    def _single(self, facts: FieldFacts, value: program.Value, target: Python, path: str, level: Level) -> None:
        held = self.values.names.fresh(facts.name)
        nulls = not facts.nullable and level != "item"
        self.values.assign(held, value, nulls=nulls)
        put = code("{}({}, {}[{}], {})", _PUT[level], target, self.table, literal(path), held)
        present = self._present(value, held, nulls=nulls)
        own_class = None if facts.multiple or facts.choices or facts.fields else _CLASSES.get(facts.type)
        if own_class is None:
            if present is None:
                self.body.add("{}", put)
            else:
                with self.body.block("if {}:", present):
                    self.body.add("{}", put)
            return
        full = code("{} and ", held) if facts.type == "string" and level == "top" else Python("")
        with self.body.block("if {}{}.__class__ is {}:", full, held, Python(own_class)):
            self.body.add("{}[{}] = {}", target, literal(facts.name), held)
        # What is not of the field's own class: `put` makes it so, or refuses.
        with self.body.block("else:") if present is None else self.body.block("elif {}:", present):
            self.body.add("{}", put)

    @staticmethod
    def _present(value: program.Value, held: Python, *, nulls: bool) -> Python | None:
        """A test that there is a value at all; None where there always is one."""
        absent = kinds(value) & {"missing", "null"}
        if not nulls:
            return code("{} is not MISSING", held) if "missing" in absent else None
        if not absent:
            return None
        if isinstance(value, program.Read) or absent == {"null"}:
            return code("{} is not None", held)
        return code("{} is not None and {} is not MISSING", held, held)

    def _entries(self, facts: FieldFacts, value: program.MakeObject, held: Python, path: str, level: Level) -> None:
        inner = {field.name: field for field in facts.fields}
        for key, entry in value.entries:
            if key in inner:
                self.field(inner[key], entry, held, path, level)
            elif facts.open:
                part = self.values.value(entry)
                if "missing" in kinds(entry):
                    name = self.values.names.fresh(key)
                    with self.body.block("if ({} := {}) is not MISSING:", name, part):
                        self.body.add("{}[{}] = {}", held, literal(key), name)
                else:
                    self.body.add("{}[{}] = {}", held, literal(key), part)

    def _list(
        self, facts: FieldFacts, each: program.Each, shape: program.MakeObject, target: Python, path: str
    ) -> None:
        """One object for each item, built in place; over anything but a list or an object, the value itself."""
        names = self.values.names
        held = names.fresh(facts.name)
        self.values.assign(held, each.iterable, nulls=True)
        with self.body.block("if {}.__class__ is list or {}.__class__ is dict:", held, held):
            items, item, line = names.fresh(facts.name), names.fresh("item"), names.fresh("line")
            self.body.add("{} = {}[{}] = []", items, target, literal(facts.name))
            with self.body.block("for {} in {} if {}.__class__ is list else [{}]:", item, held, held, held):
                self.values.enter_item(each, item)
                if each.condition is not None:
                    with self.body.block("if not ({}):", self.values.condition(each.condition)):
                        self.body.add("continue")
                self.body.add("{} = {{}}", line, Python(""))
                self._entries(facts, shape, line, path, "item")
                self.body.add("{}.append({})", items, line)
        with self.body.block("elif {} is not None and {} is not MISSING:", held, held):
            self.body.add("put({}, {}[{}], {})", target, self.table, literal(path), held)
