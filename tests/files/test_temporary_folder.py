"""A temporary folder is removed at once, or, after `kill -9`, by the next command that needs one; never another one."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest

from rulewright.files.temporary_folder import temporary_folder


@pytest.fixture(autouse=True)
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def in_a_copy(number: signal.Signals, folder: Path) -> int:
    """How a copy of this process ends that is sent a signal while it has a temporary folder with a file."""
    process = os.fork()
    if not process:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with temporary_folder() as own:
                (own / "file").write_text("an event")
                (folder / "name").write_text(own.name)
                os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            os._exit(130)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_it_is_there_for_its_owner_alone_and_then_removed(parent: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with temporary_folder() as folder:
        assert (folder.parent, folder.stat().st_mode & 0o777) == (parent, 0o700)
        (folder / "file").write_text("text")
    assert list(parent.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, -15), (signal.SIGINT, 130)])
def test_a_signal_removes_it_and_ends_the_process_as_before(parent: Path, number: signal.Signals, code: int) -> None:
    assert in_a_copy(number, parent) == code
    assert [path.name for path in parent.iterdir()] == ["name"]


def test_what_a_killed_command_left_is_removed_by_the_next_one(parent: Path) -> None:
    assert in_a_copy(signal.SIGKILL, parent) == -9
    left = parent / (parent / "name").read_text()
    assert (left / "file").read_text() == "an event"
    with temporary_folder():
        assert not left.exists()


def test_a_folder_in_use_and_folders_of_others_stay(parent: Path) -> None:
    others = [parent / "rulewright-tests-01234567", parent / "rulewright-temporary-01234567.d"]
    for folder in others:
        folder.mkdir()
    (parent / "link").mkdir()
    (parent / "rulewright-temporary-abcdefgh").symlink_to(parent / "link")
    with temporary_folder() as used, temporary_folder() as own:
        assert used.exists()
        assert own != used
    assert all(folder.exists() for folder in (*others, parent / "link"))
