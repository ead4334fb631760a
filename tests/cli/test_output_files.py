"""What a command writes stands there whole, takes the place of nothing that is read, and leaves devices as they are."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from rulewright.files.file_replacement import create_file, write_file
from tests.cli.copies import in_copies
from tests.cli.running import rulewright
from tests.cli.writing_commands import EVENT, WRITING, furnish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    "arguments",
    [
        "run shop.rules events/e.jsonl -o events/e.jsonl",
        "run shop.rules events/e.jsonl -o ./events/../events/e.jsonl",
        "run shop.rules events/e.jsonl -o linked",
        "run shop.rules events -o events/e.jsonl",
        "run shop.rules events/*.jsonl -o events/e.jsonl",
        "run shop.rules events/e.jsonl -o shop.rules",
        "run shop.rules events/e.jsonl -o other",
        "run shop.rules events/e.jsonl -o out --report events/e.jsonl",
        "run shop.rules events/e.jsonl -o out --report out",
        "compile shop.rules -o shop.rules",
        "compile all.rules -o shop.rules",
        "compile shop.rules -o other",
        "import segment.json -o segment.json",
        "lineage shop.rules -o shop.rules",
        "test shop.rules --coverage-lcov shop.rules",
    ],
)
def test_an_output_that_is_read_is_refused(folder: Path, arguments: str) -> None:
    before = contents(folder)
    done = rulewright(*arguments.split(), folder=folder)
    assert done.returncode == 2
    assert "is also read, or written by another option: choose another name" in done.stderr
    after = contents(folder)
    assert {path: after[path] for path in before} == before


def test_an_event_on_the_command_line_is_no_file(folder: Path) -> None:
    assert rulewright("run", "shop.rules", EVENT.strip(), "-o", "out", folder=folder).returncode == 0
    assert (folder / "out").read_text().count("\n") == 1


@pytest.mark.parametrize("command", ["compile shop.rules -o", "run shop.rules events/e.jsonl -o out --report"])
def test_a_pipe_takes_the_content_and_stays_a_pipe(folder: Path, command: str) -> None:
    os.mkfifo(folder / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((folder / "pipe").read_bytes()))
    reader.start()
    assert rulewright(*command.split(), "pipe", folder=folder).returncode == 0
    reader.join(30)
    assert stat.S_ISFIFO((folder / "pipe").stat().st_mode)
    assert read[0]


def test_a_link_stays_a_link_and_a_file_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_new_file_has_the_rights_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@pytest.mark.parametrize("there", [None, b"old"])
def test_what_cannot_be_written_whole_is_not_written(
    tmp_path: Path, there: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there is not None:
        (tmp_path / "file").write_bytes(there)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(tmp_path / "file", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == ({} if there is None else {"file": there})


# In a copy, because a hook stays for good, and runs wherever another thread installs a trace function.
OPENED = """
import os, sys
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        os.write(2, f"\\nopened {arguments[0]}\\n".encode())
os.chdir(FOLDER)
sys.addaudithook(note)
"""


def test_no_file_is_opened_to_be_written_in_its_place(tmp_path: Path) -> None:
    """A command that is killed at any moment leaves the old file or the new one, because nothing writes into either."""
    cases, before = [], []
    for number, (arguments, _) in enumerate(WRITING.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        furnish(folder)
        before.append({path.name for path in folder.iterdir()})
        cases.append((OPENED.replace("FOLDER", repr(str(folder))), arguments.split()))
    copies = in_copies(cases, tmp_path)
    for number, ((_, written), done) in enumerate(zip(WRITING.values(), copies, strict=True)):
        folder = tmp_path / str(number)
        opened = [
            Path(line.removeprefix("opened ")).name for line in done.text.splitlines() if line.startswith("opened ")
        ]
        assert {path.name for path in folder.iterdir()} - before[number] <= {written}, done
        assert (folder / written).stat().st_size > 0, done
        assert written not in opened, done
        assert any(name.startswith(f".{written}.") for name in opened), done


def test_a_new_file_takes_the_place_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new"
    create_file(path, b"one")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode) & 0o600) == (b"one", 0o600)
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("new", "dangling"):
        with pytest.raises(FileExistsError) as refused:
            create_file(tmp_path / name, b"two")
        assert refused.value.filename == str(tmp_path / name)
    assert path.read_bytes() == b"one"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dangling", "new"]
