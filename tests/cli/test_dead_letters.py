"""`dead-letters forget` and `dead-letters retry --rules`: the accounts balance, and nothing is sent twice or lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright import Failure, Outcome
from rulewright.runtime.delivery.store.fates import fates
from rulewright.runtime.delivery.store.queue_status import QueueStatus, dead_letters, pending, status
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.cli.processes import environment
from tests.paths import ROOT

from .sending_place import KEY, Place, run

RULES = """
destination amplitude
drop when event = "Secret"
mapping "Seen" -> logEventV2 {
  when type = "track" and event = "Seen"
  use defaults
  price = omit
}
mapping "Prices" -> logEventV2 {
  when type = "track" and event = "Seen"
  use defaults
  event_type = "Price"
  insert_id = "{{messageId}}-p"
  price = PRICE
}
"""
BROKEN = RULES.replace("PRICE", "number(properties.price)")
BETTER = RULES.replace("PRICE", 'number(replace(properties.price, ",", "."))')


def event(number: int, price: str, **more: Any) -> dict[str, Any]:
    head = {"type": "track", "event": "Seen", "userId": f"user-{number}", "messageId": f"m-{number}"}
    return {**head, "properties": {"price": price}, **more}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        here = Place(tmp_path, fake, url)
        here.rules = tmp_path / "shop.rules"
        here.rules.write_text(BROKEN)
        yield here


def fill(place: Place, *lines: object) -> None:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    place.events.write_text("".join(f"{text}\n" for text in texts))
    assert place.send().exit_code == 1


def accounts(place: Place) -> QueueStatus:
    counts = status(place.queue, time.time())
    assert counts.balanced
    return counts


def better(place: Place, text: str = BETTER) -> list[str]:
    rules = place.rules.with_name("better.rules")
    rules.write_text(text)
    return ["dead-letters", "retry", "--queue", str(place.queue), "--rules", str(rules)]


def test_an_event_is_mapped_again_by_the_mapping_that_failed_alone(place: Place) -> None:
    fill(place, event(1, "12.50"), event(2, "12,50"))
    assert sorted(map(str, place.delivered)) == ["m-1", "m-1-p", "m-2"]
    result = run(*better(place), key=None)
    assert result.exit_code == 0, result.output
    assert '1  pending; was "Prices" no_value: ' in result.output
    assert "1 part pending now; `rulewright send` tries them" in result.output
    assert accounts(place)[:4] == (4, 3, 0, 1)
    assert accounts(place).events == 2
    assert run("send", str(place.rules), "--queue", str(place.queue), "--base-url", place.url).exit_code == 0
    assert sorted(map(str, place.delivered)) == ["m-1", "m-1-p", "m-2", "m-2-p"]
    assert accounts(place)[:4] == (4, 4, 0, 0)


def test_what_still_fails_or_is_taken_by_no_rule_stays_and_is_named(place: Place) -> None:
    fill(place, event(1, "12,50"), event(2, "cheap"), "no json", event(3, "1,0", event="Seen"))
    letters = list(dead_letters(place.queue))
    assert len(letters) == 4
    text = BETTER.replace('when type = "track" and event = "Seen"', 'when type = "track" and messageId != "m-3"')
    text = text.replace('drop when event = "Secret"', 'drop when messageId = "m-1"')
    result = run(*better(place, text))
    assert result.exit_code == 1, result.output
    assert '1  left: a filter drops the event; was "Prices"' in result.output
    assert '1  left: no mapping takes the event; was "Prices"' in result.output
    assert '1  still dead; was "Prices"' in result.output
    assert "1  still dead; was not_json: " in result.output
    assert "nothing is pending that was not before" in result.output
    assert list(dead_letters(place.queue)) == letters
    assert accounts(place).dead == 4


def test_a_mapping_that_was_renamed_is_not_guessed(place: Place) -> None:
    fill(place, event(1, "12,50"))
    result = run(*better(place, BETTER.replace('"Prices"', '"Price"')))
    assert (result.exit_code, accounts(place).dead) == (1, 1)
    assert '1  left: the rules have no mapping of this name; was "Prices"' in result.output


def test_an_event_on_which_no_mapping_failed_is_mapped_again_by_all(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    failed = Outcome([], [Failure("", None, "internal", "KeyError: 'type'")], [])
    rulewright.deliver(lambda _: failed, [event(1, "12,50")], queue=place.queue, base_url=place.url)
    assert [letter.mapping for letter in dead_letters(place.queue)] == [None]
    result = run(*better(place))
    assert result.exit_code == 0, result.output
    assert "1  pending; was internal: KeyError: 'type'" in result.output
    assert accounts(place)[:4] == (2, 0, 0, 2)


def test_an_event_that_fails_for_another_reason_is_a_dead_letter_with_that_reason(place: Place) -> None:
    fill(place, event(1, "12,50"))
    result = run(*better(place, BETTER.replace('insert_id = "{{messageId}}-p"', "time = properties.price")))
    assert (result.exit_code, accounts(place)[:4]) == (1, (2, 1, 1, 0))
    assert "1  still dead (time: " in result.output
    assert [(letter.code, letter.mapping) for letter in dead_letters(place.queue)] == [("wrong_type", "Prices")]


def test_rules_with_errors_or_for_another_destination_change_nothing(place: Place) -> None:
    fill(place, event(1, "12,50"))
    for text in (
        "mapping",
        'destination webhook\nmapping "Prices" -> send {\n  when type = "track"\n  use defaults\n}\n',
    ):
        result = run(*better(place, text))
        assert (result.exit_code, accounts(place).dead) == (2, 1), result.output
        assert "Traceback" not in result.output


def test_refused_requests_stay_where_events_are_mapped_again(place: Place) -> None:
    fill(place, event(1, "12,50"))
    queue = ["--queue", str(place.queue)]
    result = run(*better(place))
    assert result.exit_code == 0
    assert run("dead-letters", "bury", *queue, str(pending(place.queue, 1)[0].seq)).exit_code == 0
    again = run(*better(place))
    assert (again.exit_code, accounts(place).dead) == (1, 1), again.output
    assert "1 refused request left; `dead-letters retry` without --rules sends the bytes again" in again.output


def test_dead_letters_are_forgotten_by_number_by_code_and_all(place: Place) -> None:
    fill(place, event(1, "12,50"), "no json", event(2, "12,50"), "[]", event(3, "12,50"))
    queue = ["--queue", str(place.queue)]
    first = next(letter.seq for letter in dead_letters(place.queue))
    result = run("dead-letters", "forget", *queue, str(first), str(first))
    assert (result.exit_code, result.output) == (0, "1 dead letter forgotten: 1 no_value\n")
    assert (accounts(place).dead, accounts(place).forgotten) == (4, 1)
    unknown = run("dead-letters", "forget", *queue, str(first), "7000")
    assert (unknown.exit_code, accounts(place).dead) == (2, 4)
    assert f"no dead letter has the number {first}" in unknown.output
    assert run("dead-letters", "forget", *queue, "--code", "not_json").output.startswith(
        "2 dead letters forgotten: 2 not"
    )
    assert run("dead-letters", "forget", *queue, "--all").exit_code == 0
    assert (accounts(place).dead, accounts(place).forgotten) == (0, 5)
    again = run("dead-letters", "forget", *queue, "--all")
    assert (again.exit_code, again.output) == (1, "nothing to forget: there are no dead letters\n")
    assert "        5  forgotten\n" in run("status", *queue).output
    assert place.status()["forgotten"] == 5
    assert place.send().exit_code == 0
    assert b"12,50" not in place.queue.read_bytes()


@pytest.mark.parametrize("arguments", [[], ["--all", "1"], ["--all", "--code", "not_json"], ["--code", "x", "1"]])
def test_forget_asks_for_one_way_to_say_what(place: Place, arguments: list[str]) -> None:
    fill(place, event(1, "1.0"), "no json")
    result = run("dead-letters", "forget", "--queue", str(place.queue), *arguments)
    assert (result.exit_code, accounts(place).dead) == (2, 1)
    assert "say what to forget: numbers, --code CODE or --all" in result.output


def test_the_fate_of_an_event_follows_what_its_dead_letters_became(tmp_path: Path) -> None:
    queue, rules = tmp_path / "queue.db", tmp_path / "better.rules"
    rules.write_text(BETTER)
    with rulewright.Outbox(BROKEN, queue=queue, settings={"apiKey": KEY}, send=False) as outbox:
        outbox.put_all([event(1, "12,50"), event(2, "cheap")])
    assert [part.state for part in fates(queue, "m-1")[0].parts] == ["pending", "dead"]
    assert run("dead-letters", "retry", "--queue", str(queue), "--rules", str(rules)).exit_code == 0
    assert [part.state for part in fates(queue, "m-1")[0].parts] == ["pending", "pending"]
    assert run("dead-letters", "forget", "--queue", str(queue), "--all").exit_code == 0
    assert [part.state for part in fates(queue, "m-2")[0].parts] == ["pending", "forgotten"]


def test_kills_of_a_retry_neither_lose_nor_double_an_event(place: Place) -> None:
    count = 1_100
    fill(place, *(event(number, "1,0") for number in range(count)))
    assert accounts(place)[:4] == (2 * count, count, count, 0)
    command = [sys.executable, "-m", "rulewright", *better(place)]
    for _ in range(20):
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
        before = accounts(place).dead
        while process.poll() is None and accounts(place).dead == before:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        process.kill()
        process.wait()
        counts = accounts(place)
        assert (counts.accepted, counts.dead + counts.pending) == (2 * count, count)
        if not counts.dead:
            break
    assert counts.dead == 0
    assert run("send", str(place.rules), "--queue", str(place.queue), "--base-url", place.url).exit_code == 0
    assert sorted(map(str, place.delivered)) == sorted(
        name for number in range(count) for name in (f"m-{number}", f"m-{number}-p")
    )
