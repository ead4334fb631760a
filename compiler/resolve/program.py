"""Items of a rule file to a checked program: destination, settings, filters, mappings, and every finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label, near, respelling, suggest
from ...dsl.source import NOWHERE, Span
from .. import ir
from ..catalog import ActionSchema, Catalog, DestinationSchema, DestinationUnusable, FieldSchema
from ..memo import IdentityMemo
from .expressions import Resolver
from .field_checks import check_constants, check_field, check_required
from .language_version import language_problems
from .settings import is_secret, secret, set_settings, setting_value
from .triggers import trigger_of
from .visible_fields import pass_over_blanks

POLICIES = ("fold", "split", "reject")


def check_items(
    items: Iterable[ast.Item], catalog: Catalog, memo: IdentityMemo | None = None
) -> tuple[ir.Program, list[Diagnostic]]:
    """The program of a file's items, includes already put in place, and what is wrong with it.

    What cannot be understood is left out of the program, so that everything else is still checked. With `memo`, what
    was made before of the same items is taken from there.
    """
    return _Checker(catalog, memo or IdentityMemo()).check(tuple(items))


@dataclass(slots=True)
class _Checker:
    catalog: Catalog
    memo: IdentityMemo

    def check(self, items: tuple[ast.Item, ...]) -> tuple[ir.Program, list[Diagnostic]]:
        diagnostics = language_problems(items)
        destination = self._destination(items, diagnostics)
        settings: dict[str, ast.Entry] = {}
        filters: list[ir.Filter] = []
        mappings: list[ir.Mapping] = []
        for item in items:
            match item:
                case ast.Settings(entries):
                    set_settings(settings, entries, destination, diagnostics)
                case ast.Drop() | ast.Strip() | ast.Keep():
                    filter_, findings = self.memo.of(_filter, item, self.catalog)
                    filters.append(filter_)
                    diagnostics += findings
                case ast.Mapping():
                    mapping, findings = self.memo.of(check_mapping, item, destination, self.catalog)
                    diagnostics += findings
                    if mapping is not None:
                        mappings.append(mapping)
                case _:
                    pass
        _names_once(items, diagnostics)
        _stages_once(mappings, diagnostics)
        values = ((name, setting_value(entry.value)) for name, entry in settings.items())
        known = tuple((name, value) for name, value in values if not isinstance(value, ast.Node))
        return ir.Program(destination, known, tuple(filters), tuple(mappings)), diagnostics

    def _destination(self, items: tuple[ast.Item, ...], diagnostics: list[Diagnostic]) -> DestinationSchema | None:
        named = [item for item in items if isinstance(item, ast.Destination)]
        for again in named[1:]:
            if again.name != named[0].name:
                first = Label(named[0].span, "first here")
                diagnostics.append(Diagnostic("RW0109", "a file has one destination", again.span, others=(first,)))
        if not named:
            mappings = [item for item in items if isinstance(item, ast.Mapping)]
            if mappings:
                known = sorted(self.catalog.destinations)
                help_ = f"begin the file with `destination {known[0]}`" if known else "name one first"
                diagnostics.append(
                    Diagnostic("RW0210", "the file names no destination", mappings[0].name_span, help=(help_,))
                )
            return None
        try:
            facts = self.catalog.destinations.get(named[0].name)
        except DestinationUnusable as problem:
            message = f"destination `{named[0].name}` cannot be used: {problem}"
            help_ = "install its package again, or another version of it"
            diagnostics.append(Diagnostic("RW0206", message, named[0].span, help=(help_,)))
            return None
        if facts is None:
            known = sorted(self.catalog.destinations)
            help_ = near(named[0].name, known, f"there are: {', '.join(known)}")
            diagnostics.append(
                Diagnostic("RW0206", f"there is no destination `{named[0].name}`", named[0].span, help=(help_,))
            )
        return facts


def _filter(item: ast.Drop | ast.Strip | ast.Keep, catalog: Catalog) -> tuple[ir.Filter, list[Diagnostic]]:
    resolver = Resolver(catalog, [])
    condition = None if item.condition is None else resolver.condition(item.condition)
    if isinstance(item, ast.Drop):
        return ir.Filter("drop", condition, span=item.span), resolver.diagnostics
    kind = "strip" if isinstance(item, ast.Strip) else "keep"
    paths, places = tuple(path.steps for path in item.paths), tuple(path.span for path in item.paths)
    return ir.Filter(kind, condition, paths, places, item.span), resolver.diagnostics


def check_mapping(
    item: ast.Mapping, destination: DestinationSchema | None, catalog: Catalog
) -> tuple[ir.Mapping | None, list[Diagnostic]]:
    """One mapping, and what is wrong with it; it depends on no other item."""
    resolver = Resolver(catalog, [])
    return _resolved(item, destination, resolver), resolver.diagnostics


def _resolved(item: ast.Mapping, destination: DestinationSchema | None, resolver: Resolver) -> ir.Mapping | None:
    action = None if destination is None else destination.actions.get(item.action)
    trigger = trigger_of(item, action, resolver)
    if destination is None:
        for statement in item.body:
            if isinstance(statement, ast.Assign):
                resolver.value(statement.value)
        return None
    if action is None:
        help_ = near(item.action, list(destination.actions), f"there are: {', '.join(destination.actions)}")
        message = f"{destination.name} has no action `{item.action}`"
        fix = respelling(item.action_span, item.action, list(destination.actions))
        resolver.report("RW0203", message, item.action_span, help_, fix=fix)
        return None
    fields = _fields(item, action, destination, resolver)
    check_required(item, action, fields, destination.defaults(action.name), resolver)
    check_constants(action, fields, resolver)
    says_conflict = any(isinstance(statement, ast.OnConflict) for statement in item.body)
    return ir.Mapping(
        item.name, action, trigger, fields, _conflict(item, resolver), says_conflict, item.enabled, span=item.span
    )


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
            _unknown_field(statement, item, action, destination, resolver)
            continue
        assigned[statement.field] = (facts, statement)
    fields = []
    for facts, statement in assigned.values():
        value = resolver.value(statement.value)
        check_field(facts, value, resolver)
        if not isinstance(value, ir.Omit):
            fields.append(ir.FieldValue(facts, pass_over_blanks(facts, value), statement.span))
    return tuple(fields)


def _unknown_field(
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
        help_ = "a condition goes on with `and` or `or`; what follows it without one is a field"
    else:
        help_ = "`rulewright functions --fields` lists the fields of each action"
    # A field that the mapping sets elsewhere cannot be what is meant.
    assigned = {other_statement.field for other_statement in item.body if isinstance(other_statement, ast.Assign)}
    fix = respelling(statement.field_span, statement.field, [name for name in known if name not in assigned])
    resolver.report("RW0202", message, statement.field_span, help_, fix=fix)


def _conflict(item: ast.Mapping, resolver: Resolver) -> str:
    for statement in item.body:
        if isinstance(statement, ast.OnConflict):
            if statement.policy in POLICIES:
                return statement.policy
            resolver.report(
                "RW0211",
                f"there is no policy `{statement.policy}`",
                statement.span,
                "write `fold`, `split` or `reject`",
            )
    return "reject"


def _stages_once(mappings: list[ir.Mapping], diagnostics: list[Diagnostic]) -> None:
    """An action that sends nothing configures the one stage before all mappings."""
    first: dict[str, ir.Mapping] = {}
    for mapping in mappings:
        if mapping.action.sends == "nothing" and mapping.enabled:
            other = first.setdefault(mapping.action.name, mapping)
            if other is not mapping:
                head, own_head = (_head(part.span) for part in (mapping, other))
                diagnostics.append(
                    Diagnostic(
                        "RW0109",
                        f"there are two mappings to {mapping.action.name}, and one decides for all events",
                        head,
                        others=(Label(own_head, "the first"),),
                        help=("join their triggers with `or`, or disable one",),
                    )
                )


def _head(span: Span) -> Span:
    """The first line of a mapping."""
    return span.within(0, len(span.text.partition("{")[0].rstrip()))


def _names_once(items: tuple[ast.Item, ...], diagnostics: list[Diagnostic]) -> None:
    """Mappings have a name each, and so have tests and laws; a report could not tell two of one name apart."""
    seen: dict[tuple[type, str], Span] = {}
    for item in items:
        if not isinstance(item, ast.Mapping | ast.Test | ast.Law):
            continue
        noun = type(item).__name__.lower()
        span = item.name_span if isinstance(item, ast.Mapping) else item.span.within(0, len(noun))
        first = seen.setdefault((type(item), item.name), span)
        if first is not span and span is not NOWHERE:
            diagnostics.append(
                Diagnostic(
                    "RW0208", f"there are two {noun}s named `{item.name}`", span, others=(Label(first, "the first"),)
                )
            )
