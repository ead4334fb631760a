"""`match` is the whole glob of the Filter Query Language, in time that grows with the text alone."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.functions.match import compiled, match


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("", [""], ["a"]),
        ("a*b*c", ["abc", "aXbYc", "abcbc", "a\nb\nc"], ["ab", "acb", "abcd"]),
        ("**", ["", "anything"], []),
        ("a**b", ["ab", "axb"], ["a"]),
        ("*ab*ab", ["abab", "xabyab"], ["ab"]),
        ("?", ["a", "é", "😀", "\n"], ["", "ab"]),
        ("[]a]", ["]", "a"], ["b", "[]a]"]),
        ("[^]a]", ["b"], ["]", "a", ""]),
        ("[a-cx-z]", ["b", "y"], ["d", "-"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("[-a]", ["a", "-"], ["b"]),
        ("[z-a]", [], ["z", "a", "-"]),
        ("[^z-a]", ["q"], [""]),
        (r"[\]x]", ["]", "x"], ["\\"]),
        (r"[\^a]", ["^", "a"], ["b"]),
        (r"[a\-z]", ["a", "-", "z"], ["m"]),
        ("[!a]", ["!", "a"], ["b"]),
        ("[&&~~||", ["[&&~~||"], ["&"]),
        ("[a&&b]", ["&", "a"], ["c"]),
        ("[", ["["], [""]),
        ("[]", ["[]"], ["["]),
        ("[^]", ["[^]"], ["a"]),
        ("[\\", ["[\\"], ["["]),
        ("a\\", ["a\\"], ["a"]),
        (r"\*\?\[\\", ["*?[\\"], ["a"]),
        (r"\a", ["a"], ["\\a"]),
        (".+(x)|$^{1}", [".+(x)|$^{1}"], ["a"]),
        ("a*\\", ["ab\\"], ["ab"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], fails: list[str]) -> None:
    assert [text for text in fits if not match(text, pattern)] == []
    assert [text for text in fails if match(text, pattern)] == []


@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": 1}])
def test_only_a_string_fits(value: object) -> None:
    assert match(value, "*") is False


@pytest.mark.parametrize("pattern", [None, ["*"], {"*": 1}])
def test_a_pattern_that_is_no_text_fits_nothing(pattern: object) -> None:
    assert match("a", pattern) is False


def test_a_number_is_a_pattern_by_its_text() -> None:
    assert match("7", 7.0) is True


def test_a_pattern_is_compiled_once() -> None:
    assert compiled("once*only") is compiled("once*only")


@pytest.mark.parametrize("pattern", ["*a" * 400 + "b", "*?[a-z]" * 200 + "b", "*" * 800 + "b", "a*" * 400 + "?b"])
def test_hostile_patterns_end(pattern: str) -> None:
    assert match("a" * 20_000, pattern) is False


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_stars_and_question_marks_agree_with_the_shell(pattern: str, text: str) -> None:
    assert match(text, pattern) == fnmatch.fnmatchcase(text, pattern)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("ab*?[]^-\\z", max_size=10), st.text("ab-]^\\", max_size=6))
def test_any_pattern_is_one(pattern: str, text: str) -> None:
    assert isinstance(match(text, pattern), bool)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=12))
def test_an_escaped_text_fits_itself_alone(text: str) -> None:
    pattern = "".join(f"\\{character}" for character in text)
    assert match(text, pattern)
    assert not match(text + "x", pattern)
