"""Several processes give what one gives, in order, and none is left over, however the first process ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from rulewright.flow.event_outcomes import Results
from rulewright.loading.loader import load
from rulewright.runtime.inputs.problem import InputRefused
from rulewright.runtime.inputs.ranges import Block, ranges_of
from rulewright.runtime.mapping.account import Account
from rulewright.runtime.mapping.lines import MapsLines, map_lines
from rulewright.runtime.outcome import Outcome, Request
from rulewright.workers import map_parts, worker_processes
from rulewright.workers.forked import forked
from rulewright.workers.mapped_part import InputPart, MapsParts, WorkerEnded
from rulewright.workers.spawned import spawned
from tests.paths import ROOT

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
EVENTS = ROOT / "examples" / "events.jsonl"


class Echo:
    """A mapper whose request is the event, and that does to its process what some events say."""

    def map_bytes(self, line: bytes) -> Outcome:
        if line == b"end":
            os.kill(os.getpid(), signal.SIGKILL)
        if line == b"raise":
            raise MemoryError("no memory for this event")
        if line == b"not an event":
            raise ValueError("not JSON")
        if line == b"nothing":
            return Outcome([], [], [])
        return Outcome([Request("Echo", "echo", "POST", "url", {"event": line.decode()}, None)], [], ["Echo"])


def started_as(
    kind: str, mapper: MapsLines, load: Callable[[], MapsLines], count: int, *, with_results: bool = False
) -> AbstractContextManager[MapsParts]:
    if kind == "forked":
        return forked(mapper, count, with_results=with_results)
    return spawned(load, count, with_results=with_results)


KINDS = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            "forked", marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
        ),
        "spawned",
    ],
)


def blocks(*texts: bytes) -> list[InputPart]:
    """A part for each event."""
    return [Block(number, [text]) for number, text in enumerate(texts, 1)]


def echoed(
    kind: str, parts: Iterator[InputPart] | list[InputPart], count: int = 0
) -> tuple[list[bytes], Account, Exception | None]:
    """The events that were written, the account, and what went wrong."""
    written: list[bytes] = []
    account = Account()
    try:
        # A new process costs a second, in which it imports this file.
        count = count or (2 if kind == "forked" else 1)
        with started_as(kind, Echo(), Echo, count) as processes:
            map_parts(processes, parts, lambda output: written.append(bytes(output)), account)
    except Exception as problem:
        return written, account, problem
    return written, account, None


@KINDS
def test_shipped_rules_give_what_one_process_gives(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes((EVENTS.read_bytes() + b"not json\n\n") * 4)
    mapper = load(PRESETS)
    expected, account, results = list[bytes](), Account(), Results()
    map_lines(mapper, path.read_bytes().splitlines(), expected.append, account, observe=results.add)
    written, its_account, its_results = list[bytes](), Account(), Results()
    with started_as(kind, mapper, partial(load, PRESETS), 2, with_results=True) as processes:
        parts = (part for part, _ in ranges_of(path, 1))
        map_parts(processes, parts, lambda output: written.append(bytes(output)), its_account, its_results)
    assert b"".join(written) == b"".join(expected)
    assert (its_account, its_results) == (account, results)


@KINDS
def test_many_parts_keep_their_order(kind: str) -> None:
    texts = [f"event {number} {'x' * (number % 7 * 400)}".encode() for number in range(200)]
    written, account, problem = echoed(kind, blocks(*texts), 2)
    assert problem is None
    assert [text in line for text, line in zip(texts, written, strict=True)] == [True] * 200
    assert (account.events, account.requests) == (200, 200)


@KINDS
def test_parts_without_output_and_no_parts(kind: str) -> None:
    assert echoed(kind, []) == ([], Account(), None)
    written, account, problem = echoed(kind, blocks(b"nothing", b"a", b"not an event", b"nothing"))
    assert (len(b"".join(written).splitlines()), account.events, account.failed, problem) == (1, 4, 1, None)


@KINDS
def test_parts_before_one_that_cannot_be_read_are_written(kind: str) -> None:
    def parts() -> Iterator[InputPart]:
        yield from blocks(b"a", b"b", b"c")
        raise InputRefused("the file is cut off")

    written, account, problem = echoed(kind, parts())
    assert (len(written), account.events) == (3, 3)
    assert isinstance(problem, InputRefused)


@KINDS
def test_what_a_part_raises_is_raised_in_its_place(kind: str) -> None:
    written, account, problem = echoed(kind, blocks(b"a", b"b", b"raise", *[b"c"] * 20))
    assert (len(written), account.events) == (2, 2)
    assert isinstance(problem, MemoryError)


@KINDS
def test_a_process_that_is_ended_from_outside_is_said(kind: str) -> None:
    written, account, problem = echoed(kind, blocks(*[b"a"] * 12, b"end", *[b"b"] * 20))
    assert isinstance(problem, WorkerEnded)
    assert account.events == len(written) <= 12
    assert all(b'"a"' in line for line in written)


def children() -> list[int]:
    """The processes that this one has started and that are not gone."""
    return [int(child) for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
class TestCopies:
    """What only copies of this process could leave behind."""

    @pytest.mark.parametrize("texts", [[b"a"] * 50, [b"a", b"raise"], [b"a", b"end"]], ids=["all", "raised", "ended"])
    def test_nothing_is_left_open(self, texts: list[bytes]) -> None:
        before = len(list(Path("/proc/self/fd").iterdir())), children()
        echoed("forked", blocks(*texts))
        assert (len(list(Path("/proc/self/fd").iterdir())), children()) == before

    def test_an_interrupt_is_for_the_first_process(self) -> None:
        """A key press interrupts all processes of a terminal: copies work on until the first process ends them."""
        before = children()
        with forked(Echo(), 2, with_results=False) as processes:
            mapped = processes(blocks(*[b"a"] * 40))
            next(mapped)
            for child in set(children()).difference(before):
                os.kill(child, signal.SIGINT)
            assert len(list(mapped)) == 39

    def test_copies_end_when_the_first_process_is_killed(self) -> None:
        """The pipe ends once no process holds it any more, and each copy does as long as it runs."""
        program = (
            "import os, signal\n"
            "from rulewright.runtime.inputs.ranges import Block\n"
            "from rulewright.workers.forked import forked\n"
            "from tests.workers.test_worker_processes import Echo\n"
            "with forked(Echo(), 3, with_results=False) as processes:\n"
            "    list(processes([Block(1, [b'a'])]))\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        first = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, check=False)
        assert (first.returncode, first.stdout) == (-signal.SIGKILL, b"")


def not_loaded() -> MapsLines:
    raise AssertionError("planted")


def test_what_keeps_a_new_process_from_loading_the_mapper_is_raised() -> None:
    with pytest.raises(AssertionError, match="planted"), spawned(not_loaded, 1, with_results=False) as processes:
        map_parts(processes, blocks(b"one"), bytes, Account())


def test_a_process_with_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(kind: str) -> Callable[..., AbstractContextManager[MapsParts]]:
        def start(*arguments: object, **options: object) -> AbstractContextManager[MapsParts]:
            asked.append(kind)
            return forked(Echo(), 1, with_results=False)

        return start

    monkeypatch.setattr("rulewright.workers.forked.forked", noted("forked"))
    monkeypatch.setattr("rulewright.workers.spawned.spawned", noted("spawned"))
    for threads in (1, 2):
        monkeypatch.setattr("threading.active_count", lambda count=threads: count)
        with worker_processes(Echo(), Echo, 1):
            pass
    assert asked == (["forked", "spawned"] if sys.platform == "linux" else ["spawned", "spawned"])
