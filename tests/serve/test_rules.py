"""A server's rules are those of its files, whenever these change."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rulewright.dsl.rule_error import RuleError
from rulewright.runtime.mapper import Mapper
from rulewright.serve.rules import Reloader, RulesFile

RULES = """destination webhook

mapping "{name}" -> send {{
  when type = "track"
  body = properties
}}
"""
PATIENCE = 60


def test_a_change_before_the_watch_begins_is_found(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    path.write_text(RULES.format(name="First"))
    rules = RulesFile(path)
    current = rules.load()
    path.write_text(RULES.format(name="Second"))
    used: list[Mapper] = []
    is_used = threading.Event()

    def use(mapper: Mapper, _version: str) -> None:
        used.append(mapper)
        is_used.set()

    reloader = Reloader(rules, current, use, lambda why: None)
    reloader.start()
    try:
        assert is_used.wait(PATIENCE)
    finally:
        reloader.stop()
    assert [mapper.mappings for mapper in used] == [["Second"]]


def test_only_what_the_rules_read_counts_as_a_change(tmp_path: Path) -> None:
    """A queue or a log beside the rules changes with each event, and must not load them again or repeat a refusal."""
    path, fragment = tmp_path / "shop.rules", tmp_path / "fragment.rules"
    path.write_text(RULES.format(name="First") + '\ninclude "fragment.rules"\n')
    fragment.write_text("")
    rules = RulesFile(path)
    rules.load()
    (tmp_path / "queue.db").write_text("an event")
    assert not rules.has_changed()
    fragment.write_text("# a comment\n")
    assert rules.has_changed()
    rules.load()
    assert not rules.has_changed()
    fragment.unlink()
    assert rules.has_changed()
    with pytest.raises(RuleError, match="RW0001"):
        rules.load()
    assert not rules.has_changed()
    path.write_text("nonsense")
    with pytest.raises(RuleError):
        rules.load()
    (tmp_path / "server.log").write_text("the new rules are not used")
    assert not rules.has_changed()
