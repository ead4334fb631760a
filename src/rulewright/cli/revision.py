"""Rule files as they are in a revision of Git, with everything they include."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..files.temporary_folder import temporary_folder

_KINDS = (".rules", ".json")
"""What rule files name: other rule files, and tracking plans."""
_LINK, _SUBMODULE = b"120000", b"160000"
"""Modes of entries that are not files."""


@contextmanager
def rules_at(revision: str, path: Path) -> Iterator[Path]:
    """The path of a rule file as it is in a revision, in a folder that holds what it includes, and is taken away after.

    Raises UsageError outside of a repository, and for a revision that has no such file.
    """
    folder = path.parent.resolve()
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder `{path.parent}`")
    top = Path(
        _git(folder, "rev-parse", "--show-toplevel", problem=f"`{path}` is not in a Git repository").decode().strip()
    )
    wanted = f"{revision}^{{commit}}"
    unknown = f"Git knows no revision `{revision}`"
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, problem=unknown).decode().strip()
    name = (folder / path.name).relative_to(top.resolve()).as_posix()
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, problem=unknown)
    modes = {os.fsdecode(file): mode[:6] for mode, _, file in (line.partition(b"\t") for line in listed.split(b"\0"))}
    if name not in modes:
        raise click.UsageError(f"`{revision}` has no file `{name}`")
    with temporary_folder() as copy:
        for file, mode in modes.items():
            if (file.endswith(_KINDS) or file == name) and mode != _SUBMODULE:
                content = _git(
                    top, "cat-file", "blob", f"{commit}:{file}", problem=f"`{file}` of `{revision}` cannot be read"
                )
                target = copy / file
                target.parent.mkdir(parents=True, exist_ok=True)
                if mode == _LINK:
                    # Followed in the copy: beyond it are the files of today.
                    if (target.parent / os.fsdecode(content)).resolve().is_relative_to(copy.resolve()):
                        target.symlink_to(os.fsdecode(content))
                else:
                    target.write_bytes(content)
        if not (copy / name).is_file():
            raise click.UsageError(f"`{name}` of `{revision}` is a link that leads to no rule file of that revision")
        yield copy / name


def _git(folder: Path, *arguments: str, problem: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        raise click.UsageError("--base asks Git, which is not installed") from None
    if done.returncode:
        raise click.UsageError(problem)
    return done.stdout
