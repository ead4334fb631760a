"""`rulewright completion` writes a script that completes every command."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import rulewright as command


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_calls_the_program_for_its_shell(shell: str) -> None:
    done = command("completion", shell)
    assert done.returncode == 0
    assert f"_RULEWRIGHT_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.parametrize(("words", "expected"), [("rulewright pre", "presets"), ("rulewright presets --f", "--force")])
def test_the_program_answers_the_script(words: str, expected: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "rulewright"],
        env={
            **os.environ,
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "_RULEWRIGHT_COMPLETE": "bash_complete",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert f"plain,{expected}" in answer.stdout.splitlines()


class Bash:
    """A shell on a terminal of its own, with the script loaded."""

    def __init__(self, folder: Path) -> None:
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": programs, "TERM": "dumb", "INPUTRC": os.devnull, "HISTFILE": ""}
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--noprofile", "--norc", "-i"], environment)
        self._write("bind 'set enable-bracketed-paste off'; bind 'set bell-style none'\n")
        self._write("eval \"$(rulewright completion bash)\"; stty -echo; printf 'rea''dy\\n'\n")
        self._read_until(b"ready")

    def completed(self, line: str) -> list[str]:
        """The words of a line after the tab key."""
        # Back to the start of the line, where a command is put before it that shows the words and runs nothing.
        self._write(f"\x15{line}\t\x01printf '<%s>' \x05; printf 'do''ne\\n'\n")
        return [word.decode() for word in re.findall(rb"<([^>%]*)>", self._read_until(b"done\r\n"))]

    def close(self) -> None:
        self._write("exit\n")
        os.waitpid(self._process, 0)
        os.close(self._terminal)

    def _write(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _read_until(self, end: bytes) -> bytes:
        shown = b""
        while end not in shown:
            assert select.select([self._terminal], [], [], 120)[0], f"the shell does not answer: {shown!r}"
            shown += os.read(self._terminal, 4096)
        return shown


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bash]:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.rules").touch()
    (folder / "my shop.rules").touch()
    (folder / "events").mkdir()
    shell = Bash(folder)
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("rulewright pre", "presets"),
        ("rulewright dead-letters ex", "export"),
        ("rulewright presets --f", "--force"),
        ("rulewright check --format sar", "sarif"),
        ("rulewright check --format=sar", "--format=sarif"),
        ("rulewright check sh", "shop.rules"),
        ("rulewright check my", "my shop.rules"),
        ("rulewright check --events sho", "shop.rules"),
        ("rulewright check --events=sho", "--events=shop.rules"),
        ("rulewright run shop.rules ev", "events/"),
        ("rulewright run shop.rules -o ev", "events/"),
    ],
)
def test_bash_completes_what_is_typed(bash: Bash, line: str, last: str) -> None:
    before = line.split()[:-1]
    assert bash.completed(line) == [*before, last]


def test_what_nothing_completes_stays(bash: Bash) -> None:
    assert bash.completed("rulewright check --format nothing-like-it") == [
        "rulewright",
        "check",
        "--format",
        "nothing-like-it",
    ]
