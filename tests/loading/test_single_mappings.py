"""Rules with many mappings are compiled one by one, and do what they would do as one module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.dsl.rule_error import RuleError
from rulewright.dsl.source import Source, Span
from rulewright.dsl.syntax import reader
from rulewright.loading import known_mappings, pipeline
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.mapping.compiled import MappingLater
from rulewright.runtime.outcome import Outcome

from ..strategies import damaged

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop.rules"
EVENTS = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()]
HEAD = """destination amplitude
drop when context.page.path = "/healthz"
drop context.ip when type = "page"
"""
MANY = "".join(
    f"""
mapping "M{number}" -> logEvent {{
  when type = "track" and event = "E{number}" # of all
  use defaults
  user_properties = omit
  revenue = number(properties.total_{number})
}}  # the end of {number}
"""
    for number in range(40)
)


def event(number: int, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": f"E{number}", "userId": "user-1", "properties": properties}


def said(outcome: Outcome) -> Any:
    """All that an outcome says, with the bytes of its requests and the places of its failures."""
    failures = [
        (failure.mapping, failure.field, failure.code, failure.message, failure.span) for failure in outcome.failures
    ]
    requests = [(request.mapping, request.url, request.body) for request in outcome.requests]
    return requests, failures, outcome.matched, outcome.dropped, outcome.warnings


@pytest.fixture(autouse=True, scope="module")
def cache_of_one_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RULEWRIGHT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def both(text: str | Path) -> tuple[Mapper, Mapper, Mapper]:
    """The mapper of one module, that of single mappings, and that of single mappings from the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RULEWRIGHT_CACHE", "off")
        patch.setattr(pipeline, "MOST_TOGETHER", 10_000)
        whole = rulewright.load(text, settings={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "MOST_TOGETHER", 0)
        single = rulewright.load(text, settings={})
        again = rulewright.load(text, settings={})
    assert not any(isinstance(mapping, MappingLater) for mapping in whole.program.mappings)
    for mapper in (single, again):
        assert all(isinstance(mapping, MappingLater) for mapping in mapper.program.mappings)
    return whole, single, again


@cache
def of_many(head: str) -> tuple[Mapper, Mapper, Mapper]:
    return both(head + MANY)


def agree(mappers: tuple[Mapper, Mapper, Mapper], event: Any) -> None:
    whole, *others = mappers
    line = json.dumps(event).encode()
    expected = said(whole(event)), said(whole.map_bytes(line))
    for mapper in others:
        assert (said(mapper(event)), said(mapper.map_bytes(line))) == expected


@pytest.fixture(scope="module")
def shops() -> tuple[Mapper, Mapper, Mapper]:
    return both(SHOP)


def test_events_of_a_shop(shops: tuple[Mapper, Mapper, Mapper]) -> None:
    for event in EVENTS[::3]:
        agree(shops, event)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(EVENTS),
    st.lists(st.integers(0, 20), min_size=1, max_size=4),
    st.sampled_from(
        [None, "", "12,5", 0, -1, 1.5, True, [], ["x"], [{"price": "x"}], {}, {"id": {}}, "\ud800", "ä\u2028"]
    ),
)
def test_damaged_events_of_a_shop(
    shops: tuple[Mapper, Mapper, Mapper], event: dict[str, Any], path: list[int], odd: Any
) -> None:
    agree(shops, damaged(event, path, odd))


@pytest.mark.parametrize("head", ["destination amplitude\n", HEAD])
def test_many_mappings(head: str) -> None:
    mappers = of_many(head)
    for number in range(40):
        agree(mappers, event(number, **{f"total_{number}": 5}))
        agree(mappers, event(number, **{f"total_{number}": "no"}))
    agree(mappers, event(99))
    agree(mappers, {"type": 5})
    agree(mappers, {**event(1), "context": {"page": {"path": "/healthz"}}})
    (failure,) = mappers[2](event(3, total_3="no")).failures
    assert failure.span is not None
    assert failure.span.text == "  revenue = number(properties.total_3)"


@pytest.mark.parametrize("line", [b'{"type": "track", "event": "E1"', b"[]", b"", b"no"])
def test_text_that_is_not_an_event_is_refused_in_the_same_words(line: bytes) -> None:
    words = []
    for mapper in of_many("destination amplitude\n"):
        with pytest.raises(ValueError) as refused:
            mapper.map_bytes(line)
        words.append(str(refused.value))
    assert len(set(words)) == 1


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The mappings that are compiled from here on, with a cache that is empty at first."""
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    names: list[str] = []
    real = pipeline.compile_mapping

    def counted(span: Any, destination: str) -> Any:
        names.append(span.text.split('"')[1])
        return real(span, destination)

    monkeypatch.setattr(pipeline, "compile_mapping", counted)
    return names


def test_a_mapping_is_compiled_when_an_event_needs_it(compiled: list[str]) -> None:
    mapper = rulewright.load("destination amplitude\n" + MANY, settings={})
    assert compiled == []
    assert mapper.mappings == [f"M{number}" for number in range(40)]
    for _ in range(2):
        mapper(event(3))
        mapper.map_bytes(json.dumps(event(5)))
        mapper(event(99))
    assert compiled == ["M3", "M5"]
    again = rulewright.load("destination amplitude\n" + MANY, settings={})
    again(event(3))
    again(event(4))
    assert compiled == ["M3", "M5", "M4"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The heads of the items that are parsed from here on, but for those of files that ship."""
    heads: list[str] = []
    real = reader._read_item

    def counted(source: Source, span: Span, *given: Any) -> Any:
        if "/defaults/" not in source.name:
            heads.append(span.text.split(" ->")[0])
        return real(source, span, *given)

    monkeypatch.setattr(reader, "_read_item", counted)
    return heads


def test_an_edit_costs_its_own_mapping(compiled: list[str], read: list[str], tmp_path: Path) -> None:
    path = tmp_path / "many.rules"
    path.write_text("destination amplitude\n" + MANY)
    rulewright.load(path, settings={}).prepare()
    assert len(compiled) == 40
    compiled.clear()
    read.clear()
    path.write_text(
        "# more above\ndestination amplitude\n" + MANY.replace("number(properties.total_7)", "number(total)")
    )
    mapper = rulewright.load(path, settings={})
    assert read == ["destination amplitude", 'mapping "M7"']
    mapper.prepare()
    assert compiled == ["M7"]
    (failure,) = mapper(event(9, total_9="no")).failures
    assert failure.span is not None
    assert path.read_text().splitlines()[failure.span.line - 1] == failure.span.text


ONE = 'mapping "{}" -> {} {{\n  when {}\n  {}\n}}\n'.format
TRACK, STAGE = 'type = "track" and event = "x"', ONE("Stage", "sessionId", 'type = "track"', "")
EDITS = {
    "nothing": "",
    "a comment": "# more\n",
    "a mapping more": ONE("More", "identifyUser", TRACK, "use defaults"),
    "one whose name is taken": ONE("M3", "logEvent", TRACK, "use defaults"),
    "one with an error": ONE("Wrong", "logEvent", TRACK, "use default\n citty = a"),
    "one that is disabled": "disabled " + ONE("Off", "logEvent", TRACK, "use defaults"),
    "a trigger that fails": ONE("Odd", "logEvent", "number(properties.x) > 1 or " + TRACK, "use defaults"),
    "a stage": STAGE,
    "a second stage": STAGE + STAGE.replace("Stage", "Other"),
    "a filter": 'drop when event = "E3"\n',
    "a filter of paths": "drop properties.total_3\n",
    "settings": 'settings { endpoint = "europe" }\n',
    "a test": 'test "one" { given { "type": "track", "event": "E3" } expect "M3" }\n',
    "a text that is not closed": 'mapping "M',
    "another destination": "destination webhook\n",
    "a language version that is not first": "language 1\n",
    "a law": 'law "one" { for any event expect "M3" }\n',
    "a schema that is not there": 'source schema "none.json"\n',
    "an include that is not there": 'include "none.rules"\n',
}
"""What is put above mappings that are known, which then all have another place."""
FEW = MANY[: MANY.index('mapping "M4"')]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("before", ["", STAGE], ids=["", "after a stage"])
def test_rules_that_are_known_in_part_are_as_rules_that_are_not(
    edit: str, before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (known_mappings, pipeline):
        monkeypatch.setattr(module, "MOST_TOGETHER", 3)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "many.rules"
    path.write_text("destination amplitude\n" + before + FEW)
    rulewright.load(path, settings={})
    results: list[Any] = []
    for again in ("cache", "off"):
        monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache") if again == "cache" else again)
        path.write_text("destination amplitude\n" + before + edit + FEW)
        try:
            mapper = rulewright.load(path, settings={})
        except RuleError as error:
            results.append(str(error))
            continue
        events = [event(number, **{f"total_{number}": "no", "x": {}}) for number in (0, 3)]
        events.append({"type": "track", "event": "x", "userId": "user-1"})
        outcomes = [*map(mapper, events), *(mapper.map_bytes(json.dumps(event)) for event in events)]
        constants = [mapping.constants for mapping in mapper.program.mappings]
        results.append((list(map(said, outcomes)), mapper.mappings, mapper.settings, constants))
    assert results[0] == results[1]


def test_a_mapping_is_known_by_its_destination(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(known_mappings, "MOST_TOGETHER", 0)
    monkeypatch.setattr(pipeline, "MOST_TOGETHER", 0)
    path = tmp_path / "one.rules"
    path.write_text("destination webhook\n" + ONE("A", "send", TRACK, "body = properties"))
    rulewright.load(path)
    path.write_text("destination amplitude\n" + ONE("A", "send", TRACK, "body = properties"))
    with pytest.raises(RuleError, match="RW0203"):
        rulewright.load(path)


def test_without_a_cache_each_mapping_is_compiled_once(compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    mapper = rulewright.load("destination amplitude\n" + MANY, settings={})
    mapper.prepare()
    mapper.prepare()
    assert len(compiled) == 40


def test_mappings_of_included_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.rules").write_bytes(MANY.replace('"M', f'"{name} ').replace("\n", "\r\n").encode())
    path = tmp_path / "all.rules"
    path.write_text('destination amplitude\ninclude "one.rules"\n\ninclude "two.rules"\n')
    mappers = both(path)
    for number in (0, 39):
        agree(mappers, event(number, **{f"total_{number}": "no"}))
    assert [
        failure.span and Path(failure.span.file).name for failure in mappers[2](event(0, total_0="x")).failures
    ] == [
        "one.rules",
        "two.rules",
    ]
