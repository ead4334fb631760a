"""`status` and `dead-letters`: what is in a queue, what is wrong with it, and how it is listed and exported."""

from __future__ import annotations

import json
import re

import pytest

from .sending_place import Place, run


def test_dead_letters_end_with_1_and_can_be_seen_and_exported(place: Place) -> None:
    with place.events.open("a") as file:
        file.write('no \x1b[31mjson\n{"type": "track", "event": "Seen", "userId": "u"}\n')
    assert place.send().exit_code == 1
    queue = ["--queue", str(place.queue)]
    listed = run("dead-letters", "list", *queue).output
    assert "not_json" in listed
    assert r"no \x1b[31mjson" in listed
    exported = [json.loads(line) for line in run("dead-letters", "export", *queue).output.splitlines()]
    as_json = run("dead-letters", "list", *queue, "--format", "json")
    assert [json.loads(line) for line in as_json.stdout.splitlines()] == exported
    assert "\x1b" not in as_json.stdout
    limited = run("dead-letters", "list", *queue, "--format", "json", "--limit", "1")
    assert (len(limited.stdout.splitlines()), "more than 1" in limited.stderr) == (1, True)
    assert exported[0]["event"] == "no \x1b[31mjson"
    assert exported[0]["endpoint"] is None
    assert run("dead-letters", "export", *queue, "--events", "--code", "not_json").output == "no \x1b[31mjson\n"
    retried = run("dead-letters", "retry", *queue)
    assert retried.exit_code == 1
    assert "no request could be made of the dead letters, 2 in number" in retried.output
    assert "dead" in run("status", *queue).output
    assert (
        "there are no dead letters with the code `http_413`"
        in run("dead-letters", "list", *queue, "--code", "http_413").stderr
    )


def test_status_ends_with_1_when_more_is_dead_or_waits_than_is_allowed(place: Place) -> None:
    with place.events.open("a") as file:
        file.write("not json\n")
    assert place.send().exit_code == 1
    queue = ["--queue", str(place.queue)]
    assert run("status", *queue, "--max-dead", "1", "--max-age", "0").exit_code == 0
    result = run("status", *queue, "--max-dead", "0", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["dead"]) == (1, 1)
    assert "1 are dead, and 0 are allowed" in result.stderr


def test_dead_letters_of_any_content_are_listed_and_exported(place: Place) -> None:
    lines = [b'{"type":"track","a":"\\ud83d"}', b"[" * 50_000, b'{"userId":1e400,"type":"track"}', b"\xff\x9b31m"]
    place.events.write_bytes(b"\n".join(lines) + b"\n")
    assert place.send().exit_code == 1
    listed = run("dead-letters", "list", "--queue", str(place.queue))
    assert listed.exit_code == 0
    assert "\x9b" not in listed.output
    exported = run("dead-letters", "export", "--queue", str(place.queue))
    assert exported.exit_code == 0
    assert len([json.loads(line, parse_constant=pytest.fail) for line in exported.output.splitlines()]) == len(lines)
    assert b'"event": {"userId":1e400,"type":"track"}' in exported.stdout_bytes
    again = run("dead-letters", "export", "--queue", str(place.queue), "--events")
    assert again.stdout_bytes.splitlines() == lines


def test_a_part_that_is_always_refused_is_named_and_can_be_buried(place: Place) -> None:
    handle = place.fake.handle

    def refusing(path: str, headers: dict[str, str], body: bytes) -> object:
        return type(handle(path, headers, b""))(403, b"<html>Forbidden \x1b[31m</html>")

    place.fake.handle = refusing  # type: ignore[method-assign,assignment]
    place.write(range(1))
    queue = ["--queue", str(place.queue)]
    result = place.send()
    assert result.exit_code == 2
    assert f"`rulewright dead-letters bury --queue {place.queue} 1` makes it a dead letter" in result.stderr
    assert "stopped: the destination answered 403: <html>Forbidden \\x1b[31m</html>; nothing is lost" in result.stderr
    shown = run("status", *queue, "--pending", "5").output
    assert re.search(r'^1  events, for \d+ seconds?: {"user_id":"user-0"', shown, re.MULTILINE)
    (part,) = json.loads(run("status", *queue, "--pending", "5", "--format", "json").output)["pending_parts"]
    assert (part["seq"], json.loads(part["body"])["insert_id"]) == (1, "m-000")
    assert "no pending part has the number 7" in run("dead-letters", "bury", *queue, "7").output
    assert run("dead-letters", "bury", *queue, "1").exit_code == 0
    assert "1  buried: made a dead letter by hand" in run("dead-letters", "list", *queue).output
    assert place.send().exit_code == 1
    place.fake.handle = handle  # type: ignore[method-assign]
    assert run("dead-letters", "retry", *queue, "--code", "buried").exit_code == 0
    assert place.send().exit_code == 0
