"""A server's rules are those of its files, whenever these change."""

from __future__ import annotations

import threading
from pathlib import Path

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
