"""The text of an event: what is read, and what is said of a text that is none."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from rulewright.runtime.mapping.event_text import read_event

EVENT = {"type": "track", "event": "é"}


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "track", "event": "é"}',
        '{"type": "track", "event": "é"}'.encode(),
        '\ufeff{"type": "track", "event": "é"}',
        '\ufeff{"type": "track", "event": "é"}\r\n'.encode(),
    ],
)
def test_an_event_is_read_with_and_without_a_byte_order_mark(text: str | bytes) -> None:
    assert read_event(text) == EVENT


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a\ud800", "a\ufffd"),
        (r"\uDC00b", "\ufffdb"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d\ud83d\ude00\ude00", "\ufffd\U0001f600\ufffd"),
        (r"\ud83d\n\\ud83d", "\ufffd\n\\ud83d"),
        (r"\\\ud83d", "\\\ufffd"),
    ],
)
def test_half_of_a_pair_is_the_replacement_character(written: str, read: str) -> None:
    for text in (f'{{"a": "{written}", "b": "\\ud800"}}', f'{{"a": "{written}", "b": "\\ud800"}}'.encode()):
        assert read_event(text) == {"a": read, "b": "\ufffd"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "track"}'.encode("utf-16-le"), "JSON is malformed"),
        ('{"type": "track"}'.encode("utf-16"), "expected JSON in UTF-8, found UTF-16 text"),
        (b"\xfe\xff\x00{\x00}", "expected JSON in UTF-8, found UTF-16 text"),
        (b"\x1f\x8b\x08\x00", "expected JSON in UTF-8, found gzip-compressed bytes"),
        (b"\xef\xbb\xbf", "truncated"),
        (b"\xef\xbb\xbf" * 100_000, "JSON is malformed"),
        (b"[" * 100_000, "JSON is nested too deep"),
        (b"\xef\xbb\xbf" + b"[" * 100_000, "JSON is nested too deep"),
        ("[1]", "expected a JSON object, found a list"),
        (b'{"a": "\xff"}', "invalid"),
    ],
)
def test_text_that_is_not_an_event_is_refused_with_a_reason(text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_event(text)


@pytest.mark.parametrize("kind", [bytearray, memoryview, lambda text: memoryview(bytearray(text))])
def test_every_kind_of_bytes_is_read_as_bytes_are(kind: Callable[[bytes], bytes]) -> None:
    assert read_event(kind(b'\xef\xbb\xbf{"a": 1e400}')) == {"a": math.inf}
    assert read_event(kind(b'{"a": "\\ud800"}'), keep_halves=True) == {"a": "\ud800"}
    with pytest.raises(ValueError, match="JSON is truncated"):
        read_event(kind(b'{"a":'))
