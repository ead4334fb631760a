"""A command that is killed while it writes leaves each file as it was or whole, and the next run removes the rest."""

from __future__ import annotations

import json
import re
import signal
import tempfile
from itertools import cycle, product
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.copies import Copy, in_copies
from tests.cli.kill_points import POINTS
from tests.cli.running import rulewright
from tests.cli.writing_commands import RULES, WRITING, furnish

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


def killed(kills: list[Kill], folder: Path) -> list[Copy]:
    """What becomes of the command of each kill, in a folder of its own by its number."""
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
    return in_copies(cases, folder, RULEWRIGHT_CACHE="off")


@pytest.mark.parametrize("kills", [QUICK, pytest.param(ALL, marks=pytest.mark.long)], ids=["some", "all"])
def test_a_file_is_as_before_or_whole_after_every_kill(kills: list[Kill], tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    wholes: dict[str, dict[str, str]] = {}
    (tmp_path / "before").mkdir()
    furnish(tmp_path / "before")
    before = contents(tmp_path / "before")
    for number, (kill, copy) in enumerate(zip(kills, killed(kills, folder), strict=True)):
        arguments, written = WRITING[kill.command]
        if kill.command not in wholes:
            place = tmp_path / f"whole {number}"
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


def test_a_trial_leaves_no_events_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(tmp_path)
    arguments = ["send", "shop.rules", "--input", "events", "--dry-run"]
    cases = []
    for number in SIGNALS:
        (tmp_path / number.name).mkdir()
        before = (
            f"import tempfile; tempfile.tempdir = {str(tmp_path / number.name)!r}\n"
            f"from tests.cli.kill_points import kill_when_delivered; kill_when_delivered({int(number)})"
        )
        cases.append((before, arguments))
    for number, copy in zip(SIGNALS, in_copies(cases, tmp_path), strict=True):
        assert copy.returncode == ENDED[number], copy
        left = [path.name for path in (tmp_path / number.name).glob("*/*.db")]
        assert left == (["queue.db"] if number == signal.SIGKILL else [])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / signal.SIGKILL.name))
    assert rulewright(*arguments, folder=tmp_path).returncode == 0
    assert list((tmp_path / signal.SIGKILL.name).iterdir()) == []


EVENTS, KILLED_AFTER = 1_000, 800


def test_requests_are_a_stream_that_ends_where_it_was_killed(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(RULES)
    with (tmp_path / "events.jsonl").open("w") as file:
        for each in range(EVENTS):
            event = {"type": "track", "event": "E", "userId": f"user-{each:04}", "messageId": f"m-{each}"}
            file.write(json.dumps({**event, "properties": {"text": "x" * 500}}) + "\n")
    arguments = ("run", "shop.rules", "events.jsonl", "-o")
    assert rulewright(*arguments, "whole", folder=tmp_path).returncode == 0
    whole = (tmp_path / "whole").read_bytes()
    cases = []
    for number in SIGNALS:
        before = (
            "from tests.cli.kill_points import kill_when_requests_are_written\n"
            f"kill_when_requests_are_written({KILLED_AFTER}, {int(number)})"
        )
        cases.append((before, [*arguments, number.name]))
    for number, copy in zip(SIGNALS, in_copies(cases, tmp_path), strict=True):
        assert copy.returncode == ENDED[number], copy
        out = (tmp_path / number.name).read_bytes()
        assert 0 < len(out) < len(whole)
        assert whole.startswith(out)
        if number == signal.SIGINT:  # what was accounted for is written
            assert (out.endswith(b"\n"), len(out.splitlines())) == (True, KILLED_AFTER + 1)
            assert f"{KILLED_AFTER + 1:,} events:" in copy.text
    assert rulewright(*arguments, "SIGKILL", folder=tmp_path).returncode == 0
    assert (tmp_path / "SIGKILL").read_bytes() == whole
