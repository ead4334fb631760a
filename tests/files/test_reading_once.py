"""No command reads a file twice, and what was looked up is what is compiled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rulewright
from rulewright.files import file_access
from tests.cli.copies import in_copies

from .shop import GIVEN, HEAD, MAPPING, written

READS = """
import atexit, collections, json, os, sys
opened = collections.Counter()
def count(event, arguments):
    if event == "open" and str(arguments[0]).endswith((".rules", ".json", ".jsonl")):
        opened[os.fsdecode(arguments[0])] += 1
def write():
    reads = {os.path.basename(path): n for path, n in opened.items() if os.path.realpath(path).startswith(FOLDER)}
    sys.stdout.flush()
    print(json.dumps(reads), file=sys.stderr, flush=True)
sys.addaudithook(count)
atexit.register(write)
"""


READING = [
    ["check", "first.rules"], ["run", "first.rules"], ["run", "first.rules"], ["compile", "first.rules"],
    ["test", "first.rules", "--laws", "1"], ["diff", "first.rules", "other.rules"], ["fmt", "--check", "first.rules"],
    ["check", "first.test.rules"], ["explain", "first.rules"], ["export", "first.rules"],
]  # fmt: skip


def test_no_file_is_read_twice(shop: Path, tmp_path: Path) -> None:
    (shop / "part.rules").write_text(MAPPING)
    (shop / "plan.json").write_text('{"type": "object"}')
    (shop / "events.jsonl").write_text('{"type": "track", "event": "x", "userId": "user-1"}\n')
    (shop / "first.test.rules").write_text(GIVEN.replace("PATH", "events.jsonl"))
    (shop / "other.rules").write_text(HEAD + MAPPING)
    written(
        shop,
        'include "part.rules"\nsource schema "plan.json"\n'
        + GIVEN.replace("PATH", "events.jsonl").replace('"t"', '"u"'),
    )
    cases = [(READS.replace("FOLDER", repr(str(shop))), arguments) for arguments in READING]
    copies = in_copies(cases, shop, '{"type": "track"}', RULEWRIGHT_CACHE=str(tmp_path / "cache"))
    for arguments, done in zip(READING, copies, strict=True):
        reads = json.loads(done.text.splitlines()[-1])
        assert reads["first.rules"] == 1, (arguments, reads)
        assert set(reads.values()) == {1}, (arguments, reads)


@pytest.mark.parametrize("changed", ["first.rules", "part.rules"])
def test_what_was_looked_up_is_what_is_compiled(
    shop: Path, changed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file is another one as soon as it has been read: both versions are kept, each under its own hash."""
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    first = HEAD + 'include "part.rules"\n' + MAPPING.replace('"A"', '"first VERSION"')
    texts = {
        name: [text.replace("VERSION", version) for version in ("one", "two")]
        for name, text in (("first.rules", first), ("part.rules", MAPPING.replace('"A"', '"part VERSION"')))
    }
    for name, (text, _) in texts.items():
        (shop / name).write_text(text)
    read = file_access.read_regular
    swaps = [1, 0, 1, 0, 1]

    def read_and_swap(path: str | Path) -> bytes:
        content = read(path)
        if str(path).endswith(changed) and swaps:
            (shop / changed).write_text(texts[changed][swaps.pop(0)])
        return content

    monkeypatch.setattr(file_access, "read_regular", read_and_swap)
    loaded = [rulewright.load(shop / "first.rules", settings={}).mappings for _ in range(6)]
    of_one, of_two = (["part one", "first one"], ["part one", "first two"])
    if changed == "part.rules":
        of_two = ["part two", "first one"]
    assert loaded == [of_one, of_two] * 3
