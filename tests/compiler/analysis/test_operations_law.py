"""What `check` says of operations that are written out is what a mapper does: an error for each that it refuses."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.checks.proving import prove
from rulewright.dsl.diagnostics.fixes import apply
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.destinations.amplitude.operation_names import OPERATIONS

EVENT = {"type": "identify", "userId": "user-1"}
CODES = {"RW0301", "RW0501", "RW0502", "RW0505", "RW0506"}
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


AROUND = st.sampled_from(
    [
        "{}",
        'if(type = "identify", {}, {{ z: 1 }})',
        'if(type = "track", {{ z: 1 }}, {})',
        "coalesce(traits.none, {})",
        "merge({{}}, {})",
        "merge({}, {{ z: omit }})",
        'compact(if(type = "track", omit, coalesce(traits.none, {})))',
    ]
)
"""Expressions that are the object within them, for the event."""


@settings(max_examples=250, deadline=None)
@given(FIELDS, st.sampled_from(["reject", "fold", "split"]), AROUND)
@example({"setOnce": {"a": 1}, "setAlways": {"a": 1}}, "fold", "{}")
@example({"user_properties": {"$set": {"a": 1}, "$setOnce": {"a": 1}}}, "reject", "{}")
@example({"user_properties": {"$set": {"a": 1}, "$setAlways": {"a": 2}}}, "reject", "{}")
@example({"user_properties": {"a": 1}, "add": {"a": 1}}, "fold", "{}")
@example({"user_properties": {"$set": 5}}, "reject", "{}")
@example({"user_properties": {"$clearAll": {"$set": 1}}}, "reject", "{}")
@example({"user_properties": {"$increment": {"a": 1}}}, "split", "{}")
@example({"user_properties": {"a": {"$set": 1}}}, "reject", "{}")
@example({"setOnce": {"initial_referrer": "a"}, "referrer": "https://a.example"}, "reject", "{}")
@example({"setAlways": {"initial_referrer": "a"}, "referrer": "https://a.example"}, "reject", "{}")
@example({"setOnce": {"a": 1}, "setAlways": {"a": 1}}, "fold", 'if(type = "identify", {}, {{ z: 1 }})')
@example({"user_properties": {"$set": {"a": 1}, "$add": {"a": 1}}}, "fold", "coalesce(traits.none, {})")
@example({"user_properties": {"$set": {"a": 1}, "b": 1}}, "reject", "merge({{}}, {})")
@example({"user_properties": {"$other": None}}, "reject", "compact({})")
@example({"user_properties": {"$set": {"$other": {"a": None}}}}, "reject", "compact({})")
def test_an_error_of_check_is_a_refusal_of_the_mapper(fields: dict[str, Any], conflict: str, around: str) -> None:
    lines = [f"  {name} = {written(value, around)}" for name, value in fields.items()]
    text = "\n".join(
        [
            "destination amplitude",
            'mapping "A" -> identifyUser {',
            '  when type = "identify"',
            "  user_id = userId",
            *lines,
            # The policy of a mapping that says none; one that says it gets no warning of what can come.
            *([] if conflict == "reject" else [f"  on conflict {conflict}"]),
            "}\n",
        ]
    )
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    proved = prove(files, program, diagnostics)
    # An operation inside a property is sent as a part of it: a warning of a code that is an error elsewhere.
    codes = {finding.code for finding in [*diagnostics, *proved.findings] if finding.level is None} & CODES
    assert proved.undecided == []
    failures = rulewright.load(text, settings={"apiKey": "KEY"})(EVENT).failures
    assert {failure.code for failure in failures} <= REFUSALS
    assert codes or not failures, f"{failures}\n{text}"
    # What other events can bring (RW0502) need not come with this one.
    assert failures or not codes - {"RW0502"}, f"{codes}\n{text}"


def written(value: Any, around: str) -> str:
    """The value of a field as an expression."""
    text = json.dumps(value)
    return around.format(text) if isinstance(value, dict) else text


def test_a_misspelled_operation_is_fixed() -> None:
    text = 'destination amplitude\nmapping "A" -> identifyUser {\n  when type = "identify"\n  user_id = userId\n'
    text += '  user_properties = { "$setonce": { a: 1 }, $ad: { b: 1 } }\n}\n'
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    findings = [finding for finding in prove(files, program, diagnostics).findings if finding.code == "RW0505"]
    fixed = apply(text, [finding.fix for finding in findings if finding.fix])
    assert fixed == text.replace("$setonce", "$setOnce").replace("$ad", "$add")
