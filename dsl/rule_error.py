"""RuleError: rules that cannot be compiled."""

from __future__ import annotations

from .diagnostics.diagnostic import Diagnostic
from .render.text import render_all


class RuleError(Exception):
    """Rules that cannot be compiled. `diagnostics` has all errors and warnings; `str(error)` shows all of them."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        super().__init__(diagnostics)

    @property
    def first(self) -> str:
        """The place and the message of the first diagnostic, on one line."""
        diagnostic = self.diagnostics[0]
        return f"{diagnostic.span}: {diagnostic.message}"

    def __str__(self) -> str:
        return render_all(self.diagnostics)


def raise_errors(diagnostics: list[Diagnostic]) -> None:
    """Raises RuleError with all diagnostics if one of them is an error."""
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise RuleError(diagnostics)
