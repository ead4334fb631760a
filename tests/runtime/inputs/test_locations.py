"""Places that a name means: objects of a store through fsspec, and what is said where a library is missing."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import fsspec
import pytest

from rulewright.runtime.delivery.input.stored_input import StoredInput
from rulewright.runtime.inputs.event_source import open_events
from rulewright.runtime.inputs.locations import locate
from rulewright.runtime.inputs.problem import InputRefused
from tests.runtime.delivery.input.reading import read

from .forms import COMPRESSIONS, EVENTS, FORMS, LINES

pytestmark = pytest.mark.usefixtures("quick_polls")


@pytest.fixture
def bucket() -> Iterator[str]:
    """A folder of a store, with events in three formats."""
    store = fsspec.filesystem("memory")
    for name, content in {
        "2024/a.jsonl.gz": gzip.compress(LINES),
        "2024/b.parquet": FORMS["Parquet of JSON"],
        "c.json": FORMS["array"],
        "_SUCCESS": b"",
    }.items():
        store.pipe(f"/bucket/{name}", content)
    yield "memory://bucket"
    store.rm("/bucket", recursive=True)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/c.json", ["c.json"]),
        ("/2024/*.gz", ["2024/a.jsonl.gz"]),
        ("/2024", ["2024/a.jsonl.gz", "2024/b.parquet"]),
        ("", ["2024/a.jsonl.gz", "2024/b.parquet", "c.json"]),
    ],
)
def test_objects_of_a_store_are_read_by_their_url(bucket: str, path: str, names: list[str]) -> None:
    locations = locate(bucket + path)
    assert [location.name for location in locations] == [f"memory://bucket/{name}" for name in names]
    for location in locations:
        with open_events(location) as source:
            assert [json.loads(text) for text in source.lines()] == EVENTS


def test_an_object_is_read_on_where_it_was_left_unless_it_was_replaced(bucket: str) -> None:
    url = f"{bucket}/2024/a.jsonl.gz"
    chunks = read(StoredInput(locate(url), {}))
    positions = {chunk.position.name: chunk.position for chunk in chunks if chunk.position}
    assert list(positions) == [url]
    assert read(StoredInput(locate(url), positions)) == []
    fsspec.filesystem("memory").pipe("/bucket/2024/a.jsonl.gz", gzip.compress(LINES * 2))
    assert sum(len(chunk.events) for chunk in read(StoredInput(locate(url), positions))) == 80


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://bucket/gone.json", "`memory://bucket/gone.json` cannot be read: no such file"),
        ("memory://bucket/*.csv", "there is nothing at `memory://bucket/*.csv`"),
        ("nosuch://bucket/a", "`nosuch://bucket/a` cannot be read: Protocol not known: nosuch"),
    ],
)
def test_what_is_not_there_is_said(bucket: str, url: str, message: str) -> None:
    with pytest.raises(InputRefused) as refused:
        locate(url)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("module", "content", "extra"),
    [("pyarrow", FORMS["Parquet of JSON"], "tables"), ("backports.zstd", COMPRESSIONS["zstd"](LINES), "zstd")],
)
def test_a_missing_library_is_named_by_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, content: bytes, extra: str
) -> None:
    fsspec.filesystem("memory").pipe("/events", content)
    (location,) = locate("memory://events")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputRefused, match=rf"pip install 'rulewright\[{extra}\]'"), open_events(location):
        pass


@pytest.mark.parametrize(
    ("status", "message"), [(404, "no such file"), (403, "403, message='Forbidden'"), (None, "Cannot connect to host")]
)
def test_the_message_for_an_address_names_the_cause(status: int | None, message: str) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_error(status or 500)

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/events.jsonl"
        if status is None:
            server.server_close()
        else:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(InputRefused) as refused:
            locate(url)
        if status is not None:
            server.shutdown()
    assert str(refused.value).startswith(f"`{url}` cannot be read: {message}")


def test_a_missing_fsspec_is_named_by_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(InputRefused, match=r"pip install 'rulewright\[remote\]'"):
        locate("s3://bucket/a")
