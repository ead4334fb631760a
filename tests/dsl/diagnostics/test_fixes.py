"""Fixes: all that can be made together are made, and nothing else of the text changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl.diagnostics.diagnostic import Diagnostic, Fix
from rulewright.dsl.diagnostics.fixes import apply, fixes_by_source
from rulewright.dsl.source import Source, Span


def fix(source: Source, start: int, end: int, replacement: str) -> Fix:
    return Fix(Span(source, start, end), replacement, f"write `{replacement}`")


def diagnostic_with(fix: Fix) -> Diagnostic:
    return Diagnostic("RW0201", "unknown", fix.span, fix=fix)


def test_fixes_are_made_at_their_places() -> None:
    source = Source("a.rules", "one two three")
    assert apply(source.text, [fix(source, 8, 13, "3"), fix(source, 0, 3, "1")]) == "1 two 3"


def test_line_ends_stay_as_they_are() -> None:
    source = Source("a.rules", "one\ntwo\nthree\n")
    assert apply("one\r\ntwo\nthree\r\n", [fix(source, 4, 7, "2"), fix(source, 8, 13, "3")]) == "one\r\n2\n3\r\n"
    assert apply("one\r\ntwo\r\nthree\r\n", [fix(source, 4, 8, "")]) == "one\r\nthree\r\n"


def test_overlapping_fixes_are_refused() -> None:
    source = Source("a.rules", "one two")
    with pytest.raises(ValueError, match="two fixes change the same text"):
        apply(source.text, [fix(source, 0, 5, "a"), fix(source, 4, 7, "b")])


def test_of_fixes_that_overlap_the_first_is_chosen() -> None:
    source = Source("a.rules", "one two three")
    again = Source("a.rules", "one two three")
    other = Source("b.rules", "one")
    fixes = [
        fix(source, 4, 9, "b"),
        fix(source, 0, 5, "a"),
        fix(source, 8, 13, "c"),
        fix(again, 0, 5, "a"),
        fix(other, 0, 3, "1"),
    ]
    chosen = fixes_by_source([*map(diagnostic_with, fixes), Diagnostic("RW0005", "no rules", Span(source, 0, 0))])
    assert {source.name: [made.replacement for _, made in made] for source, made in chosen.items()} == {
        "a.rules": ["a", "c"],
        "b.rules": ["1"],
    }


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_chosen_fixes_never_overlap_and_leave_the_rest(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab\n", max_size=30))
    source = Source("a.rules", text)
    offsets = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(offsets, offsets), max_size=6))
    fixes = [fix(source, min(pair), max(pair), "X") for pair in pairs]
    chosen = [fix for made in fixes_by_source(map(diagnostic_with, fixes)).values() for _, fix in made]
    assert bool(chosen) == bool(fixes)
    result = apply(text.replace("\n", "\r\n"), chosen)
    assert result.count("X") == len(chosen)
    covered = {offset for fix in chosen for offset in range(fix.span.start, fix.span.end)}
    kept = "".join(character for offset, character in enumerate(text) if offset not in covered)
    assert result.replace("X", "").replace("\r\n", "\n") == kept
