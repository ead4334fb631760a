"""Makes a first rule file: the presets that recorded events need, or one action with all its fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .checks.recorded_paths import recorded_findings
from .compiler import ir
from .compiler.catalog import ActionSchema, DestinationSchema, FieldSchema
from .dsl import ast
from .dsl.diagnostics.diagnostic import Diagnostic
from .dsl.format.formatter import format_file
from .dsl.source import Source, Span
from .files.file_access import shipped_rules
from .loading.catalog import catalog
from .loading.pipeline import check_files, mapper_of
from .loading.rule_files import read_rules
from .runtime.counted import counted
from .runtime.encoding import json_bytes
from .runtime.mapper import Mapper
from .runtime.semantics.event import EVENT_TYPES, Event

_MOST_NAMES = 20


class NoMapping(Exception):
    """No action takes any of the recorded events by default; the text says what they need."""


def rules_for_events(events: Iterable[Event], destination: str) -> str:
    """Rules with the presets that take recorded events, default mappings for other types, and comments on the rest.

    Raises FileNotFoundError for a destination without presets, NoMapping if no event is taken, and SettingsRefused.

    `check --events` finds nothing to say of the rules but that some of the recorded events fail (RW0507) or are
    repaired (RW0509).
    """
    schema = catalog().destinations[destination]
    path = shipped_rules() / destination / "presets.rules"
    if not path.is_file():
        raise FileNotFoundError(path)
    files = read_rules(path)
    program, _ = check_files(files)
    survey = _Survey(mapper_of(files, program, checks=False), program)
    comments = _suppressions(recorded_findings(program, survey.read(events), ""))
    rest = [_Rest.of(kind, number, schema) for kind, number in survey.left.most_common()]
    types = survey.types | {other.kind for other in rest if other.is_taken}
    if not types:
        raise NoMapping(" ".join(other.sentence for other in rest))
    parts = [f"# Made from {counted(survey.events, 'recorded event')}.", *_names(survey.names)]
    if len(types) > 1 and set(EVENT_TYPES) - types - {other.kind for other in rest}:
        parts.append("# allow RW0407: other types of event were not recorded")
    parts.append(f"destination {destination}")
    parts += [
        f"\n# {counted(survey.taken[mapping.name], 'event')} of those recorded\n{_text(mapping.span, comments)}"
        for mapping in program.mappings
        if survey.taken[mapping.name]
    ]
    parts += [other.text for other in rest]
    return _formatted("\n".join(parts))


class _Survey:
    """What the presets make of recorded events."""

    def __init__(self, mapper: Mapper, program: ir.Program) -> None:
        self._mapper = mapper
        self._mappings = program.mappings
        self.events = 0
        self.taken: Counter[str] = Counter()
        """Events by the name of the mapping that takes them."""
        self.types: set[str] = set()
        """Those of the events that are taken."""
        self.left: Counter[str] = Counter()
        """Events that no mapping takes, by type."""
        self.names: Counter[str] = Counter()

    def read(self, events: Iterable[Event]) -> Iterator[bytes]:
        """The JSON texts of the events, each counted."""
        for event in events:
            self.events += 1
            taking = [self._mappings[number] for number in self._mapper.taken_by(event)]
            sending = [mapping.name for mapping in taking if mapping.action.sends != "nothing"]
            self.taken.update(sending)
            if sending:
                self.types.add(event["type"])
            elif self._mapper.opted_out(event) is None:
                self.left[str(event.get("type") or "untyped")] += 1
            if event.get("type") == "track" and isinstance(event.get("event"), str):
                self.names[event["event"]] += 1
            yield json_bytes(event)


def _suppressions(findings: Iterable[Diagnostic]) -> dict[int, str]:
    """Comments by the line of the presets that they end: a preset reads what some sources have and others have not."""
    codes = {
        (finding.span.line, finding.code) for finding in findings if finding.code not in ("RW0409", "RW0507", "RW0509")
    }
    return {
        line: "".join(f"  # allow {code}: it was not recorded" for other, code in sorted(codes) if other == line)
        for line, _ in codes
    }


def _text(span: Span, comments: dict[int, str]) -> str:
    lines = enumerate(span.text.splitlines(), span.line)
    return "\n".join(line + comments.get(number, "") for number, line in lines)


def rules_for_action(name: str, destination: str) -> str:
    """One mapping with every default written out, and every other field of the action as a comment."""
    schema = catalog().destinations[destination]
    action = schema.actions[name]
    body = _defaults(schema, action)
    written = {statement.field for statement in body if isinstance(statement, ast.Assign)}
    lines = [f"destination {destination}", "", f'mapping "{_title(name)}" -> {name} {{', f"when {action.trigger}"]
    lines += [statement.span.text for statement in body if isinstance(statement, ast.Assign)]
    lines += [f"# {_empty(field)}" for field in action.fields if field.name not in written]
    if action.operations and action.plain:
        lines.append("on conflict fold")
    return _formatted("\n".join([*lines, "}"]))


def _names(names: Counter[str]) -> Iterator[str]:
    """Comments with the names of track events, the most frequent first."""
    if names:
        yield "# Track events:"
    for name, number in names.most_common(_MOST_NAMES):
        yield f"#   {number:,}  {_plain(name)}"
    if len(names) > _MOST_NAMES:
        yield f"#   and {len(names) - _MOST_NAMES:,} more names"


class _Rest(NamedTuple):
    """What is written for events of a type that no preset takes."""

    kind: str
    is_taken: bool
    text: str

    @property
    def sentence(self) -> str:
        """The comment, as a sentence."""
        comment = (line.removeprefix("# ") for line in self.text.splitlines() if line.startswith("#"))
        return " ".join(comment)

    @classmethod
    def of(cls, kind: str, number: int, schema: DestinationSchema) -> _Rest:
        """The mapping that takes the type by default, or a comment that says what it needs, and a filter until then."""
        trigger = f'type = "{kind}"'
        action = next((action for action in schema.actions.values() if action.trigger == trigger), None)
        if action is None:
            head = f"\n# {counted(number, f'{_plain(kind)} event')} of those recorded: no action takes them by default"
            return cls(kind, False, f"{head}.\n{_drop(kind)}")
        written = {statement.field for statement in _defaults(schema, action) if isinstance(statement, ast.Assign)}
        needed = [field.name for field in action.fields if field.required and field.name not in written]
        if needed:
            head = f"\n# {counted(number, f'{kind} event')} of those recorded: {action.name} takes them,"
            return cls(kind, False, f"{head}\n# once a mapping says {' and '.join(needed)}.\n{_drop(kind)}")
        head = f"\n# {counted(number, 'event')} of those recorded"
        conflict = "\non conflict fold" if action.operations and action.plain else ""
        body = f"when {trigger}\nuse defaults{conflict}"
        return cls(kind, True, f'{head}\nmapping "{_title(kind)} Calls" -> {action.name} {{\n{body}\n}}')


def _drop(kind: str) -> str:
    """A filter for a type of Segment that no mapping takes, so that it is left out knowingly."""
    return f'drop when type = "{kind}"\n' if kind in EVENT_TYPES else ""


def _defaults(schema: DestinationSchema, action: ActionSchema) -> tuple[ast.Statement, ...]:
    defaults = schema.defaults(action.name)
    return () if defaults is None else defaults.body


def _empty(field: FieldSchema) -> str:
    kind = f"list of {field.type}s" if field.multiple else field.type
    return f"{field.name} = …  # {kind}{', required' if field.required else ''}"


def _title(name: str) -> str:
    """`Log Event V2` for `logEventV2`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words[:1].upper() + words[1:]


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _formatted(text: str) -> str:
    formatted, diagnostics = format_file(Source("<first rules>", text + "\n"))
    assert not diagnostics, diagnostics
    return formatted
