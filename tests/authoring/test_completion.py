"""What can be written at each place, also in a file that is half written; `|` marks the place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.authoring.completion import complete
from rulewright.authoring.hover import hover
from rulewright.authoring.knowledge import Knowledge
from rulewright.authoring.recorded_examples import RecordedExamples
from rulewright.authoring.symbols import folds, outline, tree_of
from rulewright.compiler.analysis.event_schema import EventSchema
from rulewright.profile.profile import profile

HEAD = 'destination amplitude\n\nmapping "Orders" -> logEventV2 {\n  when type = "track"\n  user_id = userId\n'
LINES = [
    json.dumps(event).encode()
    for event in (
        {"type": "track", "event": "Order Completed", "properties": {"total": 3, "a key": True, "plan": "pro"}},
        {"type": "track", "event": "Cart Viewed", "properties": {"total": None, "plan": "free", "text": "x" * 99}},
    )
]
RECORDED = profile(LINES)
PLAN = EventSchema.from_json({"properties": {"traits": {"properties": {"loyalty": {"type": "number"}}}}}, "the plan")
KNOWN = Knowledge(PLAN, RECORDED, RecordedExamples.of([*LINES, LINES[0], b"no event"]))


def labels(text: str) -> list[str]:
    return [item.label for item in complete(text.replace("|", "", 1), text.index("|"), KNOWN, ["Orders", "Refunds"])]


CASES: list[tuple[str, set[str], set[str]]] = [
    ("|", {"destination", "mapping", "include", "drop"}, {"user_id", "lowercase"}),
    ("dest|", {"destination"}, set()),
    ("destination |", {"amplitude"}, {"mapping"}),
    ('destination amplitude\nmapping "A" -> |', {"logEvent", "identifyUser"}, {"user_id"}),
    ('destination amplitude\nmapping "A" -> log|', {"logEvent"}, set()),
    (HEAD + "  |\n}\n", {"city", "use defaults", "on conflict"}, {"user_id", "mapping"}),
    (HEAD + "  ci|", {"city"}, {"user_id"}),
    (HEAD + "  city = |", {"lowercase", "context", "properties"}, {"city"}),
    (HEAD + "  city = context.|", {"location", "device", "ip"}, {"lowercase"}),
    (HEAD + "  city = context.location.|\n  region = omit\n}", {"city", "country"}, set()),
    (HEAD + "  city = coalesce(context.location.city, traits.|", {"loyalty", "email"}, set()),
    (HEAD + "  city = properties.|", {"total", "a key"}, set()),
    (HEAD + '  city = "{{traits.|', {"email"}, {"lowercase"}),
    (HEAD + '  city = "plain |', set(), {"lowercase", "traits"}),
    (HEAD + "  on conflict |", {"fold", "split", "reject"}, set()),
    ('destination amplitude\nmapping "A" -> logEvent {\n  when type = "|', {"track", "page"}, {"Order Completed"}),
    ('destination amplitude\nmapping "A" -> logEvent {\n  when event = "|', {"Order Completed", "Cart Viewed"}, set()),
    ('destination amplitude\nmapping "A" -> logEvent {\n  when properties.plan = "|', {"pro", "free"}, {"track"}),
    ('destination amplitude\nmapping "A" -> logEvent {\n  when properties.text = "|', set(), {"x" * 99}),
    ('destination amplitude\nmapping "A" -> logEvent {\n  when event in ["x", "|', {"Cart Viewed"}, set()),
    ("destination amplitude\nsettings {\n  |\n}", {"endpoint"}, {"apiKey", "mapping"}),
    ('test "t" {\n  |\n}', {"given", "expect"}, {"mapping"}),
    ('test "t" {\n  given { }\n  expect "|" { }\n}', {"Orders", "Refunds"}, set()),
    ("drop traits.|", {"email", "loyalty"}, set()),
    (HEAD + "  city = context.location.city  # and |", set(), {"lowercase"}),
    (HEAD + "}\n\n|", {"mapping", "test"}, {"city"}),
]


@pytest.mark.parametrize(("text", "there", "absent"), CASES)
def test_what_fits_a_place(text: str, there: set[str], absent: set[str]) -> None:
    offered = set(labels(text))
    assert there <= offered
    assert not absent & offered


def test_a_key_that_is_not_a_name_is_written_in_quotes() -> None:
    text = HEAD + "  city = properties."
    assert {item.label: item.insert for item in complete(text, len(text), KNOWN)}["a key"] == '"a key"'


HOVERS: list[tuple[str, list[str]]] = [
    (HEAD + "  ci|ty = traits.city", ["**City**", "Default: `context.location.city`"]),
    (HEAD + "  event_ty|pe = event", ["required"]),
    (HEAD + "  city = lower|case(traits.city)", ["lowercase(value)", "gives"]),
    (HEAD + "  city = context.loca|tion.city", ["`context.location`", "Object in the Segment spec."]),
    (HEAD + "  price = properties.tot|al", ["Number, null in 2 of 2 recorded events (100 %)", "For example `3`."]),
    (HEAD + "  price = properties.pl|an", ['For example `"pro"`, `"free"`.']),
    (HEAD + "  price = traits.loy|alty", ["Number in the plan.", "No recorded event has it."]),
    (HEAD.replace("logEventV2", "logEv|entV2"), ["**Log Event V2.**", 'Default trigger: `type = "track"`']),
    (HEAD + "  # allow RW04|03: both", ["# RW0403", "## Instead"]),
    (HEAD + '  city = "{{context.lo|cale}}"', ["String in the Segment spec."]),
]


@pytest.mark.parametrize(("text", "told"), HOVERS)
def test_what_a_word_means(text: str, told: list[str]) -> None:
    shown = hover(text.replace("|", "", 1), text.index("|"), KNOWN)
    assert shown is not None
    assert [part for part in told if part not in shown.markdown] == []


@pytest.mark.parametrize("text", [HEAD + '  city = "track|"', HEAD + "  city = |  1", HEAD + "  # a com|ment", "|"])
def test_what_means_nothing_is_not_explained(text: str) -> None:
    assert hover(text.replace("|", "", 1), text.index("|"), KNOWN) is None


@given(st.integers(0, 400), st.integers(0, 400), st.text(max_size=5))
def test_any_text_has_an_answer(cut: int, offset: int, odd: str) -> None:
    """A file is half written nearly all of the time."""
    text = (HEAD + '  city = lowercase(context.location.city)\n}\ntest "a" { given {} expect "Orders" }\n')[:cut] + odd
    place = min(offset, len(text))
    complete(text, place, KNOWN)
    hover(text, place, KNOWN)
    tree = tree_of(text)
    list(outline(tree))
    list(folds(text, tree))
