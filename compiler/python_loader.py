"""Python text to running names; the text is given to `linecache`, so that a traceback can show its lines."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from hashlib import sha256
from types import CodeType
from typing import Any, TypeAlias

Code: TypeAlias = tuple[CodeType, ...]
"""The code of a module, in parts that run one after the other."""

_LEAST = 100_000
"""Characters of a part: of eight megabytes at once Python takes twice the time, and half a gigabyte of memory."""


def run_module(text: str, title: str) -> dict[str, Any]:
    """The names that a generated module defines."""
    return run_code(code_of(text, title), lambda: text)


def code_of(text: str, title: str) -> Code:
    """The code of a module; its file name says which rules it is of."""
    # linecache asks for no text where a name ends in ">".
    name = f"<rules {title}> {sha256(text.encode()).hexdigest()[:12]}"
    return tuple(_below(lines, compile(part, name, "exec", dont_inherit=True)) for lines, part in _parts(text))


def run_code(code: Code, text: Callable[[], str]) -> dict[str, Any]:
    """The names that the code of a module defines; its text is asked for only when a traceback shows it."""
    # An entry that holds one function is how linecache keeps a text that was not read yet.
    linecache.cache[code[0].co_filename] = (text,)
    namespace: dict[str, Any] = {"__name__": "rulewright.compiled"}
    for part in code:
        exec(part, namespace)  # noqa: S102 -- made from literals and code of the compiler alone
    return namespace


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text cut where functions begin, for no other line of generated code begins so; with the lines before."""
    lines = start = 0
    while start < len(text):
        end = text.find("\ndef ", start + _LEAST) + 1 or len(text)
        yield lines, text[start:end]
        lines += text.count("\n", start, end)
        start = end


def _below(lines: int, code: CodeType) -> CodeType:
    """The code as it is where so many lines stand before it."""
    constants = (_below(lines, one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=tuple(constants))
