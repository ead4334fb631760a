"""A page with all its blocks run again; `python -m tests.pages --write` puts what commands write now into the pages."""

from __future__ import annotations

from pathlib import Path

from .blocks import blocks_of
from .execution import Execution


def repeated(page: str, text: str, folder: Path) -> str:
    """The page with the output of each command as it is now. Raises PageError for a block that is wrong."""
    execution = Execution(folder)
    written, at = [], 0
    for block in blocks_of(page, text):
        start, end = block.span
        written += [text[at:start], execution.run(block)]
        at = end
    execution.end()
    return "".join([*written, text[at:]])
