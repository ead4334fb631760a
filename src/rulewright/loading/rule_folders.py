"""Rule files in folders: which are complete, and which are fragments that others include."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..dsl import ast
from ..dsl.rule_error import RuleError
from ..files.file_access import FileAccess, is_hidden, real_path
from .rule_files import read_rules


def rule_files_in(folder: Path) -> list[Path]:
    """Every rule file in a folder or below it that is not hidden, in order."""
    return [file for file in sorted(folder.rglob("*.rules")) if not is_hidden(file.relative_to(folder))]


def files_left_out(folder: Path) -> list[Path]:
    """Files that look like rule files, but are hidden or have another ending.

    Files in hidden folders, such as those of tools, are not among them.
    """
    rule_files = set(rule_files_in(folder))
    like = sorted(folder.rglob("*.[rR][uU][lL][eE]*"))
    return [
        file
        for file in like
        if file not in rule_files
        and file.name.lower().endswith((".rules", ".rule", ".rules.txt"))
        and not is_hidden(file.relative_to(folder).parent)
        and file.is_file()
    ]


def first_files(files: Iterable[Path]) -> list[Path]:
    """The files that no other file includes; their findings cover all files."""
    files = list(files)
    included = {name for file in files for name in _included_by(file)}
    return [file for file in files if real_path(file) not in included]


def includers_of(path: Path, access: FileAccess) -> list[Path]:
    """The files that include a fragment, from its folder up to the current one; none for a complete file.

    A fragment has mappings or filters, and names no destination. The file is read by `access`.
    """
    if not _is_fragment(path, access):
        return []
    here = Path.cwd()
    own_folder = path.absolute().parent
    above = [own_folder, *(folder for folder in own_folder.parents if folder.is_relative_to(here))]
    near = [file for folder in above for file in sorted(folder.glob("*.rules"))]
    own = real_path(path)
    including = [file for file in near if own in _included_by(file)]
    return [Path(_shortened(file, here)) for file in first_files(including)]


def _is_fragment(path: Path, access: FileAccess) -> bool:
    try:
        items = read_rules(path, access).items
    except RuleError:
        return False
    return not any(isinstance(item, ast.Destination) for item in items) and any(
        not isinstance(item, ast.Test | ast.Law) for item in items
    )


def _included_by(path: Path) -> list[str]:
    """The files that a file includes, directly or through others."""
    try:
        files = read_rules(path).files
    except RuleError:
        return []
    return [real_path(Path(source.name)) for source, _ in files[1:]]


def _shortened(path: Path, here: Path) -> str:
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
