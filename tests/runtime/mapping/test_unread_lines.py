"""Lines that are not events are counted by what is wrong with them, wherever in the line that is."""

from __future__ import annotations

import pytest

from rulewright.profile.as_text import as_json, summary
from rulewright.profile.profile import profile
from rulewright.runtime.mapping.account import Account
from rulewright.runtime.mapping.event_text import read_event
from rulewright.runtime.mapping.lines import map_lines
from rulewright.runtime.mapping.unread_lines import UnreadLines
from rulewright.runtime.outcome import Outcome

LINES = [b"oops", b"[1]", b" ", b'{"a": oops}', b"{", b"null", b"[2]", b"[" * 100_000, b"\x1f\x8b\x08\x00", b"{}"]
REASONS = {
    "JSON is malformed: invalid character": 2,
    "expected a JSON object, found a list": 2,
    "JSON is nested too deep": 1,
    "JSON is truncated": 1,
    "expected JSON in UTF-8, found gzip-compressed bytes": 1,
    "expected a JSON object, found null": 1,
}


class Idle:
    """A mapper that matches nothing."""

    def map_bytes(self, line: bytes) -> Outcome:
        read_event(line)
        return Outcome([], [], [], False)


def account_of(lines: list[bytes]) -> Account:
    account = Account()
    written: list[bytes] = []
    map_lines(Idle(), lines, written.append, account)
    return account


def groups_of(account: Account) -> list[tuple[int, int, str]]:
    return [(group["count"], group["first_line"], group["message"]) for group in account.as_dict()["failures"]]


def test_the_account_has_a_group_for_each_reason() -> None:
    assert groups_of(account_of(LINES)) == [
        (2, 1, "the line is not an event: JSON is malformed: invalid character (byte 0)"),
        (2, 2, "the line is not an event: expected a JSON object, found a list"),
        (1, 5, "the line is not an event: JSON is truncated"),
        (1, 6, "the line is not an event: expected a JSON object, found null"),
        (1, 8, "the line is not an event: JSON is nested too deep"),
        (1, 9, "the line is not an event: expected JSON in UTF-8, found gzip-compressed bytes"),
    ]


def test_accounts_of_parts_are_merged_by_reason() -> None:
    whole, parts = account_of(LINES), Account()
    for start in range(0, len(LINES), 3):
        parts.merge(account_of(LINES[start : start + 3]))
    assert [count for count, _, _ in groups_of(parts)] == [count for count, _, _ in groups_of(whole)]
    assert parts.failed == whole.failed


def test_a_profile_counts_them_by_reason() -> None:
    profiled = profile(LINES)
    assert (profiled.events, as_json(profiled)["unread"], as_json(profiled)["unread_reasons"]) == (1, 8, REASONS)
    assert summary(profiled).startswith(
        "1 event; 2 lines are not events: JSON is malformed: invalid character; 2 lines are not events: expected"
    )


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        ([], []),
        ([b"[1]"], ["1 line is not an event: expected a JSON object, found a list"]),
        ([b"1", b"2", b"x"], [
            "2 lines are not events: expected a JSON object, found a number",
            "1 line is not an event: JSON is malformed: invalid character",
        ]),
    ],
)  # fmt: skip
def test_a_sentence_for_each_reason(lines: list[bytes], sentences: list[str]) -> None:
    unread = UnreadLines()
    for line in lines:
        with pytest.raises(ValueError) as caught:
            read_event(line)
        unread.add(caught.value)
    assert (list(unread.sentences()), len(unread)) == (sentences, len(lines))
