"""Every part of a program is walked through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from rulewright.compiler import ir
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text

RULES = """destination amplitude
mapping "m" -> logEvent {
  when (type = "track" or !contains(event, "a")) and event in ["a", b] and !(c = 1) and d
  event_type = "Viewed {{ name }}{{ lowercase(first(a).b) }}"
  user_id = if(a = 1, -b, coalesce(c, d + 1))
  event_properties = { a: { b: [ p.q for p in properties.products if p.r > 1 ] }, c: [a, b] }
}
"""


def all_parts(node: Any) -> Iterator[Any]:
    """Whatever a node holds in any field."""
    if isinstance(node, tuple):
        for part in node:
            yield from all_parts(part)
    elif isinstance(node, ir.Node):
        yield node
        for field in fields(node):
            yield from all_parts(getattr(node, field.name))
    elif is_dataclass(node):
        yield from all_parts(getattr(node, "value", ()))


def test_each_node_comes_once_and_its_parents_first() -> None:
    checked, diagnostics = check_files(read_rules_text(RULES))
    assert not diagnostics
    (mapping,) = checked.mappings
    whole = (mapping.trigger, mapping.fields)
    walked = list(ir.walk(whole))
    assert list(map(id, walked)) == list(map(id, all_parts(whole)))
    kinds = {type(node).__name__ for node in walked}
    assert {"All", "AnyOf", "Not", "IsTrue", "TextTest", "ForEach", "Call", "Get", "If", "Negative"} <= kinds
