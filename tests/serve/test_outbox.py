"""The outbox: on disk when `put` returns, delivered in the background, and closed whatever its callers wait for."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright import NotAccepted, Outbox
from rulewright.runtime.delivery.store.fates import fates
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from .site import RULES

KEY = {"apiKey": "key-1"}


def event(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Shown", "userId": f"user-{number}", "messageId": f"m-{number}", **more}


@pytest.fixture(scope="module")
def mapper() -> rulewright.Mapper:
    return rulewright.load(RULES, settings=KEY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


def ids(fake: FakeAmplitude) -> list[str]:
    return sorted(str(entry.insert_id) for entry in fake.ledger.entries)


def test_put_returns_once_the_event_is_on_disk(mapper: rulewright.Mapper, path: Path) -> None:
    with Outbox(mapper, queue=path, send=False) as outbox:
        for number in range(5):
            assert outbox.put(event(number)) == f"m-{number}"
            assert outbox.status().pending == number + 1
        assert outbox.put('{"type":"track","event":"Shown","userId":"user-9","messageId":"m-9"}') == "m-9"
        assert outbox.put(b'{"type":"track","event":"Shown","userId":"user-9","messageId":"m-9"}') == "m-9"
    assert outbox.close().pending == 6


def test_what_is_put_is_delivered(mapper: rulewright.Mapper, path: Path) -> None:
    fake = FakeAmplitude(api_key="key-1")
    with serving(fake) as url, Outbox(mapper, queue=path, base_url=url) as outbox:
        assert outbox.put_all(event(number) for number in range(50)) == 50
        done = outbox.close(timeout=60)
    assert (done.accepted, done.delivered, done.pending) == (50, 50, 0)
    assert ids(fake) == sorted(f"m-{number}" for number in range(50))


def test_an_event_keeps_its_object_and_gets_what_is_missing(mapper: rulewright.Mapper, path: Path) -> None:
    own = {"type": "track", "event": "Shown", "userId": "user-1"}
    with Outbox(mapper, queue=path, send=False, source="checkout") as outbox:
        message_id = outbox.put(own)
    assert own == {"type": "track", "event": "Shown", "userId": "user-1"}
    (fate,) = fates(path, message_id)
    assert (fate.source, fate.result) == ("checkout", "mapped")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("{", ValueError),
        (b"[]", ValueError),
        (5, TypeError),
        (None, TypeError),
        ([event(1)], TypeError),
    ],
)
def test_what_is_not_an_event_is_refused(
    mapper: rulewright.Mapper, path: Path, given: Any, error: type[Exception]
) -> None:
    with Outbox(mapper, queue=path, send=False) as outbox:
        with pytest.raises(error):
            outbox.put(given)
        assert outbox.status().events == 0


def test_an_event_that_no_request_can_be_made_of_is_a_dead_letter(mapper: rulewright.Mapper, path: Path) -> None:
    with Outbox(mapper, queue=path, send=False) as outbox:
        outbox.put(event(1, timestamp="yesterday"))
        (letter,) = outbox.dead_letters()
        assert letter.mapping == "Tracks" and "yesterday" in letter.reason
        assert list(outbox.dead_letters("other_code")) == []


def test_tasks_wait_for_the_disk_and_the_loop_goes_on(mapper: rulewright.Mapper, path: Path) -> None:
    async def work() -> list[str]:
        async with Outbox(mapper, queue=path, send=False) as outbox:
            return await asyncio.gather(*(outbox.put_async(event(number)) for number in range(20)))

    assert asyncio.run(work()) == [f"m-{number}" for number in range(20)]


def test_a_close_does_not_wait_for_an_iterable_that_blocks(mapper: rulewright.Mapper, path: Path) -> None:
    blocked, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def events() -> Iterator[dict[str, Any]]:
        yield event(1)
        yield event(2)
        blocked.set()
        go_on.wait(60)
        yield event(3)

    def consume() -> None:
        with pytest.raises(NotAccepted, match="shutting down"):
            outbox.put_all(events())
        ended.set()

    outbox = Outbox(mapper, queue=path, send=False)
    thread = threading.Thread(target=consume)
    thread.start()
    assert blocked.wait(60)
    assert outbox.close(timeout=60).pending == 2
    go_on.set()
    assert ended.wait(60)
    thread.join()
    with pytest.raises(NotAccepted):
        outbox.put(event(4))


def test_two_projects_in_one_process_have_their_own_keys(tmp_path: Path) -> None:
    for_shop, for_blog = FakeAmplitude(api_key="shop-key"), FakeAmplitude(api_key="blog-key")
    with serving(for_shop) as shop_url, serving(for_blog) as blog_url:
        shop = Outbox(RULES, queue=tmp_path / "shop.db", settings={"apiKey": "shop-key"}, base_url=shop_url)
        blog = Outbox(RULES, queue=tmp_path / "blog.db", settings={"apiKey": "blog-key"}, base_url=blog_url)
        shop.put(event(1))
        blog.put(event(2))
        assert (shop.close(60).delivered, blog.close(60).delivered) == (1, 1)
    assert (ids(for_shop), ids(for_blog)) == (["m-1"], ["m-2"])


def test_two_outboxes_share_a_queue_and_another_takes_over(mapper: rulewright.Mapper, path: Path) -> None:
    fake = FakeAmplitude(api_key="key-1")
    with serving(fake) as url:
        first = Outbox(mapper, queue=path, base_url=url)
        second = Outbox(mapper, queue=path, base_url=url)
        first.put(event(1))
        second.put(event(2))
        first.close(60)
        second.put(event(3))
        assert second.close(60).pending == 0
    assert ids(fake) == ["m-1", "m-2", "m-3"]


def test_a_wrong_key_is_trouble_and_loses_nothing(mapper: rulewright.Mapper, path: Path) -> None:
    with serving(FakeAmplitude(api_key="another")) as url:
        outbox = Outbox(mapper, queue=path, base_url=url)
        outbox.put(event(1))
        done = outbox.close(60)
        assert outbox.trouble is not None and "key" in outbox.trouble.lower()
    assert done.pending == 1


def _put_in_child(outbox: Outbox, answers: Any) -> None:
    try:
        outbox.put(event(1))
    except RuntimeError as error:
        answers.put(str(error))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_is_told_to_make_its_own(mapper: rulewright.Mapper, path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with Outbox(mapper, queue=path, send=False) as outbox:
        answers = context.SimpleQueue()
        child = context.Process(target=_put_in_child, args=(outbox, answers))
        child.start()
        child.join(60)
        assert "make one in each process" in answers.get()


def test_what_is_wrong_at_the_start_is_said(mapper: rulewright.Mapper, path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("AMPLITUDE_API_KEY", raising=False)
    with pytest.raises(ValueError, match="has its settings already"):
        Outbox(mapper, queue=path, settings=KEY)
    with pytest.raises(ValueError, match="AMPLITUDE_API_KEY"):
        Outbox(RULES, queue=path)
    with pytest.raises(TypeError, match="the queue as a path"):
        Outbox(mapper, queue=5)  # type: ignore[arg-type]
    with pytest.raises(rulewright.RuleError):
        Outbox("destination amplitude\nmapping", queue=path, settings=KEY)
