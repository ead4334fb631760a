"""Makes a first rule file: the presets that recorded events need, or one action with all its fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .compiler.catalog import ActionSchema, DestinationSchema, FieldSchema
from .dsl import ast
from .dsl.format.formatter import format_file
from .dsl.source import Source
from .files.file_access import shipped_rules
from .loading.catalog import catalog
from .loading.loader import load
from .loading.rule_files import read_rules
from .runtime.counted import counted
from .runtime.semantics.event import Event

_MOST_NAMES = 20


def rules_for_events(events: Iterable[Event], destination: str) -> str:
    """The presets that take a recorded event, what takes the other types by default, and what is left.

    Raises FileNotFoundError for a destination without presets.

    The rules have no error, and no warning about what was recorded.
    """
    schema = catalog().destinations[destination]
    path = shipped_rules() / destination / "presets.rules"
    if not path.is_file():
        raise FileNotFoundError(path)
    presets = [item for item in read_rules(path).items if isinstance(item, ast.Mapping)]
    mapper = load(path, checks=False)
    taken: Counter[str] = Counter()
    left: Counter[str] = Counter()
    names: Counter[str] = Counter()
    count = 0
    for event in events:
        count += 1
        sending = [at for at in mapper.taken_by(event) if schema.actions[presets[at].action].sends != "nothing"]
        taken.update(presets[at].name for at in sending)
        if not sending:
            left[str(event.get("type"))] += 1
        if event.get("type") == "track" and isinstance(event.get("event"), str):
            names[event["event"]] += 1
    others = {kind: [*_for_type(kind, number, schema)] for kind, number in left.most_common()}
    parts = [f"# Made from {counted(count, 'recorded event')}.", *_names(names)]
    if all(part.endswith("}") for comments in others.values() for part in comments[-1:]):
        parts.append("# allow RW0407: other types of event were not recorded")
    parts.append(f"destination {destination}")
    parts += [
        f"\n# {counted(taken[mapping.name], 'event')} of those recorded\n{mapping.span.text}"
        for mapping in presets
        if taken[mapping.name]
    ]
    parts += [part for comments in others.values() for part in comments]
    return _formatted("\n".join(parts))


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


def _for_type(kind: str, number: int, schema: DestinationSchema) -> Iterator[str]:
    """The mapping that takes a type of event by default, or a comment that says what it needs."""
    trigger = f'type = "{kind}"'
    action = next((action for action in schema.actions.values() if action.trigger == trigger), None)
    if action is None:
        yield f"\n# {counted(number, f'{_plain(kind)} event')} of those recorded: no action takes them by default."
        return
    written = {statement.field for statement in _defaults(schema, action) if isinstance(statement, ast.Assign)}
    needed = [field.name for field in action.fields if field.required and field.name not in written]
    if needed:
        yield f"\n# {counted(number, f'{kind} event')} of those recorded: {action.name} takes them,"
        yield f"# once a mapping says {' and '.join(needed)}."
        return
    yield f"\n# {counted(number, 'event')} of those recorded"
    conflict = "\non conflict fold" if action.operations and action.plain else ""
    yield f'mapping "{_title(kind)} Calls" -> {action.name} {{\nwhen {trigger}\nuse defaults{conflict}\n}}'


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
