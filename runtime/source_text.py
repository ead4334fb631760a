"""The text of generated code for tracebacks, kept only as long as the code."""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Callable
from functools import partial


class SourceText:
    """Is in the globals of generated code as `__loader__`, through which `linecache` finds the text of a file name.

    The standard library keeps for ever what it has found so, and what it would ask. It is given nothing that holds the
    code, and forgets the file name when the code is gone.
    """

    def __init__(self, file_name: str, text: Callable[[], str]) -> None:
        """The text is asked for when a traceback shows it. A name that ends in `>` would never be asked for."""
        self._text = text
        self.get_source = partial(_text_of, weakref.ref(self))
        weakref.finalize(self, linecache.cache.pop, file_name, None).atexit = False


def _text_of(reference: weakref.ref[SourceText], _name: str) -> str:
    source = reference()
    return "" if source is None else source._text()
