"""Applies the fixes of diagnostics to their files: `rulewright check --fix`."""

from __future__ import annotations

from pathlib import Path

from ..dsl.diagnostics.diagnostic import Diagnostic, Fix
from ..dsl.diagnostics.fixes import apply, fixes_by_source
from .file_replacement import unchanged_text, write_text


def make_fixes(diagnostics: list[Diagnostic]) -> list[tuple[Diagnostic, Fix]]:
    """Applies the fixes of diagnostics to their files, and returns the fixes that were applied.

    A file that changed since it was checked is left alone. Raises OSError if a file cannot be written.
    """
    made: list[tuple[Diagnostic, Fix]] = []
    for source, fixes in fixes_by_source(diagnostics).items():
        text = unchanged_text(source)
        if text is not None:
            write_text(Path(source.name), apply(text, [fix for _, fix in fixes]))
            made += fixes
    return made
