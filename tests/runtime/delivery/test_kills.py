"""kill -9, again and again, while one request in five fails: the ledger is reconciled event by event."""

from __future__ import annotations

import bz2
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from rulewright.runtime.delivery.store.queue_status import dead_letters
from tests.long_cases import long_cases

from ..inputs.forms import csv_of, parquet_of
from .killing import USERS, sent_with_kills
from .simulation import event


@pytest.mark.parametrize(("events", "kills"), [(1_200, 2), pytest.param(5_000, 8, marks=pytest.mark.long)])
def test_kills_lose_nothing_double_nothing_and_keep_order(tmp_path: Path, events: int, kills: int) -> None:
    chance = random.Random(7)
    source = tmp_path / "events.jsonl"
    users = [f"user-{chance.randrange(USERS)}" for _ in range(events)]
    lines = [json.dumps(event(number, user)) for number, user in enumerate(users)]
    bad = {number: chance.choice(("not json", json.dumps({"type": "track"}))) for number in range(0, events, 499)}
    source.write_text("\n".join(bad.get(number, line) for number, line in enumerate(lines)) + "\n")
    queue = tmp_path / "queue.db"
    counts, entries = sent_with_kills(source, queue, [chance.randrange(1, 10) for _ in range(kills)])
    assert (counts.accepted, counts.delivered, counts.dead, counts.pending) == (events, events - len(bad), len(bad), 0)
    assert counts.inputs == {str(source): events}
    delivered = [entry.insert_id for entry in entries]
    assert sorted(delivered, key=str) == [f"m-{number:06}" for number in range(events) if number not in bad]
    order: dict[str | None, str] = {}
    for entry in entries:
        assert order.get(entry.user_id, "") < (entry.insert_id or "")
        order[entry.user_id] = entry.insert_id or ""
    assert sorted(letter.code for letter in dead_letters(queue)) == sorted(
        "not_json" if text == "not json" else "mapper_failed" for text in bad.values()
    )


FORMS: dict[str, Callable[[list[str]], bytes]] = {
    "array": lambda lines: f"[{','.join(lines)}]".encode(),
    "lines in gzip": lambda lines: gzip.compress("\n".join(lines).encode()),
    "array in zstd": lambda lines: zstd.compress(f"[{','.join(lines)}]".encode()),
    "CSV in bzip2": lambda lines: bz2.compress(csv_of(["event"], [[line] for line in lines])),
    "Parquet": lambda lines: parquet_of({"event": lines}),
}


@pytest.mark.parametrize("kills", [1, *long_cases(2)])
@pytest.mark.parametrize("form", ["lines in gzip", "Parquet", *long_cases("array", "array in zstd", "CSV in bzip2")])
def test_kills_lose_nothing_and_double_nothing_of_any_form(tmp_path: Path, form: str, kills: int) -> None:
    chance = random.Random(form)
    source = tmp_path / "events"
    lines = [json.dumps(event(number, f"user-{number % 50}")) for number in range(600)]
    source.write_bytes(FORMS[form](lines))
    counts, entries = sent_with_kills(source, tmp_path / "queue.db", [chance.randrange(1, 5) for _ in range(kills)])
    assert (counts.accepted, counts.delivered, counts.pending) == (600, 600, 0)
    assert counts.inputs == {str(source): 600}
    assert sorted(str(entry.insert_id) for entry in entries) == [f"m-{n:06}" for n in range(600)]
