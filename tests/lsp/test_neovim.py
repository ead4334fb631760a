"""Headless Neovim, an editor that nobody here wrote, uses the language server on a real file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .editor import UNTIDY_RULES

NEOVIM = shutil.which("nvim")


@pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed; `make editors-test` says how")
def test_neovim_shows_and_changes_what_the_server_says(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(UNTIDY_RULES)
    script = Path(__file__).with_name("neovim.lua")
    done = subprocess.run(
        [str(NEOVIM), "--headless", "--clean", "shop.rules", "-S", str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": sys.executable, "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    lines = (line.partition(": ") for line in (done.stdout + done.stderr).splitlines())
    told = {
        name: json.loads(value)
        for name, separator, value in lines
        if separator and name.isalpha() and value[:1] in '["{0123456789'
    }
    assert "RW0202" in told["diagnostics"], done.stderr
    assert "context" in told["completion"]
    assert "**City**" in told["hover"]
    assert told["definition"] == 2
    assert told["rename"] == 2
    assert told["fixed"] == "  language = context.locale"
    assert told["formatted"] == '  when type = "track"'
    assert told["ranged"] == told["saved"] == '  when type = "track"'
    assert told["symbols"] == ["Orders", "an order"]
    assert told["grown"] == len("context.location.city")
    assert told["tokens"] == 0
    title, passed, text = told["lens"]
    assert (title, passed) == ("Run this test", False)
    assert text.startswith("not run: ")
    assert "needs `event_type`" in text
