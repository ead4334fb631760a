"""How `make release-check` follows a page: all that is shown is compared, and only what the page says is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from release import environment, pages
from release.environment import Environment, ReleaseError
from release.pages import extras_of, follow, is_shown

FILE = '`order.jsonl`:\n\n```jsonl\n{"type": "track"}\n```\n\n'
COMMAND = "```console\n$ rulewright --version\nrulewright, version 1\n```\n"


class OfThisTest(Environment):
    """An environment whose programs are those of this Python, and whose `rulewright` says a version."""

    def program(self, name: str) -> Path:
        if name == "python":
            return Path(sys.executable)
        return self.folder / name


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    for module in (environment, pages):
        monkeypatch.setattr(module, "BUILD", tmp_path)
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "rulewright").write_text(f"#!{sys.executable}\nprint('rulewright, version 1')\n")
    (folder / "rulewright").chmod(0o755)
    return OfThisTest(folder)


def followed(installed: Environment, tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(text)
    follow("page.md", installed)


@pytest.mark.parametrize(
    "text",
    [
        COMMAND,
        FILE + COMMAND + "```python\nprint(len(open('order.jsonl').read()))\n```\n\n```output\n18\n```\n",
        COMMAND + "```python\nevent = 1\n```\n\n```python\nprint(event)\n```\n\n```output\n1\n```\n",
        COMMAND + "```python\nevent = 1\nprint(1)\n```\n\n```python\nprint(2)\n```\n\n```output\n2\n```\n",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a `#!` line")
def test_a_page_that_shows_what_is_written(installed: Environment, tmp_path: Path, text: str) -> None:
    followed(installed, tmp_path, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Nothing\n", "expected commands"),
        (COMMAND.replace("version 1", "version 2"), "writes\nrulewright, version 1"),
        (COMMAND.replace("$ rulewright", "$ sh"), "expected a command of rulewright"),
        (COMMAND + "```python\nevent = 1\nprint(event)\n```\n\n```output\n2\n```\n", "the Python above prints\n1"),
        (COMMAND + "```python\nevent = 1\nraise SystemExit(3)\n```\n", "exit code 3"),
        (FILE + COMMAND + "```python\nprint(evnt)\n```\n", "NameError"),
        (COMMAND + "```text\nx\n```\n", "found `text`"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a `#!` line")
def test_a_page_that_shows_something_else_is_refused(
    installed: Environment, tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ReleaseError) as raised:
        followed(installed, tmp_path, text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "extras"),
    [
        ("Install it with the extra `laws`, so that", "[laws]"),
        ("Install it with the\nextras `tables` and `remote`.", "[remote,tables]"),
        ("The extra of `pip` is none.", ""),
        ("Nothing is said.", ""),
    ],
)
def test_the_extras_are_those_that_the_page_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, extras: str
) -> None:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    (tmp_path / "page.md").write_text(text)
    assert extras_of("page.md") == extras


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        ("a\nb\n", "b\na\n", True),
        ("1 error (0.2 s)\n", "1 error (0.7 s)\n", True),
        ("a\n", "a\na\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n…\n", "a\nb\n", True),
        ("c\n…\n", "a\nb\n", False),
        ("", "a\n", False),
    ],
)
def test_what_is_shown_is_what_is_written(expected: str, actual: str, shown: bool) -> None:
    assert is_shown(expected, actual) == shown
