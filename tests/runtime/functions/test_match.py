"""`match` is the whole glob of the Filter Query Language, in time that grows with the text alone."""

from __future__ import annotations

import fnmatch
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.analysis.sets.glob import NO_TEXT, read_glob
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.functions.match import malformed, match
from rulewright.runtime.semantics.glob import MAX_PATTERN, compiled, matches


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("", [""], ["a"]),
        ("a*b*c", ["abc", "aXbYc", "abcbc", "a\nb\nc"], ["ab", "acb", "abcd"]),
        ("**", ["", "anything"], []),
        ("a**b", ["ab", "axb"], ["a"]),
        ("*ab*ab", ["abab", "xabyab"], ["ab"]),
        ("?", ["a", "é", "😀", "\n"], ["", "ab"]),
        ("[^^]", ["a"], ["^", ""]),
        ("[^bd]", ["a", "c", "e"], ["b", "d"]),
        ("[[]", ["["], ["]"]),
        ("[*?]x", ["*x", "?x"], ["ax", "x"]),
        ("]a]", ["]a]"], ["a"]),
        ("a-b", ["a-b"], ["a"]),
        (r"[\-x]", ["-", "x"], ["\\"]),
        (r"[+-\-]", ["+", ",", "-"], ["."]),
        (r"a\\", ["a\\"], ["a"]),
        ("[a-cx-z]", ["b", "y"], ["d", "-"]),
        ("[z-a]", [], ["z", "a", "-"]),
        ("[^z-a]", ["q"], [""]),
        (r"[\]x]", ["]", "x"], ["\\"]),
        (r"[\^a]", ["^", "a"], ["b"]),
        (r"[a\-z]", ["a", "-", "z"], ["m"]),
        ("[!a]", ["!", "a"], ["b"]),
        ("[a&&b]", ["&", "a"], ["c"]),
        (r"\*\?\[\\", ["*?[\\"], ["a"]),
        (r"\a", ["a"], ["\\a"]),
        (".+(x)|$^{1}", [".+(x)|$^{1}"], ["a"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], fails: list[str]) -> None:
    assert [text for text in fits if not match(text, pattern)] == []
    assert [text for text in fails if match(text, pattern)] == []


MALFORMED = {
    "[x-]": "[x-]", "[]a]": "[]a]", "[a-b-c]": "[a-b-c]", "[-a]": "[-a]", "[-]": "[-]", "[a--]": "[a--]", "[]": "[]",
    "[^]": "[^]", "[^]a]": "[^]a]", "[^-a]": "[^-a]", "[": "[", "[^": "[^", "[ab": "[ab", "*[a": "[a", "a[b]c[": "[",
    "[a-": "[a-", "[\\": "[\\", r"[\]": r"[\]", "a\\": "\\", "a*\\": "\\", "[a]\\": "\\", "[&&~~||": "[&&~~||",
    "[a-b-c]*": "[a-b-c]",
}  # fmt: skip
"""Malformed patterns, as Go's path.Match has them, and the part of each that is at fault."""


@pytest.mark.parametrize("pattern", MALFORMED)
def test_a_malformed_pattern_never_matches(pattern: str) -> None:
    texts = [pattern, pattern.replace("\\", ""), "", "a", "b", "c", "x", "-", "]", "[", "^", "\\", "ab"]
    assert [text for text in texts if match(text, pattern)] == []
    assert rulewright.compile_trigger(f"!match(event, {json.dumps(pattern)})")({"event": "a"}) is True
    fault = malformed(pattern)
    assert fault is not None
    assert pattern[fault.start : fault.end] == MALFORMED[pattern]


FAIR = ["[x]", r"[x\-]", r"[\]a]", "[z-a]", "]", "-", r"\[a"]
BROKEN = ["[x-]", "[]a]", "[a", "a\\"]


@pytest.mark.parametrize(("pattern", "is_malformed"), [(pattern, pattern in BROKEN) for pattern in [*FAIR, *BROKEN]])
def test_only_a_malformed_pattern_is_a_warning(pattern: str, is_malformed: bool) -> None:
    rules = f'destination amplitude\nmapping "A" -> mapUser {{\n when match(event, {json.dumps(pattern)})\n}}'
    _, diagnostics = check_files(read_rules_text(rules))
    assert ("RW0410" in {diagnostic.code for diagnostic in diagnostics}) is is_malformed


@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": 1}])
def test_only_a_string_fits(value: object) -> None:
    assert match(value, "*") is False


@pytest.mark.parametrize("pattern", [None, ["*"], {"*": 1}])
def test_a_pattern_that_is_not_a_text_matches_nothing(pattern: object) -> None:
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
def test_the_solver_reads_every_pattern_as_the_runtime_does(pattern: str, text: str) -> None:
    glob = read_glob(pattern)
    state = glob.start()
    for character in text:
        state = glob.step(state, character)
    assert glob.accepts(state) is match(text, pattern) is matches(pattern, text)
    assert not (malformed(pattern) and match(text, pattern))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=12))
def test_an_escaped_text_fits_itself_alone(text: str) -> None:
    pattern = "".join(f"\\{character}" for character in text)
    assert match(text, pattern)
    assert not match(text + "x", pattern)


def test_a_pattern_has_a_limit_for_it_may_come_from_an_event() -> None:
    longest = "a" * (MAX_PATTERN - 1) + "*"
    assert match("a" * 2000, longest)
    assert malformed(longest) is None
    before = compiled.cache_info().currsize
    assert not match("a" * 2000, f"{longest}*")
    assert read_glob(f"{longest}*") is NO_TEXT
    assert compiled.cache_info().currsize == before, "a pattern beyond the limit is not kept"
    fault = malformed(f"{longest}*")
    assert fault is not None
    assert fault.message == "a pattern of more than 1,000 characters never matches, and this has 1,001"
