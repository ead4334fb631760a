"""Python text to running names; the text is given to `linecache`, so that a traceback can show its lines."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from hashlib import sha256
from types import CodeType
from typing import Any


def run_module(text: str, title: str) -> dict[str, Any]:
    """The names that a generated module defines."""
    return run_code(code_of(text, title), lambda: text)


def code_of(text: str, title: str) -> CodeType:
    """The code of a module; its file name says which rules it is of."""
    # linecache asks for no text where a name ends in ">".
    name = f"<rules {title}> {sha256(text.encode()).hexdigest()[:12]}"
    return compile(text, name, "exec", dont_inherit=True)


def run_code(code: CodeType, text: Callable[[], str]) -> dict[str, Any]:
    """The names that the code of a module defines; its text is asked for only when a traceback shows it."""
    # An entry that holds one function is how linecache keeps a text that was not read yet.
    linecache.cache[code.co_filename] = (text,)
    namespace: dict[str, Any] = {"__name__": "rulewright.compiled"}
    exec(code, namespace)  # noqa: S102 -- made from literals and code of the compiler alone
    return namespace
