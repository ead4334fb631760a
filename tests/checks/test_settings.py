"""A check that is green says that a mapper takes the settings; one that is not shows the value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulewright
from rulewright.checking import check
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.destinations import BUILT_IN, DESTINATIONS

SETTINGS = [
    (name, setting)
    for name in sorted(BUILT_IN)
    for setting in sorted(DESTINATIONS[name].setting_names - DESTINATIONS[name].secrets)
]
MAPPING = {
    "amplitude": 'mapping "A" -> mapUser { when type = "alias" user_id = userId }',
    "webhook": 'mapping "A" -> send { when type = "track" body = properties }',
}
TEXTS = st.sampled_from(
    [
        "",
        " ",
        "x",
        "europe",
        "fail",
        "ftp://example.com",
        "https://example.com/a",
        "https://u:p@example.com",
        "https://é.de",
    ]
)
VALUES = (
    st.none() | st.booleans() | st.integers(-2, 2_000) | st.sampled_from([0.5, 1.0, -3.5, 1e300]) | TEXTS
) | st.lists(TEXTS, max_size=2)


def rules(name: str, setting: str, value: Any) -> str:
    return (
        f"destination {name}\n\nsettings {{ {setting} = {json.dumps(value, ensure_ascii=False)} }}\n\n{MAPPING[name]}\n"
    )


@given(st.sampled_from(SETTINGS), VALUES)
def test_a_mapper_takes_the_settings_that_a_check_finds_no_error_in(named: tuple[str, str], value: Any) -> None:
    text = rules(*named, value)
    findings = check(read_rules_text(text)).findings
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        rulewright.load(text, settings={})
    else:
        assert all(error.span.line == 3 for error in errors)
        if value is None or value == "":
            return  # to a mapper it is not given, and a rule file has no reason to say so
        with pytest.raises(ValueError, match=f"settings of {named[0]}: {named[1]}: "):
            DESTINATIONS[named[0]].settings({named[1]: value})


@pytest.mark.parametrize(
    ("setting", "value", "message", "help_"),
    [
        ("batchSize", 0, "`batchSize` cannot be `0`", "write a whole number from 1 to 1,000"),
        ("batchSize", 1, None, None),
        ("batchSize", 1_000, None, None),
        ("batchSize", 1_001, "`batchSize` cannot be `1001`", "write a whole number from 1 to 1,000"),
        ("batchSize", True, "`batchSize` cannot be `true`", "write a whole number from 1 to 1,000"),
        (
            "url",
            "ftp://x",
            '`url` cannot be `"ftp://x"`',
            "write an address such as `https://hooks.example.com/events`",
        ),
        (
            "url",
            "https://u:p@example.com",
            "`url` cannot have this value: the address holds a user name or password; use `authorization`",
            None,
        ),
        ("url", "https://example.com", None, None),
        ("url", "", None, None),
    ],
)
def test_settings_of_the_webhook(setting: str, value: Any, message: str | None, help_: str | None) -> None:
    findings = check(read_rules_text(rules("webhook", setting, value))).findings
    said = [(finding.code, finding.message, *finding.help) for finding in findings]
    assert said == ([] if message is None else [("RW0305", message, *([help_] if help_ else []))])
