"""The code that says which mappings take an event is kept while nothing changes that it is made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright.compiler.plan import program_plan
from rulewright.loading import known_mappings, pipeline

RULES = """destination amplitude
drop when properties.skip > 1
mapping "A" -> logEvent {
  when type = "track" and number(properties.x) > 1
  use defaults
}
disabled mapping "Off" -> logEvent { when type = "track" use defaults }
mapping "B" -> logEvent {
  when type = "track" and number(properties.y) > 1
  use defaults
}
mapping "C" -> identifyUser {
  when type = "identify"
  use defaults
}
"""
ANY = '-> logEvent { when type = "track" use defaults }'
KEPT = {
    "nothing": ("", ""),
    "a field": ('"identify"\n', '"identify"\n  city = name\n'),
    "a line above everything": ("destination", "# more\n\ndestination"),
    "a field of a mapping above another": ("  use defaults\n}\ndisabled", "  use defaults\n  city = name\n}\ndisabled"),
    "a comment behind a trigger": ("(properties.x) > 1", "(properties.x) > 1 # more"),
    "a mapping that is moved to the right": ('mapping "B"', '  mapping "B"'),
    "a name of the same length": ('"B"', '"D"'),
    "one that is disabled": ('mapping "B"', f'disabled mapping "More" {ANY}\nmapping "B"'),
    "one that is disabled, and is not there any more": (f'disabled mapping "Off" {ANY}\n', ""),
}
"""Edits after which the same events are taken by the same numbers of mappings."""
CHANGED = {
    "a trigger": ("(properties.x) > 1", "(properties.x) > 2"),
    "a longer name, by which the trigger is further right in its item": ('"B"', '"Better"'),
    "a trigger further below in its mapping": ('mapping "A" -> logEvent {', 'mapping "A" -> logEvent {\n'),
    "a filter": ("skip > 1", "skip > 2"),
    "a filter more": ("destination amplitude\n", 'destination amplitude\ndrop when type = "page"\n'),
    "a setting": ("destination amplitude\n", 'destination amplitude\nsettings { endpoint = "europe" }\n'),
    "a mapping more": ('mapping "B"', f'mapping "More" {ANY}\nmapping "B"'),
    "one that is enabled": ("disabled mapping", "mapping"),
    "one that is disabled": ('mapping "B"', 'disabled mapping "B"'),
    "another action": ("identifyUser", "mapUser"),
}


def module_of(text: str, before: pipeline.Module | None, path: Path) -> pipeline.Module:
    path.write_text(text, encoding="utf-8")
    files = pipeline.read(path)
    known = known_mappings.known_of(files, pipeline.compile_files(files))
    matching = None if before is None or before.known is None else before.known.matching
    return pipeline.compile_matching(files, known, matching)


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name for each time that matching is compiled from here on."""
    compilations: list[str] = []
    real = program_plan.plan_matching

    def counted(whole: Any) -> Any:
        compilations.append("matching")
        return real(whole)

    monkeypatch.setattr(program_plan, "plan_matching", counted)
    return compilations


@pytest.mark.parametrize(
    ("edit", "is_kept"),
    [*((edit, True) for edit in KEPT.values()), *((edit, False) for edit in CHANGED.values())],
    ids=[*(f"{name}, kept" for name in KEPT), *(f"{name}, compiled" for name in CHANGED)],
)
def test_what_is_kept_is_what_would_be_compiled(
    edit: tuple[str, str], is_kept: bool, planned: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "some.rules"
    before = module_of(RULES, None, path)
    text = RULES.replace(*edit)
    assert text != RULES or edit == ("", "")
    planned.clear()
    module = module_of(text, before, path)
    assert planned == ([] if is_kept else ["matching"])
    expected = module_of(text, None, path)
    assert (module.text, [*module.codes], module.table, module.heads) == (
        expected.text,
        [*expected.codes],
        expected.table,
        expected.heads,
    )
    assert module.known == expected.known


def test_a_load_after_an_edit_of_a_field_compiles_no_trigger(
    planned: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (known_mappings, pipeline):
        monkeypatch.setattr(module, "MOST_TOGETHER", 0)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "some.rules"
    taken = [{"type": "track", "properties": {name: 2}} for name in ("x", "y", "skip")]
    for city in ("name", "event", "userId"):
        path.write_text(RULES.replace("defaults\n", f"defaults\n  city = {city}\n"), encoding="utf-8")
        for _ in ("compiled", "from the cache"):
            mapper = rulewright.load(path, settings={})
            assert [mapper.taken_by(event) for event in taken] == [(0,), (1,), ()]
    assert planned == ["matching"]
