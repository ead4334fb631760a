"""`send` delivers what is new once, and what it says and writes beside that."""

from __future__ import annotations

import json

from .sending_place import Place, run


def test_repairs_are_counted_and_are_not_dead_letters(place: Place) -> None:
    with place.events.open("a") as file:
        for number in range(2):
            event = {"type": "track", "event": "Seen", "userId": "user-1", "messageId": f"r-{number}"}
            file.write(json.dumps({**event, "properties": {"bio": "x" * 2000, "m": [[number]]}}) + "\n")
    said = "4 values repaired so that the rest could be sent: 2 long_string, 2 nested_list\n"
    assert said in run(*place.arguments("--dry-run")).output
    metrics = place.queue.with_name("metrics.prom")
    sent = place.send("--metrics", str(metrics))
    assert sent.exit_code == 0
    assert said in sent.output
    assert len(place.delivered) == 22
    counts = place.status()
    assert counts["repairs"] == {"long_string": 2, "nested_list": 2}
    assert counts["dead"] == 0
    assert said in run("status", "--queue", str(place.queue)).output
    assert 'rulewright_repairs_total{code="long_string"} 2' in metrics.read_text()
    assert place.send().exit_code == 0
    assert place.status()["repairs"] == counts["repairs"], "what was counted before is read again"


def test_sending_twice_sends_what_is_new(place: Place) -> None:
    assert place.send().exit_code == 0
    place.write(range(20, 30), "a")
    result = place.send()
    assert result.exit_code == 0
    assert "30 accepted, 30 delivered, 0 dead, 0 pending" in result.stderr
    assert sorted(map(str, place.delivered)) == [f"m-{number:03}" for number in range(30)]
    assert place.fake.ledger.duplicates == 0
    assert {name: place.status()[name] for name in ("accepted", "delivered", "dead", "pending")} == {
        "accepted": 30,
        "delivered": 30,
        "dead": 0,
        "pending": 0,
    }


def test_a_queue_that_others_may_read_is_said(place: Place) -> None:
    assert "other users" not in place.send().stderr
    place.queue.chmod(0o644)
    assert "`chmod 600` keeps its events from them" in place.send().stderr


def test_metrics_are_written(place: Place) -> None:
    file = place.queue.with_suffix(".prom")
    assert place.send("--metrics", str(file), "--rate", "1000").exit_code == 0
    assert "rulewright_delivered_total 20" in file.read_text()


def test_metrics_that_cannot_be_written_do_not_end_the_delivery(place: Place) -> None:
    file = place.queue.with_suffix(".json")
    file.mkdir()
    result = place.send("--metrics", str(file))
    assert result.exit_code == 0
    assert result.stderr.count("no more metrics") == 1


def test_a_dry_run_sends_nothing_and_says_what_would_be_refused(place: Place) -> None:
    result = run("send", str(place.rules), "--input", str(place.events), "--dry-run", key=None)
    assert result.exit_code == 0
    assert "20 would go out in 1 request\n" in result.output
    assert not place.queue.exists()
    assert place.delivered == []


def test_half_an_event_at_the_end_of_a_growing_file_is_said_and_read_later(place: Place) -> None:
    whole = place.events.read_bytes()
    place.events.write_bytes(whole[:-30])
    result = place.send()
    assert result.exit_code == 0
    assert "are left for the next run" in result.stderr
    place.events.write_bytes(whole)
    result = place.send()
    assert (result.exit_code, result.stderr.count("left for")) == (0, 0)
    assert place.status()["delivered"] == 20
