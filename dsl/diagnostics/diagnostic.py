"""A diagnostic: what is wrong, where, why, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source import Span
from .codes import CODES

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place of a diagnostic, with a short text."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change to the text that resolves a diagnostic and is safe to make."""

    span: Span
    replacement: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, with a code from `codes.py`."""

    code: str
    message: str
    """Lower case, one sentence, no full stop, the author's text in backticks."""
    span: Span
    label: str = ""
    """A short text beside the underlined place."""
    others: tuple[Label, ...] = ()
    example: str = ""
    """An event that shows the problem, as JSON text; empty if there is none."""
    help: tuple[str, ...] = ()
    """What to write instead; each item is one imperative sentence."""
    fix: Fix | None = None
    level: Severity | None = None
    """The severity that the project file gives this code; None if it gives none."""

    @property
    def severity(self) -> Severity:
        return self.level or CODES[self.code].severity


def fixable(message: str, span: Span, fix: Fix, code: str = "RW0101") -> Diagnostic:
    """A diagnostic with a fix, whose sentence is also its help."""
    return Diagnostic(code, message, span, help=(fix.sentence,), fix=fix)


def suggest(word: str, known: list[str] | tuple[str, ...]) -> str | None:
    """The known word closest to `word`, None if none is close: a third of the letters may differ, and two at most.

    Of a word of one or two letters, only their case may differ.
    """
    limit = min(2, len(word) // 3)
    best: str | None = None
    letters = word.lower()
    for candidate in sorted(known):
        distance = _distance(letters, candidate.lower(), limit)
        if distance <= limit and candidate != word:
            best, limit = candidate, distance - 1
            if limit < 0:
                break
    return best


def near(word: str, known: list[str] | tuple[str, ...], otherwise: str = "") -> str:
    """A help that names the known word closest to `word`; `otherwise` if none is close."""
    suggestion = suggest(word, known)
    return f"did you mean `{suggestion}`?" if suggestion else otherwise


def respelling(span: Span, word: str, known: list[str] | tuple[str, ...]) -> Fix | None:
    """The fix that replaces a misspelled word by the only known word close to it; None if none or several are."""
    suggestion = suggest(word, known)
    if suggestion is None or suggest(word, [candidate for candidate in known if candidate != suggestion]) is not None:
        return None
    return Fix(span, suggestion, f"write `{suggestion}`")


def _distance(left: str, right: str, limit: int) -> int:
    """Edits between two words, where a swap of neighbors counts as one edit; `limit + 1` for any larger number."""
    # An edit changes a set of letters by two at most, and to compare sets is far cheaper than to count edits.
    if abs(len(left) - len(right)) > limit or len(set(left).symmetric_difference(right)) > 2 * limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, against in enumerate(right, 1):
            cost = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
