"""`send` in a process of its own: signals, other senders, streams and the limits of the machine."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading

import pytest

from tests.long_cases import long_cases

from .sending_place import Place, process, shell


def test_following_a_file_until_sigterm_and_going_on(place: Place) -> None:
    first_request, more_requests = iter([True]), iter([True])
    sender = process(*place.arguments("--follow"))
    handle = place.fake.handle
    seen: list[int] = []

    def handled(*arguments: object) -> object:
        seen.append(1)
        reply = handle(*arguments)  # type: ignore[arg-type]
        if next(first_request, False):
            place.write(range(20, 40), "a")
        elif next(more_requests, False):
            sender.send_signal(signal.SIGTERM)
        return reply

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == 0, said
    assert len(place.delivered) == 40
    assert place.status()["pending"] == 0


def test_a_stop_in_the_middle_of_a_slow_request_ends_after_a_grace(place: Place) -> None:
    """The request stays pending; it was taken, so the next run's attempt is recognized by its insert ids."""
    going_on = threading.Event()
    handle = place.fake.handle
    sender = process(*place.arguments("--grace", "0.2"))

    def slow(*arguments: object) -> object:
        reply = handle(*arguments)  # type: ignore[arg-type]
        sender.send_signal(signal.SIGTERM)
        going_on.wait(60)
        return reply

    place.fake.handle = slow  # type: ignore[method-assign,assignment]
    _, said = sender.communicate(timeout=30)
    going_on.set()
    assert sender.returncode == 143, said
    assert b"stopped; run the same command to resume" in said
    assert place.status()["pending"] == 20
    place.fake.handle = handle  # type: ignore[method-assign]
    assert place.send().exit_code == 0
    assert (len(place.delivered), place.fake.ledger.duplicates) == (20, 20)


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_two_processes_on_one_queue_through_a_link(place: Place, kind: str) -> None:
    codes: list[int] = []
    handle = place.fake.handle

    def handled(*arguments: object) -> object:
        if not codes:
            link = place.queue.with_name("link.db")
            link.symlink_to(place.queue) if kind == "symbolic" else link.hardlink_to(place.queue)
            second = process(*place.arguments("--queue", str(link)))
            _, refusal = second.communicate(timeout=60)
            assert b"one queue has one sender" in refusal
            codes.append(second.returncode)
        return handle(*arguments)  # type: ignore[arg-type]

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
    sender = process(*place.arguments())
    _, said = sender.communicate(timeout=60)
    assert (sender.returncode, codes) == (0, [2]), said
    assert (len(place.delivered), place.fake.ledger.duplicates) == (20, 0)


@pytest.mark.parametrize(
    "redirection",
    ["<&- >&- 2>&-", "2>/dev/full", ">/dev/full", "2>&1 | true", *long_cases("<&-", ">&-", "2>&-")],
)
def test_closed_and_full_streams_do_not_change_what_is_delivered(place: Place, redirection: str) -> None:
    code, said = shell(place, redirection)
    assert code == 0, said
    assert b"Traceback" not in said
    assert place.status()["delivered"] == 20
    assert b"".join(file.read_bytes() for file in place.queue.parent.glob("queue.db*")).count(b"delivered, ") == 0


@pytest.mark.parametrize("redirection", ["2>&-", *long_cases("2>/dev/full")])
def test_dead_letters_end_with_1_where_nobody_can_be_told(place: Place, redirection: str) -> None:
    place.events.write_bytes(b'{"type": "page"}\nno json\n')
    assert shell(place, redirection)[0] == 1


def test_standard_input_that_is_closed_ends_with_2(place: Place) -> None:
    code, said = shell(place, "<&-", "--input", "-")
    assert code == 2
    assert b"standard input is closed" in said
    assert not place.queue.exists()


@pytest.mark.parametrize("left", [40, 6, *long_cases(12, 10, 8)])
def test_too_few_descriptors_end_with_2_or_not_at_all(place: Place, left: int) -> None:
    """Whatever is opened last: the cause is said, nothing waits for ever, and nothing is lost."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (left, left))

    sender = process(*place.arguments(), preexec_fn=limit)
    _, said = sender.communicate(timeout=60)
    assert sender.returncode in (0, 2), said
    assert sender.returncode == 0 or b"more files" in said or b"too many open files" in said.lower(), said
    assert b"Traceback" not in said
    assert place.send().exit_code == 0
    assert len(place.delivered) == 20


def test_two_processes_on_one_queue(place: Place) -> None:
    answers: list[int] = []
    handle = place.fake.handle

    def handled(*arguments: object) -> object:
        if not answers:
            answers.append(0)
            second = process(*place.arguments())
            _, refusal = second.communicate(timeout=60)
            assert b"one queue has one sender" in refusal
            answers[0] = second.returncode
        return handle(*arguments)  # type: ignore[arg-type]

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
    sender = process(*place.arguments())
    _, said = sender.communicate(timeout=60)
    assert (sender.returncode, answers) == (0, [2]), said
    assert len(place.delivered) == 20


def test_a_disk_that_is_full_is_said_and_costs_nothing(place: Place) -> None:
    place.write(range(3_000))
    files_end_at = 300_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (files_end_at, files_end_at))

    sender = process(*place.arguments(), preexec_fn=limit)
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == 2
    assert b"start again" in said
    assert b"Traceback" not in said
    assert place.send().exit_code == 0
    assert len(place.delivered) == 3_000
    assert place.status()["accepted"] == 3_000


def test_standard_input(place: Place) -> None:
    arguments = ["send", str(place.rules), "--input", "-", "--queue", str(place.queue), "--base-url", place.url]
    sender = process(*arguments, stdin=subprocess.PIPE)
    _, said = sender.communicate(place.events.read_bytes(), timeout=60)
    assert sender.returncode == 0, said
    assert len(place.delivered) == 20


def test_a_named_pipe_is_read_as_it_comes(place: Place) -> None:
    pipe = place.events.with_suffix(".fifo")
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(place.events.read_bytes()), daemon=True)
    writer.start()
    assert place.send("--input", str(pipe)).exit_code == 0
    writer.join()
    assert place.status()["delivered"] == 20
