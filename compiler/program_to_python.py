"""A program to one readable Python module that imports nothing but the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..dsl.ast import Step
from ..dsl.source import NOWHERE, Span
from . import program
from .fields_to_python import FieldWriter
from .match_to_python import MatchWriter, Tables
from .passes.derive_view import View, derive_view
from .passes.plan_mapping import is_constant, may_lack, plan_mapping
from .passes.rewrite import simplified, simplify
from .plan import Part
from .python_code import Body, Line, Names, Python, code, comment, join, literal
from .reads import reads_of
from .templates import render
from .values_to_python import ValueWriter, values_of

_EVENT = Python("event")

Place = tuple[str, int, int, int, str]
"""File, line, column, end column and the line's text of a place in the rules."""

_RUNTIME_NAMES = """
INFINITY MISSING NOTHING NUMBERS add attempt build contained divide equal event fields_of function greater
greater_or_equal is_nothing less less_or_equal main matched multiply negative null_for_missing
only_if payload put put_inside put_item read readable refuse_required subtract take
taken_above taken_below text unequal
""".split()


def write_program(whole: program.Program, title: str, *, table: bool) -> tuple[str, list[Span | None]]:
    """The module of a program; with `table` it holds the way back from its lines to the rules', to stand alone.

    The same program gives the same text. The spans are those of the module's lines, from line 1 at index 0.
    """
    whole = simplify(whole)
    mappings = [mapping for mapping in whole.mappings if mapping.enabled]
    writer = Writer(_functions_of(whole))
    destination = whole.destination
    assert destination is not None
    actions = sorted({mapping.action.name for mapping in mappings})
    tables = {action: writer.names.fresh(f"{action}_fields") for action in actions}
    parts = [plan_mapping(mapping) for mapping in mappings]
    view = derive_view(_reads_of(whole, parts), writer.names)
    filters = [
        {
            "kind": literal(step.kind),
            "condition": Python("None") if step.condition is None else writer.condition("filter", step.condition),
            "of_view": Python("None")
            if step.condition is None or view is None
            else writer.condition("filter_view", step.condition, view),
            "paths": literal(step.paths),
        }
        for step in whole.filters
    ]
    written = [
        {
            "name": literal(mapping.name),
            "action": literal(mapping.action.name),
            "map": Python("None")
            if mapping.action.sends == "nothing" and not planned
            else writer.mapping(mapping, planned, tables[mapping.action.name], view),
            "conflict": literal(mapping.conflict),
            "constants": [
                (literal(field.facts.name), literal(getattr(field.value, "value", None)))
                for field in mapping.fields
                if is_constant(field)
            ],
        }
        for mapping, planned in zip(mappings, parts, strict=True)
    ]
    match, match_tables = writer.match(mappings)
    of_view, view_tables = (Python("None"), []) if view is None else writer.match(mappings, view)

    def module(origins: Python, lines: Python) -> tuple[str, list[Span | None]]:
        return writer.module(
            "module.py.j2",
            title=comment(title),
            tables=[(name, literal(destination.name), literal(action)) for action, name in tables.items()],
            destination=literal(destination.name),
            settings=[(literal(name), literal(value)) for name, value in whole.settings],
            filters=filters,
            mappings=written,
            view=Python("None") if view is None else view.name,
            views=[] if view is None else [_definition(one) for one in view.inner_first()],
            match=match,
            match_view=of_view,
            match_tables=[*match_tables, *view_tables],
            origins=origins,
            lines=lines,
        )

    text, spans = module(Python("()"), Python("()"))
    return module(*map(literal, table_of(spans))) if table else (text, spans)


def write_expression(value: program.Value) -> tuple[str, list[Span | None]]:
    """A module whose `value_of(event)` gives the value."""
    value = simplified(value)
    writer = Writer(_functions_of(value))
    writer.expression(value)
    return writer.module("function.py.j2")


def write_trigger(condition: program.Condition) -> tuple[str, list[Span | None]]:
    """A module whose `holds(event)` says whether the condition is true."""
    condition = simplified(condition)
    writer = Writer(_functions_of(condition))
    writer.condition("holds", condition)
    return writer.module("function.py.j2")


def _functions_of(part: Any) -> set[str]:
    """The functions that a part of a program calls."""
    if isinstance(part, program.Program):
        nodes: list[Any] = [step.condition for step in part.filters]
        for mapping in part.mappings:
            nodes.append(mapping.trigger)
            nodes.extend(field.value for field in mapping.fields)
    else:
        nodes = [part]
    return {
        node.function
        for root in nodes
        for node in program.walk(root)
        if isinstance(node, program.Apply | program.TextTest)
    }


def _reads_of(whole: program.Program, parts: Iterable[tuple[Part, ...]]) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """All reads from the event in a whole program."""
    conditions = [step.condition for step in whole.filters if step.condition is not None]
    conditions += [mapping.trigger for mapping in whole.mappings if mapping.enabled]
    yield from reads_of([(condition, True) for condition in conditions], program.EVENT)
    for planned in parts:
        yield from reads_of([(value, nulls) for value, nulls, _ in values_of(planned)], program.EVENT)


def _definition(view: View) -> dict[str, Any]:
    """A view as the module's template shows it."""
    fields = []
    for key, found in view.fields.items():
        source = literal(str(key))
        if found.inside is not None:
            source = code("inside({}, {})", source, found.inside.name)
        elif found.or_missing:
            source = code("or_missing({})", source)
        fields.append((found.attribute, source))
    return {"name": view.name, "nothing": view.nothing, "fields": fields}


def table_of(spans: list[Span | None]) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
    """The distinct places in the rules, and from which line of the module on each holds, by its number; -1 for none."""
    numbers: dict[Place, int] = {}
    lines: list[tuple[int, int]] = []
    for line, span in enumerate(spans, 1):
        if span is None or span is NOWHERE:
            number = -1
        else:
            number = numbers.setdefault(origin(span), len(numbers))
        if not lines or lines[-1][1] != number:
            lines.append((line, number))
    return tuple(numbers), tuple(lines)


def origin(span: Span) -> Place:
    """File, line, column, end column and the line's text of a span."""
    line, column = span.source.position(span.start)
    text = span.source.line(line)
    return span.source.name, line, column, min(column + span.end - span.start, len(text) + 1), text


class Writer:
    """Writes one module."""

    def __init__(self, functions: Iterable[str]) -> None:
        self.names = Names(_RUNTIME_NAMES)
        self.functions: dict[str, Python] = {}
        for name in sorted(functions):
            self.functions[name] = self.names.fresh(f"call_{name}")
        self.parts: list[tuple[Python, list[Line]]] = []

    # --- functions -------------------------------------------------------------------------------------------------

    def values(self, body: Body, *, forgiving: bool = False, view: View | None = None) -> ValueWriter:
        names = Names([*_RUNTIME_NAMES, *self.functions.values()])
        return ValueWriter(body, names, self.functions, forgiving=forgiving, view=view)

    def expression(self, value: program.Value) -> Python:
        """A function from an event to a value."""
        body = Body(span=value.span)
        writer = self.values(body)
        writer.enter(program.EVENT, _EVENT, [(value, False)])
        body.add("return {}", writer.value(value))
        return self._function("value_of", body, "event")

    def condition(self, name: str, condition: program.Condition, view: View | None = None) -> Python:
        """A function from an event, or the view of one, to True or False."""
        body = Body(span=condition.span)
        body.note(f"when {condition.span.text}" if condition.span is not NOWHERE else "when")
        writer = self.values(body, forgiving=True, view=view)
        writer.enter(program.EVENT, _EVENT, [(condition, True)])
        body.add("return {}", writer.condition(condition))
        return self._function(name, body, "event")

    def mapping(self, mapping: program.Mapping, parts: tuple[Part, ...], table: Python, view: View | None) -> Python:
        """A function from an event, or the view of one, to the requests of a mapping."""
        body = Body(span=mapping.span)
        values = self.values(body, view=view)
        reads = values.enter_parts(parts)
        fields = FieldWriter(values, table, reads)
        fields.write(parts)
        body.span, body.field = mapping.span, None
        for name in may_lack(mapping):
            with body.block("if {} not in payload:", literal(name)):
                body.add("refuse_required({})", literal(name))
        fields.return_requests()
        return self._function(f"map_{mapping.name}", body, "event, build")

    def match(self, mappings: Iterable[program.Mapping], view: View | None = None) -> tuple[Python, Tables]:
        """A function from an event to the numbers of the mappings that take it, in order, and the tables it needs."""

        def values(body: Body) -> ValueWriter:
            return self.values(body, forgiving=True, view=view)

        writer = MatchWriter(self.names, values, self._function, _EVENT)
        return writer.write([mapping.trigger for mapping in mappings])

    def _function(self, hint: str, body: Body, parameters: str) -> Python:
        name = self.names.fresh(hint)
        head = Line(0, code("def {}({}):", name, Python(parameters)), body.lines[0].span if body.lines else None)
        self.parts.append((name, [head, *body.lines]))
        return name

    # --- the module ------------------------------------------------------------------------------------------------

    def module(self, template: str, **parts: Any) -> tuple[str, list[Span | None]]:
        """The text of the module, and for each of its lines the rule text that it came from."""
        functions = [
            join("\n", (code("{}{}", Python("    " * line.depth), line.text) for line in lines))
            for _, lines in self.parts
        ]
        calls = [(name, literal(of)) for of, name in self.functions.items()]
        text = render(template, functions=functions, calls=calls, **parts)
        return text, self._spans(text)

    def _spans(self, text: str) -> list[Span | None]:
        spans: list[Span | None] = [None] * (text.count("\n") + 1)
        heads = {line: number for number, line in enumerate(text.split("\n")) if line.startswith("def ")}
        for _, lines in self.parts:
            first = heads[lines[0].text]
            for offset, line in enumerate(lines):
                spans[first + offset] = line.span
        return spans
