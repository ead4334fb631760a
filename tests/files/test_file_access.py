"""What rule files name is read once, from inside their folder, if it is a regular file; nothing else is shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import rulewright
from rulewright.files import file_access
from rulewright.files.file_access import FileAccess, FileRefused
from rulewright.loading.rule_files import MAX_INCLUDE_DEPTH, MAX_INCLUDES, read_rules
from tests.cli.copies import in_copies
from tests.cli.running import rulewright as command

SECRET = "SECRET_TOKEN=hunter2"
HEAD = "destination amplitude\n"
MAPPING = 'mapping "A" -> logEvent { when type = "track" use defaults }\n'
GIVEN = 'test "t" { given "PATH" line 1 expect "A" }\n'
NAMING = {
    "include": 'include "PATH"\n' + MAPPING,
    "source schema": 'source schema "PATH"\n' + MAPPING,
    "given": MAPPING + GIVEN,
}
COMMANDS = [
    ["check"], ["check", "--format", "json"], ["check", "--format", "github"], ["check", "--format", "sarif"],
    ["test"], ["run"], ["compile"], ["export"], ["explain"],
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder of rules, and files outside it that rules may not read."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for secret in (tmp_path / "outside.txt", folder / ".env", folder / "notes.txt", tmp_path / "shopping"):
        secret.write_text(f"{SECRET}\nDB=hunter2\n")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(f"[http]\n\textraheader = {SECRET}\n")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "link.rules").symlink_to(tmp_path / "outside.txt")
    (folder / "inner.rules").symlink_to(folder / ".env")
    (folder / "up").symlink_to(tmp_path)
    return folder


def written(shop: Path, text: str) -> Path:
    (shop / "first.rules").write_text(HEAD + text)
    return shop / "first.rules"


OUT_OF_REACH = [
    "/proc/self/environ", "/etc/passwd", "../outside.txt", "../shopping", ".env", ".git/config", "./.git/../.env",
    "link.txt", "link.rules", "inner.rules", "up/outside.txt", "../shop/../outside.txt",
]  # fmt: skip


@pytest.mark.parametrize("statement", NAMING)
@pytest.mark.parametrize("path", OUT_OF_REACH)
def test_what_is_out_of_reach_is_named_and_not_read(shop: Path, statement: str, path: str) -> None:
    done = command("check", written(shop, NAMING[statement].replace("PATH", path)))
    assert done.returncode == 1
    assert "error[RW0006]" in done.stdout
    assert path in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("path", ["../outside.txt", ".env", "notes.txt", "link.rules"])
def test_no_command_shows_a_file_that_is_not_rules(shop: Path, arguments: list[str], path: str) -> None:
    done = command(arguments[0], written(shop, NAMING["include"].replace("PATH", path)), *arguments[1:], given="{}")
    assert done.returncode == 1
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["first.rules", "first.txt"])
def test_a_link_on_the_command_line_shows_nothing_either(shop: Path, name: str) -> None:
    """A stranger's folder may hold a link that is named like its rule files, and `check rules/*` names it."""
    (shop / name).symlink_to(shop / ".env")
    for arguments in (["check"], ["fmt", "--diff"], ["run"]):
        done = command(arguments[0], *arguments[1:], shop / name)
        assert done.returncode == 1
        assert "error[RW0008]" in done.stdout + done.stderr
        assert "hunter2" not in done.stdout + done.stderr


def test_a_file_on_the_command_line_is_shown_whatever_its_name(shop: Path) -> None:
    (shop / "mine.txt").write_text("mapping broken\n")
    assert "mapping broken" in command("check", shop / "mine.txt").stdout


def test_what_is_in_reach_is_read(shop: Path) -> None:
    (shop / "parts").mkdir()
    (shop / "parts" / "a.txt").write_text(MAPPING)
    (shop / "parts" / "events.jsonl").write_text('{"type": "track", "event": "x", "userId": "user-1"}\n')
    (shop / "plan.json").write_text('{"type": "object"}')
    (shop / "linked").symlink_to(shop / "parts")
    text = 'include "linked/a.txt"\nsource schema "./parts/../plan.json"\n' + GIVEN.replace(
        "PATH", "parts/events.jsonl"
    )
    done = command("test", written(shop, text), "--laws", "0")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_of_included_rules_is_shown_where_it_is(shop: Path) -> None:
    (shop / "part.rules").write_text("mapping broken\n")
    assert "part.rules:1:" in command("check", written(shop, 'include "part.rules"\n')).stdout


def test_a_mounted_volume_is_in_reach(shop: Path) -> None:
    """Kubernetes mounts a volume as links into `..data`, itself a link to a folder whose name has the time in it."""
    (shop / "..2026").mkdir()
    (shop / "..2026" / "part.rules").write_text(MAPPING)
    (shop / "..data").symlink_to("..2026")
    (shop / "part.rules").symlink_to("..data/part.rules")
    assert rulewright.load(written(shop, 'include "part.rules"\n'), settings={}).mappings == ["A"]


def test_a_wider_folder_can_be_named(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.parent / "shared.rules").write_text(MAPPING)
    first = written(shop, 'include "../shared.rules"\n')
    with pytest.raises(rulewright.RuleError, match="RW0006"):
        rulewright.load(first, settings={})
    monkeypatch.setenv(file_access.ROOT, str(shop.parent))
    assert rulewright.load(first, settings={}).mappings == ["A"]
    assert "RW0006" not in command("--root", shop.parent, "check", first).stdout
    assert "RW0006" in command("check", written(shop, 'include "../shop/.env"\n')).stdout


# --- what is no regular file, and what never ends --------------------------------------------------------------------


@pytest.mark.parametrize("statement", [*NAMING, "the command line", "fmt"])
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "loop", "missing"])
def test_an_irregular_file_is_a_diagnostic(shop: Path, statement: str, kind: str) -> None:
    odd = shop / "odd.rules"
    match kind:
        case "fifo":
            os.mkfifo(odd)
        case "device":
            odd = Path("/dev/zero")
        case "folder":
            odd.mkdir()
        case "loop":
            odd.symlink_to("odd.rules")
    if statement in NAMING:
        done = command("check", written(shop, NAMING[statement].replace("PATH", str(odd))))
    elif statement == "fmt" and kind != "folder":
        done = command("fmt", odd)
    else:
        done = command("check", odd)
    shown = done.stdout + done.stderr
    if kind == "folder" and statement not in NAMING:  # the rule files in it are read, and there are none
        assert (done.returncode, "holds no rule file" in shown) == (2, True)
        return
    assert done.returncode == 1
    assert any(f"error[{code}]" in shown for code in ("RW0001", "RW0702", "RW0006"))


@pytest.mark.parametrize("name", [r"a\u0000b", r"\ud800", "x" * 5000, "a/" * 3000, ""])
@pytest.mark.parametrize("statement", NAMING)
def test_a_name_that_no_file_can_have_is_a_diagnostic(shop: Path, statement: str, name: str) -> None:
    done = command("check", written(shop, NAMING[statement].replace("PATH", name)))
    assert done.returncode == 1
    assert "error[RW" in done.stdout


def test_a_large_file_is_not_read_whole(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_access, "MAX_BYTES", 100)
    (shop / "large.rules").write_bytes(b"#" * 100)
    assert len(file_access.read_regular(shop / "large.rules")) == 100
    (shop / "large.rules").write_bytes(b"#" * 101)
    with pytest.raises(FileRefused, match="more than"):
        file_access.read_regular(shop / "large.rules")


def chain(folder: Path, count: int, includes: int = 1) -> Path:
    """Files of which each includes the next so many times."""
    for number in range(count):
        (folder / f"{number}.rules").write_text(f'include "{number + 1}.rules"\n' * includes)
    (folder / f"{count}.rules").write_text(HEAD + "drop when a = 1\n")
    return folder / "0.rules"


@pytest.mark.parametrize(
    ("length", "codes"), [(MAX_INCLUDE_DEPTH, []), (MAX_INCLUDE_DEPTH + 1, ["RW0007"]), (900, ["RW0007"])]
)
def test_a_chain_of_includes_ends(tmp_path: Path, length: int, codes: list[str]) -> None:
    assert [found.code for found in read_rules(chain(tmp_path, length)).diagnostics] == codes


def test_includes_that_double_end(tmp_path: Path) -> None:
    files = read_rules(chain(tmp_path, 40, includes=2))
    assert [found.code for found in files.diagnostics] == ["RW0007"]
    assert len(files.files) == MAX_INCLUDES + 1


@pytest.mark.parametrize(("count", "codes"), [(MAX_INCLUDES, []), (MAX_INCLUDES + 1, ["RW0007"])])
def test_the_number_of_includes_is_limited(tmp_path: Path, count: int, codes: list[str]) -> None:
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * count)
    (tmp_path / "b.rules").write_text("drop when a = 1\n")
    assert [found.code for found in read_rules(tmp_path / "a.rules").diagnostics] == codes


def test_the_text_of_all_files_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.loading.rule_files.MAX_CHARACTERS", 300)
    (tmp_path / "b.rules").write_text("#" * 120)
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * 2)
    assert read_rules(tmp_path / "a.rules").diagnostics == []
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * 3)
    assert [found.code for found in read_rules(tmp_path / "a.rules").diagnostics] == ["RW0007"]


def test_a_file_name_that_is_not_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.rules"))
    odd.write_text(HEAD + MAPPING)
    assert rulewright.load(odd, settings={}).mappings == ["A"]
    compile(rulewright.compile_source(odd), "module", "exec")
    for arguments in (["check"], ["check", "--format", "sarif"], ["check", "--format", "json"], ["fmt", "--check"]):
        done = command(*arguments, odd)
        assert done.returncode in (0, 1)
    assert "caf\\udce9.rules" in command("check", odd).stdout


# --- read once -------------------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("name", [r"a\u0000b", "x" * 5000])
@pytest.mark.parametrize("before", [True, False])
def test_a_second_plan_may_have_a_name_that_no_file_can_have(shop: Path, name: str, before: bool) -> None:
    (shop / "plan.json").write_text('{"type": "object"}')
    plans = [f'source schema "{name}"\n', 'source schema "plan.json"\n']
    done = command("check", written(shop, "".join(plans if before else plans[::-1]) + MAPPING))
    assert done.returncode == 1
    assert ("RW0001" if before else "RW0109") in done.stdout


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


def test_each_refusal_has_a_reason(tmp_path: Path) -> None:
    access: Callable[[Path], bytes] = FileAccess(tmp_path).read
    for path in (tmp_path / "gone", tmp_path, tmp_path.parent, tmp_path / "\0", tmp_path / "\ud800"):
        with pytest.raises(FileRefused) as caught:
            access(path)
        assert caught.value.reason[0].islower()
