"""What `check` says of operations that are written out is what a mapper does: an error for each that it refuses."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.dsl.diagnostics.fixes import apply
from rulewright.pipeline import check_files
from rulewright.proving import prove
from rulewright.rule_files import read_rules_text
from rulewright.runtime.destinations.amplitude.operations import OPERATIONS

EVENT = {"type": "identify", "userId": "user-1"}
CODES = {"RW0301", "RW0501", "RW0505", "RW0506"}
REFUSALS = {"bad_operation", "unknown_operation", "mixed_user_properties", "property_in_two_operations"}

PLAIN = st.sampled_from(["a", "b", "initial_referrer"])
SIGNED = st.sampled_from(["$other", "$increment", *OPERATIONS.names])
SCALARS = st.sampled_from([1, 2.5, "text", "7", True])
INNER = st.dictionaries(st.sampled_from(["a", "b", "initial_referrer", "$set", "$x"]), SCALARS, max_size=2)
VALUES = SCALARS | INNER | st.just([1])
PROPERTIES = st.tuples(
    st.dictionaries(PLAIN, VALUES, max_size=2), st.dictionaries(SIGNED, VALUES | st.none(), max_size=3)
).map(lambda parts: {**parts[0], **parts[1]})
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "user_properties": PROPERTIES,
        "setOnce": INNER,
        "setAlways": INNER,
        "add": INNER,
        "referrer": st.just("https://a.example"),
    },
)


@settings(max_examples=150, deadline=None)
@given(FIELDS, st.sampled_from(["reject", "fold", "split"]))
@example({"setOnce": {"a": 1}, "setAlways": {"a": 1}}, "fold")
@example({"user_properties": {"$set": {"a": 1}, "$setOnce": {"a": 1}}}, "reject")
@example({"user_properties": {"$set": {"a": 1}, "$setAlways": {"a": 2}}}, "reject")
@example({"user_properties": {"a": 1}, "add": {"a": 1}}, "fold")
@example({"user_properties": {"$set": 5}}, "reject")
@example({"user_properties": {"$increment": {"a": 1}}}, "split")
@example({"setOnce": {"initial_referrer": "a"}, "referrer": "https://a.example"}, "reject")
@example({"setAlways": {"initial_referrer": "a"}, "referrer": "https://a.example"}, "reject")
def test_an_error_of_check_is_a_refusal_of_the_mapper(fields: dict[str, Any], conflict: str) -> None:
    lines = [f"  {name} = {json.dumps(value)}" for name, value in fields.items()]
    text = "\n".join(
        [
            "destination amplitude",
            'mapping "A" -> identifyUser {',
            '  when type = "identify"',
            "  user_id = userId",
            *lines,
            f"  on conflict {conflict}",
            "}\n",
        ]
    )
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    proved = prove(files, program, diagnostics)
    found = {diagnostic.code for diagnostic in [*diagnostics, *proved.findings]} & CODES
    assert proved.undecided == []
    failures = rulewright.load(text, settings={"apiKey": "KEY"})(EVENT).failures
    assert {failure.code for failure in failures} <= REFUSALS
    assert bool(found) == bool(failures), f"{found} {failures}\n{text}"


def test_a_misspelled_operation_is_fixed() -> None:
    text = 'destination amplitude\nmapping "A" -> identifyUser {\n  when type = "identify"\n  user_id = userId\n'
    text += '  user_properties = { "$setonce": { a: 1 }, $ad: { b: 1 } }\n}\n'
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    findings = [one for one in prove(files, program, diagnostics).findings if one.code == "RW0505"]
    fixed = apply(text, [one.fix for one in findings if one.fix])
    assert fixed == text.replace("$setonce", "$setOnce").replace("$ad", "$add")
