"""`rulewright completion` writes a script that completes every command."""

from __future__ import annotations

import os
import subprocess
import sys

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
