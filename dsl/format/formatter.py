"""The formatter: a rule file in canonical form, or unchanged if it has syntax errors."""

from __future__ import annotations

from ..diagnostics.diagnostic import Diagnostic
from ..source import Source
from ..syntax.known_names import KnownNames
from ..syntax.reader import read_file
from .printer import file_to_text

_NO_NAMES = KnownNames()


def format_file(source: Source, names: KnownNames = _NO_NAMES) -> tuple[str, list[Diagnostic]]:
    """The text in canonical form, or the same text and its errors if it has syntax errors."""
    file, diagnostics = read_file(source, names)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    return (source.text, errors) if errors else (file_to_text(file), [])
