"""Every command that reads events says of a batch or an envelope that it is not an event of Segment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .input_commands import COMMANDS, RULES
from .running import rulewright

EVENT = {"type": "track", "event": "Order", "userId": "user-1", "messageId": "m-1", "properties": {"total": 1}}
BATCH = {"meta": 1, "events": [EVENT, EVENT]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.rules").write_text(RULES)
    (tmp_path / "edited.rules").write_text(RULES.replace("total:", "sum:"))
    return tmp_path


def events_file(folder: Path, *events: object) -> Path:
    path = folder / "events.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    return path


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("more", [(), (EVENT,)], ids=["only", "among events"])
def test_each_command_says_that_a_line_is_a_batch(folder: Path, command: str, more: tuple[object, ...]) -> None:
    events = events_file(folder, BATCH, *more)
    words: dict[str, str | Path] = {
        "RULES": folder / "orders.rules",
        "EDITED": folder / "edited.rules",
        "EVENTS": events,
        "40": "1",
    }
    done = rulewright(*(words.get(word, word) for word in COMMANDS[command]))
    said = " ".join((done.stdout + done.stderr).split())
    assert "holds a batch of 2 events; unpack such lines first: `jq -c '(.events[])? // .'`" in said
    events_file(folder, EVENT)
    done = rulewright(*(words.get(word, word) for word in COMMANDS[command]))
    assert "of Segment" not in done.stdout + done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([BATCH, {"payload": EVENT}], 1),
        ([BATCH, "oops"], 1),
        ([BATCH, {}], 0),
        ([BATCH, EVENT], 0),
        ([BATCH, {"type": "page"}], 0),
        ([{"type": "page"}], 0),
    ],
    ids=[
        "no event",
        "no event, or none at all",
        "an object",
        "one event",
        "one that matches nothing",
        "none that matches",
    ],
)
def test_run_ends_with_1_where_each_line_only_holds_events(
    folder: Path, events: list[object], code: int, workers: str
) -> None:
    path = events_file(folder, *events)
    done = rulewright("run", folder / "orders.rules", path, "--workers", workers, "--quiet")
    assert (done.returncode, BATCH in events) == (code, "not events of Segment" in done.stderr)


def test_send_says_it_in_its_account(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "0" * 32)
    path = events_file(folder, BATCH, BATCH)
    done = rulewright("send", folder / "orders.rules", "--input", path, "--queue", folder / "queue.db", "--quiet")
    assert "2 events are not events of Segment: `events` holds a batch of 2 events" in done.stderr


def test_columns_that_are_not_of_an_event_are_named(folder: Path) -> None:
    (folder / "events.csv").write_text("type,Event,user_id,properties.total\ntrack,Order,user-1,1\n")
    done = rulewright("run", folder / "orders.rules", folder / "events.csv")
    assert "and columns that events of Segment do not have: `Event`, `user_id`" in done.stderr
    (folder / "events.csv").write_text("type,event,userId,properties.total\ntrack,Order,user-1,1\n")
    done = rulewright("run", folder / "orders.rules", folder / "events.csv")
    assert "CSV, a column for each path\n" in done.stderr
