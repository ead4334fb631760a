"""Rulewright: a rule language and compiler for customer events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .delivering import deliver
    from .dsl.diagnostics import Diagnostic, RuleError
    from .expressions import compile_expression, compile_trigger
    from .loading import compile_source
    from .mappers import load
    from .runtime.mapper import Mapper
    from .runtime.missing import MISSING
    from .runtime.outcome import Failure, MappingError, Origin, Outcome, Request
    from .segment.import_mapping import import_mapping
    from .segment.import_subscriptions import import_subscriptions

_WHERE = {
    "Diagnostic": ".dsl.diagnostics",
    "Failure": ".runtime.outcome",
    "MISSING": ".runtime.missing",
    "Mapper": ".runtime.mapper",
    "MappingError": ".runtime.outcome",
    "Origin": ".runtime.outcome",
    "Outcome": ".runtime.outcome",
    "Request": ".runtime.outcome",
    "RuleError": ".dsl.diagnostics",
    "compile_expression": ".expressions",
    "compile_source": ".loading",
    "compile_trigger": ".expressions",
    "deliver": ".delivering",
    "import_mapping": ".segment.import_mapping",
    "import_subscriptions": ".segment.import_subscriptions",
    "load": ".mappers",
}
"""Public names are imported when first used, so that a compiled mapper, which needs few of them, starts fast."""

__all__ = [
    "MISSING",
    "Diagnostic",
    "Failure",
    "Mapper",
    "MappingError",
    "Origin",
    "Outcome",
    "Request",
    "RuleError",
    "compile_expression",
    "compile_source",
    "compile_trigger",
    "deliver",
    "import_mapping",
    "import_subscriptions",
    "load",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_WHERE[name], __name__), name)
    globals()[name] = value
    return value
