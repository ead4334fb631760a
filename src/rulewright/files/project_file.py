"""Reads `rulewright.toml`, and reports each mistake with its line."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..dsl.diagnostics.codes import CODES
from ..dsl.diagnostics.diagnostic import near
from ..dsl.source import Source, Span
from ..runtime.destinations import BUILT_IN, DESTINATIONS
from .file_access import FileRefused, read_regular
from .project import Project

_Text = Annotated[str, Field(min_length=1)]


class ProjectFileProblem(ValueError):
    """Raised for a project file that cannot be used; the text names the file, the line and the way out."""


class ProjectFile(BaseModel):
    """The content of `rulewright.toml`. Paths are relative to its folder."""

    model_config = ConfigDict(extra="forbid", strict=True, title="rulewright.toml")

    rules: list[_Text] = Field([], description="Rule files that `check`, `fmt` and `test` take when no file is given.")
    events: _Text | None = Field(
        None, description="Recorded events for `check`, `diff`, `lineage` and `lsp`: a file, folder, glob or URL."
    )
    plan: _Text | None = Field(None, description="The tracking plan of rules that have no `source schema`.")
    fail_on: Literal["error", "warning"] | None = Field(
        None, alias="fail-on", description="From which findings on `check` exits with 1."
    )
    fail_under: float | None = Field(
        None, alias="fail-under", ge=0, le=100, description="The coverage in percent below which `test` exits with 1."
    )
    severity: dict[str, Literal["error", "warning", "note", "off"]] = Field(
        {}, description="Severities of warnings and notes by their codes, such as `RW0403`. Errors stay errors."
    )
    settings: dict[str, bool | int | float | str | list[str]] = Field(
        {}, description="Settings of the destination. They override the settings in rule files."
    )


def read_project(path: Path) -> Project:
    """The project of a file. Raises ProjectFileProblem."""
    try:
        text = read_regular(str(path)).decode("utf-8")
        content = tomllib.loads(text)
    except FileRefused as refused:
        raise ProjectFileProblem(f"{path}: {refused}") from None
    except UnicodeDecodeError:
        raise ProjectFileProblem(f"{path}: the file is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ProjectFileProblem(f"{path}: the file is not valid TOML: {error}") from None
    try:
        file = ProjectFile.model_validate(content)
    except ValidationError as error:
        raise ProjectFileProblem(_first(path, text, error)) from None
    _require_known(path, text, file)
    folder = path.parent
    return Project(
        path,
        text,
        tuple(_relative(folder, name) for name in file.rules),
        None if file.events is None else _relative(folder, file.events),
        None if file.plan is None else Path(_relative(folder, file.plan)),
        file.fail_on,
        file.fail_under,
        file.severity,
        file.settings,
    )


def place_in_project(project: Project, *keys: str) -> Span:
    """The span of a value in the project file, by the keys that lead to it."""
    return Span(Source(str(project.file), project.text), *_place(project.text, [*keys]))


def _relative(folder: Path, name: str) -> str:
    if "://" in name or Path(name).is_absolute():
        return name
    return os.path.relpath(folder / name)


def _first(path: Path, text: str, error: ValidationError) -> str:
    """The first problem that pydantic found, in our words."""
    problem = error.errors()[0]
    place = [str(part) for part in problem["loc"] if not isinstance(part, int)]
    key = place[0]
    where = f"{path}:{_line(text, place)}"
    if problem["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in ProjectFile.model_fields.items()]
        return f"{where}: unknown key `{key}`{_help(key, known)}"
    name = ".".join(place[:2])
    expected = problem["msg"].removeprefix("Input should be ").replace("a valid ", "a ")
    return f"{where}: `{name}`: expected {expected}, found {_shown(problem['input'])}"


def _require_known(path: Path, text: str, file: ProjectFile) -> None:
    for code in file.severity:
        where = f"{path}:{_line(text, ['severity', code])}"
        if code not in CODES:
            raise ProjectFileProblem(f"{where}: unknown code `{code}`{_help(code, [*CODES])}")
        if CODES[code].severity == "error":
            raise ProjectFileProblem(f"{where}: `{code}` is an error, and errors keep their severity: remove the line")
    secrets = {secret for name in BUILT_IN for secret in DESTINATIONS[name].secrets}
    for setting in file.settings:
        if setting in secrets:
            where = f"{path}:{_line(text, ['settings', setting])}"
            raise ProjectFileProblem(f"{where}: `{setting}` is a secret: set it in the environment")


def _help(word: str, known: list[str]) -> str:
    help_ = near(word, known, f"known are {', '.join(known)}" if len(known) < 20 else "")
    return f"; {help_}" if help_ else ""


def _line(text: str, place: list[str]) -> int:
    """The line of a key, or of the table that it is in."""
    return text.count("\n", 0, _place(text, place)[0]) + 1


def _place(text: str, place: list[str]) -> tuple[int, int]:
    """The start and the end of a key, or of the table that it is in."""
    for name in reversed(place):
        key = re.escape(name)
        match = re.search(rf"^\s*(?:\[\s*({key})\s*\]|[\"']?({key})[\"']?\s*=)", text, re.MULTILINE)
        if match:
            return match.span(match.lastindex or 0)
    return 0, 0


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
