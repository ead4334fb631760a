"""Diagnostics as GitHub's workflow commands, which it shows as annotations beside the lines of a pull request.

Source: Workflow commands for GitHub Actions, "Setting an error message", "Setting a warning message" and
"Setting a notice message".
"""

from __future__ import annotations

from ...printable import printable
from ..diagnostics.codes import CODES
from ..diagnostics.diagnostic import Diagnostic


def github(diagnostic: Diagnostic) -> str:
    """One annotation, one line, without a line end."""
    span = diagnostic.span
    end_line, end_column = span.source.position(span.end)
    place: dict[str, str | int] = {"file": span.source.name, "line": span.line, "endLine": end_line}
    if end_line == span.line:
        # Columns of a place over several lines are refused; the last one is inclusive.
        place |= {"col": span.column, "endColumn": max(span.column, end_column - 1)}
    place["title"] = f"{diagnostic.code} {CODES[diagnostic.code].title}"
    sentences = [diagnostic.message]
    if diagnostic.example:
        sentences.append(f"for example {diagnostic.example}")
    sentences += [f"help: {sentence}" for sentence in diagnostic.help]
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items())
    command = "notice" if diagnostic.severity == "note" else diagnostic.severity
    return f"::{command} {properties}::{_data(chr(10).join(sentences))}"


def no_command(line: str) -> str:
    """A line that the runner only logs: it takes `::` at the start of a line, and `##[` anywhere, as a command."""
    shown = printable(line).replace("##[", "## [")
    return f" {shown.lstrip().replace('::', ': :', 1)}" if shown.lstrip().startswith("::") else shown


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
