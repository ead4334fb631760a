"""What is wrong with the settings of the project file, for the destination of the rules that are checked."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..compiler.ir import Program
from ..compiler.resolve.settings import not_taken, unknown_setting
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..files.project import project


def findings_of_project(program: Program) -> Iterator[Diagnostic]:
    """A finding for each setting that a mapper of the program would refuse."""
    own = project.get()
    destination = program.destination
    if not own.settings or destination is None:
        return
    from ..files.project_file import place_in_project  # imports pydantic, which only a project file needs

    for name, value in own.settings.items():
        place = place_in_project(own, "settings", name)
        if name not in destination.settings:
            yield unknown_setting(name, destination, place)
        elif problem := destination.setting_problem(name, value):
            yield not_taken(name, place, json.dumps(value, ensure_ascii=False), problem)
