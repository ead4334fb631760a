"""The diagnostic for a secret in a rule file."""

from __future__ import annotations

from ..source import Span
from .diagnostic import Diagnostic


def secret(name: str, span: Span) -> Diagnostic:
    """RW0504 of a setting that no file may hold; `span` is never shown."""
    message = f"`{name}` is a secret, and others can read a rule file"
    help_ = "remove it; `rulewright` reads keys from the environment"
    return Diagnostic("RW0504", message, span, help=(help_,))
