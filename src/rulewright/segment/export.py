"""Exports a rule file to Segment's subscriptions, and lists what Segment cannot express."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..compiler.plan.route_totals import with_totals
from ..compiler.resolve.program import check_items
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.rule_error import RuleError
from ..dsl.source import Source, Span
from ..dsl.syntax.reader import read_expression
from ..loading.catalog import catalog, schema_of
from .mappings.export_expression import write_mapping
from .problems import NoSegmentForm
from .triggers.export_trigger import write_trigger

MOST_MAPPINGS = 50
"""The most mappings that Segment takes for one destination (Segment, Amplitude (Actions): "Available Actions")."""

_FILTERS: dict[type[ast.Node], str] = {
    ast.Drop: "filter (`drop when`)",
    ast.Strip: "filter (`drop`)",
    ast.Keep: "filter (`keep`)",
}


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A part of the rules that Segment's JSON cannot express."""

    sentence: str
    span: Span


@dataclass(frozen=True, slots=True)
class Exported:
    """Segment's JSON, and the parts of the rules that it cannot express; their mappings are left out."""

    subscriptions: list[dict[str, Any]]
    unsaid: tuple[Unsaid, ...]
    differences: tuple[Unsaid, ...]
    """What Segment computes differently from the JSON of a mapping that is exported."""


def export_mapping(text: str) -> Any:
    """The Segment mapping of the text of an expression, as decoded JSON.

    Raises RuleError for text that is not an expression, and NoSegmentForm for one that Segment cannot express.
    """
    expression, diagnostics = read_expression(Source("<expression>", text))
    if expression is None:
        raise RuleError(diagnostics)
    return write_mapping(expression)


def export_items(items: list[ast.Item]) -> Exported:
    """The subscriptions of the items of a rule file, with the items of included files in their places.

    Raises RuleError for more mappings than Segment takes: it would not say which of them it left out.
    """
    destination = next((item.name for item in items if isinstance(item, ast.Destination)), "")
    subscriptions, unsaid = [], list[Unsaid]()
    for item in items:
        if isinstance(item, ast.Mapping):
            written = _subscription(item, destination, unsaid)
            if written is not None:
                subscriptions.append(written)
        elif type(item) in _FILTERS:
            unsaid.append(Unsaid(f"Segment has no {_FILTERS[type(item)]}", item.span))
    if len(subscriptions) > MOST_MAPPINGS:
        raise RuleError([_too_many(items, len(subscriptions))])
    names = {subscription["name"] for subscription in subscriptions}
    return Exported(subscriptions, tuple(unsaid), tuple(_multiplied_totals(items, names)))


def _multiplied_totals(items: list[ast.Item], written: set[str]) -> Iterator[Unsaid]:
    """The prices that may be the total of a purchase, which Segment multiplies by the quantity all the same."""
    program, _ = check_items(items, catalog())
    for mapping in program.mappings:
        if mapping.name in written:
            for field, routed in zip(mapping.fields, with_totals(mapping), strict=False):
                schema = field.facts
                if routed.value != field.value and (schema.total or any(inner.total for inner in schema.fields)):
                    sentence = f"`{schema.name}` of `{mapping.name}`: Segment multiplies a total by the quantity"
                    yield Unsaid(sentence, field.span)


def _too_many(items: list[ast.Item], count: int) -> Diagnostic:
    spans = [item.name_span for item in items if isinstance(item, ast.Mapping)]
    message = f"{count} mappings, and Segment takes at most {MOST_MAPPINGS} for one destination"
    help_ = "split the file, one for each instance of the destination, or join mappings"
    return Diagnostic("RW0503", message, spans[MOST_MAPPINGS], help=(help_,))


def _subscription(item: ast.Mapping, destination: str, unsaid: list[Unsaid]) -> dict[str, Any] | None:
    unsaid_before = len(unsaid)
    facts = schema_of(destination)
    action = facts.actions.get(item.action) if facts else None
    if action is not None and action.ours:
        unsaid.append(Unsaid(f"`{item.name}`: Segment has no action `{item.action}`", item.action_span))
        return None
    trigger, mapping = "", dict[str, Any]()
    for statement in item.body:
        match statement:
            case ast.When(condition):
                try:
                    trigger = write_trigger(condition)
                except NoSegmentForm as error:
                    unsaid.append(Unsaid(f"the trigger of `{item.name}`: {error}", condition.span))
            case ast.OnConflict(policy) if policy != "fold":
                unsaid.append(Unsaid(f"`{item.name}`: Segment has no `on conflict {policy}`", statement.span))
    ours = {field.name for field in action.fields if field.ours} if action else set[str]()
    for name, value in _fields(item, destination).items():
        if name in ours:
            unsaid.append(Unsaid(f"`{name}` of `{item.name}`: Segment's {item.action} has no such field", value.span))
            continue
        try:
            mapping[name] = write_mapping(value)
        except NoSegmentForm as error:
            unsaid.append(Unsaid(f"`{name}` of `{item.name}`: {error}", value.span))
    if len(unsaid) > unsaid_before:
        return None
    return {
        "name": item.name,
        "partnerAction": item.action,
        "subscribe": trigger,
        "enabled": item.enabled,
        "mapping": mapping,
    }


def _fields(item: ast.Mapping, destination: str) -> dict[str, ast.Expression]:
    """The fields of a mapping with those that `use defaults` brings, in the order of the lines."""
    fields: dict[str, ast.Expression] = {}
    if any(isinstance(statement, ast.UseDefaults) for statement in item.body):
        defaults = catalog().destinations[destination].defaults(item.action)
        body = () if defaults is None else defaults.body
        fields = {line.field: line.value for line in body if isinstance(line, ast.Assign)}
    for statement in item.body:
        if isinstance(statement, ast.Assign):
            fields[statement.field] = statement.value
    return {name: value for name, value in fields.items() if not isinstance(value, ast.Omit)}
