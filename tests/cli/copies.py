"""Runs commands in copies of one process that has imported what most commands import: that takes most of their time.

Only for what needs a process of its own and does not depend on how Python starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rulewright.cli import main as command_line
from tests.cli.processes import environment
from tests.paths import ROOT

RULES = """destination amplitude

mapping "Any" -> logEvent {
  when type = "track"
  user_id = userId
  event_type = event
}

test "an event" {
  given { "type": "track", "event": "Seen", "userId": "user-1" }
  expect "Any"
}
"""
FIRST = (("check",), ("test", "--laws", "0"), ("run",), ("explain",))
"""Commands that import what the copies share."""


class Copy(NamedTuple):
    """How a command ended, and what it wrote to both streams."""

    returncode: int
    text: str


def in_copies(
    cases: Sequence[tuple[str, Sequence[str]]], folder: Path, given: str = "{}", **variables: str
) -> list[Copy]:
    """What becomes of each command in a folder, with `given` as its input; its copy runs a Python text before it."""
    with TemporaryDirectory() as work:
        Path(work, "any.rules").write_text(RULES)
        Path(work, "any.jsonl").write_text('{"type": "track", "event": "Seen", "userId": "user-1"}')
        Path(work, "given").write_text(given)
        command = [sys.executable, "-m", "tests.cli.copies", work, str(folder)]
        done = subprocess.run(
            command, input=json.dumps(cases), cwd=ROOT, env=environment(**variables), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        codes = json.loads(done.stdout.splitlines()[-1])
        return [Copy(code, Path(work, str(number)).read_text()) for number, code in enumerate(codes)]


def main(work: Path, folder: Path) -> None:
    cases = json.load(sys.stdin)
    for command in FIRST:
        _stand_in(0, work / "any.jsonl", os.O_RDONLY)
        assert _ended(*command, str(work / "any.rules")) == 0
    os.chdir(folder)
    codes = []
    for number, (before, arguments) in enumerate(cases):
        sys.stdout.flush()
        if not os.fork():
            _stand_in(0, work / "given", os.O_RDONLY)
            for stream in (1, 2):
                _stand_in(stream, work / str(number), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            exec(before, {})  # noqa: S102 - a text of the tests
            sys.exit(_ended(*arguments))
        codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
    sys.stdout.write(f"\n{json.dumps(codes)}\n")


def _stand_in(descriptor: int, path: Path, flags: int) -> None:
    """A file in place of a standard stream."""
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, descriptor)
    os.close(opened)


def _ended(*arguments: str) -> int:
    sys.argv = ["rulewright", *arguments]
    sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")
    try:
        command_line()
    except SystemExit as ended:
        assert ended.code is None or isinstance(ended.code, int)
        return ended.code or 0
    return 0


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
