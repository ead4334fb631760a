"""Knowledge of events, from the Segment spec, the tracking plan and recorded events."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..checks.analysis_context import segment_spec
from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.schema_node import SchemaNode
from ..dsl.ast import EventPath
from ..profile.profile import PathProfile, Profile
from ..runtime.semantics.description import shown
from .recorded_examples import RecordedExamples

MOST_COMPLETED = 50
MOST_SHOWN = 3
"""The most values of a path that are shown as examples."""


@dataclass(frozen=True)
class Knowledge:
    """Everything that paths and values are completed and explained from."""

    plan: EventSchema | None = None
    recorded: Profile = field(default_factory=Profile)
    examples: RecordedExamples = field(default_factory=RecordedExamples)

    def keys(self, above: tuple[str, ...]) -> dict[str, str]:
        """The keys below a path, each with a few words: of the plan first, then of the spec and of recorded events."""
        documentation: dict[str, str] = {}
        for schema in self._schemas():
            place = schema.place(above)
            for key, inner in (place.keys if place else {}).items():
                documentation.setdefault(key, _kinds(inner))
        depth = len(above)
        for path, counted in self._paths.items():
            last = path[depth] if len(path) == depth + 1 and path[:depth] == above else None
            if isinstance(last, str):
                documentation.setdefault(last, f"{', '.join(sorted(counted.kinds))}, recorded")
        return documentation

    def explain(self, path: tuple[str, ...]) -> list[str]:
        """Sentences on a path; none for one that nothing is known of."""
        sentences = []
        for schema in self._schemas():
            place = schema.place(path)
            if place is not None and (kinds := _kinds(place)):
                sentences.append(f"{kinds} in {schema.title}")
        counted = self._paths.get(path)
        if counted is not None and self.recorded.events:
            share = 100 * counted.events / self.recorded.events
            kinds = ", ".join(kind for kind, _ in counted.kinds.most_common())
            sentences.append(
                f"{kinds} in {counted.events:,} of {self.recorded.events:,} recorded events ({share:.0f} %)"
            )
            shown_values = ", ".join(f"`{shown(value)}`" for value in self.examples.most_common(path, MOST_SHOWN))
            sentences += [f"for example {shown_values}"] if shown_values else []
        elif self.recorded.events and path:
            sentences.append("no recorded event has it")
        return sentences

    def values(self, path: tuple[str, ...]) -> list[str]:
        """Texts that a path has: types of event, and names of recorded track events."""
        if path == ("event",):
            return sorted({name for _, name in self.recorded.names if name is not None})
        if path == ("type",):
            recorded = [kind for kind in self.recorded.types() if not kind.startswith("(")]
            return [*dict.fromkeys((*recorded, *map(str, segment_spec().examples(("type",)))))]
        recorded = [value for value in self.examples.most_common(path, MOST_COMPLETED) if isinstance(value, str)]
        known = (text for schema in self._schemas() for text in schema.examples(path) if isinstance(text, str))
        return [*dict.fromkeys((*recorded, *known))]

    def _schemas(self) -> list[EventSchema]:
        return [segment_spec()] if self.plan is None else [self.plan, segment_spec()]

    @cached_property
    def _paths(self) -> dict[EventPath, PathProfile]:
        """Paths of all recorded events together."""
        merged: dict[EventPath, PathProfile] = {}
        for name in self.recorded.names.values():
            for path, counted in name.paths.items():
                known = merged.setdefault(path, PathProfile())
                known.events += counted.events
                known.kinds.update(counted.kinds)
        return merged


def _kinds(place: SchemaNode) -> str:
    return " or ".join(sorted(place.kinds)) if len(place.kinds) < 4 else ""
