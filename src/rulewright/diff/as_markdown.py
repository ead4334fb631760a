"""A comparison as Markdown, for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..printable import printable
from .rules_comparison import RulesComparison
from .sentences import edit_sentence, group_sentence, heading, summary


def as_markdown(comparison: RulesComparison, old: str, new: str) -> Iterator[str]:
    """The lines, without line ends; `old` and `new` name the two versions."""
    yield f"## What changes from {_code(old)} to {_code(new)}"
    yield ""
    recorded = comparison.recorded
    for mapping in comparison.mappings():
        yield f"### {_plain(heading(mapping))}"
        yield ""
        for edit in comparison.edits:
            if edit.mapping == mapping:
                yield f"- {edit_sentence(edit, _code)}"
        groups = [] if recorded is None else [group for group in recorded.groups.values() if group.mapping == mapping]
        if groups:
            yield ""
            yield "| recorded | | first at line |"
            yield "|---:|---|---:|"
            for group in groups:
                sentence = group_sentence(group, _code).replace("|", "\\|")
                yield f"| {group.count:,} | {sentence} | {group.first_line:,} |"
        yield ""
    if last := summary(comparison):
        yield last


def _code(text: str) -> str:
    """The text as code, whatever it holds: the fence is longer than any row of backticks inside."""
    text = printable(" ".join(text.split()))
    fence = "`" * (1 + max((len(row) for row in re.findall("`+", text)), default=0))
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown or HTML would read."""
    return re.sub(r"([\\`*_\[\]<>#|&])", r"\\\1", printable(" ".join(text.split())))
