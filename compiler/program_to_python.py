"""A program to one readable Python module that imports nothing but the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..dsl.ast import Step
from ..dsl.source import NOWHERE, Span
from . import program
from .fields_to_python import FieldWriter
from .match_to_python import MatchWriter, Tables
from .passes.derive_view import View, derive_view
from .passes.find_leaves import find_leaves
from .passes.plan_mapping import is_constant, may_lack, plan_mapping
from .passes.rewrite import simplified, simplify
from .plan import Part
from .python_code import Body, Line, Names, Python, code, comment, join, literal
from .reads import reads_of
from .templates import render
from .values_to_python import ValueWriter, values_of

_KEYS = {"string": Python("string"), "object": Python("an_object"), None: Python("anything")}
_EVENT = Python("event")
_VIEW = Python("view")

Place = tuple[str, int, int, int, str]
"""File, line, column, end column and the line's text of a place in the rules."""

_RUNTIME_NAMES = """
INFINITY MISSING NOTHING NUMBERS add an_object anything attempt build contained divide equal event fields_of
function greater greater_or_equal inside is_nothing less less_or_equal main matched multiply negative
null_for_missing object_view only_if or_missing payload put put_inside put_item read readable refuse_required
string subtract take taken_above taken_below text unequal view views
""".split()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A program that the passes have been over."""

    whole: program.Program
    mappings: Sequence[program.Mapping]
    """Those that are enabled."""
    plans: Sequence[tuple[Part, ...]]
    """Of each mapping."""
    title: str


Form: TypeAlias = Literal["events", "views"]
"""What a function of the module gets: an event as a dict, or the view of one (see `runtime/view.py`)."""


def prepare(whole: program.Program, title: str) -> Prepared:
    """What `write_program` and `write_form` write."""
    whole = simplify(whole)
    mappings = [mapping for mapping in whole.mappings if mapping.enabled]
    return Prepared(whole, mappings, [plan_mapping(mapping) for mapping in mappings], title)


def write_program(prepared: Prepared) -> str:
    """The module of a program, which stands alone: it holds both forms, and the way back from its lines to the rules'.

    The same program gives the same text.
    """
    _, spans = _write(prepared, ("events", "views"), Python("()"), Python("()"))
    return _write(prepared, ("events", "views"), *map(literal, table_of(spans)))[0]


def write_form(prepared: Prepared, form: Form) -> tuple[str, list[Span | None]] | None:
    """A module of one form alone, with `PROGRAM` of events or with `VIEWS`; None where there are no views.

    The spans are those of the module's lines, from line 1 at index 0.
    """
    if form == "views" and _view_of(prepared, Names()) is None:
        return None
    return _write(prepared, (form,), Python("()"), Python("()"))


def _write(prepared: Prepared, forms: Sequence[Form], origins: Python, lines: Python) -> tuple[str, list[Span | None]]:
    whole = prepared.whole
    destination = whole.destination
    assert destination is not None
    writer = Writer(_functions_of(whole))
    actions = sorted({mapping.action.name for mapping in prepared.mappings})
    tables = {action: writer.names.fresh(f"{action}_fields") for action in actions}
    view = _view_of(prepared, writer.names) if "views" in forms else None
    events = _form(writer, prepared, tables, None) if "events" in forms else None
    views = _form(writer, prepared, tables, view) if view is not None else None
    return writer.module(
        "module.py.j2",
        title=comment(prepared.title),
        tables=[(name, literal(destination.name), literal(action)) for action, name in tables.items()],
        destination=literal(destination.name),
        settings=[(literal(name), literal(value)) for name, value in whole.settings],
        filters=[(literal(step.kind), literal(step.paths)) for step in whole.filters],
        mappings=[
            {
                "name": literal(mapping.name),
                "action": literal(mapping.action.name),
                "conflict": literal(mapping.conflict),
                "constants": [(literal(name), value) for name, value in constants_of(mapping)],
            }
            for mapping in prepared.mappings
        ],
        objects=[] if view is None else [_definition(one) for one in view.inner_first()],
        view=Python("None") if view is None else view.name,
        events=events,
        views=views,
        origins=origins,
        lines=lines,
    )


def _form(writer: Writer, prepared: Prepared, tables: Mapping[str, Python], view: View | None) -> dict[str, Any]:
    """The names of the functions that one form of a program comes to."""
    match, match_tables = writer.match(prepared.mappings, view)
    return {
        "conditions": [
            Python("None") if step.condition is None else writer.condition("filter", step.condition, view)
            for step in prepared.whole.filters
        ],
        "maps": [
            Python("None")
            if mapping.action.sends == "nothing" and not planned
            else writer.mapping(mapping, planned, tables[mapping.action.name], view)
            for mapping, planned in zip(prepared.mappings, prepared.plans, strict=True)
        ],
        "match": match,
        "match_tables": match_tables,
    }


def _view_of(prepared: Prepared, names: Names) -> View | None:
    """What is read of an event; None where that is all of it, or where filters change it first."""
    if any(step.kind != "drop" for step in prepared.whole.filters):
        return None
    conditions = [step.condition for step in prepared.whole.filters if step.condition is not None]
    conditions += [mapping.trigger for mapping in prepared.mappings]
    leaves = find_leaves(conditions, prepared.plans)
    return derive_view(_reads_of(conditions, prepared.plans), leaves, names)


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


def _reads_of(
    conditions: Iterable[program.Condition], plans: Iterable[tuple[Part, ...]]
) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """All reads from the event in a whole program."""
    yield from reads_of([(condition, True) for condition in conditions], program.EVENT)
    for planned in plans:
        yield from reads_of([(value, nulls) for value, nulls, _ in values_of(planned)], program.EVENT)


def constants_of(mapping: program.Mapping) -> Iterator[tuple[str, Python]]:
    """The steering fields of a mapping that are the same for every event."""
    for field in mapping.fields:
        if is_constant(field) and isinstance(field.value, program.Constant):
            yield field.facts.name, literal(None if field.value.value == "" else field.value.value)


def _root(view: View | None) -> Python:
    """The parameter of a function that gets an event, or the view of one."""
    return _EVENT if view is None else _VIEW


def _definition(view: View) -> dict[str, Any]:
    """A view as the module's template shows it."""
    fields = []
    for key, found in view.fields.items():
        name = literal(str(key))
        if found.inside is not None:
            source = code("inside({}, {})", name, found.inside.name)
        else:
            source = code("{}({})", _KEYS[found.leaf], name)
        fields.append((found.attribute, code("or_missing({})", source) if found.or_missing else source))
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
        return self._function("value_of", body, _EVENT)

    def condition(self, name: str, condition: program.Condition, view: View | None = None) -> Python:
        """A function from an event, or the view of one, to True or False."""
        body = Body(span=condition.span)
        body.note(f"when {condition.span.text}" if condition.span is not NOWHERE else "when")
        writer = self.values(body, forgiving=True, view=view)
        root = _root(view)
        writer.enter(program.EVENT, root, [(condition, True)])
        body.add("return {}", writer.condition(condition))
        return self._function(name, body, root)

    def mapping(self, mapping: program.Mapping, parts: tuple[Part, ...], table: Python, view: View | None) -> Python:
        """A function from an event, or the view of one, to the requests of a mapping."""
        body = Body(span=mapping.span)
        values = self.values(body, view=view)
        root = _root(view)
        reads = values.enter_parts(root, parts)
        fields = FieldWriter(values, table, reads)
        fields.write(parts)
        body.span, body.field = mapping.span, None
        for name in may_lack(mapping):
            with body.block("if {} not in payload:", literal(name)):
                body.add("refuse_required({})", literal(name))
        fields.return_requests(mapping.action.steering, dict(constants_of(mapping)))
        hint = f"map_{mapping.name}" if view is None else f"map_view_{mapping.name}"
        return self._function(hint, body, code("{}, build", root))

    def match(self, mappings: Iterable[program.Mapping], view: View | None = None) -> tuple[Python, Tables]:
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
