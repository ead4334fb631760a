"""Runs generated Python text, and keeps the text for tracebacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from types import CodeType
from typing import Any, TypeAlias

from ..runtime.mapping.compiled import CompiledProgram, CompiledViews, SourceMapOf
from ..runtime.source_text import SourceText

ModuleCode: TypeAlias = tuple[CodeType, ...]
"""The code of a module, in parts that run one after the other."""

_LEAST = 100_000
"""The least characters of a part. Eight megabytes compiled at once take twice the time, and 500 MB of memory."""


def run_module(text: str, title: str) -> dict[str, Any]:
    """The names that a generated module defines."""
    (code,) = codes_of([text], title)
    return run_code(code, lambda: text)


def codes_of(texts: Sequence[str], title: str) -> list[ModuleCode]:
    """Compiles the parts of a module, given as texts that follow each other in it.

    `title` names the rules in the file name of the code.
    """
    # linecache asks for no text where a name ends in ">".
    name = f"<rules {title}> {sha256(''.join(texts).encode()).hexdigest()[:12]}"
    codes = []
    lines = 0
    for text in texts:
        parts = [(lines + before, part) for before, part in _parts(text)]
        codes.append(tuple(_below(before, compile(part, name, "exec", dont_inherit=True)) for before, part in parts))
        lines += text.count("\n")
    return codes


def run_code(code: ModuleCode, text: Callable[[], str]) -> dict[str, Any]:
    """Runs the code of a module and returns its names; `text` is called only if a traceback shows the text."""
    names: dict[str, Any] = {"__name__": "rulewright.compiled"}
    names["__loader__"] = SourceText(code[0].co_filename, text)
    run_more(code, names)
    return names


def run_more(code: ModuleCode, names: dict[str, Any]) -> None:
    """Runs a further part of a module, which defines more names."""
    for part in code:
        exec(part, names)  # noqa: S102 -- made from literals and code of the compiler alone


def program_of(
    code: ModuleCode, views_code: Callable[[], ModuleCode] | None, text: Callable[[], str], source_map: SourceMapOf
) -> CompiledProgram:
    """Runs the code of a module and returns its program; the code for views runs only when it is needed."""
    names = run_code(code, text)
    program: CompiledProgram = names["PROGRAM"]
    program.source_map = source_map
    if views_code is not None:

        def views() -> CompiledViews:
            if "VIEWS" not in names:
                run_more(views_code(), names)
            views: CompiledViews = names["VIEWS"]
            return views

        program.views = views
    return program


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts that begin with a function, each with the number of lines before it.

    A line that begins with `def` is always code, because generated texts hold no line breaks.
    """
    lines = start = 0
    while start < len(text):
        end = text.find("\ndef ", start + _LEAST) + 1 or len(text)
        yield lines, text[start:end]
        lines += text.count("\n", start, end)
        start = end


def _below(lines: int, code: CodeType) -> CodeType:
    """The code with its line numbers moved by so many lines."""
    constants = (_below(lines, constant) if isinstance(constant, CodeType) else constant for constant in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=tuple(constants))
