"""Writes the functions and the text of one module, and records the rule text behind each line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...dsl.source import NOWHERE
from .. import ir
from ..optimize.trigger_index import Sorted
from ..plan.mapping_plan import MappingPlan
from .copy_table import WrittenTable, write_table
from .fields import FieldWriter
from .python_code import Body, Line, Names, Python, code, literal, names_in
from .source_map import LineSource
from .templates import render
from .triggers import MatchWriter, Tables
from .values import ValueWriter
from .view_classes import ViewClass

_EXPRESSIONS = """
INFINITY MISSING NOTHING NUMBERS add attempt contained divide equal function greater greater_or_equal
is_blank is_nothing less less_or_equal multiply negative null_for_missing only_if read readable require_event subtract
taken_above taken_below text unequal
""".split()
_GENERATED = """
CompiledFilter CompiledMapping CompiledProgram CompiledViews CopyTable an_object anything fields_of inside main
mapper_of SourceMap at_item object_view or_missing put put_inside refuse_required string take
""".split()
_MODULES = (
    (Python("rulewright.runtime.expressions"), [Python(name) for name in _EXPRESSIONS]),
    (Python("rulewright.runtime.generated"), [Python(name) for name in _GENERATED]),
)
"""What a module may import, and from where."""

_TAKEN = [*_EXPRESSIONS, *_GENERATED, *"build event mapper matched payload source_map view views".split()]
"""Names that no part of the rules is given: those of the runtime, of parameters, and of the module's own functions."""


_READS_AT_ONCE = re.compile(r"(?:return |\w+ = )(?:\(\w+ := )?event\.get\(")
"""A line that reads the event before anything else."""
_EVENT = Python("event")
_VIEW = Python("view")


@dataclass(frozen=True, slots=True)
class WrittenModule:
    """The text of a module, and the source of each of its lines in the rules."""

    text: str
    sources: list[LineSource]
    """What its lines came from, from line 1 at index 0."""
    parts: tuple[str, ...]
    """The text in parts; each needs only the parts before it, and what views need comes last."""


class ModuleWriter:
    """Writes one module."""

    def __init__(self, functions: Iterable[str]) -> None:
        self.names = Names(_TAKEN)
        self.functions: dict[str, Python] = {}
        for name in sorted(functions):
            self.functions[name] = self.names.fresh(f"call_{name}")
        self.parts: list[list[Line]] = []
        """The lines of each function."""
        self.tables: dict[str, Python] = {}
        """The names of the rows of mappings."""

    def table(self, plan: MappingPlan, fields: Python) -> WrittenTable:
        """The rows of a mapping."""
        name = self.tables[plan.mapping.name] = self.names.fresh(f"{plan.mapping.name}_rows")
        return write_table(name, fields, plan)

    def add(self, hint: str, body: Body, parameters: Python) -> Python:
        """Adds a function to the module, and gives its name."""
        name = self.names.fresh(hint)
        head = Line(0, code("def {}({}):", name, parameters), body.lines[0].span if body.lines else None)
        self.parts.append([head, *body.lines])
        return name

    def module(
        self, sections: Sequence[tuple[str, dict[str, Any]]], title: Sequence[Python] = (), used: Iterable[str] = ()
    ) -> WrittenModule:
        """The text of the module, from templates with their values; `used` are further names to import."""
        calls = [(name, literal(of)) for of, name in self.functions.items()]
        texts = [render(template, calls=calls, **parts) for template, parts in sections]
        needed = {*names_in("".join(texts)), *used}
        imports = [(module, [name for name in names if name in needed]) for module, names in _MODULES]
        head = render("head.py.j2", title=title, imports=[(module, names) for module, names in imports if names])
        texts[0] = head + texts[0]
        text = "".join(texts)
        return WrittenModule(text, self._sources(text), tuple(texts))

    def _sources(self, text: str) -> list[LineSource]:
        sources = [LineSource(None, None)] * (text.count("\n") + 1)
        heads = {line: number for number, line in enumerate(text.split("\n")) if line.startswith("def ")}
        for lines in self.parts:
            first = heads[lines[0].text]
            for offset, line in enumerate(lines):
                sources[first + offset] = LineSource(line.span, line.field)
        return sources


class FormWriter:
    """Writes the functions of one form of a program: they take events or, with `view`, views of events."""

    def __init__(self, writer: ModuleWriter, view: ViewClass | None = None) -> None:
        self._writer = writer
        self._view = view
        self._first = len(writer.parts)
        self._root = _EVENT if view is None else _VIEW
        self.copies: list[tuple[Python, Python]] = []
        """What runs rows, each by its name, and the name of the rows."""

    def functions(self) -> list[Python]:
        """The text of each function that was written."""
        parts = self._writer.parts[self._first :]
        return [Python("\n".join([f"{'    ' * line.depth}{line.text}" for line in lines])) for lines in parts]

    def _values(self, body: Body, *, forgiving: bool = False) -> ValueWriter:
        functions = self._writer.functions
        names = Names([*_TAKEN, *functions.values()])
        return ValueWriter(body, names, functions, self._writer.add, forgiving=forgiving, view=self._view)

    def expression(self, value: ir.Value) -> Python:
        """A function from an event to a value."""
        body = Body(span=value.span)
        writer = self._values(body)
        writer.enter(ir.EVENT, self._root, [(value, False)])
        body.add("return {}", writer.value(value))
        return self._writer.add("value_of", body, self._root)

    def condition(self, name: str, condition: ir.Condition | None) -> Python:
        """A function from an event to True or False; None where there is no condition."""
        if condition is None:
            return Python("None")
        body = Body(span=condition.span)
        body.note(f"when {condition.span.text}" if condition.span is not NOWHERE else "when")
        writer = self._values(body, forgiving=True)
        writer.enter(ir.EVENT, self._root, [(condition, True)])
        body.add("return {}", writer.condition(condition))
        return self._writer.add(name, body, self._root)

    def trigger(self, condition: ir.Condition) -> Python:
        """A function like `condition` for use alone: it raises TypeError for an argument that is not an event.

        A trigger whose first line reads the event pays nothing for that.
        """
        self.condition("holds", condition)
        head, *lines = self._writer.parts.pop()
        body = Body(span=condition.span)
        first = next(line for line in lines if not line.text.startswith("#"))
        if _READS_AT_ONCE.match(first.text):
            with body.block("try:"):
                body.lines += [replace(line, depth=line.depth + 1) for line in lines]
            with body.block("except AttributeError:"):
                body.add("require_event({})", _EVENT)
                body.add("raise")
        else:
            body.add("require_event({})", _EVENT)
            body.lines += lines
        self._writer.parts.append([head, *body.lines])
        return Python("holds")

    def mapping(self, plan: MappingPlan, fields: Mapping[str, Python]) -> Python:
        """The name of a function from an event and `build` to the requests of a mapping; `None` if it makes none."""
        if plan.is_idle:
            return Python("None")
        mapping = plan.mapping
        hint = mapping.name if self._view is None else f"view_{mapping.name}"
        if plan.is_only_copied:
            return self._copy(f"map_{hint}", mapping)
        body = Body(span=mapping.span)
        values = self._values(body)
        writer = FieldWriter(values, fields[mapping.action.name])
        values.enter_tree(ir.EVENT, self._root, plan.reads)
        if plan.copies is not None:
            copied = self._copy(f"copy_{hint}", mapping)
            writer.take_results(plan.copies.results, code("{}({})", copied, self._root))
        else:
            body.add("payload = {}", Python("{}"))
        writer.write(plan.computed)
        body.span, body.field = mapping.span, None
        writer.require(plan.required_keys, plan.required_arguments)
        writer.return_requests(plan.arguments)
        return self._writer.add(f"map_{hint}", body, code("{}, build", self._root))

    def _copy(self, hint: str, mapping: ir.Mapping) -> Python:
        name = self._writer.names.fresh(hint)
        self.copies.append((name, self._writer.tables[mapping.name]))
        return name

    def match(self, triggers: Sorted) -> tuple[Python, Tables]:
        """A function from an event to the numbers of the mappings that take it, in order, and the tables it needs."""

        def values(body: Body) -> ValueWriter:
            return self._values(body, forgiving=True)

        return MatchWriter(self._writer.names, values, self._writer.add, self._root).write(triggers)
