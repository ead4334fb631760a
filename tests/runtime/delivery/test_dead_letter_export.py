"""Exported dead letters are valid JSON lines that hold the stored bytes, whatever those are."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.adapter import Part, Route
from rulewright.runtime.delivery.dead_letter_export import event_line, letter_line
from rulewright.runtime.delivery.disposition import Reason
from rulewright.runtime.delivery.event_bytes import event_bytes
from rulewright.runtime.delivery.store.queue_status import DeadLetter, dead_letters
from rulewright.runtime.delivery.store.transaction import Transaction, Unsent

from .hostile import hostile_values
from .simulation import Simulation

ROUTE = Route("events", "POST", "https://api2.amplitude.com/2/httpapi")


def letter(body: bytes, route: Route | None = None) -> DeadLetter:
    return DeadLetter(7, "why", "because\n\u2028", "Map", route, 0.5, body)


def parsed(line: bytes) -> dict[str, Any]:
    assert b"\n" not in line
    assert b"\r" not in line
    letter: dict[str, Any] = json.loads(line.decode(), parse_constant=pytest.fail)
    return letter


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1e400,"b":-1E-999,"c":1.10}',
        b'{"cut":"a \\ud83d"}',
        b'{"a":"\\u00e9 \xc3\xa9", "a": 2}',
        b'{"n":%s}' % (b"9" * 4_300),
        b"[" * 300 + b"]" * 300,
        b'  {"a" : 1 }\t',
        b'"text"',
        b"12",
    ],
)
def test_json_comes_out_byte_for_byte(body: bytes) -> None:
    line = letter_line(letter(body))
    assert b'"event": ' + body in line
    assert parsed(line)["seq"] == 7


def test_a_number_of_any_length_comes_out_byte_for_byte() -> None:
    body = b'{"n":%s}' % (b"9" * 5_000)
    assert letter_line(letter(body)).endswith(b', "event": %s}' % body)


@pytest.mark.parametrize(
    "body",
    [
        b"no \x1b[31mjson",
        b'{"a":1',
        b'{"a":NaN,"b":Infinity}',
        b"",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * 100_000,
    ],
)
def test_what_is_not_json_comes_out_as_a_text(body: bytes) -> None:
    fields = parsed(letter_line(letter(body)))
    assert fields["event"] == body.decode()
    assert "base64" not in fields


def test_what_is_not_utf_8_comes_out_as_a_text_and_in_base64() -> None:
    fields = parsed(letter_line(letter(b'{"a":"\xff\xed\xa0\xbd"}')))
    assert fields["event"].startswith('{"a":"\ufffd')
    assert base64.b64decode(fields["base64"]) == b'{"a":"\xff\xed\xa0\xbd"}'


def test_line_breaks_between_values_become_blanks() -> None:
    pretty = b'{\r\n  "a": [\n    1\n  ]\n}'
    line = letter_line(letter(pretty, ROUTE))
    assert parsed(line)["body"] == {"a": [1]}
    assert event_line(letter(pretty)) == b'{    "a": [     1   ] }'


@given(hostile_values() | st.binary())
def test_any_dead_letter_is_one_valid_line(value: Any) -> None:
    stored = event_bytes(value)
    parsed(letter_line(letter(stored)))
    assert b"\n" not in event_line(letter(stored))


def test_a_dead_letter_that_is_damaged_hides_no_other(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    with closing(simulation.open()) as queue:
        queue.apply(
            Transaction(parts=[Part(ROUTE, "u", b"{}")], unsent=[Unsent(Reason("a", "b"), None, b"{}")] * 3), 1.0
        )
        queue.apply(Transaction(dead=[(1, Reason("a", "b"))]), 2.0)
        queue._connection.execute("UPDATE routes SET text = '{'")
        queue._connection.execute("UPDATE dead SET reason = CAST(x'ff' AS TEXT) WHERE seq = 2")
        queue._connection.execute("UPDATE dead SET body = 'text' WHERE seq = 3")
    letters = [parsed(letter_line(letter)) for letter in dead_letters(simulation.path)]
    assert [letter["seq"] for letter in letters] == [1, 2, 3, 4]
    assert (letters[0]["endpoint"], letters[1]["reason"], letters[2]["event"]) == ("", "\ufffd", "text")
