"""The text that a Liquid template gives."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from ..argument import as_object, wrong_kind
from ..function import Example, Fault, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.javascript import unit_count
from ..semantics.missing import is_nothing

_LONGEST = 1000
_ABSENCE = Fault("`liquid` needs python-liquid, which is not installed", "run `pip install 'rulewright[liquid]'`")


# The library is large, and few rules need it, so it is imported when a template is there.


def liquid(template: Any, data: Any) -> str:
    template = _checked(template)
    try:
        from ..liquid.rendering import render
    except ModuleNotFoundError as missing:
        if missing.name != "liquid":
            raise
        raise ValueFailure(f"{_ABSENCE.message}: {_ABSENCE.help}") from None
    return render(template, {} if is_nothing(data) else as_object(data))


def _checked(template: Any) -> str:
    if not isinstance(template, str):
        raise wrong_kind(template, "template")
    if unit_count(template) > _LONGEST:
        raise ValueFailure(f"{shown(template)} is longer than the {_LONGEST} characters that a template may have")
    return template


def _fault(template: Any) -> Fault | None:
    try:
        template = _checked(template)
    except ValueFailure as failure:
        return Fault(str(failure))
    from ..liquid.faults import template_fault

    return template_fault(template)


def _absence() -> Fault | None:
    return _ABSENCE if find_spec("liquid") is None else None


FUNCTION = Function(
    name="liquid",
    parameters=(Parameter("template", "string", fault=_fault), Parameter("data", "object")),
    returns="string",
    sentence="a Liquid template with Segment's tags and filters, rendered with an object's keys (extra `liquid`)",
    examples=(
        Example(r'liquid("Viewed \{{ name | upcase }}", $)', {"name": "home"}, "Viewed HOME", "`$` is the event"),
        Example(
            r'liquid("{% if total > 100 %}big{% else %}small{% endif %}", properties)',
            {"properties": {"total": 120}},
            "big",
        ),
        Example(
            r'liquid("\{{ price | times: 3 }}", properties)', {"properties": {"price": 0.1}}, "0.30000000000000004"
        ),
        Example(
            r'liquid("\{{ timestamp | date: \"%Y-%m-%d\" }}", $)', {"timestamp": "2024-05-01T12:00:00Z"}, "2024-05-01"
        ),
        Example(r'liquid("a\{{ x }}b\{{ y.z }}c", $)', {"x": None}, "abc", "missing and null write nothing"),
        Example(r'liquid("\{{ tags }} \{{ traits }}", $)', {"tags": ["a", 1.0], "traits": {}}, "a1 [object Object]"),
        Example(r'liquid("", $)', {}, ""),
        Example(r'liquid("x\{{ y }}", traits)', {}, "x"),
    ),
    call=liquid,
    fails=True,
    absence=_absence,
    source="mapping-kit, @liquid; liquidjs 10",
)
