"""What `send` cannot do ends with exit code 2 and its cause, shows no key, and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from .sending_place import KEY, RULES, Place, run


def test_a_wrong_key_ends_with_2_shows_no_key_and_keeps_everything(place: Place) -> None:
    result = place.send("--log-format", "json", "--verbose", key="not-the-key")
    assert result.exit_code == 2
    assert "does not know the API key; nothing is lost" in result.stderr
    assert "not-the-key" not in result.output + result.stderr
    assert place.status()["pending"] == 20
    assert b"not-the-key" not in place.queue.read_bytes()
    assert place.send().exit_code == 0
    assert KEY.encode() not in b"".join(file.read_bytes() for file in place.queue.parent.glob("queue.db*"))


def test_a_queue_that_lost_its_log_ends_with_2_and_can_be_recovered(place: Place) -> None:
    assert place.send().exit_code == 0
    earlier = place.queue.read_bytes()
    place.write(range(20, 25), "a")
    assert place.send().exit_code == 0
    place.queue.write_bytes(earlier)
    result = place.send()
    assert result.exit_code == 2
    assert "transactions are missing" in result.stderr
    assert run("status", "--queue", str(place.queue)).exit_code == 1
    result = place.send("--recover")
    assert result.exit_code == 0
    assert "Going on with what is there" in result.stderr
    assert run("status", "--queue", str(place.queue)).exit_code == 0
    assert len(place.fake.ledger.entries) == 25


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--queue names the file"),
        (["--queue", "nothing.db"], "there is no queue `nothing.db`, and no --input"),
        (["--queue", "q.db", "--input", "nothing.jsonl"], "`nothing.jsonl` cannot be read: no such file"),
        (["--queue", "q.db", "--rate", "0"], "--rate"),
        (["--queue", "no/folder/q.db", "--input", "{events}"], "no such file or directory; name a file in a folder"),
        (
            ["--queue", "q.db", "--input", "{events}", "--base-url", "localhost:8080"],
            "`localhost:8080` is not an address",
        ),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "ftp://host"], "`ftp://host` is not an address"),
        (
            ["--queue", "q.db", "--input", "{events}", "--base-url", "http://a:port"],
            "`http://a:port` is not an address",
        ),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "http://10.0.0.1"], "or allow it (`--insecure`)"),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "https://h/?a"], "has a query"),
        (["--queue", "q.db", "--input", "{events}", "--metrics", "no/m.json"], "there is no folder `no`"),
    ],
)
def test_what_is_not_understood_ends_with_2(place: Place, arguments: list[str], message: str) -> None:
    result = run("send", str(place.rules), *(text.format(events=place.events) for text in arguments))
    assert result.exit_code == 2
    assert message in result.output
    assert not Path("q.db").exists()


def test_without_a_key_nothing_begins(place: Place) -> None:
    result = place.send(key=None)
    assert result.exit_code == 2
    assert "AMPLITUDE_API_KEY is not set" in result.output
    assert not place.queue.exists()


@pytest.mark.parametrize("text", [None, "destination amplitude\nmapping {", "\xff", ""])
def test_rules_that_cannot_be_used_end_with_2_for_1_means_dead_letters(place: Place, text: str | None) -> None:
    place.rules = place.events.with_name("a.rules")
    if text is not None:
        place.rules.write_bytes(text.encode("latin-1"))
    result = place.send()
    assert result.exit_code == 2
    assert "nothing was sent" in result.output
    assert not place.queue.exists()


def test_a_file_that_is_not_a_queue_is_refused(place: Place) -> None:
    other = place.events.with_name("a.rules")
    other.write_text(RULES)
    for arguments in (["status"], ["dead-letters", "list"], ["dead-letters", "retry"], ["dead-letters", "export"]):
        result = run(*arguments, "--queue", str(other))
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert run(*place.arguments("--queue", str(other))).exit_code == 2


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (MemoryError(), "there is not enough memory; nothing that was accepted is lost"),
        (OSError(24, "Too many open files"), "too many open files; nothing that was accepted is lost"),
        (OSError(5, "Input/output error", "a\x1bb"), "`a\\x1bb`: input/output error; nothing"),
    ],
)
@pytest.mark.parametrize("trial", [[], ["--dry-run"]])
def test_whatever_ends_a_delivery_is_said_and_does_not_end_with_1(
    place: Place, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str, trial: list[str]
) -> None:
    def ending(*arguments: object, **more: object) -> object:
        raise raised

    monkeypatch.setattr("rulewright.cli.send.deliver", ending)
    result = place.send(*trial)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output + result.stderr


def test_a_trial_of_an_input_that_cannot_be_read_ends_with_2(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("rulewright.runtime.delivery.input.file_input.FileInput.__call__", broken)
    for trial in ([], ["--dry-run"]):
        result = place.send(*trial)
        assert result.exit_code == 2
        assert "the input could not be read to its end" in result.output + result.stderr


def test_names_of_files_are_shown_as_escapes(place: Place) -> None:
    queue = place.queue.with_name("q\x1b[31m\n::error::.db")
    events = place.events.with_name("e\x9b\n.jsonl")
    place.events.rename(events)
    with events.open("a") as file:
        file.write("no json\n")
    arguments = [str(events), "--queue", str(queue), "--base-url", place.url]
    for result in (
        run("send", str(place.rules), "--input", *arguments),
        run("send", str(place.rules), "--input", "no\nfile", *arguments[1:]),
        run("status", "--queue", str(queue)),
        run("status", "--queue", str(queue) + "\x1b"),
        run("dead-letters", "list", "--queue", str(queue) + "\x1b"),
        run("dead-letters", "list", "--queue", str(queue), "--code", "\x1b[31m"),
    ):
        assert "\x1b" not in result.output + result.stderr
        assert "\x9b" not in result.output + result.stderr
        assert "\n::error" not in result.output + result.stderr
