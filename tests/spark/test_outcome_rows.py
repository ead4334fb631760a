"""What an executor makes of Arrow batches, without Spark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import rulewright
from rulewright.runtime.destination import PLACEHOLDER
from rulewright.runtime.mapping.account import Account
from rulewright.runtime.mapping.lines import map_lines
from rulewright.spark import outcome_rows
from rulewright.spark.account_text import read_account
from rulewright.spark.outcome_rows import COLUMNS, OutcomeRows
from rulewright.spark.output_lines import OutputLines
from rulewright.spark.shipped_rules import ship

from .events import LINES, RULES


@pytest.fixture(autouse=True)
def first_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome_rows, "_task", lambda: 3)


def batches_of(lines: list[bytes | None], size: int = 7) -> list[Any]:
    numbered = list(enumerate(lines, 1))
    return [
        pa.RecordBatch.from_arrays(
            [
                pa.array([number for number, _ in part], pa.int64()),
                pa.array([line for _, line in part], pa.binary()),
            ],
            names=["line", "event"],
        )
        for part in (numbered[start : start + size] for start in range(0, len(numbered), size))
    ]


def rows_of(lines: list[bytes | None], *, identity: tuple[str, ...] = (), rules: str | Path = RULES) -> list[Any]:
    rows = OutcomeRows(ship(rules), "event", ("line",), identity, "line")
    return list(rows(iter(batches_of(lines))))


def test_lines_and_account_are_those_of_run() -> None:
    written: list[bytes] = []
    account = Account()
    mapper = rulewright.load(RULES, settings={"apiKey": PLACEHOLDER})
    map_lines(mapper, LINES, written.append, account)
    batches = list(OutputLines(several_files=False)(iter(rows_of([*LINES]))))
    texts = [(row["kind"], row["text"]) for batch in batches for row in batch.to_pylist()]
    assert [text.encode() + b"\n" for kind, text in texts if kind == "request"] == written
    (text,) = (text for kind, text in texts if kind == "account")
    assert list(read_account(text).sentences()) == list(account.sentences())
    assert read_account(text) == account


def test_failures_keep_the_event_as_it_came_and_say_where() -> None:
    rows = [row for batch in rows_of([b"no JSON", None, LINES[-2]]) for row in batch.to_pylist()]
    failures = {row["line"]: row for row in rows if row["kind"] == "failure"}
    assert failures[1]["event"] == b"no JSON"
    assert failures[2]["message"] == "the line is not an event: it is null"
    assert {row["code"] for row in failures.values()} == {"not_an_event"}
    text = "".join(
        row["text"] for batch in OutputLines(True)(iter(_with_file(failures[1]))) for row in batch.to_pylist()
    )
    assert json.loads(text) | {"message": ""} == {
        "file": "a.jsonl", "line": 1, "mapping": "", "field": None, "code": "not_an_event", "message": "", "rule": None,
        "event": "no JSON",
    }  # fmt: skip


def _with_file(row: dict[str, Any]) -> list[Any]:
    schema = pa.schema([("file", pa.string()), ("line", pa.int64()), *COLUMNS])
    return [pa.RecordBatch.from_pylist([{"file": "a.jsonl", **row}], schema)]


def test_repairs_are_with_the_request_that_they_were_made_for() -> None:
    (line,) = (line for line in LINES if b"bio" in line)
    requests = [row for batch in rows_of([line]) for row in batch.to_pylist() if row["kind"] == "request"]
    assert [(row["mapping"], [repair["code"] for repair in row["repairs"]]) for row in requests] == [
        ("Behaviour", ["long_string"])
    ]


def test_no_row_and_no_rules_on_their_way_hold_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "a-very-secret-key")
    shipped = ship(RULES, {"apiKey": "a-very-secret-key"})
    assert shipped.settings["apiKey"] == PLACEHOLDER
    rows = [row for batch in rows_of([*LINES]) for row in batch.to_pylist()]
    assert any(row["kind"] == "request" for row in rows)
    assert "a-very-secret-key" not in repr(rows)


def event(**more: Any) -> bytes:
    return json.dumps({"type": "track", "event": "Seen", "userId": "user-42", **more}).encode()


def ids_of(lines: list[bytes | None], **options: Any) -> list[bytes]:
    rows = [row for batch in rows_of(lines, **options) for row in batch.to_pylist()]
    return [row["event_id"] for row in rows if row["kind"] == "request"]


def test_an_event_has_the_same_id_in_every_run_and_others_have_another() -> None:
    lines: list[bytes | None] = [event(messageId="m-1"), event(messageId="m-2"), event()]
    assert ids_of(lines) == ids_of(lines)
    assert len(set(ids_of(lines))) == 3
    assert set(ids_of(lines[::-1])) == set(ids_of(lines))


def test_equal_events_are_one_with_a_message_id_and_several_without() -> None:
    assert len(set(ids_of([event(messageId="m-1")] * 3))) == 1
    assert len(set(ids_of([event()] * 3))) == 3
    assert len(set(ids_of([event()] * 3, identity=("line",)))) == 3
    assert ids_of([event(), event(messageId="m-1"), event()], identity=("line",))[2] == ids_of(
        [event(messageId="m-9"), event(messageId="m-1"), event()], identity=("line",)
    )[2]  # fmt: skip


def test_positions_grow_and_an_event_without_a_time_follows_the_one_before_it() -> None:
    times = [{"timestamp": "2024-03-01T12:00:00.000Z"}, {}, {"timestamp": "yesterday"}, {"timestamp": "2024-01-01"}]
    lines: list[bytes | None] = [event(messageId=str(n), **time) for n, time in enumerate(times)]
    rows = [row for batch in rows_of(lines) for row in batch.to_pylist() if row["kind"] != "account"]
    assert [row["position"] - (3 << 40) for row in rows] == [1, 2, 3, 4]
    assert [row["time"] for row in rows] == [1709294400000, 1709294400000, 1709294400000, 1704067200000]


def test_an_executor_with_another_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = ship(RULES)
    monkeypatch.setattr("rulewright.spark.shipped_rules.VERSION", "9.9.9")
    with pytest.raises(RuntimeError, match=r"this executor has 9\.9\.9; install the same version"):
        shipped.mapper()
