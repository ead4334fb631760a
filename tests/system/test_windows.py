"""What differs on Windows, as far as another system can show it: missing calls, line ends, encodings and paths."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.render import gitlab as gitlab_format
from rulewright.dsl.render import sarif as sarif_format
from rulewright.dsl.render.github import github
from rulewright.dsl.render.text import render_all
from rulewright.dsl.source import Source, Span
from rulewright.runtime.standard_streams import open_streams
from tests.paths import ROOT

STORY = Path(__file__).with_name("windows_story.py")
REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
"""What Windows takes in no name of a file."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a process without anything of POSIX has imported all modules, and run commands."""
    folder = tmp_path_factory.mktemp("windows")
    arguments = [sys.executable, "-X", "warn_default_encoding", str(STORY), str(folder)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_all_modules_and_commands_do_without_what_only_posix_has(story: Path) -> None:
    said = json.loads((story / "said.json").read_text())
    assert {name: outcome for name, outcome in said.items() if outcome[0] != 0} == {}
    assert said["check"][1].startswith("no findings in shop.rules (1 mapping")
    assert said["run"][1].count('"event_type":"Order"') == 2
    assert "2 accepted, 2 delivered" in said["send"][2]
    assert "other users may read" not in said["send"][2]


def test_line_ends_of_a_file_are_kept_when_it_is_rewritten(story: Path) -> None:
    assert (story / "shop.rules").read_bytes().count(b"\r\n") == (story / "shop.rules").read_bytes().count(b"\n") > 5


def test_written_files_have_names_that_windows_takes(story: Path) -> None:
    names = [path.name for path in story.rglob("*")]
    assert any(name.endswith(".rwc") for name in names)
    assert [name for name in names if REFUSED.search(name)] == []


def test_files_of_the_repository_can_be_checked_out() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: this is an archive of the source")
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [re.split(r"\s", line, maxsplit=3) for line in listed.splitlines()]
    assert [name for mode, _, _, name in files if mode == "120000"] == []
    assert [name for *_, name in files if any(map(REFUSED.search, name.split("/")))] == []
    assert len({name.lower() for *_, name in files}) == len(files)


@pytest.mark.parametrize(
    ("asked_for", "written"), [(None, "Zoë → 1\\ud800\n".encode()), ("cp1252", b"Zo\xeb \\u2192 1\\ud800\r\n")]
)
def test_what_a_program_reads_is_utf_8_whatever_the_code_page(
    asked_for: str | None, written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {name: io.BytesIO() for name in ("stdout", "stderr")}
    for name, binary in read.items():
        monkeypatch.setattr(sys, name, io.TextIOWrapper(binary, "cp1252", newline="\r\n"))
    if asked_for is not None:
        monkeypatch.setenv("PYTHONIOENCODING", asked_for)
    assert open_streams() == []
    for stream in (sys.stdout, sys.stderr):
        stream.write("Zoë → 1\ud800\n")
        stream.flush()
    assert [binary.getvalue() for binary in read.values()] == [written, written]


@pytest.mark.parametrize(
    ("name", "uri", "path"),
    [
        (r"C:\rules\shop.rules", "file:///C:/rules/shop.rules", "C:/rules/shop.rules"),
        (r"rules\my shop.rules", "rules/my%20shop.rules", "rules/my shop.rules"),
        (r"..\shop.rules", "../shop.rules", "../shop.rules"),
    ],
)
def test_paths_with_backslashes_and_drives_are_shown(
    name: str, uri: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif_format, "Path", PureWindowsPath)
    monkeypatch.setattr(gitlab_format, "PurePath", PureWindowsPath)
    diagnostic = Diagnostic("RW0005", "none", Span(Source(name, "x\n"), 0, 1))
    assert f"  {name}:1:1\n" in render_all([diagnostic], lambda text, style: text)
    assert f"file={name.replace(':', '%3A')},line=1" in github(diagnostic)
    (result,) = sarif_format.sarif([diagnostic], [], "1")["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    assert gitlab_format.gitlab([diagnostic])[0]["location"]["path"] == path
