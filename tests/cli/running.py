"""Runs the command line as an author does, in the root of the project or another folder, without a new process.

Starting Python takes longer than most commands do; what needs a process of its own (signals, workers, a reader that
leaves) starts one itself.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from rulewright.cli import main
from tests.paths import ROOT


class Done(NamedTuple):
    """How the program ended."""

    returncode: int
    stdout: str
    stderr: str


def rulewright(*arguments: str | Path, given: str | bytes = "", folder: Path = ROOT) -> Done:
    """The program `rulewright` from its first line to its exit code, with standard input in a file."""
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryFile() as file:
        file.write(given.encode() if isinstance(given, str) else given)
        file.seek(0)
        stdin = io.TextIOWrapper(file, "utf-8")
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["rulewright", *map(str, arguments)])
        patch.setattr(sys, "stdin", stdin)
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    assert isinstance(code, int), code
    return Done(code, *(_written(stream) for stream in (stdout, stderr)))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
