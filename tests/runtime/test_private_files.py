"""Files with data of people: for their owner alone, and never what another user put in their place."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from rulewright.runtime.private_files import (
    create_file,
    open_private,
    others_may_read,
    path_without_links,
    remove_abandoned,
    replace_file,
)

NOBODY = 65_534


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder like /tmp."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_file_is_for_its_owner_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = open_private(tmp_path / "new")
    finally:
        os.umask(before)
    assert (mode(path), path.read_bytes()) == (0o600, b"")
    assert not others_may_read(path)


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"content")
    path.chmod(0o640)
    assert open_private(path) == path
    assert (mode(path), path.read_bytes()) == (0o640, b"content")
    assert others_may_read(path)


def test_links_lead_to_one_path(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/file")
    (tmp_path / "other").symlink_to(tmp_path / "folder")
    file = tmp_path / "folder" / "file"
    assert path_without_links(tmp_path / "link") == file
    assert open_private(tmp_path / "link") == file
    assert open_private(tmp_path / "other" / "file") == file
    assert open_private(tmp_path / "folder" / ".." / "link") == file


def test_what_is_not_a_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for path, problem in (
        (tmp_path, "it is a folder"),
        (tmp_path / "pipe", "it is not a regular file"),
        (Path("/dev/null"), "it is not a regular file"),
        (tmp_path / "loop", "loop"),
        (tmp_path / "nowhere" / "file", "No such file"),
        (tmp_path / "nul\0", "null"),
    ):
        with pytest.raises(OSError, match=problem):
            open_private(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")
@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_another_user_planted_in_a_shared_folder_is_refused(shared: Path, tmp_path: Path, kind: str) -> None:
    planted, target = shared / "queue.db", tmp_path / "target"
    if kind == "file":
        planted.touch()
    else:
        planted.symlink_to(target)
    os.chown(planted, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(PermissionError, match=f"a {kind} of another user in a folder where everyone may make files"):
        open_private(planted)
    assert not target.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")
def test_what_others_own_elsewhere_and_what_is_ours_anywhere_is_used(shared: Path, tmp_path: Path) -> None:
    own, others = shared / "own", tmp_path / "others"
    own.touch()
    others.touch()
    os.chown(others, NOBODY, NOBODY)
    assert open_private(own) == own
    assert open_private(others) == others


def test_a_file_is_replaced_whole_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "metrics.prom"
    replace_file(path, b"one")
    assert (mode(path), path.read_bytes()) == (0o644, b"one")
    path.chmod(0o600)
    replace_file(path, b"two")
    assert (mode(path), path.read_bytes()) == (0o600, b"two")
    assert [file.name for file in tmp_path.iterdir()] == ["metrics.prom"]


@pytest.mark.parametrize("names", [["file"], ["file.new"], ["file.tmp"], [".file"], ["file", "file.new"]])
def test_planted_links_are_not_followed(tmp_path: Path, names: list[str]) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(victim)
    replace_file(folder / "file", b"numbers")
    assert victim.read_bytes() == b"precious"
    assert not (folder / "file").is_symlink()
    assert (folder / "file").read_bytes() == b"numbers"


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "file", b"numbers")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_writer_left_is_removed_by_a_later_one(tmp_path: Path) -> None:
    left, written, others = (
        tmp_path / f".{name}" for name in ("file.0123456789abcdef", "file.fedcba9876543210", "file.x")
    )
    for path in (left, written, others):
        path.write_bytes(b"half")
    with written.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as its writer does while it lives
        replace_file(tmp_path / "file", b"whole", durably=True)
        assert sorted(path.name for path in tmp_path.iterdir()) == [written.name, others.name, "file"]
    replace_file(tmp_path / "file", b"whole", durably=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [others.name, "file"]


def test_a_file_is_kept_from_others_until_it_has_taken_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replacing = Path.replace

    def replaced(unfinished: Path, target: Path) -> Path:
        remove_abandoned(target)
        return replacing(unfinished, target)

    monkeypatch.setattr(Path, "replace", replaced)
    replace_file(tmp_path / "file", b"whole", durably=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"whole")]


def test_a_file_that_was_removed_before_it_was_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locking, begun = fcntl.flock, list[str]()

    def locked(descriptor: int, operation: int) -> None:
        if not begun:
            (unfinished,) = tmp_path.iterdir()
            begun.append(unfinished.name)
            unfinished.unlink()
        locking(descriptor, operation)

    monkeypatch.setattr("rulewright.runtime.private_files.flock", locked)
    replace_file(tmp_path / "file", b"whole")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"whole")]
    assert len(begun) == 1


@pytest.mark.parametrize("flock", [None, "refused"])
def test_without_locks_only_what_is_old_is_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flock: object
) -> None:
    def refused(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("rulewright.runtime.private_files.flock", refused if flock else None)
    left, young = tmp_path / ".file.0123456789abcdef", tmp_path / ".file.fedcba9876543210"
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    replace_file(tmp_path / "file", b"whole", durably=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, "file"]


def test_a_new_file_is_whole_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links")

    monkeypatch.setattr(os, "link", refuse)
    create_file(tmp_path / "new", b"one")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "new", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("new", b"one")]
