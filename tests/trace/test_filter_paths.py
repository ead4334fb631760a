"""A key that stands for the pattern of a filter is one that the filter takes out."""

from __future__ import annotations

import pytest

from rulewright.dsl.ast import KeyPattern
from rulewright.dsl.syntax.paths import filter_steps
from rulewright.runtime.semantics.glob import matches
from rulewright.trace.filter_paths import matching_key


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("traits.*", "key"),
        ("traits.*email*", "email"),
        (r"traits.a\*b*", "a*b"),
        (r"traits.\**", "*"),
        (r"traits.a\\*", "a\\"),
    ],
)
def test_the_key_for_a_pattern_is_one_that_it_matches(path: str, key: str) -> None:
    pattern = filter_steps(path)[1][-1]
    assert isinstance(pattern, KeyPattern)
    assert matches(pattern.glob, key)
    assert matching_key(pattern) == key
