"""The diagnostic for a field that the action does not have (RW0202): a setting, a secret, a similar name."""

from __future__ import annotations

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import respelling, suggest
from ...dsl.diagnostics.secrets import secret
from ..catalog import ActionSchema, DestinationSchema
from .expressions import Resolver
from .settings import is_secret


def report_unknown_field(
    statement: ast.Assign, item: ast.Mapping, action: ActionSchema, destination: DestinationSchema, resolver: Resolver
) -> None:
    known = [facts.name for facts in action.fields]
    message = f"{action.name} has no field `{statement.field}`"
    if statement.field in destination.settings:
        help_ = f"write `settings {{ {statement.span.text} }}` outside of the mapping"
        resolver.report("RW0202", message, statement.field_span, help_)
        return
    if is_secret(statement.field, destination):
        resolver.diagnostics.append(secret(statement.field, statement.span))
        return
    word = suggest(statement.field, known)
    if word:
        help_ = f"did you mean `{word}`?"
    elif any(
        isinstance(other_statement, ast.When) and other_statement.span.line == statement.span.line
        for other_statement in item.body
    ):
        help_ = "continue a condition with `and` or `or`; a line without them sets a field"
    else:
        help_ = "run `rulewright functions --fields` to list the fields of each action"
    # A field that the mapping sets elsewhere cannot be what is meant.
    assigned = {other_statement.field for other_statement in item.body if isinstance(other_statement, ast.Assign)}
    fix = respelling(statement.field_span, statement.field, [name for name in known if name not in assigned])
    resolver.report("RW0202", message, statement.field_span, help_, fix=fix)
