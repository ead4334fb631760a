"""Resolves one mapping: its trigger, its fields, its conflict policy."""

from __future__ import annotations

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, near, respelling
from ...dsl.diagnostics.secrets import secret
from .. import ir
from ..catalog import ActionSchema, Catalog, DestinationSchema, FieldSchema
from .expressions import Resolver
from .field_checks import check_constants, check_field, check_required
from .settings import is_secret_of_any
from .triggers import trigger_of
from .unknown_fields import report_unknown_field
from .visible_fields import pass_over_blanks

POLICIES = ("fold", "split", "reject")


def check_mapping(
    item: ast.Mapping, destination: DestinationSchema | None, catalog: Catalog
) -> tuple[ir.Mapping | None, list[Diagnostic]]:
    """The checked mapping and its diagnostics, which depend on no other item; None if it cannot be understood."""
    resolver = Resolver(catalog, [])
    return _resolved(item, destination, resolver), resolver.diagnostics


def _resolved(item: ast.Mapping, destination: DestinationSchema | None, resolver: Resolver) -> ir.Mapping | None:
    action = None if destination is None else destination.actions.get(item.action)
    trigger = trigger_of(item, action, resolver)
    if destination is None:
        _resolve_values(item, resolver)
        return None
    if action is None:
        help_ = near(item.action, list(destination.actions), f"there are: {', '.join(destination.actions)}")
        message = f"{destination.name} has no action `{item.action}`"
        fix = respelling(item.action_span, item.action, list(destination.actions))
        resolver.report("RW0203", message, item.action_span, help_, fix=fix)
        _resolve_values(item, resolver)
        return None
    fields = _fields(item, action, destination, resolver)
    check_required(item, action, fields, destination, resolver)
    check_constants(action, fields, resolver)
    says_conflict = any(isinstance(statement, ast.OnConflict) for statement in item.body)
    return ir.Mapping(
        item.name, action, trigger, fields, _conflict(item, resolver), says_conflict, item.enabled, span=item.span
    )


def _resolve_values(item: ast.Mapping, resolver: Resolver) -> None:
    """Reports what is wrong with the values of a mapping whose fields are not known, and secrets of any destination."""
    for statement in item.body:
        if isinstance(statement, ast.Assign):
            resolver.value(statement.value)
            if is_secret_of_any(statement.field, resolver.catalog):
                resolver.diagnostics.append(secret(statement.field, statement.span))


def _fields(
    item: ast.Mapping, action: ActionSchema, destination: DestinationSchema, resolver: Resolver
) -> tuple[ir.FieldValue, ...]:
    """The mapping's fields in the order of its lines; those from the defaults first."""
    assigned: dict[str, tuple[FieldSchema, ast.Assign]] = {}
    known = {facts.name: facts for facts in action.fields}
    if any(isinstance(statement, ast.UseDefaults) for statement in item.body):
        defaults = destination.defaults(action.name)
        for statement in defaults.body if defaults is not None else ():
            if isinstance(statement, ast.Assign) and statement.field in known:
                assigned[statement.field] = (known[statement.field], statement)
    for statement in item.body:
        if not isinstance(statement, ast.Assign):
            continue
        facts = known.get(statement.field)
        if facts is None:
            resolver.value(statement.value)
            report_unknown_field(statement, item, action, destination, resolver)
            continue
        assigned[statement.field] = (facts, statement)
    fields = []
    for facts, statement in assigned.values():
        value = resolver.value(statement.value)
        if isinstance(value, ir.Read):
            # Most values are a path, which any field may take.
            fields.append(ir.FieldValue(facts, value, statement.span))
            continue
        check_field(facts, value, resolver)
        if not isinstance(value, ir.Omit):
            fields.append(ir.FieldValue(facts, pass_over_blanks(facts, value), statement.span))
    return tuple(fields)


def _conflict(item: ast.Mapping, resolver: Resolver) -> str:
    for statement in item.body:
        if isinstance(statement, ast.OnConflict):
            if statement.policy in POLICIES:
                return statement.policy
            resolver.report(
                "RW0211",
                f"unknown conflict policy `{statement.policy}`",
                statement.span,
                "write `fold`, `split` or `reject`",
            )
    return "reject"
