"""Resolves the items of rule files to a checked program: destination, settings, filters, mappings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label, near
from ...dsl.source import NOWHERE, Span
from .. import ir
from ..catalog import Catalog, DestinationSchema, DestinationUnusable
from ..memo import IdentityMemo
from .expressions import Resolver
from .language_version import language_problems
from .mapping import check_mapping
from .settings import set_settings, setting_value


def check_items(
    items: Iterable[ast.Item], catalog: Catalog, memo: IdentityMemo | None = None
) -> tuple[ir.Program, list[Diagnostic]]:
    """The program of the items of a file and its includes, and the diagnostics.

    Whatever cannot be understood is left out of the program, and everything else is still checked. With `memo`, the
    results of unchanged items are reused.
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
                    set_settings(settings, entries, destination, self.catalog, diagnostics)
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
                    Diagnostic("RW0210", "the file has no destination", mappings[0].name_span, help=(help_,))
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
                Diagnostic("RW0206", f"unknown destination `{named[0].name}`", named[0].span, help=(help_,))
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


def _stages_once(mappings: list[ir.Mapping], diagnostics: list[Diagnostic]) -> None:
    """An action that sends nothing configures the one stage before all mappings."""
    first: dict[str, ir.Mapping] = {}
    for mapping in mappings:
        if mapping.action.sends == "nothing" and mapping.enabled:
            first_mapping = first.setdefault(mapping.action.name, mapping)
            if first_mapping is not mapping:
                head, own_head = (_head(part.span) for part in (mapping, first_mapping))
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
    """Each mapping, test and law has a name of its own, since a report names them."""
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
