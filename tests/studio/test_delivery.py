"""A queue in the studio: its accounts, dead letters with their events, and no request's body."""

from __future__ import annotations

import json
import time
from pathlib import Path

from rulewright.runtime.delivery.schedule.waits_file import Wait, WaitsFile
from rulewright.studio.page_api import studio

from .conftest import KEY, Page, filled_queue, served
from .queues import accepted_queue


def test_a_queue_is_shown_with_the_events_that_became_no_request(folder: Path) -> None:
    good = {"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}
    bad = [{**good, "messageId": f"m-{number}", "timestamp": "not a date"} for number in range(2, 14)]
    queue = filled_queue(folder, [good, *bad])
    with served(studio(folder / "shop.rules", queue=queue)) as page:
        assert page.ask("session")["has_queue"] is True
        told = page.ask("delivery", with_letters=True)
        assert page.ask("delivery") == {**told, "letters": []}
    accounts = told["accounts"]
    assert (accounts["accepted"], accounts["delivered"], accounts["dead"]) == (13, 1, 12)
    assert accounts["balanced"]
    (code,) = accounts["dead_codes"]
    assert [letter["code"] for letter in told["letters"]] == [code] * 10
    assert told["letters"][0]["mapping"] == "Behaviour"
    assert json.loads(told["letters"][0]["event"]) == bad[0]
    assert KEY not in json.dumps(told)


def test_dead_letters_are_mapped_again_by_the_rules_on_the_page(folder: Path) -> None:
    lost = {"type": "track", "event": "Lost", "userId": "user-42", "messageId": "m-1", "timestamp": "not a date"}
    queue = filled_queue(folder, [lost])
    with served(studio(folder / "shop.rules", queue=queue)) as page:
        assert page.ask("retry", 422, code="wrong_type") == {
            "error": "the studio was started without --write, so that it changes no queue"
        }
    with served(studio(folder / "shop.rules", queue=queue, write=True)) as page:
        (code,) = page.ask("delivery")["accounts"]["dead_codes"]
        page.texts = {"shop.rules": (folder / "shop.rules").read_text()}
        told = page.ask("retry", code=code)
        assert told["parts"] == 0
        assert told["sentences"][0].startswith("1 still dead")
        rules = page.texts["shop.rules"]
        page.texts = {"shop.rules": rules.replace("-> logEventV2 {", "-> {", 1)}
        assert page.ask("retry", code=code)["findings"]
        page.texts = {"shop.rules": rules.replace("  use defaults", "  use defaults\n  time = receivedAt", 1)}
        told = page.ask("retry", code=code)
        assert told["parts"] == 1
        assert told["sentences"][-1] == "1 part pending now; `rulewright send` tries them"
        accounts = page.ask("delivery")["accounts"]
        assert (accounts["dead"], accounts["pending"], accounts["balanced"]) == (0, 1, True)


def test_what_the_sender_waits_for_is_shown(folder: Path) -> None:
    queue = filled_queue(folder, [{"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}])
    now = time.time()
    WaitsFile(queue).write([Wait("held back", 3, now + 20, now + 40, "too many")], now)
    with served(studio(folder / "shop.rules", queue=queue)) as page:
        (wait,) = page.ask("delivery")["waits"]
    assert wait == {"cause": "held back", "number": 3, "first": now + 20, "last": now + 40, "reason": "too many"}


def test_a_file_that_is_not_a_queue_is_said(folder: Path, page: Page) -> None:
    assert page.ask("delivery", 422) == {"error": "the studio was started without --queue"}
    with served(studio(folder / "shop.rules", queue=folder / "shop.rules")) as other:
        assert "shop.rules" in other.ask("delivery", 422)["error"]


def test_the_fate_of_an_event_is_found_by_its_message_id(folder: Path) -> None:
    queue = accepted_queue(folder, [{"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}])
    with served(studio(folder / "shop.rules", queue=queue)) as page:
        (fate,) = page.ask("fate", id=" m-1 ")["fates"]
        assert fate[0].startswith("m-1: accepted from outbox at ")
        assert fate[1].startswith("  mapped by rules of version ")
        assert fate[-1].endswith(": pending")
        assert page.ask("fate", id="m-2") == {"id": "m-2", "fates": []}
        assert page.ask("fate")["fates"] == []


def test_a_fate_needs_a_queue(page: Page) -> None:
    assert page.ask("fate", 422, id="m-1") == {"error": "the studio was started without --queue"}
