"""The table `outcomes.txt`: commands end as their page says, and what a program reads is alone on standard output."""

from __future__ import annotations

import ast
import json
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from rulewright.cli import group
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.cli.running import rulewright as command
from tests.cli.scene import QUEUES, furnish
from tests.paths import ROOT

KEYS = {"AMPLITUDE_API_KEY": "the-api-key", "AMPLITUDE_SECRET_KEY": "the-secret-key"}
TRIED_ELSEWHERE = {"amplitude double", "doctor", "lsp", "serve", "studio"}
"""Services end when they are stopped, and `doctor` by what is in the way: each has tests of its own."""


class Row(NamedTuple):
    """A line of the table."""

    code: int
    form: str
    line: str

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with what the command is given, so that nothing must be said."""
        return self.code == 0 and not re.search("mixed|repaired|warned", self.line)


def _rows() -> list[Row]:
    lines = Path(__file__).with_name("outcomes.txt").read_text().splitlines()
    parts = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return [Row(int(code), form, line) for code, form, line in parts]


ROWS = _rows()


def _json(text: str) -> None:
    json.loads(text)


def _json_lines(text: str) -> None:
    assert [json.loads(line) for line in text.splitlines()]


def _sarif(text: str) -> None:
    assert json.loads(text)["version"] == "2.1.0"


def _gitlab(text: str) -> None:
    assert all(each["fingerprint"] for each in json.loads(text))


def _github(text: str) -> None:
    assert all(re.match("::(error|warning|notice) file=", line) for line in text.splitlines())


def _rules(text: str) -> None:
    assert read_rules_text(text).items


def _shell(text: str) -> None:
    subprocess.run(["bash", "-n"], input=text, text=True, check=True)


def _some(text: str) -> None:
    assert text


def _nothing(text: str) -> None:
    assert text == ""


FORMS: dict[str, Callable[[str], object]] = {
    "nothing": _nothing, "account": _some, "text": _some, "json": _json, "jsonl": _json_lines, "sarif": _sarif,
    "github": _github, "gitlab": _gitlab, "rules": _rules, "python": ast.parse, "shell": _shell,
}  # fmt: skip
"""Holds standard output to its form."""


@pytest.fixture(scope="module")
def hosts() -> Iterator[dict[str, str]]:
    """Amplitude with our keys, with those of a stranger, and a port where nobody answers."""
    with (
        serving(FakeAmplitude(api_key=KEYS["AMPLITUDE_API_KEY"], secret_key=KEYS["AMPLITUDE_SECRET_KEY"])) as fake,
        serving(FakeAmplitude(api_key="x", secret_key="x")) as stranger,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        port = listener.getsockname()[1]
        listener.close()
        yield {"{fake}": fake, "{stranger}": stranger, "{nobody}": f"http://127.0.0.1:{port}"}


@pytest.fixture
def arguments(
    request: pytest.FixtureRequest, tmp_path: Path, hosts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The command line of a row, in a folder with everything that it names."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    furnish(tmp_path)
    words = [hosts.get(word, word) for word in request.param.line.split()]
    for name, make in QUEUES.items():
        if name in words:
            make(tmp_path)
    return words


def _cases(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("row", "arguments"), [(row, row) for row in rows], indirect=["arguments"],
                                   ids=[row.line for row in rows])  # fmt: skip


@_cases(ROWS)
def test_a_command_ends_with_its_code_and_writes_its_form_alone(row: Row, arguments: list[str], tmp_path: Path) -> None:
    done = command(*arguments, folder=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (row.code, False), done
    FORMS[row.form](done.stdout)
    if row.code:
        assert done.stdout or done.stderr


@_cases([row for row in ROWS if row.is_well])
def test_nothing_is_said_quietly_where_all_is_well(row: Row, arguments: list[str], tmp_path: Path) -> None:
    if "--quiet" in _options(arguments):
        arguments.append("-q")
    done = command(*arguments, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    FORMS["nothing" if row.form == "account" else row.form](done.stdout)


def _options(arguments: list[str]) -> set[str]:
    """The options of the command that is called."""
    command: click.Command = group
    for word in arguments:
        below = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if below is None:
            break
        command = below
    return {option for parameter in command.params for option in parameter.opts}


def test_the_table_has_each_command() -> None:
    named = {row.line.split()[0] for row in ROWS}
    assert set(group.list_commands(click.Context(group))) <= named


def test_the_page_has_the_codes_of_each_command() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text().split("## Exit codes")[1]
    documented: dict[str, set[int]] = {}
    for names, exit_code_1 in re.findall(r"^\| (`[^|]+) \|[^|]+\|([^|]+)\|$", page, re.MULTILINE):
        documented |= {name.strip("`"): {0, 1} if exit_code_1.strip() else {0} for name in names.split(", ")}
    tried: dict[str, set[int]] = {}
    for row in ROWS:
        words = row.line.split()
        tried.setdefault(" ".join(words[: 2 if words[0] in ("amplitude", "dead-letters") else 1]), set()).add(row.code)
    assert tried.keys() - documented.keys() == {"unknown"}
    assert documented.keys() - tried.keys() == set()
    assert {name for name, codes in documented.items() if codes != tried[name] - {2}} == TRIED_ELSEWHERE
