"""Rule files as they are in a revision of Git, with everything they include."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_KINDS = (".rules", ".json")
"""What rule files name: other rule files, and tracking plans."""


@contextmanager
def rules_at(revision: str, path: Path) -> Iterator[Path]:
    """The path of a rule file as it is in a revision, in a folder that holds what it includes, and is taken away after.

    Raises UsageError outside of a repository, and for a revision that has no such file.
    """
    folder = path.resolve().parent
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder `{path.parent}`")
    top = Path(
        _git(folder, "rev-parse", "--show-toplevel", problem=f"`{path}` is not in a Git repository").decode().strip()
    )
    wanted = f"{revision}^{{commit}}"
    unknown = f"Git knows no revision `{revision}`"
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, problem=unknown).decode().strip()
    name = (folder / path.name).relative_to(top.resolve()).as_posix()
    names = _git(top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, problem=unknown).decode().split("\0")
    if name not in names:
        raise click.UsageError(f"`{revision}` has no file `{name}`")
    with tempfile.TemporaryDirectory(prefix="rulewright-") as copy:
        for file in names:
            if file.endswith(_KINDS) or file == name:
                content = _git(
                    top, "cat-file", "blob", f"{commit}:{file}", problem=f"`{file}` of `{revision}` cannot be read"
                )
                target = Path(copy, file)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        yield Path(copy, name)


def _git(folder: Path, *arguments: str, problem: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        raise click.UsageError("--base asks Git, which is not installed") from None
    if done.returncode:
        raise click.UsageError(problem)
    return done.stdout
