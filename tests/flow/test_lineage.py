"""Lineage of small rules: each way from an event to a field, what decides, and what filters take out."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulewright
from rulewright.flow.lineage_of_rules import Flow, lineage
from rulewright.flow.paths import path_text, read_path

HEAD = "destination amplitude\n"
MAPPING = 'mapping "M" -> logEvent {{ when type = "track" user_id = userId event_type = event {} }}\n'


def flows(body: str, filters: str = "") -> list[Flow]:
    """The flows of the fields of a mapping, without those that each mapping here has."""
    reached = lineage(HEAD + filters + "\n" + MAPPING.format(body)).flows
    return [flow for flow in reached if flow.field not in ("", "user_id", "event_type")]


def said(flow: Flow) -> str:
    functions = "".join(f" {function}" for function in flow.functions)
    conditions = "".join(f" if {condition}" for condition in flow.conditions)
    excluded = "".join(f" without {path}" for path in flow.excluded)
    return f"{flow.source}{excluded} {'decides' if flow.decides else '->'} {flow.field}{functions}{conditions}"


CASES = {
    "event_properties = properties": ["properties -> event_properties"],
    "event_properties = { a: traits.a }": ["traits.a -> event_properties.a"],
    "event_properties = { a: [traits.a, 1] }": ["traits.a -> event_properties.a[]"],
    "city = lowercase(traits.city)": ["traits.city -> city lowercase"],
    'city = "{{traits.city}} {{traits.land}}"': ["traits.city -> city template", "traits.land -> city template"],
    "city = coalesce(traits.city, traits.town)": ["traits.city -> city", "traits.town -> city"],
    "location_lat = -traits.lat": ["traits.lat -> location_lat -"],
    "location_lat = traits.lat + traits.more": ["traits.lat -> location_lat +", "traits.more -> location_lat +"],
    'city = if(traits.vip = true, traits.city, "x")': [
        "traits.vip decides city",
        "traits.city -> city if traits.vip = true",
    ],
    'city = if(traits.vip = true, "x", traits.city)': [
        "traits.vip decides city",
        "traits.city -> city if not (traits.vip = true)",
    ],
    "event_properties = { vip: traits.plan = properties.plan }": [
        "traits.plan decides event_properties.vip",
        "properties.plan decides event_properties.vip",
    ],
    "event_properties = { p: [{ id: p.id } for p in properties.products if p.n > 0] }": [
        "properties.products[].n decides event_properties.p",
        "properties.products[].id -> event_properties.p[].id if p.n > 0",
        "properties.products -> event_properties.p unless a list",
    ],
    'event_properties = pick(traits, "a", ["b"])': [
        "traits decides event_properties",
        "traits.a -> event_properties.a",
        "traits.b -> event_properties.b",
    ],
    'event_properties = without(traits, "email")': ["traits without traits.email -> event_properties"],
    "event_properties = without(traits, properties.key)": [
        "traits -> event_properties without",
        "properties.key -> event_properties without",
    ],
    "event_properties = merge(properties, { a: traits.a })": [
        "properties -> event_properties merge",
        "traits.a -> event_properties merge",
    ],
    "event_properties = { all: json_encode($) }": ["$ -> event_properties.all json_encode"],
    'event_properties = { odd: properties."a key" }': ['properties."a key" -> event_properties.odd'],
    "revenue = properties.revenue": ["properties.revenue decides revenue"],
    "city = omit": [],
    'city = "Ulm"': [],
}


@pytest.mark.parametrize("body", CASES)
def test_flows_of_a_field(body: str) -> None:
    assert [said(flow) for flow in flows(body)] == CASES[body]


FILTERS = {
    "drop traits.email": ["traits without traits.email -> event_properties"],
    "drop traits": [],
    'drop traits.email when type = "track"': ["traits -> event_properties"],
    "keep traits.plan, traits.age": ["traits.plan -> event_properties", "traits.age -> event_properties"],
    "keep type, event, userId": [],
    "keep type, traits": ["traits -> event_properties"],
    "keep traits.p*": ["traits -> event_properties"],
    "keep properties.a": ["traits -> event_properties"],
    "drop traits.*mail*": ["traits without traits.*mail* -> event_properties"],
    "drop traits.list[].card": ["traits without traits.list.card -> event_properties"],
    "drop traits.list[0]": ["traits -> event_properties"],
}


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_take_paths_out(filters: str) -> None:
    assert [said(flow) for flow in flows("event_properties = traits", filters)] == FILTERS[filters]


def test_a_filter_reads_its_condition_for_every_mapping() -> None:
    flow = lineage(f'{HEAD}drop when context.page.path = "/health"\n{MAPPING.format("")}').flows[0]
    assert (flow.mapping, flow.source, flow.decides) == ("", "context.page.path", True)


def test_user_agents_reach_nothing_while_both_switches_are_off() -> None:
    body = "userAgent = context.userAgent userAgentParsing = {} includeRawUserAgent = false"
    assert [flow.decides for flow in flows(body.format("false"))] == [True]
    assert [flow.decides for flow in flows(body.format("true"))] == [False]


def test_a_total_is_the_revenue_and_not_the_price() -> None:
    report = lineage(
        f'{HEAD}mapping "M" -> logPurchase {{ when type = "track" user_id = userId event_type = event\n'
        "price = coalesce(properties.price, properties.total) quantity = properties.quantity }\n"
    )
    assert ("revenue", "properties.total") in {(flow.field, flow.source) for flow in report.flows}


def test_flows_name_their_place_in_the_rules() -> None:
    (flow,) = flows("city = traits.city")
    assert (flow.mapping, flow.action, flow.origin.line) == ("M", "logEvent", 3)
    assert flow.origin.text[flow.origin.column - 1 : flow.origin.end_column - 1] == "traits.city"


REACHING = [
    ("traits.email", True),
    ("traits.address.street", True),
    ("traits", True),
    ("$", True),
    ("traits.phone", False),
    ("traits.phone.home", False),
    ("context.ip", False),
    ("properties.products[].card", False),
    ("properties.products[0].id", True),
    ("properties.products[].id", True),
    ("properties.products.id", True),
    ("traits.e*", True),
    ("traits.ph*", True),
    ("properties.products[].c*", False),
    ("properties.products", True),
]


@pytest.mark.parametrize(("path", "reaches"), REACHING)
def test_what_reaches_a_request_is_known_for_every_path(path: str, reaches: bool) -> None:
    body = "user_properties = traits event_properties = { ids: [p.id for p in properties.products if p.card != 1] }"
    report = lineage(f"{HEAD}drop traits.phone, properties.products.card\n{MAPPING.format(body)}")
    flows_to = [flow for flow in report.reaching(path) if flow.functions != ("unless a list",)]
    assert bool(flows_to) is reaches


def test_a_path_that_only_decides_does_not_reach_a_request() -> None:
    report = lineage(HEAD + MAPPING.format('city = if(traits.vip = true, "x", "y")'))
    assert report.reaching("traits.vip") == []
    assert [flow.field for flow in report.reading("traits.vip")] == ["city"]


PATHS = [
    "$",
    "traits",
    "traits.email",
    'traits."a key"',
    "properties.products[].price",
    "a[0].b",
    "a[].c",
    "a.*b*",
    "a[][].b",
]


@pytest.mark.parametrize("text", PATHS)
def test_paths_are_read_as_they_are_written(text: str) -> None:
    assert path_text(read_path(text)) == text


@pytest.mark.parametrize("text", ["", "traits.", "lowercase(a)", "a = b", "[]", "1", '"text"', "a b"])
def test_text_that_is_not_a_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a path"):
        read_path(text)


def test_personal_data_is_known_by_the_spec_by_name_and_by_the_author() -> None:
    rules = f"{HEAD}drop traits.phone\n" + MAPPING.format(
        "user_properties = traits ip = context.ip event_properties = { m: properties.userEmail, e: properties.e_mail, "
        "c: properties.customer.email, n: context.app.name, s: properties.salary }"
    )
    paths = {path for flow in lineage(rules, personal=["properties.salary"]).personal for path in flow.personal}
    assert {"traits.email", "traits.name", "context.ip", "properties.customer.email", "properties.salary"} <= paths
    assert not {"traits.phone", "context.app.name", "traits.plan"} & paths


def test_a_file_and_its_text_have_one_lineage(tmp_path: Path) -> None:
    text = HEAD + MAPPING.format("city = traits.city")
    (tmp_path / "shop.rules").write_text(text)
    shown = [said(flow) for flow in rulewright.lineage(tmp_path / "shop.rules").flows]
    assert shown == [said(flow) for flow in rulewright.lineage(text).flows]


def test_wrong_rules_and_wrong_arguments_are_refused() -> None:
    with pytest.raises(rulewright.RuleError):
        rulewright.lineage('mapping "M" -> nothing { }')
    with pytest.raises(TypeError):
        rulewright.lineage(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected a path"):
        rulewright.lineage(HEAD + MAPPING.format(""), personal=["a = b"])


@pytest.mark.parametrize(
    ("filters", "covered", "uncovered"),
    [
        (
            "keep properties.a.b",
            ["properties", "properties.a", "properties.a[1]", "properties.a.b"],
            ["properties.a.c"],
        ),
        ("keep properties.a.b\ndrop properties.a.b", ["properties.a", "properties.a[1]"], ["properties.a.b"]),
        ("drop properties.a.b\nkeep properties.a.b", ["properties.a", "properties.a[1]"], ["properties.a.b"]),
        ("keep properties.a.b\nkeep properties.a.c", ["properties.a", "properties.a[1]"], ["properties.a.d"]),
        ("keep properties.a.b\ndrop properties.a", ["properties"], ["properties.a", "properties.a[1]"]),
        ("keep type\nkeep properties.a", [], ["properties", "properties.a"]),
    ],
)
def test_values_that_are_not_objects_pass_a_keep(filters: str, covered: list[str], uncovered: list[str]) -> None:
    reached = flows("event_properties = properties", filters)
    for path in (*covered, *uncovered):
        assert any(flow.derived.covers(read_path(path)) for flow in reached) == (path in covered), path


@pytest.mark.parametrize("read", ["properties.a[0]", "properties.a.length", "properties.a"])
def test_an_item_and_a_length_are_read_of_what_a_keep_leaves(read: str) -> None:
    report = lineage(HEAD + "keep type, properties.a.b\n" + MAPPING.format(f"event_properties = {{ k: {read} }}"))
    assert report.reaching("properties.a")
