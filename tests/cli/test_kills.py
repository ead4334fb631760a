"""A command that is killed while it writes leaves each file as it was or whole, and the next run removes the rest."""

from __future__ import annotations

import json
import re
import signal
import tempfile
from itertools import cycle, islice, product
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from tests.cli.copies import Copy, in_copies
from tests.cli.kill_points import POINTS
from tests.cli.running import rulewright
from tests.cli.writing_commands import WRITING, furnish

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
KILLS = tuple(product(POINTS, SIGNALS))
ENDED = {signal.SIGKILL: -9, signal.SIGTERM: -15, signal.SIGINT: 130}


class Kill(NamedTuple):
    """A row of the table."""

    command: str
    point: str
    number: signal.Signals


QUICK = [Kill(name, *kill) for name, kill in zip(WRITING, cycle(KILLS), strict=False)]
"""Each command once, and each kill at least once."""
ALL = [Kill(name, *kill) for name in WRITING for kill in KILLS]


def contents(folder: Path) -> dict[str, str]:
    """The files of a folder with their texts, without what is another one each time: folders and durations."""
    texts = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    return {name: re.sub(r"\d+\.\d+", "N", text.replace(str(folder), "")) for name, text in texts.items()}


Case: TypeAlias = tuple[str, list[str]]
"""What a copy does before its command, and the command."""


def killed_while_writing(kills: list[Kill], folder: Path) -> list[Case]:
    """The command of each kill, in a folder of its own by its number."""
    cases = []
    for number, kill in enumerate(kills):
        place = folder / str(number)
        place.mkdir()
        furnish(place)
        before = (
            f"import os; os.chdir({str(place)!r})\n"
            "from tests.cli.kill_points import kill_when_a_file_is\n"
            f"kill_when_a_file_is({kill.point!r}, {int(kill.number)})"
        )
        cases.append((before, WRITING[kill.command][0].split()))
    return cases


TRIAL = ["send", "shop.rules", "--input", "events", "--dry-run"]


def killed_in_a_trial(folder: Path) -> list[Case]:
    """A trial for each signal that does not raise, with a folder of its name for temporary folders."""
    cases = []
    for number in SIGNALS[:2]:
        (folder / number.name).mkdir()
        before = (
            f"import tempfile; tempfile.tempdir = {str(folder / number.name)!r}\n"
            "from tests.cli.kill_points import kill_when_delivered\n"
            f"kill_when_delivered({int(number)})"
        )
        cases.append((before, TRIAL))
    return cases


STREAM = ["run", "shop.rules", "many.jsonl", "-o"]
EVENTS, KILLED_AFTER = 1_000, 800


def killed_in_a_stream(folder: Path) -> list[Case]:
    """A run for each signal, which writes requests to a file of its name."""
    with (folder / "many.jsonl").open("w") as file:
        for each in range(EVENTS):
            event = {"type": "track", "event": "E", "userId": f"user-{each:04}", "messageId": f"m-{each}"}
            file.write(json.dumps({**event, "properties": {"text": "x" * 500}}) + "\n")
    return [
        (
            "from tests.cli.kill_points import kill_when_requests_are_written\n"
            f"kill_when_requests_are_written({KILLED_AFTER}, {int(number)})",
            [*STREAM, f"{number.name}.jsonl"],
        )
        for number in SIGNALS
    ]


class Killed(NamedTuple):
    """A folder in which commands were killed, and how each of them ended."""

    folder: Path
    writing: list[Copy]
    trials: list[Copy]
    streams: list[Copy]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """All commands of the quick tests: one process is copied for all of them."""
    folder = tmp_path_factory.mktemp("killed")
    furnish(folder)
    kinds = killed_while_writing(QUICK, folder), killed_in_a_trial(folder), killed_in_a_stream(folder)
    copies = iter(in_copies([case for kind in kinds for case in kind], folder, RULEWRIGHT_CACHE="off"))
    return Killed(folder, *(list(islice(copies, len(kind))) for kind in kinds))


def test_a_file_is_as_before_or_whole_after_a_kill(killed: Killed, tmp_path: Path) -> None:
    assert_as_before_or_whole(QUICK, killed.writing, killed.folder, tmp_path)


@pytest.mark.long
def test_a_file_is_as_before_or_whole_after_every_kill(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    copies = in_copies(killed_while_writing(ALL, folder), folder, RULEWRIGHT_CACHE="off")
    assert_as_before_or_whole(ALL, copies, folder, tmp_path)


def assert_as_before_or_whole(kills: list[Kill], copies: list[Copy], folder: Path, undisturbed: Path) -> None:
    """Each file is as it should be after its kill, and as if nothing had happened after the next run."""
    (undisturbed / "before").mkdir()
    furnish(undisturbed / "before")
    before = contents(undisturbed / "before")
    wholes: dict[str, dict[str, str]] = {}
    for number, (kill, copy) in enumerate(zip(kills, copies, strict=True)):
        arguments, written = WRITING[kill.command]
        if kill.command not in wholes:
            place = undisturbed / f"whole {number}"
            place.mkdir()
            furnish(place)
            rulewright(*arguments.split(), folder=place)
            wholes[kill.command] = contents(place)
        whole = wholes[kill.command]
        place = folder / str(number)
        assert copy.returncode == ENDED[kill.number], (kill, copy)
        left = contents(place)
        unfinished = {name for name in left if re.fullmatch(rf"\.{re.escape(written)}\.[0-9a-f]{{16}}", name)}
        expected = whole if kill.point == "in place" else before
        assert {name: text for name, text in left.items() if name not in unfinished} == expected, kill
        if kill.number == signal.SIGINT:
            assert not unfinished, kill
        rulewright(*arguments.split(), folder=place)
        assert contents(place) == whole, kill


def test_a_trial_leaves_no_events_behind(killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, copy in zip(SIGNALS[:2], killed.trials, strict=True):
        assert copy.returncode == ENDED[number], copy
        left = [path.name for path in (killed.folder / number.name).glob("*/*.db")]
        assert left == (["queue.db"] if number == signal.SIGKILL else [])
    temporary = killed.folder / signal.SIGKILL.name
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert rulewright(*TRIAL, folder=killed.folder).returncode == 0
    assert list(temporary.iterdir()) == []


def test_requests_are_a_stream_that_ends_where_it_was_killed(killed: Killed) -> None:
    folder = killed.folder
    assert rulewright(*STREAM, "whole", folder=folder).returncode == 0
    whole = (folder / "whole").read_bytes()
    for number, copy in zip(SIGNALS, killed.streams, strict=True):
        assert copy.returncode == ENDED[number], copy
        out = (folder / f"{number.name}.jsonl").read_bytes()
        assert 0 < len(out) < len(whole)
        assert whole.startswith(out)
        if number == signal.SIGINT:  # what was accounted for is written
            assert (out.endswith(b"\n"), len(out.splitlines())) == (True, KILLED_AFTER + 1)
            assert f"{KILLED_AFTER + 1:,} events:" in copy.text
    assert rulewright(*STREAM, "SIGKILL.jsonl", folder=folder).returncode == 0
    assert (folder / "SIGKILL.jsonl").read_bytes() == whole
