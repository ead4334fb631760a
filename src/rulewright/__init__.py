"""Rulewright: a rule language and compiler for customer events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .delivery import deliver
    from .dsl.diagnostics.diagnostic import Diagnostic
    from .dsl.rule_error import RuleError
    from .flow.lineage_of_rules import lineage
    from .loading.expressions import compile_expression, compile_trigger
    from .loading.loader import load
    from .loading.pipeline import compile_source
    from .outbox import NotAccepted, Outbox
    from .runtime.mapper import Mapper
    from .runtime.outcome import Failure, MappingError, Origin, Outcome, Request
    from .runtime.repairs import Repair
    from .runtime.semantics.missing import MISSING
    from .segment.import_subscriptions import import_subscriptions
    from .segment.mappings.import_mapping import import_mapping

_WHERE = {
    "Diagnostic": ".dsl.diagnostics.diagnostic",
    "Failure": ".runtime.outcome",
    "MISSING": ".runtime.semantics.missing",
    "Mapper": ".runtime.mapper",
    "MappingError": ".runtime.outcome",
    "NotAccepted": ".outbox",
    "Origin": ".runtime.outcome",
    "Outbox": ".outbox",
    "Outcome": ".runtime.outcome",
    "Repair": ".runtime.repairs",
    "Request": ".runtime.outcome",
    "RuleError": ".dsl.rule_error",
    "compile_expression": ".loading.expressions",
    "compile_source": ".loading.pipeline",
    "compile_trigger": ".loading.expressions",
    "deliver": ".delivery",
    "import_mapping": ".segment.mappings.import_mapping",
    "import_subscriptions": ".segment.import_subscriptions",
    "lineage": ".flow.lineage_of_rules",
    "load": ".loading.loader",
}
"""Public names are imported when first used, so that a compiled mapper, which needs few of them, starts fast."""

__all__ = [
    "MISSING",
    "Diagnostic",
    "Failure",
    "Mapper",
    "MappingError",
    "NotAccepted",
    "Origin",
    "Outbox",
    "Outcome",
    "Repair",
    "Request",
    "RuleError",
    "compile_expression",
    "compile_source",
    "compile_trigger",
    "deliver",
    "import_mapping",
    "import_subscriptions",
    "lineage",
    "load",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_WHERE[name], __name__), name)
    globals()[name] = value
    return value
