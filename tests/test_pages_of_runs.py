"""Pages made of real runs: each command that they show is run again, and writes what they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from .cli.running import ROOT, rulewright

FILE = re.compile(r"^`(?P<name>[\w.]+)`:\n\n```\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"^```console\n\$ rulewright (?P<arguments>[^\n]*)\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"\d+\.\d s\)")


@pytest.mark.parametrize("name", ["check", "diff", "explain", "test", "tutorial"])
def test_the_page_shows_what_the_command_writes(name: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert repeated(page, tmp_path) == page


def repeated(page: str, folder: Path) -> str:
    """The page with the output of each command as it is now, the files of the page standing in the folder."""
    (folder / "examples").symlink_to(ROOT / "examples")
    for file in FILE.finditer(page):
        (folder / file["name"]).write_text(file["text"], encoding="utf-8")

    def run(shown: re.Match[str]) -> str:
        done = rulewright(*shlex.split(shown["arguments"]), folder=folder)
        assert done.stderr == ""
        # How long it took is another every time.
        times = iter(SECONDS.findall(shown["output"]))
        output = SECONDS.sub(lambda now: next(times, now[0]), done.stdout)
        return f"```console\n$ rulewright {shown['arguments']}\n{output}```"

    return RUN.sub(run, page)
