"""The formatter: a rule file in canonical form, or unchanged if it has syntax errors."""

from __future__ import annotations

from ..diagnostics.diagnostic import Diagnostic
from ..source import Source
from ..syntax.reader import read_file
from ..syntax.unfinished_statements import FieldsOf, no_fields
from .printer import file_to_text


def format_file(source: Source, fields_of: FieldsOf = no_fields) -> tuple[str, list[Diagnostic]]:
    """The formatted text, or the same text with its errors: what could not be read is never written anew."""
    file, diagnostics = read_file(source, fields_of)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    return (source.text, errors) if errors else (file_to_text(file), [])
