"""One queue has one sender at a time, under all names of its file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rulewright.runtime.delivery.store.lease import Lease, QueueInUse
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.delivery.store.transaction import Transaction

from .parts import part


def test_one_queue_has_one_sender_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with Lease(path), pytest.raises(QueueInUse, match="one queue has one sender"):
        Lease(path)
    Lease(path).release()


def link_to_a_link(link: Path, path: Path) -> None:
    link.with_name("b").symlink_to(path)
    link.symlink_to("b")


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "a symbolic link": lambda link, path: link.symlink_to(path),
    "a link to a link": link_to_a_link,
    "a link to the folder": lambda link, path: link.parent.joinpath("f").symlink_to(path.parent),
    "a hard link": lambda link, path: link.hardlink_to(path),
}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_queue_has_one_sender_under_all_its_names(tmp_path: Path, kind: str, is_first: bool) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "alias"
    Queue(path, "amplitude").close()
    LINKS[kind](link, path)
    if kind == "a link to the folder":
        link = tmp_path / "f" / "queue.db"
    first, second = (path, link) if is_first else (link, path)
    with Lease(first), pytest.raises(QueueInUse):
        Lease(second)
    with Lease(second), closing(Queue(second, "amplitude")) as queue:
        queue.apply(Transaction(parts=[part(1)]), 1.0)
        # what is in the log alone is there under each name
        assert status(first, 1.0).accepted == status(second, 1.0).accepted == 1


def test_a_hard_link_made_while_a_sender_works_is_the_same_queue(tmp_path: Path) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "a.db"
    with Lease(path), closing(Queue(path, "amplitude")) as queue:
        queue.apply(Transaction(parts=[part(1)]), 1.0)
        link.hardlink_to(path)
        with pytest.raises(QueueInUse):
            Lease(link)
        assert status(link, 1.0).accepted == 1


def test_hard_links_whose_lock_cannot_be_shared_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    Queue(path, "amplitude").close()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "queue.db").hardlink_to(path)
    for use in (Lease, lambda path: Queue(path, "amplitude"), lambda path: status(path, 1.0)):
        with pytest.raises(QueueProblem, match=r"other names \(hard links\) in other folders.*remove them"):
            use(path)


def test_a_queue_with_a_log_under_two_names_is_refused(tmp_path: Path) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "a.db"
    Queue(path, "amplitude").close()
    link.hardlink_to(path)
    for name in ("queue.db-wal", "a.db-wal"):
        (tmp_path / name).touch()
    with pytest.raises(QueueProblem, match=r"under several names \(a\.db, queue\.db\)"):
        Lease(path)
