"""Text from outside cannot steer a terminal, a log or GitHub's output."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.printable import printable, printable_json, shortened

_any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain `text` {}", "plain `text` {}"),
        (r"C:\events\new.jsonl", r"C:\events\new.jsonl"),
        ("größer 日本 🎉", "größer 日本 🎉"),
        ("no-break\u00a0space", "no-break\u00a0space"),
        ("a\nb\r\tc\0", r"a\nb\r\tc\x00"),
        ("\x1b[31mred\x1b[0m\x07", r"\x1b[31mred\x1b[0m\x07"),
        ("\x9b31m\x7f\x85", r"\x9b31m\x7f\x85"),
        ("file\n::error::injected", r"file\n::error::injected"),
        ("abc\u202edcb\u2066", r"abc\u202edcb\u2066"),
        ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
        ("cut \ud83d", r"cut \ud83d"),
        ("name-\udcff.jsonl", r"name-\udcff.jsonl"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("none\uffff", r"none\uffff"),
    ],
)
def test_only_what_could_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(_any_text)
def test_any_text_becomes_one_safe_line(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert printable(shown) == shown


@given(st.dictionaries(_any_text, _any_text))
def test_json_means_the_same(value: dict[str, str]) -> None:
    for indent in (None, 2):
        shown = printable_json(json.dumps(value, ensure_ascii=False, indent=indent))
        assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        # JSON has two escapes for a character outside the basic plane, which `json` joins again.
        assert _units(json.loads(shown)) == _units(value)


def _units(value: dict[str, str]) -> list[bytes]:
    return [text.encode("utf-16", "surrogatepass") for item in value.items() for text in item]


@pytest.mark.parametrize(("text", "short"), [("", ""), ("abcd", "abcd"), ("abcde", "abc…"), ("a" * 99, "aaa…")])
def test_a_long_text_is_shortened(text: str, short: str) -> None:
    assert shortened(text, 4) == short
