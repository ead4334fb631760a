"""Emacs in batch mode with eglot, a client that nobody here wrote, uses the language server on a real file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .editor import UNTIDY_RULES

EMACS = shutil.which("emacs")


@pytest.mark.skipif(EMACS is None, reason="Emacs is not installed; `make editors-test` installs it with eglot")
def test_emacs_shows_and_changes_what_the_server_says(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(UNTIDY_RULES)
    done = subprocess.run(
        [str(EMACS), "--batch", "--no-init-file", "--load", str(Path(__file__).with_name("emacs.el"))],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": sys.executable, "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    lines = (line.partition(": ") for line in done.stdout.splitlines())
    told = {name: json.loads(value) for name, separator, value in lines if separator}
    assert told.get("mode") == "rulewright-mode", done.stderr
    assert any("logEventV2 has no field" in text for text in told["diagnostics"]), done.stderr
    assert "context" in told["completion"]
    assert "**City**" in told["hover"]
    assert told["definition"] == 3
    assert told["renamed"] == ['mapping "Sales" -> logEventV2 {', '  expect "Sales"']
    assert told["fixed"] == "  language = context.locale"
    assert told["formatted"] == '  when type = "track"'
