"""What the checker says of a mapping: code, place and sentence, and nothing of what is right."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.compiler.resolve.field_checks import reads_as
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.fields.coercion import BY_TYPE
from rulewright.runtime.outcome import Refused

HEAD = "destination amplitude\n"
CASES = [
    ("", "RW0005", "", "no mapping"),
    ('mapping "A" -> mapUser { when type = "x" }', "RW0210", '"A"', "has no destination"),
    ('destination amplitud\nmapping "A" -> mapUser { when type = "x" }', "RW0206", "destination amplitud", "amplitud"),
    ("destination amplitude\ndestination other", "RW0109", "destination other", "one destination"),
    (HEAD + 'mapping "A" -> mapUsr { when type = "x" }', "RW0203", "mapUsr", "no action `mapUsr`"),
    (HEAD + 'mapping "A" -> mapUser { when type = "x" user = a }', "RW0202", "user", "no field `user`"),
    (HEAD + 'mapping "A" -> mapUser { user_id = a }', "RW0401", '"A"', "has no `when`"),
    (HEAD + 'mapping "A" -> mapUser { when lower(a) = "x" }', "RW0204", "lower", "unknown function `lower`"),
    (
        HEAD + 'mapping "A" -> mapUser { when lowercase() = "x" }',
        "RW0205",
        "lowercase()",
        "expected 1 argument for `lowercase`, found 0",
    ),
    (
        HEAD + 'mapping "A" -> mapUser { when type = "x" user_id = if(a, b) }',
        "RW0205",
        "if(a, b)",
        "expected 3 arguments for `if`, found 2",
    ),
    (HEAD + 'mapping "A" -> mapUser { when match(event, "abc") }', "RW0408", '"abc"', "its own text"),
    (HEAD + 'mapping "A" -> mapUser { when type = "x" user_id = 1 + omit }', "RW0303", "omit", "whole field"),
    (HEAD + 'mapping "A" -> mapUser { when type = "x" user_id = {a: 1} }', "RW0301", "{a: 1}", "always an object"),
    (HEAD + 'mapping "A" -> mapUser { when type = "x" min_id_length = "x" }', "RW0301", '"x"', "takes an integer"),
    (HEAD + 'mapping "A" -> mapUser { when type = "x" min_id_length = 1.5 }', "RW0301", "1.5", "takes an integer"),
    (HEAD + 'mapping "A" -> logEvent { when type = "x" }', "RW0302", '"A"', "needs `event_type`"),
    (HEAD + 'mapping "A" -> logEvent { when a use defaults event_type = omit }', "RW0302", '"A"', "needs `event_type`"),
    (
        HEAD + 'mapping "A" -> logEvent { when a use defaults library2 = { behavior: "no" } }',
        "RW0305",
        '"no"',
        "cannot be `no`",
    ),
    (
        HEAD + 'mapping "A" -> mapUser { when a on conflict fuse }',
        "RW0211",
        "on conflict fuse",
        "unknown conflict policy `fuse`",
    ),
    (HEAD + 'settings { apiKey = "abc" }', "RW0504", 'apiKey = "abc"', "is a secret"),
    (HEAD + 'settings { Secret_Key = "abc" }', "RW0504", 'Secret_Key = "abc"', "is a secret"),
    (HEAD + 'settings { endpont = "europe" }', "RW0207", 'endpont = "europe"', "no setting `endpont`"),
    (HEAD + 'settings { endpoint = "mars" }', "RW0305", '"mars"', 'cannot be `"mars"`'),
    (
        HEAD + 'settings { endpoint = "europe" }\nsettings { endpoint = "north_america" }',
        "RW0109",
        'endpoint = "north_america"',
        "`endpoint` is set twice",
    ),
    (HEAD + "settings { endpoint = type }", "RW0306", "type", "plain value"),
    (
        HEAD + 'mapping "A" -> mapUser { when a }\nmapping "A" -> mapUser { when b }',
        "RW0208",
        '"A"',
        "two mappings named `A`",
    ),
    (HEAD + 'include "gone.rules"', "RW0001", 'include "gone.rules"', "cannot be read"),
    (HEAD + 'mapping "A" -> mapUser { when a when b }', "RW0109", "when b", "duplicate `when`"),
    (
        HEAD + 'mapping "A" -> mapUser { when a user_id = b user_id = c }',
        "RW0209",
        "user_id",
        "duplicate field `user_id`",
    ),
    (HEAD + 'mapping "A" -> mapUser { when !a = b }', "RW0402", "!a", "only the path"),
]


@pytest.mark.parametrize(("text", "code", "underlined", "message"), CASES, ids=[case[1] for case in CASES])
def test_a_mistake_is_named_at_its_place(text: str, code: str, underlined: str, message: str) -> None:
    diagnostics = check_files(read_rules_text(text))[1]
    findings = [diagnostic for diagnostic in diagnostics if diagnostic.code == code]
    assert [diagnostic.span.text for diagnostic in findings] == [underlined]
    assert message in findings[0].message


def test_a_word_close_to_a_known_one_is_suggested() -> None:
    text = HEAD + 'mapping "A" -> mapUsr { when type = "x" }'
    (diagnostic,) = check_files(read_rules_text(text))[1]
    assert diagnostic.help == ("did you mean `mapUser`?",)


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ('mapUsr { when type = "x" }', "mapUser"),
        ("mapUser { when a user_ids = b }", "user_id"),
        ("mapUser { when a user_ids = b user_id = c }", None),
        ("mapUser { when lowercas(a) = b }", "lowercase"),
        ("mapUser { when mix(a) = b }", None),
    ],
)
def test_a_word_that_can_be_one_alone_has_a_fix(body: str, fixed: str | None) -> None:
    diagnostic = check_files(read_rules_text(HEAD + f'mapping "A" -> {body}'))[1][0]
    assert (diagnostic.fix and diagnostic.fix.replacement) == fixed
    assert diagnostic.fix is None or diagnostic.fix.span is diagnostic.span


def test_right_rules_have_no_findings() -> None:
    text = HEAD + 'mapping "A" -> mapUser { when type = "alias" use defaults min_id_length = "3" }'
    assert check_files(read_rules_text(text))[1] == []


@pytest.mark.parametrize("text", ["3", " 3.5 ", ".5", "-1e3", "0x1F", "0b1", " ", "Infinity"])
def test_a_text_that_the_field_can_read_as_a_number_is_taken(text: str) -> None:
    rules = HEAD + f'mapping "A" -> logEventV2 {{ when type = "track" use defaults price = "{text}" }}'
    assert check_files(read_rules_text(rules))[1] == []


@pytest.mark.parametrize(
    ("field", "text"), [("price", "1_000"), ("price", "nan"), ("price", "12,5"), ("quantity", "1.5")]
)
def test_a_text_that_no_event_can_be_sent_with_is_an_error(field: str, text: str) -> None:
    rules = HEAD + f'mapping "A" -> logEventV2 {{ when type = "track" use defaults {field} = "{text}" }}'
    (diagnostic,) = check_files(read_rules_text(rules))[1]
    assert (diagnostic.code, diagnostic.span.text) == ("RW0301", f'"{text}"')


@pytest.mark.parametrize("name", ["apiKey", "api_key", "API_KEY", "secretKey", "secret_key", "SECRETKEY"])
def test_a_secret_is_one_however_its_name_is_written(name: str) -> None:
    (diagnostic,) = check_files(
        read_rules_text(HEAD + f'settings {{ {name} = "abc" }}\nmapping "A" -> mapUser {{ when a }}')
    )[1]
    assert diagnostic.code == "RW0504"


def test_all_mistakes_are_said_at_once_in_the_order_of_the_text() -> None:
    text = HEAD + 'mapping "A" -> mapUser {\n when lower(a)\n user_id = "b\n}\nmapping "B" -> nope { when c }\n'
    assert [diagnostic.code for diagnostic in check_files(read_rules_text(text))[1]] == ["RW0204", "RW0102", "RW0203"]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(("number", "integer")),
    st.one_of(st.text("0123456789.eExXabInfity+- \u00a0\n", min_size=1, max_size=8), st.text(min_size=1, max_size=4)),
)
@example("integer", "1e999")
@example("number", "\u00a05")
@example("integer", "0x1F")
@example("number", "١")
def test_a_text_reads_as_a_number_where_a_field_of_numbers_takes_it(type_: str, text: str) -> None:
    try:
        BY_TYPE[type_](text, "field")
    except Refused:
        assert not reads_as(type_, text)
    else:
        assert reads_as(type_, text)
