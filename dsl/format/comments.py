"""The comments of a file while it is printed: each is printed once, above or after its line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ..ast import Comment
from ..source import Source, Span

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Comments:
    """The comments of a file, each taken once, by their positions in the source."""

    def __init__(self, comments: Sequence[Comment]) -> None:
        self._comments = comments
        self._starts = [comment.span.start for comment in comments]
        self._left = set(range(len(comments)))
        self._taken: list[int] = []

    def between(self, start: int, end: int) -> list[Comment]:
        """Takes the comments that begin from `start` up to, but not including, `end`."""
        taken = [index for index in self._range(start, end) if index in self._left]
        self._take(*taken)
        return [self._comments[index] for index in taken]

    def count_within(self, span: Span) -> int:
        """The number of comments inside a node that are still to be written."""
        return sum(index in self._left for index in self._range(span.start, span.end))

    def behind(self, source: Source, end: int, closing: str = "") -> str:
        """Takes the comment that follows an offset on the same line, after at most blanks, a comma and `closing`.

        Returns it with two blanks before it; empty if there is none.
        """
        index = bisect_left(self._starts, end)
        if index not in self._left or index == len(self._starts):
            return ""
        between = source.text[end : self._starts[index]]
        if "\n" in between or between.strip(f" \t,{closing}"):
            return ""
        self._take(index)
        return f"  {comment_text(self._comments[index])}"

    def behind_opening(self, start: int, first: int) -> str:
        """Takes the comment behind an opening brace: the first one before `first` that has no line of its own."""
        for index in self._range(start, first):
            if index in self._left and not self._comments[index].alone:
                self._take(index)
                return f"  {comment_text(self._comments[index])}"
        return ""

    def mark(self) -> int:
        """A point to go back to."""
        return len(self._taken)

    def go_back(self, mark: int) -> None:
        """Gives back all comments that were taken since the mark."""
        self._left.update(self._taken[mark:])
        del self._taken[mark:]

    def _take(self, *indexes: int) -> None:
        self._left.difference_update(indexes)
        self._taken.extend(indexes)

    def _range(self, start: int, end: int) -> range:
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))


def comment_text(comment: Comment) -> str:
    """The comment as it is written; a row of hashes stays one."""
    if not comment.text:
        return "#"
    return f"#{comment.text}" if comment.text[0] in "#!" else f"# {comment.text}"


def blank_line_between(source: Source, start: int, end: int) -> bool:
    """Whether the author left a blank line there."""
    return _BLANK_LINE.search(source.text, start, end) is not None
