"""Rule files from disk, with everything they include put in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .dsl import ast
from .dsl.diagnostics import Diagnostic, RuleError
from .dsl.source import Source, Span
from .dsl.text_to_ast import MAX_CHARACTERS, read_file


@dataclass(slots=True)
class RuleFiles:
    """A rule file and all that it includes, read."""

    items: list[ast.Item] = field(default_factory=list)
    """Of all files, in order, an include replaced by what it names."""
    files: list[tuple[Source, ast.File]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_rules(path: Path) -> RuleFiles:
    """The rules in a file. Raises RuleError when it cannot be read at all."""
    found = RuleFiles()
    source, problem = read_source(path, Span(Source(str(path), ""), 0, 0))
    if source is None:
        assert problem is not None
        raise RuleError([problem])
    _add(source, found, (path.resolve(),), path.parent)
    return found


def read_rules_text(text: str, name: str = "<text>", folder: Path | None = None) -> RuleFiles:
    """The rules in a text; includes are looked for in `folder`, by default the current one."""
    found = RuleFiles()
    _add(Source(name, text), found, (), folder or Path())
    return found


def _add(source: Source, found: RuleFiles, within: tuple[Path, ...], folder: Path) -> None:
    tree, diagnostics = read_file(source)
    found.files.append((source, tree))
    found.diagnostics.extend(diagnostics)
    for item in tree.items:
        if not isinstance(item, ast.Include):
            found.items.append(item)
            continue
        path = folder / item.path
        if path.resolve() in within:
            found.diagnostics.append(
                Diagnostic("RW0004", f"`{item.path}` is being read already, and includes itself here", item.span)
            )
            continue
        included, problem = read_source(path, item.span)
        if included is None:
            assert problem is not None
            found.diagnostics.append(problem)
        else:
            _add(included, found, (*within, path.resolve()), path.parent)


def read_source(path: Path, span: Span) -> tuple[Source | None, Diagnostic | None]:
    """The text of a file, or why there is none."""
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            limit = f"{MAX_CHARACTERS / 1e6:.0f} million characters is the limit"
            size = f"the file has {path.stat().st_size / 1e6:.0f} MB; {limit}"
            return None, Diagnostic("RW0003", size, span, help=("split it, and `include` the parts",))
        return Source(str(path), path.read_text(encoding="utf-8")), None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return None, Diagnostic("RW0001", f"`{path}` cannot be read: {reason}", span)
    except UnicodeDecodeError as error:
        message = f"`{path}` is not UTF-8 text: byte {error.start + 1} is {error.object[error.start]:#04x}"
        return None, Diagnostic("RW0002", message, span, help=("save it as UTF-8",))
