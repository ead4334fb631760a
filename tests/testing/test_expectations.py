"""What a test may demand, what is said when the rules do otherwise, and which line of the rules is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.explain.terminal_columns import Paint
from rulewright.testing.report.as_text import failure
from rulewright.testing.runner import CaseResult

from .shop_suite import EVENT, ORDER, PERSON, RULES, USER, results


def plain(text: str, style: str) -> str:
    return text


def said(result: CaseResult, paint: Paint = plain) -> list[str]:
    """What the screen shows of a failed test, blanks evened out."""
    return [" ".join(line.split()) for line in failure(result, paint)]


PASSING = [
    ORDER + f'expect "Orders" {{ {EVENT}.revenue = 10 {EVENT}.city = null length(requests) = 1 }}',
    ORDER + 'expect "Orders"\nexpect no "People"',
    ORDER
    + 'case "text" { "properties.total": "ten" } expect failure "Orders" { field = "revenue" code = "wrong_type" }',
    ORDER + 'case "nobody" { userId: omit } expect failure "Orders"',
    ORDER + 'case "a test" { "properties.test": true } expect dropped expect nothing expect no "Orders"',
    ORDER + 'case "a page" { type: "page" } expect nothing',
    ORDER + 'case "a third" { "properties.products[0].price": 3 } '
    'expect "Orders" { requests[0].json.events[1].event_properties.price = 3 }',
    PERSON + f'expect "People" {{ {USER}.plan = "pro" {USER}.level = "tin" }}',
    PERSON + 'expect "People" exactly [ { form: { identification: { user_id: "user-0001", library: "segment", '
    'user_properties: { plan: "pro", level: "tin" } } } } ]',
    PERSON + 'case "inherits what is demanded of the test" { "traits.points": 3 }\n',
]


_ONE = "`requests` has 1 item, so there is no"
BEYOND = {
    'requests[5].json.events[0].city != "x"': f"{_ONE} `requests[5]`",
    f"{EVENT[:-3]}[7].city = null": f"`{EVENT[:-3]}` has 2 items, so there is no `{EVENT[:-3]}[7]`",
    'length(requests) = 1 and !(requests[1].json.events[0].city = "x")': f"{_ONE} `requests[1]`",
    'warnings[0].code != "x"': "`warnings` has 0 items, so there is no `warnings[0]`",
}


@pytest.mark.parametrize("condition", BEYOND)
def test_a_condition_on_an_item_that_is_not_there_fails_however_it_compares(tmp_path: Path, condition: str) -> None:
    (result,) = results(tmp_path, ORDER + f'expect "Orders" {{ {condition} }}')
    assert [miss.got for miss in result.misses] == [BEYOND[condition]]


@pytest.mark.parametrize(
    "condition",
    [
        "requests[1] = null",
        "requests[0].json.events[2] = null",
        "requests[0].json.events[1].city = null",
        'requests[1].json.events[0].city = "x" or length(requests) = 1',
        "requests[0].json.events[0].event_properties.tags[3].name = null",
    ],
)
def test_a_condition_may_ask_whether_an_item_is_there(tmp_path: Path, condition: str) -> None:
    (result,) = results(tmp_path, ORDER + f'expect "Orders" {{ {condition} }}')
    assert result.misses == []


@pytest.mark.parametrize("body", PASSING)
def test_what_the_rules_do_passes(tmp_path: Path, body: str) -> None:
    if "inherits" in body:
        body = PERSON + f'expect "People" {{ {USER}.level = "tin" }}\n' + body.removeprefix(PERSON)
    case_results = results(tmp_path, body)
    assert case_results
    assert [said(result) for result in case_results if not result.passed] == []


FAILING = [
    # what the test says, what the screen says below the name of the test
    (ORDER + f'expect "Orders" {{ {EVENT}.revenue = 11 }}',
     [f'expect "Orders" {{ {EVENT}.revenue = 11 }} shop.rules:27', "expected 11", "got 10",
      "because shop.rules:6 revenue = properties.total properties.total is 10"]),
    (ORDER + f'expect "Orders" {{ {EVENT}.device_id = "x" }}',
     [f'expect "Orders" {{ {EVENT}.device_id = "x" }} shop.rules:27', 'expected "x"', "got missing",
      "because shop.rules:7 device_id = coalesce(context.device.id, anonymousId) "
      "context.device.id is missing and anonymousId is missing"]),
    (ORDER + 'expect "Orders" { requests[0].json.events[1].event_properties.productId = "p-2" }',
     ['expect "Orders" { requests[0].json.events[1].event_properties.productId = "p-2" } shop.rules:27',
      'expected "p-2"', 'got "p-1"',
      "because shop.rules:9 products[0].productId = coalesce(p.productId, p.product_id) "
      "p.product_id, because p.productId is missing"]),
    (ORDER + f'expect "Orders" {{ {EVENT}.city = "Rome" }}',
     [f'expect "Orders" {{ {EVENT}.city = "Rome" }} shop.rules:27', 'expected "Rome"', "got missing",
      "because default of logPurchase city = context.location.city context.location.city is missing"]),
    (ORDER + f'expect "Orders" {{ {EVENT}.user_properties.plan = "x" }}',
     [f'expect "Orders" {{ {EVENT}.user_properties.plan = "x" }} shop.rules:27', 'expected "x"', "got missing",
      "because shop.rules:3 there is no `user_properties`; there are `user_id`, `event_type`, `event_properties`, "
      "`insert_id`, `revenue`, `revenueType`"]),
    (ORDER + f'expect "Orders" {{ {EVENT}.revenue > 20 }}',
     [f'expect "Orders" {{ {EVENT}.revenue > 20 }} shop.rules:27', f"got {EVENT}.revenue is 10",
      "because shop.rules:6 revenue = properties.total properties.total is 10"]),
    (PERSON + f'expect "People" {{ {USER}.level = "gold" }}',
     [f'expect "People" {{ {USER}.level = "gold" }} shop.rules:24', 'expected "gold"', 'got "tin"',
      'because shop.rules:15 user_properties.level = if(traits.points > 10, "gold", "tin") '
      '"tin", because traits.points > 10 is false: traits.points is 3']),
    (PERSON + f'expect "People" {{ {USER} = {{ plan: "free" }} }}',
     [f'expect "People" {{ {USER} = {{ plan: "free" }} }} shop.rules:24', '- plan: "free"', '+ plan: "pro"',
      '+ level: "tin"', "because shop.rules:15 user_properties.plan = traits.plan traits.plan is \"pro\"",
      'shop.rules:15 user_properties.level = if(traits.points > 10, "gold", "tin") '
      '"tin", because traits.points > 10 is false: traits.points is 3']),
    (PERSON + 'expect "People" exactly [ { form: { identification: { user_id: "user-0001", library: "segment", '
     'user_properties: { plan: "pro", level: "gold" } } } } ]',
     ['expect "People" exactly shop.rules:24', '- [0].form.identification.user_properties.level: "gold"',
      '+ [0].form.identification.user_properties.level: "tin"',
      'because shop.rules:15 user_properties.level = if(traits.points > 10, "gold", "tin") '
      '"tin", because traits.points > 10 is false: traits.points is 3']),
    (PERSON + 'expect "Orders"',
     ['expect "Orders" shop.rules:24', 'got "Orders" does not match',
      'because shop.rules:4 type = "track" is false: type is "identify"']),
    (PERSON + 'expect no "People"',
     ['expect no "People" shop.rules:24', 'got "People" matches',
      'because shop.rules:13 type = "identify" is true: type is "identify"']),
    (PERSON + "expect dropped",
     ["expect dropped shop.rules:24", "got no filter drops it",
      "because shop.rules:2 properties.test = true is false: properties.test is missing"]),
    (PERSON + "expect nothing",
     ["expect nothing shop.rules:24", 'got "People" sends a request',
      'because shop.rules:13 type = "identify" is true: type is "identify"']),
    (PERSON + 'expect failure "People"', ['expect failure "People" shop.rules:24', 'got "People" does not fail']),
    ('given { "type": "page" }\nexpect "Old"',
     ['expect "Old" shop.rules:24', 'got "Old" does not match', 'because shop.rules:17 "Old" is disabled']),
    ('given { "type": "identify", "properties": { "test": true } }\nexpect "People"',
     ['expect "People" shop.rules:24', "got the event is dropped",
      "because shop.rules:2 properties.test = true is true: properties.test is true"]),
    ('given { "type": "identify" }\nexpect "People"',
     ['expect "People" shop.rules:24',
      'got "People" fails: user_id: has no value and neither has `device_id`; Amplitude needs one of them',
      "because default of identifyUser user_id = userId userId is missing"]),
    ('given { "type": "identify" }\nexpect failure "People" { field = "device_id" }',
     ['expect failure "People" { field = "device_id" } shop.rules:24', 'expected "device_id"', 'got "user_id"',
      "because default of identifyUser user_id = userId userId is missing"]),
    ('given { "type": "identify" }\nexpect nothing',
     ["expect nothing shop.rules:24",
      'got "People" fails: user_id: has no value and neither has `device_id`; Amplitude needs one of them',
      "because default of identifyUser user_id = userId userId is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "screen"), FAILING, ids=[row[0].rpartition("expect")[2] for row in FAILING])
def test_what_the_rules_do_otherwise_is_shown_with_the_guilty_line(
    tmp_path: Path, body: str, screen: list[str]
) -> None:
    (result,) = results(tmp_path, body)
    assert said(result)[1:] == screen


def test_two_values_that_only_together_keep_a_part_out_are_both_named(tmp_path: Path) -> None:
    rules = RULES.replace("trackRevenuePerProduct = false", "trackRevenuePerProduct = true")
    body = ORDER.replace('"total": 10, ', "") + f'expect "Orders" {{ {EVENT}.revenue = 10 }}'
    (result,) = results(tmp_path, body, rules)
    assert said(result)[4:] == [
        "because shop.rules:6 revenue = properties.total properties.total is missing",
        "shop.rules:10 trackRevenuePerProduct = true",
    ]


def test_no_key_is_ever_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "the-real-key")
    (result,) = results(tmp_path, PERSON + 'expect "People" { requests[0].form.api_key = "x" }\nexpect snapshot')
    text = "\n".join(said(result))
    assert "the-real-key" not in text
    assert "got missing" in text
