"""A comparison on screen."""

from __future__ import annotations

from collections.abc import Iterator

from ..printable import printable
from .rules_comparison import RulesComparison
from .sentences import edit_sentence, group_sentence, heading, summary


def as_text(comparison: RulesComparison) -> Iterator[str]:
    """The lines, without their ends: each mapping with its edits, then how many recorded events or requests change."""
    recorded = comparison.recorded
    groups = [] if recorded is None else list(recorded.groups.values())
    width = max((len(f"{group.count:,}") for group in groups), default=0)
    for number, mapping in enumerate(comparison.mappings()):
        if number:
            yield ""
        yield printable(heading(mapping))
        for edit in comparison.edits:
            if edit.mapping == mapping:
                yield f"  {edit_sentence(edit, printable)}"
        for group in groups:
            if group.mapping == mapping:
                sentence = group_sentence(group, printable)
                yield f"  {group.count:>{width},} {sentence}   (first at line {group.first_line:,})"
    if last := summary(comparison):
        if comparison.different:
            yield ""
        yield last
