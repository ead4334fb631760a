"""A fault of Rulewright in any command is one message with an exit code of its own, and never a traceback."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from rulewright.cli import faults, group
from rulewright.cli.logged_faults import FaultHandler
from tests.cli.running import Done, rulewright
from tests.cli.scene import QUEUES, furnish

KEY = "sk-0123456789"
TEXT = f"planted\x1b[31m {KEY} " + "x" * 1000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    furnish(tmp_path)
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    monkeypatch.setenv("AMPLITUDE_SECRET_KEY", "another-key")
    monkeypatch.delenv(faults.TRACEBACK, raising=False)
    return tmp_path


def broken(*arguments: object, **options: object) -> object:
    raise AssertionError(TEXT)


def commands(
    found: click.Command = group, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command, also those of a group, by its words."""
    if not isinstance(found, click.Group):
        yield words, found
        return
    context = click.Context(found)
    for name in found.list_commands(context):
        below = found.get_command(context, name)
        assert below is not None
        yield from commands(below, (*words, name))


COMMANDS = {" ".join(words): command for words, command in commands()}


def is_told(done: Done, command: str) -> None:
    """The message has what it must have, and nothing that it must not have."""
    assert done.returncode == 70, done
    lines = done.stderr.splitlines()
    first = next(line for line in lines if "fault of Rulewright" in line)
    assert first.startswith("rulewright: this is a fault of Rulewright: AssertionError: planted\\x1b[31m [key] xxx")
    assert len(first) < 400
    assert f"  command: rulewright {command}" in done.stderr
    assert "RULEWRIGHT_TRACEBACK=1" in done.stderr
    assert "report it" in done.stderr
    for unwanted in ("Traceback", KEY, "another-key", "\x1b"):
        assert unwanted not in done.stdout + done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_of_any_command_is_told(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = COMMANDS[name]
    monkeypatch.setattr(command, "callback", broken)
    monkeypatch.setattr(command, "params", [])
    is_told(rulewright(*name.split(), folder=folder), name)


DEEP = {
    "check well.rules": "compiler.analysis.findings.all_findings._of_rule",
    "check --fix warned.rules": "cli.check.make_fixes",
    "fmt untidy.rules": "cli.fmt.format_file",
    "test well.rules --laws 2": "cli.test.run_suite",
    "explain well.rules events.jsonl --line 1": "cli.explain.as_text",
    "diff well.rules other.rules": "cli.diff.compare",
    "lineage well.rules": "cli.lineage.lineage_of",
    "run well.rules events.jsonl": "cli.run.map_lines",
    "run well.rules events.jsonl --workers 2": "workers.mapped_part.map_lines",
    "compile well.rules -o out.py": "cli.compile.source_of_module",
    "import subscriptions.json": "cli.import_.import_file",
    "export well.rules": "cli.export.export_items",
    "init events.jsonl": "cli.init.rules_for_events",
    "profile events.jsonl": "cli.profile.profile",
    "send well.rules --input events.jsonl --queue queue.db": "runtime.delivery.sender.Sender.step",
    "send well.rules --input events.jsonl --dry-run": "runtime.delivery.sender.Sender.step",
    "send well.rules --input events.jsonl --queue other.db": "runtime.delivery.input.file_input.FileInput.__call__",
    "status --queue accepted.db": "cli.status.status",
    "dead-letters list --queue accepted.db": "cli.dead_letters.dead_letters",
}
"""Command lines, and what is broken below their commands."""


@pytest.mark.parametrize("line", DEEP)
def test_a_fault_deep_below_a_command_is_told(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, make in QUEUES.items():
        if name in line:
            make(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(f"rulewright.{DEEP[line]}", broken)
    done = rulewright(*line.split(), folder=folder)
    is_told(done, line.split()[0])
    assert "  place: " in done.stderr
    assert {name: (folder / name).read_bytes() for name in before if name.endswith(".rules")} == {
        name: text for name, text in before.items() if name.endswith(".rules")
    }
    if line.startswith("send"):
        assert "nothing that was accepted is lost" in done.stderr


def test_the_command_line_is_shown_without_values_that_may_be_keys_or_events(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulewright.cli.run.map_lines", broken)
    event = '{"type": "track", "userId": "somebody"}' + " " * 5000
    done = rulewright("run", "well.rules", event, "--output=-", "--mapping", "Orders", folder=folder)
    assert "  command: rulewright run well.rules … --output=- --mapping …\n" in done.stderr
    assert "somebody" not in done.stderr


@pytest.mark.parametrize("option", [("--api-key", "on-the-command-line"), ("--api-key=on-the-command-line",)])
def test_keys_on_the_command_line_are_redacted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...]
) -> None:
    def quoting(*arguments: object, **options: object) -> object:
        raise AssertionError("key on-the-command-line, named-key")

    monkeypatch.setenv("RULEWRIGHT_WRITE_KEYS", "one=named-key two=other")
    monkeypatch.setattr("rulewright.cli.amplitude_fake.FaultScript", quoting)
    done = rulewright("amplitude", "double", *option, folder=folder)
    assert "AssertionError: key [key], [key]\n" in done.stderr
    assert "command: rulewright amplitude double --api-key" in done.stderr
    assert "on-the-command-line" not in done.stderr


def test_the_traceback_is_shown_on_request_without_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(faults.TRACEBACK, "1")
    monkeypatch.setattr("rulewright.workers.mapped_part.map_lines", broken)
    done = rulewright("run", "well.rules", "events.jsonl", "--workers", "2", folder=folder)
    assert done.returncode == 70
    assert done.stderr.count("Traceback (most recent call last)") == 2  # of the worker, and of the first process
    assert "in map_part" in done.stderr
    assert "test_faults.py, line" in done.stderr
    assert "in a worker process" in done.stderr
    assert KEY not in done.stderr
    assert "\x1b" not in done.stderr


def test_an_exception_that_cannot_be_told_is_a_fault_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError

    def silent(*arguments: object, **options: object) -> object:
        raise Silent

    monkeypatch.setattr("rulewright.cli.fmt.format_file", silent)
    done = rulewright("fmt", "untidy.rules", folder=folder)
    assert (done.returncode, "a fault of Rulewright: Silent\n" in done.stderr) == (70, True)


class Unportable(Exception):
    """An exception that cannot be passed to another process."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def test_an_exception_that_cannot_leave_a_worker_keeps_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unportable(*arguments: object, **options: object) -> object:
        raise Unportable("one", "two")

    monkeypatch.setattr("rulewright.workers.mapped_part.map_lines", unportable)
    done = rulewright("run", "well.rules", "events.jsonl", "--workers", "2", folder=folder)
    assert done.returncode == 70
    assert "a fault of Rulewright: RuntimeError: Unportable: one and two" in done.stderr


def test_a_fault_in_a_thread_is_told_and_no_success(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_thread(*arguments: object, **options: object) -> dict[str, object]:
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        return {}

    monkeypatch.setattr("rulewright.cli.profile.as_json", in_thread)
    before = threading.excepthook
    is_told(rulewright("profile", "events.jsonl", "--format", "json", folder=folder), "profile")
    assert threading.excepthook is before


PLANTED = """
import rulewright.{module} as module
def broken(*_, **__):
    raise AssertionError("planted")
module.{name} = broken
from rulewright.cli import main
main()
"""


def test_a_process_of_its_own_ends_with_the_code(folder: Path) -> None:
    program = PLANTED.format(module="cli.fmt", name="format_file")
    done = subprocess.run(
        [sys.executable, "-c", program, "fmt", "untidy.rules"], cwd=folder, capture_output=True, text=True
    )
    assert (done.returncode, "Traceback" in done.stderr, done.stdout) == (70, False, "")
    assert "this is a fault of Rulewright: AssertionError: planted" in done.stderr


def test_what_a_library_only_logs_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.Logger("library")
    log.addHandler(FaultHandler())
    try:
        broken()
    except AssertionError:
        log.exception("in a library")
    log.error("a message\nTraceback (most recent call last):")
    log.warning("closed", exc_info=ConnectionResetError(104, "reset by peer"))
    told = capsys.readouterr().err
    assert told.startswith("rulewright: this is a fault of Rulewright: AssertionError: planted")
    assert told.endswith("error: a message\nwarning: [Errno 104] reset by peer\n")
    assert "Traceback" not in told


def test_the_commands_of_commands_are_known() -> None:
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    assert {name for name, command in found.items() if isinstance(command, click.Group)} == set(faults.GROUPS)
