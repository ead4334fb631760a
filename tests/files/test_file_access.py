"""What rule files name is read from inside their folder, if it is a regular file; nothing else is shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import rulewright
from rulewright.files import file_access
from rulewright.files.file_access import FileAccess, FileRefused
from tests.cli.running import rulewright as command

from .shop import GIVEN, HEAD, MAPPING, NAMING, written

COMMANDS = [
    ["check"], ["check", "--format", "json"], ["check", "--format", "github"], ["check", "--format", "sarif"],
    ["test"], ["run"], ["compile"], ["export"], ["explain"],
]  # fmt: skip


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


def test_a_file_name_that_is_not_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.rules"))
    odd.write_text(HEAD + MAPPING)
    assert rulewright.load(odd, settings={}).mappings == ["A"]
    compile(rulewright.compile_source(odd), "module", "exec")
    for arguments in (["check"], ["check", "--format", "sarif"], ["check", "--format", "json"], ["fmt", "--check"]):
        done = command(*arguments, odd)
        assert done.returncode in (0, 1)
    assert "caf\\udce9.rules" in command("check", odd).stdout


@pytest.mark.parametrize("name", [r"a\u0000b", "x" * 5000])
@pytest.mark.parametrize("before", [True, False])
def test_a_second_plan_may_have_a_name_that_no_file_can_have(shop: Path, name: str, before: bool) -> None:
    (shop / "plan.json").write_text('{"type": "object"}')
    plans = [f'source schema "{name}"\n', 'source schema "plan.json"\n']
    done = command("check", written(shop, "".join(plans if before else plans[::-1]) + MAPPING))
    assert done.returncode == 1
    assert ("RW0001" if before else "RW0109") in done.stdout


def test_each_refusal_has_a_reason(tmp_path: Path) -> None:
    access: Callable[[Path], bytes] = FileAccess(tmp_path).read
    for path in (tmp_path / "gone", tmp_path, tmp_path.parent, tmp_path / "\0", tmp_path / "\ud800"):
        with pytest.raises(FileRefused) as caught:
            access(path)
        assert caught.value.reason[0].islower()


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses to open a folder as if it were protected")
def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="it is a folder"):
        file_access.read_regular(tmp_path)
