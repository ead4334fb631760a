"""Standard streams that are closed, full or left by their reader: the cause is said, and no traceback is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli import copies
from tests.cli.processes import COMMAND, environment, shared_rules
from tests.cli.running import rulewright
from tests.long_cases import long_cases
from tests.paths import ROOT

RULES = shared_rules(copies.RULES)
COMMANDS = {
    "check": f"check {RULES}",
    "run": f"run {RULES}",
    "test": f"test {RULES} --laws 0",
    "explain": f"explain {RULES}",
}


SOME = ["check", "run", *long_cases("test", "explain")]
"""All commands write through the same streams, so that two of them show it."""


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """The command with its redirections, as a shell runs it."""
    return subprocess.run(
        f"{' '.join(COMMAND)} {command}", shell=True, capture_output=True, text=True, cwd=ROOT, env=environment(),
        check=False, input="{}\n",
    )  # fmt: skip


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">&-", "standard output is closed"), (">/dev/full", "no space left on device")],
)
def test_output_that_cannot_be_written_ends_with_2(name: str, redirection: str, reason: str) -> None:
    if name == "run":
        redirection += " <examples/events.jsonl"
    done = shell(f"{COMMANDS[name]} {redirection}")
    assert (done.returncode, reason in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.parametrize("name", ["run", "explain"])
def test_events_that_cannot_be_read_end_with_2(name: str) -> None:
    done = shell(f"{COMMANDS[name]} <&-")
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", SOME)
def test_without_standard_error_a_command_does_its_work(name: str) -> None:
    assert shell(f"{COMMANDS[name]} 2>&-").returncode == 0


def test_nothing_that_is_printed_gets_into_a_file_that_is_opened_later(tmp_path: Path) -> None:
    """The first file that a program opens gets the descriptor of a stream that was closed before."""
    output = tmp_path / "requests.jsonl"
    done = shell(f"run {RULES} examples/events.jsonl -o {output} 2>&- >&-")
    assert done.returncode == 0
    assert all(json.loads(line) for line in output.read_text().splitlines())


def test_too_little_memory_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("rulewright.cli.check._run", exhausted)
    done = rulewright("check", "examples/shop.rules")
    assert (done.returncode, done.stderr) == (2, "rulewright: there is not enough memory\n")


@pytest.mark.parametrize("name", ["a\n::error::", "\x1b[31m", "\u202egpj", "caf\udce9"])
def test_a_hostile_file_name_is_shown_as_escapes(tmp_path: Path, name: str) -> None:
    for command in (["check"], ["check", "--format", "github"], ["fmt", "--check"], ["run"], ["test"]):
        done = rulewright(command[0], tmp_path / f"{name}##[error]x.rules", *command[1:])
        assert done.returncode in (1, 2)
        for line in (done.stdout + done.stderr).splitlines():
            assert line.isprintable()
            assert not line.startswith("::error::")
            assert "##[" not in line or line.startswith("::error file=") or "github" not in command
