"""`rulewright run` on real input: files, pipes, bad lines, and an account in which every event is found again."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli import running
from tests.cli.processes import COMMAND, environment, interruptible
from tests.paths import ROOT

PRESETS = "rules/amplitude/presets.rules"
EVENTS = ROOT / "examples" / "events.jsonl"


class Ended(NamedTuple):
    """How the command ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


def process(*arguments: str, given: bytes = b"", **variables: str) -> Ended:
    """The command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, cwd=ROOT, env=environment(**variables), check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def rulewright(*arguments: str, given: bytes = b"", **variables: str) -> Ended:
    """The command in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(**variables).items():
            patch.setenv(name, value)
        code, *written = running.rulewright(*arguments, given=given)
    return Ended(code, *(text.encode() for text in written))


def account_of(done: Ended) -> dict[str, Any]:
    account: dict[str, Any] = json.loads(done.stderr)
    return account


def test_every_event_is_found_again() -> None:
    lines = EVENTS.read_bytes() + b'not json\n\n[1]\n{"type": "track", "event": "x"}\n'
    done = rulewright("run", PRESETS, "-", "--format", "json", given=lines)
    assert done.returncode == 0
    account = account_of(done)
    assert account["events"] == 1003
    assert account["matched"] + account["unmatched"] + account["dropped"] + account["failed"] == account["events"]
    assert account["requests"] == len(done.stdout.splitlines())
    invalid = [group for group in account["failures"] if group["code"] == "not_an_event"]
    assert [(group["count"], group["first_line"]) for group in invalid] == [(1, 1001), (1, 1003)]
    assert sum(group["count"] for group in account["failures"]) == account["failed"]


def test_the_account_names_the_rule_of_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    path.write_text(
        'destination amplitude\n\nmapping "Orders" -> logEventV2 {\n  when type = "track"\n  event_type = event\n'
        "  user_id = userId\n  revenue = number(properties.total)\n}\n"
    )
    lines = b'{"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "12,50"}}\n' * 2
    text = rulewright("run", str(path), given=lines).stderr.decode().splitlines()
    assert text[1] == f'  2  Orders  revenue: "12,50" is not a number        {path}:7:13  first at line 1'
    (group,) = account_of(process("run", str(path), "--format", "json", "--workers", "2", given=lines))["failures"]
    assert group["rule"] == {"file": str(path), "line": 7, "column": 13}


@pytest.mark.parametrize("options", [[], ["--sessions", "-"]], ids=["alone", "in sessions"])
def test_a_line_nested_too_deep_stops_nothing(options: list[str]) -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    lines = deep + b'\n{"type": "track", "event": "x", "userId": "user-1"}\n'
    done = rulewright("run", PRESETS, "--format", "json", *options, given=lines)
    account = account_of(done)
    assert (done.returncode, account["events"]) == (0, 2)
    assert account["failures"][0]["message"] == "the line is not an event: JSON is nested too deep"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["check", "-"], 1),
        (["import", "-"], 1),
        (["explain", PRESETS, "-"], 2),
        pytest.param(["fmt", "-"], 1, marks=pytest.mark.long),
        pytest.param(["export", "-"], 1, marks=pytest.mark.long),
        pytest.param(["diff", "-", PRESETS], 2, marks=pytest.mark.long),
    ],
)
def test_standard_input_that_is_not_text_is_reported(command: list[str], code: int) -> None:
    done = process(*command, given="destination amplitude\n".encode("utf-16"), LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == code
    assert b"UTF-" in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr
    assert b"no mapping" not in done.stdout


def test_a_file_gives_what_standard_input_gives(tmp_path: Path) -> None:
    piped = rulewright("run", PRESETS, given=EVENTS.read_bytes())
    into_file = rulewright("run", PRESETS, str(EVENTS), "-o", str(tmp_path / "out.jsonl"))
    assert piped.stdout == (tmp_path / "out.jsonl").read_bytes()
    assert into_file.stdout == b""
    first = json.loads(piped.stdout.splitlines()[0])
    assert list(first) == ["line", "mapping", "action", "method", "url", "json"]


def test_no_key_is_ever_shown() -> None:
    done = rulewright("run", PRESETS, str(EVENTS), AMPLITUDE_API_KEY="very-secret", AMPLITUDE_SECRET_KEY="more-secret")
    assert b"very-secret" not in done.stdout + done.stderr
    assert b'"api_key":"API_KEY"' in done.stdout


def test_strict_ends_with_one_when_an_event_failed() -> None:
    assert rulewright("run", PRESETS, "--strict", given=b"{}\n").returncode == 0
    assert rulewright("run", PRESETS, "--strict", given=b"no\n").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["run", "gone.rules"], 1, b"`gone.rules` cannot be read: no such file"),
        (["run", PRESETS, "gone.jsonl"], 2, b"`gone.jsonl` cannot be read: no such file"),
        (["run"], 2, b"Missing argument"),
        (["fly"], 2, b"No such command"),
        (["run", PRESETS, "-o", "/gone/out.jsonl"], 2, b"no such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], code: int, sentence: bytes) -> None:
    done = rulewright(*arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"0 events" not in done.stderr


def test_a_reader_that_closes_early_is_not_an_error() -> None:
    command = f"({' '.join(COMMAND)} run {PRESETS} {EVENTS}; echo ended with $? >&2) | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, env=environment(), check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.endswith(b"ended with 141\n")
    assert b"Traceback" not in done.stderr


def test_a_full_disk_is_loud() -> None:
    done = rulewright("run", PRESETS, str(EVENTS), "-o", "/dev/full")
    assert done.returncode == 2
    assert b"no space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff", b"\xff\xfe\x00", b"{" * 100_000, b"(" * 100_000])
def test_a_rule_file_of_any_bytes_gives_a_diagnostic(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.rules").write_bytes(content)
    done = rulewright("check", str(tmp_path / "odd.rules"))
    assert done.returncode == 1
    assert b"error[RW0" in done.stdout
    assert done.stderr == b""


def test_a_huge_rule_file_is_refused_at_once(tmp_path: Path) -> None:
    with (tmp_path / "huge.rules").open("wb") as file:
        file.truncate(200_000_000)
    done = rulewright("check", str(tmp_path / "huge.rules"))
    assert b"error[RW0003]" in done.stdout


@pytest.mark.parametrize("source", ["file", "pipe", "gzip"])
def test_several_workers_give_what_one_gives(source: str, tmp_path: Path) -> None:
    lines = EVENTS.read_bytes() + b"not json\n\n" + EVENTS.read_bytes()
    path = tmp_path / "events.jsonl"
    path.write_bytes(gzip.compress(lines) if source == "gzip" else lines)
    name, given = ("-", lines) if source == "pipe" else (str(path), b"")
    single = process("run", PRESETS, name, "--format", "json", given=given)
    several = process("run", PRESETS, name, "--format", "json", "--workers", "3", given=given)
    assert (several.stdout, several.stderr) == (single.stdout, single.stderr)
    assert b'"events": 2001,' in several.stderr


def test_several_workers_give_what_one_gives_of_a_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(gzip.compress(EVENTS.read_bytes() * 3)[:-2_000])
    single = process("run", PRESETS, str(path))
    several = process("run", PRESETS, str(path), "--workers", "2")
    assert (several.returncode, several.stdout, several.stderr) == (single.returncode, single.stdout, single.stderr)
    assert (single.returncode, single.stdout.count(b"\n") > 1_000, b"is cut off" in single.stderr) == (2, True, True)


def test_an_interrupt_ends_all_workers_with_an_account() -> None:
    command = [*COMMAND, "run", PRESETS, "--workers", "2", "-o", os.devnull]
    pipes: Any = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with interruptible():
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), start_new_session=True, **pipes)
    assert process.stdin is not None
    lines = EVENTS.read_bytes()
    for _ in range(4):
        process.stdin.write(lines)
    process.stdin.flush()
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_sessions_take_one_worker() -> None:
    done = rulewright("run", PRESETS, "--workers", "2", "--sessions", "-")
    assert done.returncode == 2
    assert b"use --sessions with one worker" in done.stderr
