"""Commands that write a file whole or not at all, the file of each, and a folder in which all of them have work."""

from __future__ import annotations

import os
from pathlib import Path

RULES = """destination amplitude
mapping "A" -> logEventV2 {
  when type = "track"
  use defaults
  user_properties = omit
}
"""
EVENT = '{"type":"track","event":"E","userId":"user-0001","messageId":"m-1"}\n'
WRITING = {
    "compile": ("compile shop.rules -o out", "out"),
    "fmt": ("fmt untidy.rules", "untidy.rules"),
    "check --fix": ("check wrong.rules --fix", "wrong.rules"),
    "import": ("import segment.json -o out", "out"),
    "init": ("init events -o out", "out"),
    "presets": ("presets amplitude --copy out", "out"),
    "presets --force": ("presets amplitude --copy untidy.rules --force", "untidy.rules"),
    "lineage": ("lineage shop.rules --format html -o out", "out"),
    "run --report": ("run shop.rules events --report out", "out"),
    "test --update": ("test tested.rules --laws 0 --update", "tested.snapshots.json"),
    "test --suggest": ("test shop.rules --laws 0 --suggest shop.test.rules", "shop.test.rules"),
    "test --junit": ("test tested.rules --laws 0 --junit out", "out"),
    "test --coverage-lcov": ("test tested.rules --laws 0 --coverage-lcov out", "out"),
    "test --coverage-html": ("test tested.rules --laws 0 --coverage-html out", "out"),
}
"""By their names. `run -o` is not among them: its requests are a stream."""


def furnish(folder: Path) -> None:
    """Writes the files that the commands read."""
    (folder / "shop.rules").write_text(RULES)
    (folder / "all.rules").write_text('include "shop.rules"\n')
    (folder / "events").mkdir()
    (folder / "events" / "e.jsonl").write_text(EVENT)
    (folder / "other").symlink_to("shop.rules")
    os.link(folder / "events" / "e.jsonl", folder / "linked")
    (folder / "segment.json").write_text('{"event_type": {"@path": "$.event"}}')
    (folder / "untidy.rules").write_text(RULES.replace("  ", "     "))
    (folder / "wrong.rules").write_text(RULES.replace("A", "W").replace("user_properties", "user_propertys"))
    test = f'test "a" {{ given {EVENT.strip()} expect "A" expect snapshot }}'
    (folder / "tested.rules").write_text(f"{RULES}\n{test}\n")
