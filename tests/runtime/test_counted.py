"""Numbers in words: with their noun, and as ordinals."""

from __future__ import annotations

import pytest

from rulewright.runtime.counted import counted, ordinal

ORDINALS = (
    "0th 1st 2nd 3rd 4th 9th 10th 11th 12th 13th 14th 20th 21st 22nd 23rd 24th 31st"
    " 100th 101st 102nd 103rd 110th 111th 112th 113th 114th 121st 1011th 1021st"
).split()


@pytest.mark.parametrize("written", ORDINALS)
def test_an_ordinal_has_the_suffix_of_english(written: str) -> None:
    assert ordinal(int(written[:-2])) == written


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 events"), (1, "1 event"), (2, "2 events"), (1000, "1,000 events")]
)
def test_a_count_has_the_plural_of_its_noun(count: int, written: str) -> None:
    assert counted(count, "event") == written
