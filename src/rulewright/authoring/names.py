"""The places of names that an author gives: of mappings, also in tests, and of variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..dsl import ast
from ..dsl.source import Span
from ..dsl.syntax.strings import quote
from ..testing.suite.suite import rules_of, tests_beside
from .symbols import mapping_at, uses_of_mappings
from .variables import LoopVariable, variable_at
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name is written."""

    path: Path
    span: Span
    declares: bool
    """Whether the name is given here, and not used."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and all of its places; the one that gives the name is first where there is one."""

    name: str
    places: list[NamePlace]
    variable: LoopVariable | None = None

    def refusal(self, name: str) -> str | None:
        """Why it cannot have this new name; None if it can."""
        if self.variable is not None:
            return self.variable.refusal(name)
        return None if name.strip() else "expected a name, found nothing"

    def written(self, name: str) -> str:
        """A new name as the rules write it."""
        return quote(name) if self.variable is None else name


def named_at(files: Workspace, path: Path, offset: int) -> Named | None:
    """The mapping or variable whose name is at an offset of a file; None if there is none."""
    tree = files.tree(path)
    variable = variable_at(tree, offset)
    if variable is not None:
        places = [NamePlace(path, span, span is variable.declared) for span in variable.uses()]
        return Named(variable.name, places, variable)
    name = mapping_at(tree, offset)
    return None if name is None else Named(name, _mapping_places(files, path, name))


def _mapping_places(files: Workspace, path: Path, name: str) -> list[NamePlace]:
    """In the file, in the one that includes it, and in the files of rules and tests beside both."""
    places: list[NamePlace] = []
    for rules_file in dict.fromkeys((path, files.root_of(path))):
        for file in dict.fromkeys((rules_file, rules_of(rules_file), tests_beside(rules_of(rules_file)))):
            if any(place.path == file for place in places):
                continue
            tree = files.tree(file)
            heads = {id(item.name_span) for item in tree.items if isinstance(item, ast.Mapping)}
            uses = [(span, id(span) in heads) for used, span in uses_of_mappings(tree) if used == name]
            places += [NamePlace(file, span, declares) for span, declares in uses]
    return sorted(places, key=lambda place: not place.declares)
