"""The examples of docs/embedding.md, run as they stand there, with a fake in the place of Amplitude."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

import rulewright
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from ..pages.blocks import blocks_of
from ..paths import ROOT

PAGE = "docs/embedding.md"
BLOCKS = list(blocks_of(PAGE, (ROOT / PAGE).read_text(encoding="utf-8")))
EXAMPLES = [block.text for block in BLOCKS if block.language == "python"]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAmplitude]:
    for block in BLOCKS:
        if block.name is not None:
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    fake = FakeAmplitude()
    with serving(fake) as url, contextlib.chdir(tmp_path):
        monkeypatch.setattr(rulewright, "Outbox", partial(rulewright.Outbox, base_url=url))
        yield fake


def run(example: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(example, PAGE, "exec"), names)  # noqa: S102 -- our own page
    return names


def users(fake: FakeAmplitude) -> list[str | None]:
    return [entry.user_id for entry in fake.ledger.entries]


def test_the_first_example(fake: FakeAmplitude) -> None:
    run(EXAMPLES[0])
    assert users(fake) == ["user-42"]


def test_two_projects(fake: FakeAmplitude) -> None:
    run(EXAMPLES[1])
    assert sorted(str(entry.event_type) for entry in fake.ledger.entries) == ["Order Completed", "Post Read"]


def test_fastapi(fake: FakeAmplitude) -> None:
    app = run(EXAMPLES[2])["app"]

    async def work() -> httpx.Response:
        async with app.router.lifespan_context(app):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
                answer = await client.post("/orders/user-42?total=20")
            app.state.outbox.close(timeout=60)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
                refused = await client.post("/orders/user-42?total=20")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        return answer

    answer = asyncio.run(work())
    assert answer.status_code == 200
    assert [entry.insert_id for entry in fake.ledger.entries] == [answer.json()["event"]]


def test_celery(fake: FakeAmplitude) -> None:
    names = run(EXAMPLES[3])
    names["app"].conf.task_always_eager = True
    names["open_outbox"]()
    for _ in range(2):
        assert names["order_completed"].delay("7", "user-42", 20.0).get() == "order-7"
    names["close_outbox"]()
    assert users(fake) == ["user-42"]


def test_threads(fake: FakeAmplitude, capsys: pytest.CaptureFixture[str]) -> None:
    run(EXAMPLES[4])
    assert capsys.readouterr().out == "0 pending\n"
    assert users(fake) == ["user-42"]
