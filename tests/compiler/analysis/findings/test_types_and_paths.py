"""Paths that no event has, and values of a type that a field or a function does not take."""

from __future__ import annotations

import pytest

from .cases import TRACK, Case, assert_found, mapping

CASES = [
    Case(
        "an unknown name at the root",
        mapping("A", 'contxt.ip = "x"'),
        "RW0201",
        "contxt",
        None,
        "did you mean `context`?",
    ),
    Case("an unknown name in the context", mapping("A", TRACK, "city = context.location.contry"), "RW0201", "contry"),
    Case("a name within text", mapping("A", "event.name != null"), "RW0201", "name"),
    Case("a property of the author's own", mapping("A", "properties.colour = 1"), "RW0201", None),
    Case("a key of a context that others fill", mapping("A", "context.experiment = 1"), "RW0201", None),
    Case(
        "a parameter of an address",
        mapping("A", 'context.campaign.utm_campaign = "x"'),
        "RW0201",
        "utm_campaign",
        None,
        "did you mean `name`?",
    ),
    Case("such a property", mapping("A", 'properties.utm_campaign = "x"'), "RW0201", None),
    Case(
        "a short name of the properties",
        mapping("A", "props.total > 5"),
        "RW0201",
        "props",
        None,
        "did you mean `properties.total`?",
    ),
    Case("an object into a number", mapping("A", TRACK, "revenue = context.page"), "RW0301", "context.page"),
    Case(
        "text into a function of objects", mapping("A", TRACK, "groups = pick(context.ip, 'a')"), "RW0301", "context.ip"
    ),
    Case("a constant into a function of lists", mapping("A", 'first("abc") = "a"'), "RW0301", '"abc"'),
    Case("a list into a function of lists", mapping("A", "first(properties.products) != null"), "RW0301", None),
    Case("text into a number", mapping("A", TRACK, "revenue = context.page.title"), "RW0301", None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    assert_found(case)
