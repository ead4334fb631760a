"""Suggests small changes after which a mapping takes and sends an event; each was tried on the event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..compiler import ir
from ..dsl import ast
from ..dsl.rule_error import RuleError
from ..dsl.source import Span
from ..explain.clauses import Clause, deciding
from ..loading.pipeline import SettingsRefused
from ..runtime.outcome import Failure
from ..runtime.semantics.event import Event
from ..trace.traced_rules import TracedRules, words

MOST_TRIED = 6
_A_DATE = "[0-9][0-9][0-9][0-9]-*"
"""What a text looks like that is a time, as a glob."""
_EXPECTED = re.compile(r"\bnot an? (object|list|number|string)\b|must be an? (object|list|number|string)\b")
_WRAPPERS = {"number": "number", "integer": "integer", "string": "string", "boolean": "bool"}
"""By the type of a field, the function that makes such a value of another."""


@dataclass(frozen=True, slots=True)
class SuggestedChange:
    """One change of the text, and what it does, as an imperative sentence."""

    sentence: str
    span: Span
    text: str

    def data(self) -> dict[str, Any]:
        """The change as plain data; offsets are in characters of the file."""
        edit = {"file": self.span.source.name, "start": self.span.start, "end": self.span.end, "text": self.text}
        return {"sentence": self.sentence, "edits": [edit]}


Compile = Callable[[dict[str, str]], TracedRules]
"""Compiles the rules with other texts for some files, by the names of their sources. Raises RuleError."""


def suggested_changes(rules: TracedRules, event: Event, name: str, compiled: Compile) -> Iterator[SuggestedChange]:
    """Changes for one mapping, the smallest first."""
    traced = rules.tracer(event).mapping(name)
    if traced is None:
        return
    if traced.matched:
        failures = [failure for failure in rules.mapper(event).failures if failure.mapping == name]
        changes = [change for failure in failures for change in _of_failure(rules, traced.mapping, failure)]
    else:
        changes = list(_of_clause(rules, deciding(traced.trigger, event), traced.mapping))
    for change in changes[:MOST_TRIED]:
        if _helps(change, event, name, compiled):
            yield change


def _helps(change: SuggestedChange, event: Event, name: str, compiled: Compile) -> bool:
    source = change.span.source
    text = source.text[: change.span.start] + change.text + source.text[change.span.end :]
    try:
        outcome = compiled({source.name: text}).mapper(event)
    except (RuleError, SettingsRefused):
        return False
    return name in outcome.matched and all(failure.mapping != name for failure in outcome.failures)


def _of_clause(rules: TracedRules, clause: Clause, mapping: ir.Mapping) -> Iterator[SuggestedChange]:
    """The clause in a form that holds for the event."""
    if not rules.is_own(clause.span):
        return
    if clause.help:
        yield SuggestedChange(f"write `{clause.help}`", clause.span, clause.help)
    for reading in clause.readings:
        if reading.beside:
            for read in _reads(mapping.trigger, clause.span, reading.text):
                yield SuggestedChange(
                    f"read `{reading.beside}` in place of `{reading.text}`", read.span, reading.beside
                )


def _reads(node: ir.Value, within: Span, text: str) -> Iterator[ir.Read]:
    for part in ir.walk(node):
        if isinstance(part, ir.Read) and part.span.is_within(within) and words(part.span) == text:
            yield part


def _of_failure(rules: TracedRules, mapping: ir.Mapping, failure: Failure) -> Iterator[SuggestedChange]:
    """The field with another value, or left out, for events like this one."""
    field = next((field for field in mapping.fields if field.facts.name == failure.field), None)
    if field is None:
        return
    text = words(field.value.span)
    for sentence, value in _values(field, text, failure.message):
        change = _with_value(rules, mapping, field, value)
        if change is not None:
            yield SuggestedChange(sentence, *change)


def _values(field: ir.FieldValue, text: str, message: str) -> Iterator[tuple[str, str]]:
    facts = field.facts
    paths = list(dict.fromkeys(words(part.span) for part in ir.walk(field.value) if isinstance(part, ir.Read)))
    path = paths[0] if len(paths) == 1 else None
    if facts.type in _WRAPPERS and not facts.multiple:
        wrapper = _WRAPPERS[facts.type]
        yield f"make `{facts.name}` a {facts.type}", f"{wrapper}({text})"
    if facts.type == "datetime" and path is not None:
        condition = f'match({path}, "{_A_DATE}")'
        if path != "receivedAt":
            yield f"take `receivedAt` where `{path}` is not a time", f"if({condition}, {text}, receivedAt)"
        yield f"leave `{facts.name}` out where `{path}` is not a time", f"if({condition}, {text}, omit)"
    expected = _EXPECTED.search(message)
    if path is not None and expected is not None:
        kind = expected[1] or expected[2]
        article = "an" if kind == "object" else "a"
        sentence = f"leave `{facts.name}` out where `{path}` is not {article} {kind}"
        yield sentence, f'if(typeof({path}) = "{kind}", {text}, omit)'
    if not facts.required:
        yield f"leave `{facts.name}` out for every event", "omit"


def _with_value(rules: TracedRules, mapping: ir.Mapping, field: ir.FieldValue, value: str) -> tuple[Span, str] | None:
    """The place and the text that give a field a value; a default is overridden below `use defaults`."""
    if rules.is_own(field.value.span):
        return field.value.span, value
    item = next(item for item in rules.files.items if isinstance(item, ast.Mapping) and item.name == mapping.name)
    defaults = next((statement for statement in item.body if isinstance(statement, ast.UseDefaults)), None)
    if defaults is None:
        return None
    end = len(defaults.span.text)
    return defaults.span.within(end, end), f"\n  {field.facts.name} = {value}"
