"""Writes one module: its functions, its text, and for each of its lines the rule text that it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...dsl.source import NOWHERE
from .. import ir
from ..plan.derive_view import View
from ..plan.mapping_plan import Part
from ..plan.planner import constants_of, may_lack
from ..plan.read_ahead import read_ahead
from ..plan.split_copies import split_copies
from .copy_table import Copies, write_copies
from .fields import FieldWriter, Result, arguments_of, results_of
from .python_code import Body, Line, Names, Python, code, literal, names_in
from .source_map import LineSource
from .templates import render
from .triggers import MatchWriter, Tables
from .values import ValueWriter

_EXPRESSIONS = """
INFINITY MISSING NOTHING NUMBERS add attempt contained divide equal function greater greater_or_equal
is_blank is_nothing less less_or_equal multiply negative null_for_missing only_if read readable require_event subtract
taken_above taken_below text unequal
""".split()
_GENERATED = """
CompiledFilter CompiledMapping CompiledProgram CompiledViews an_object anything copies fields_of inside main mapper_of
SourceMap at_item object_view or_missing put put_inside put_item refuse_required string take
""".split()
_MODULES = (
    (Python("rulewright.runtime.expressions"), [Python(name) for name in _EXPRESSIONS]),
    (Python("rulewright.runtime.generated"), [Python(name) for name in _GENERATED]),
)
"""What a module may import, and from where."""

_TAKEN = [*_EXPRESSIONS, *_GENERATED, *"build event mapper matched payload view views".split()]
"""Names that no part of the rules is given: those of the runtime, and of parameters."""


_READS_AT_ONCE = re.compile(r"(?:return |\w+ = )(?:\(\w+ := )?event\.get\(")
"""A line that reads the event before anything else."""
_EVENT = Python("event")
_VIEW = Python("view")


class Writer:
    """Writes one module."""

    def __init__(self, functions: Iterable[str]) -> None:
        self.names = Names(_TAKEN)
        self.functions: dict[str, Python] = {}
        for name in sorted(functions):
            self.functions[name] = self.names.fresh(f"call_{name}")
        self.parts: list[tuple[Python, list[Line]]] = []
        self.copies: list[Copies] = []

    # --- functions -------------------------------------------------------------------------------------------------

    def values(self, body: Body, *, forgiving: bool = False, view: View | None = None) -> ValueWriter:
        names = Names([*_TAKEN, *self.functions.values()])
        return ValueWriter(body, names, self.functions, self._function, forgiving=forgiving, view=view)

    def expression(self, value: ir.Value) -> Python:
        """A function from an event to a value."""
        body = Body(span=value.span)
        writer = self.values(body)
        writer.enter(ir.EVENT, _EVENT, [(value, False)])
        body.add("return {}", writer.value(value))
        return self._function("value_of", body, _EVENT)

    def condition(self, name: str, condition: ir.Condition, view: View | None = None) -> Python:
        """A function from an event, or the view of one, to True or False."""
        body = Body(span=condition.span)
        body.note(f"when {condition.span.text}" if condition.span is not NOWHERE else "when")
        writer = self.values(body, forgiving=True, view=view)
        root = _root(view)
        writer.enter(ir.EVENT, root, [(condition, True)])
        body.add("return {}", writer.condition(condition))
        return self._function(name, body, root)

    def trigger(self, condition: ir.Condition) -> Python:
        """A function like `condition` that stands alone, and raises TypeError for what is not an event.

        A trigger whose first line reads the event pays nothing for that.
        """
        self.condition("holds", condition)
        _, (head, *lines) = self.parts.pop()
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
        self.parts.append((name := Python("holds"), [head, *body.lines]))
        return name

    def mapping(self, mapping: ir.Mapping, parts: tuple[Part, ...], table: Python, view: View | None) -> Python:
        """A function from an event, or the view of one, to the requests of a mapping."""
        hint = mapping.name if view is None else f"view_{mapping.name}"
        copying, computing = split_copies(parts)
        is_copied_whole = bool(copying) and not computing
        if is_copied_whole:  # there is one function then, and its table
            copying, computing = (), parts
        ahead: dict[int, tuple[str, ...]] = {}
        if copying:
            ahead, computing = read_ahead(computing)
        root = _root(view)
        body = Body(span=mapping.span)
        values = self.values(body, view=view)
        fields = FieldWriter(values, table, values.enter_parts(root, computing))
        if copying:
            read = [Result(path, None, number) for number, path in ahead.items()]
            copied, results = self._copies(f"copy_{hint}", mapping, copying, read, table, view)
            fields.take_results(results, code("{}({})", copied, root))
            fields.go_on(computing)
        else:
            fields.write(computing)
        body.span, body.field = mapping.span, None
        required = list(may_lack(mapping))
        for name in required:
            with body.block("if {} not in payload:", literal(name)):
                body.add("refuse_required({})", literal(name))
        constants = {name: literal(value) for name, value in constants_of(mapping) if value is not None and value != ""}
        arguments = arguments_of(parts, mapping.action.steering, constants)
        fields.return_requests(arguments, constants)
        function = self._function(f"map_{hint}", body, code("{}, build", root))
        if is_copied_whole:
            self.copies.append(write_copies(function, parts, arguments, view, constants, required))
        return function

    def _copies(
        self,
        hint: str,
        mapping: ir.Mapping,
        parts: tuple[Part, ...],
        read: Sequence[Result],
        table: Python,
        view: View | None,
    ) -> tuple[Python, list[Result]]:
        """A function that copies what only has to be copied, and reads what others need, with a table that does too."""
        body = Body(span=mapping.span)
        values = self.values(body, view=view)
        root = _root(view)
        results = [*results_of(parts), *read]
        fields = FieldWriter(values, table, values.enter_parts(root, parts, [one.path for one in read]))
        fields.write(parts)
        body.span, body.field = mapping.span, None
        fields.return_results(results)
        name = self._function(hint, body, root)
        self.copies.append(write_copies(name, parts, results, view))
        return name, results

    def match(self, mappings: Iterable[ir.Mapping], view: View | None = None) -> tuple[Python, Tables]:
        """A function from an event to the numbers of the mappings that take it, in order, and the tables it needs."""

        def values(body: Body) -> ValueWriter:
            return self.values(body, forgiving=True, view=view)

        writer = MatchWriter(self.names, values, self._function, _root(view))
        return writer.write([mapping.trigger for mapping in mappings])

    def _function(self, hint: str, body: Body, parameters: Python) -> Python:
        name = self.names.fresh(hint)
        head = Line(0, code("def {}({}):", name, parameters), body.lines[0].span if body.lines else None)
        self.parts.append((name, [head, *body.lines]))
        return name

    # --- the module ------------------------------------------------------------------------------------------------

    def module(self, template: str, title: Sequence[Python] = (), **parts: Any) -> tuple[str, list[LineSource]]:
        """The text of the module, and what each of its lines came from."""
        functions = [
            Python("\n".join([f"{'    ' * line.depth}{line.text}" for line in lines])) for _, lines in self.parts
        ]
        calls = [(name, literal(of)) for of, name in self.functions.items()]
        body = render(template, functions=functions, copies=self.copies, calls=calls, **parts)
        used = names_in(body)
        imports = [(module, [name for name in names if name in used]) for module, names in _MODULES]
        head = render("head.py.j2", title=title, imports=[(module, names) for module, names in imports if names])
        return head + body, self._sources(head + body)

    def _sources(self, text: str) -> list[LineSource]:
        sources = [LineSource(None, None)] * (text.count("\n") + 1)
        heads = {line: number for number, line in enumerate(text.split("\n")) if line.startswith("def ")}
        for _, lines in self.parts:
            first = heads[lines[0].text]
            for offset, line in enumerate(lines):
                sources[first + offset] = LineSource(line.span, line.field)
        return sources


def functions_of(part: Any) -> set[str]:
    """The functions that a part of a program calls."""
    if isinstance(part, ir.Program):
        nodes: list[Any] = [step.condition for step in part.filters]
        for mapping in part.mappings:
            nodes.append(mapping.trigger)
            nodes.extend(field.value for field in mapping.fields)
    else:
        nodes = [part]
    return {node.function for root in nodes for node in ir.walk(root) if isinstance(node, ir.Apply | ir.TextTest)}


def _root(view: View | None) -> Python:
    """The parameter of a function that gets an event, or the view of one."""
    return _EVENT if view is None else _VIEW
