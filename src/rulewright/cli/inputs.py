"""What commands are given, from a file or from standard input: bytes, which are UTF-8 however the terminal is set."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl.diagnostics.diagnostic import RuleError
from ..dsl.source import Source, Span
from ..rule_files import RuleFiles, read_rules_text, source_of

NAME = "<standard input>"


def content_of(path: str) -> bytes:
    """The bytes of a file by its path, or of standard input for `-`. Raises UsageError for one that cannot be read."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be read: {(error.strerror or str(error)).lower()}") from None


def rules_source() -> Source:
    """The text of a rule file. Raises RuleError when it is not UTF-8."""
    source, problem = source_of(NAME, sys.stdin.buffer.read(), Span(Source(NAME, ""), 0, 0))
    if source is None:
        assert problem is not None
        raise RuleError([problem])
    return source


def read_standard_rules() -> RuleFiles:
    """The rules of a file that comes in. Raises RuleError when it is not UTF-8."""
    return read_rules_text(rules_source().text, NAME)
