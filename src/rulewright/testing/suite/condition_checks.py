"""Conditions of tests and laws on what no request has: they compare with nothing, and may pass by that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ...compiler import ir
from ...compiler.analysis.context import AnalysisContext
from ...compiler.analysis.findings.argument_order import argument_order_findings
from ...compiler.analysis.findings.filter_paths import filter_step_findings
from ...compiler.analysis.findings.paths import LITERALS, path_findings
from ...compiler.analysis.findings.types import listed_kinds
from ...compiler.analysis.schema_node import SchemaNode
from ...compiler.memo import IdentityMemo
from ...compiler.optimize.rewrite import simplified
from ...compiler.resolve.expressions import Resolver
from ...compiler.resolve.foreign_patterns import pattern_findings
from ...compiler.value_types import ANY
from ...dsl import ast
from ...dsl.ast import Step
from ...dsl.diagnostics.diagnostic import Diagnostic, suggest
from ...dsl.source import Span
from ...dsl.syntax.paths import write_steps
from ...dsl.syntax.strings import quote
from ...loading.catalog import catalog, schema_of
from .event_keys import event_key_findings
from .request_shapes import SEEN_OF_FAILURE, decoded, forms_part, seen_by_conditions

_DECODE = "json_decode"
_PLACEHOLDER = re.compile(r"\{\{\s*(?P<path>[^\W\d][\w.\[\]]*)\s*\}\}")


def condition_findings(
    tests: Sequence[ast.Test | ast.Law], items: list[ast.Item], memo: IdentityMemo, context: AnalysisContext
) -> Iterator[Diagnostic]:
    """What is wrong with the events and conditions of all tests and laws; `items` are those of the rules they test."""
    for test in tests:
        if isinstance(test, ast.Test):
            yield from memo.of(event_key_findings, test, context)
    disabled = {item.name for item in items if isinstance(item, ast.Mapping) and not item.enabled}
    for test in tests:
        for expect in expectations(test):
            if expect.path is not None:
                yield from filter_step_findings(expect.path.steps, expect.path.span, context)
            if expect.kind == "no match" and expect.mapping in disabled:
                message = f'"{expect.mapping}" is disabled, so this always holds'
                yield Diagnostic(
                    "RW0708", message, expect.span, help=("enable the mapping, or remove the expectation",)
                )
    destination = next((item for item in items if isinstance(item, ast.Destination)), None)
    facts = None if destination is None else schema_of(destination.name)
    if destination is None or facts is None:
        return
    mappings = {item.name: item for item in items if isinstance(item, ast.Mapping) and item.action in facts.actions}
    for test in tests:
        for expect in expectations(test):
            if expect.conditions and expect.mapping in mappings:
                yield from memo.of(_of_expect, expect, mappings[expect.mapping], destination, context)


def expectations(test: ast.Test | ast.Law) -> Iterator[ast.Expect]:
    """All expectations of a law, or of a test and its cases."""
    for part in test.body:
        if isinstance(part, ast.Expect):
            yield part
        elif isinstance(part, ast.Case):
            yield from part.expectations


def _of_expect(
    expect: ast.Expect, mapping: ast.Mapping, destination: ast.Destination, context: AnalysisContext
) -> list[Diagnostic]:
    action = _Action(destination.name, mapping.action)
    root = SEEN_OF_FAILURE if expect.kind == "failure" else seen_by_conditions(*action)
    resolver = Resolver(catalog(), [])
    findings: list[Diagnostic] = []
    for condition in map(resolver.condition, expect.conditions):
        nodes = list(ir.walk(condition))
        reads = [node for node in nodes if isinstance(node, ir.Read) and node.root == ir.EVENT]
        if all(node.steps[:1] == ("event",) for node in reads):
            message = f"`{condition.span.text}` reads nothing of what the rules do"
            findings.append(Diagnostic("RW0708", message, condition.span, help=("compare a part of `requests`",)))
        elif simplified(condition) == ir.All(()):
            message = f"`{condition.span.text}` always holds"
            findings.append(
                Diagnostic("RW0708", message, condition.span, help=("remove the part that is always true",))
            )
        findings += pattern_findings(nodes)
        findings += argument_order_findings(nodes)
        findings += (finding for node in nodes for finding in _placeholder(node))
        findings += (finding for node in nodes for finding in _of_node(node, root, action))
        of_event = [replace(node, steps=node.steps[1:]) for node in reads if node.steps[:1] == ("event",)]
        findings += path_findings((node for node in of_event if node.steps), context)
    return findings


def _placeholder(node: ir.Node) -> Iterator[Diagnostic]:
    """RW0312 of a text in a condition, which has no placeholders."""
    if isinstance(node, ir.Constant) and isinstance(node.value, str) and (match := _PLACEHOLDER.search(node.value)):
        whole = match[0] == node.value.strip()
        help_ = f"write `event.{match['path']}`" if whole else "compare with `concat(…)` of its parts"
        message = f"`{node.span.text}` has a placeholder, and a text in a condition is taken literally"
        yield Diagnostic("RW0312", message, node.span, help=(help_,))


class _Action(NamedTuple):
    destination: str
    name: str


def _of_node(node: ir.Node, root: SchemaNode, action: _Action) -> Iterator[Diagnostic]:
    match node:
        case ir.Read(ir.EVENT, steps):
            yield from _first_wrong_step(root, "", steps, node.span, action)
        case ir.Get(ir.Call("json_decode", (ir.Read(ir.EVENT, ("requests", _, "form", str(part))),)) as call, steps):
            yield from _first_wrong_step(decoded(*action, part), call.span.text, steps, node.span, action)
        case _:
            pass


def _first_wrong_step(
    place: SchemaNode, before: str, steps: tuple[Step, ...], span: Span, action: _Action
) -> Iterator[Diagnostic]:
    for number, step in enumerate(steps):
        if place.kinds == ANY or (step == "length" and place.kinds & {"list", "string"}):
            return
        inside = place.keys.get(str(step)) or (place.items if str(step).isdecimal() else None)
        if inside is None:
            read = (before + write_steps(steps[:number])).removeprefix(".")
            yield _finding(place, read, steps[number:], span, action)
            return
        place = inside


def _finding(place: SchemaNode, read: str, rest: tuple[Step, ...], span: Span, action: _Action) -> Diagnostic:
    step = str(rest[0])
    known = sorted(place.keys)
    word = suggest(step, known)
    help_ = f"did you mean `{word}`?" if word else ""
    if not read:
        message = f"a condition of a test cannot read `{step}`"
        *others, last = (f"`{key}`" for key in known)
        literal = LITERALS.get(step.lower()) if len(rest) == 1 else None
        if literal is not None:
            help_ = f"did you mean `{literal}`?"
        text = f"write `{quote(step)}` for a text; " if len(rest) == 1 else ""
        help_ = help_ or f"{text}a condition here reads {', '.join(others)} or {last}"
    elif place.kinds == {"list"}:
        message = f"`{read}` is a list, so it has no `{step}`"
        help_ = f"write `{read}[0]{write_steps(rest)}`"
    elif "object" not in place.kinds:
        message = f"`{read}` is {listed_kinds(place.kinds)}, so it has no `{step}`"
        if ".form." in read:
            help_ = f"write `{_DECODE}({read}){write_steps(rest)}`"
    elif step in ("json", "form") and set(known) & {"json", "form"}:
        message, help_ = _wrong_part(read, step, action)
    else:
        message = f"`{read}` never has `{step}`, so this compares with nothing"
        help_ = help_ or f"it can have: {', '.join(known)}"
    return Diagnostic("RW0707", message, span, help=(help_,) if help_ else ())


def _wrong_part(read: str, step: str, action: _Action) -> tuple[str, str]:
    part = forms_part(*action)
    if part is None:
        return f"{action.name} sends JSON, so `{read}` has no `{step}`", f"write `{read}.json`"
    return f"{action.name} sends a form, so `{read}` has no `{step}`", f"write `{_DECODE}({read}.form.{part})`"
