"""Each command says of events in any kind of input what it says of the same events as lines of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import fsspec
import pytest

from rulewright.runtime.delivery.store.queue_status import pending, status
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.simulation import KEY
from tests.runtime.inputs.forms import COMPRESSIONS, FORMS, LINES

from .input_commands import COMMANDS, RULES
from .running import Done, rulewright

TEST = """
test "the last" {
  given "EVENTS" line 40
  expect "Orders" { requests[0].json.events[0].event_type = "Order 39" }
}
"""


class Input(NamedTuple):
    """An input as a command line names it."""

    name: str
    given: bytes = b""
    """What is on standard input."""


def in_file(content: bytes) -> Callable[[Path], Input]:
    def place(folder: Path) -> Input:
        (folder / "events.data").write_bytes(content)
        return Input(str(folder / "events.data"))

    return place


def in_folder(folder: Path) -> Input:
    """Of two files, one of which is in a folder of its own."""
    lines = LINES.splitlines(keepends=True)
    (folder / "logs" / "b").mkdir(parents=True)
    (folder / "logs" / "a.jsonl").write_bytes(b"".join(lines[:15]))
    (folder / "logs" / "b" / "c.gz").write_bytes(COMPRESSIONS["gzip"](b"".join(lines[15:])))
    return Input(str(folder / "logs"))


def in_glob(folder: Path) -> Input:
    return Input(f"{in_folder(folder).name}/**/*[lz]")


def in_memory(folder: Path) -> Input:
    name = f"memory://inputs/{folder.name}/events.gz"
    fsspec.filesystem("memory").pipe(name, COMPRESSIONS["gzip"](LINES))
    return Input(name)


def at_file_url(folder: Path) -> Input:
    return Input(Path(in_file(LINES)(folder).name).as_uri())


FILES: dict[str, bytes] = {
    "lines": LINES,
    **{form: FORMS[form] for form in ("array", "batch", "documents, pretty", "CSV of JSON", "CSV of paths")},
    **{form: FORMS[form] for form in ("Parquet of JSON", "Parquet of structs")},
    **{name: pack(LINES) for name, pack in COMPRESSIONS.items()},
    "array in gzip": COMPRESSIONS["gzip"](FORMS["array"]),
}
KINDS: dict[str, Callable[[Path], Input]] = {
    **{name: in_file(content) for name, content in FILES.items()},
    "folder": in_folder,
    "glob": in_glob,
    "standard input": lambda folder: Input("-", LINES),
    "standard input in gzip": lambda folder: Input("-", COMPRESSIONS["gzip"](LINES)),
    "object": in_memory,
    "file URL": at_file_url,
}
RESULTS: dict[str, tuple[int, str]] = {
    "run": (0, '"user_id":"user-4"'),
    "diff": (1, "In 40 events, 40 of 40 requests change."),
    "check": (0, "no findings"),
    "test": (0, "1 test passed"),
    "explain": (0, "Order 39"),
    "lineage": (0, "properties.total"),
    "profile": (0, "40"),
    "init": (0, "mapping"),
    "send": (0, "nothing was sent: 40 events"),
}
"""The exit code, and a part of what is written for lines; for other kinds, it is the same text."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.rules").write_text(RULES + TEST.replace("EVENTS", "lines.jsonl"))
    (tmp_path / "edited.rules").write_text(RULES.replace("total:", "sum:"))
    (tmp_path / "lines.jsonl").write_bytes(LINES)
    return tmp_path


def done(command: str, folder: Path, events: Input) -> Done:
    words: dict[str, str | Path] = {
        "RULES": folder / "orders.rules",
        "EDITED": folder / "edited.rules",
        "EVENTS": events.name,
    }
    result = rulewright(*(words.get(word, word) for word in COMMANDS[command]), given=events.given)
    name = "<standard input>" if events.name == "-" else events.name
    text = re.sub(r", [0-9.]+ s\)", ")", result.stdout.replace(name, "EVENTS"))  # how long it took
    return result._replace(stdout=text)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_reads_every_kind_of_input_alike(folder: Path, command: str) -> None:
    code, part = RESULTS[command]
    lines = done(command, folder, Input(str(folder / "lines.jsonl")))
    assert (lines.returncode, part in lines.stdout) == (code, True), lines
    for number, (kind, place) in enumerate(KINDS.items()):
        (folder / str(number)).mkdir()
        ended = done(command, folder, place(folder / str(number)))
        assert (kind, *ended[:2]) == (kind, *lines[:2]), ended.stderr


@pytest.mark.parametrize("kind", FILES)
def test_a_given_event_is_found_in_every_kind_of_file(folder: Path, kind: str) -> None:
    (folder / "events.data").write_bytes(FILES[kind])
    (folder / "orders.rules").write_text(RULES + TEST.replace("EVENTS", "events.data"))
    assert "1 test passed" in rulewright("test", folder / "orders.rules", "--laws", "0").stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_studio_opens_on_every_kind_of_input(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[bytes]] = []

    def studio(rules: Path, recorded: list[bytes], *more: object, **options: object) -> None:
        opened.append(recorded)

    monkeypatch.setattr("rulewright.studio.page_api.studio", studio)
    monkeypatch.setattr("rulewright.studio.app.application", lambda *parts: None)
    monkeypatch.setattr("rulewright.studio.server.serve", lambda application, listener: listener.close())
    name, given = KINDS[kind](folder)
    result = rulewright("studio", folder / "orders.rules", "--events", name, "--no-browser", given=given)
    assert (result.returncode, len(opened[0])) == (0, 40), result.stderr


@pytest.fixture
def amplitude(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FakeAmplitude, str]]:
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        yield fake, url


@pytest.mark.parametrize("kind", KINDS)
def test_send_delivers_every_kind_of_input_and_goes_on_where_it_was(
    folder: Path, kind: str, amplitude: tuple[FakeAmplitude, str]
) -> None:
    fake, url = amplitude
    queue = folder / "queue.db"
    (folder / "in").mkdir()
    name, given = KINDS[kind](folder / "in")
    arguments = ("send", folder / "orders.rules", "--input", name, "--queue", queue, "--base-url", url)
    first = rulewright(*arguments, given=given)
    assert (first.returncode, "40 delivered" in first.stdout + first.stderr) == (0, True), first
    again = rulewright(*arguments, given=b"" if name == "-" else given)
    assert again.returncode == 0, again
    assert sorted(str(entry.insert_id) for entry in fake.ledger.entries) == [f"m-{number:04}" for number in range(40)]
    assert (status(queue, 0.0).events, list(pending(queue, 1))) == (40, [])
