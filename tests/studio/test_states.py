"""States of the studio that nobody planned for: no events, damaged and long ones, many mappings, files and servers that
change meanwhile. Each is whole, says what it is, and axe-core finds nothing in it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generated_rules import mappings
from rulewright.runtime.delivery.schedule.waits_file import Wait, WaitsFile
from rulewright.studio.page_api import PageApi, studio

from .conftest import TOKEN, Page, filled_queue, served
from .windows import Window, browser, pytestmark, shop, until

__all__ = ["browser", "pytestmark", "shop"]

GOOD = b'{"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}'
LONG = json.dumps({"type": "track", "event": "Seen", "userId": "user-42", "properties": {"text": "long " * 60_000}})
STATES: dict[str, tuple[Sequence[bytes], str]] = {
    "no events": ([], "Event of your own"),
    "damaged events": ([b"{", b"[]", b"\xff\xfe", b"", GOOD], "4 not an event"),
    "a long event": ([LONG.encode(), GOOD], "2 sent"),
    "an event of many keys": (
        [json.dumps({"type": "track", **{f"key {at}": at for at in range(3000)}}).encode()],
        "1 failed",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_events_of_every_kind_are_shown(browser: Any, folder: Path, state: str) -> None:
    events, said = STATES[state]
    with served(studio(folder / "shop.rules", events, "events.jsonl" if events else "")) as page:
        window = Window(browser, page, ready="#event .cm-content")
        window.page.get_by_text(said, exact=True).wait_for()
        for name in ("why", "tests", "coverage", "flow", "data", "requests"):
            window.page.locator(f"#tab-{name}").click()
            until(window, "() => document.querySelector('#pane').innerText.trim() !== ''")
            until(window, "() => !document.querySelector('#pane').innerText.includes('Working')")
            assert window.violations() == []
            window.shoot(f"{state} {name}")
        # The browser notes each question that is refused, as one about an event that is none.
        assert [text for text in window.complaints if "status of 422" not in text] == []


def test_two_hundred_mappings_are_shown(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "many.rules").write_text(mappings(200))
    with served(studio(tmp_path / "many.rules", [GOOD.replace(b"Seen", b"Event 7")], "events.jsonl")) as page:
        window = Window(browser, page, ready="tr[data-id]")
        window.page.locator("#tab-why").click()
        window.page.wait_for_selector(".card.failed")
        assert window.page.locator("#pane .card").count() == 200
        assert window.violations() == []
        window.shoot("many")
        assert window.complaints == []


def test_a_file_that_changes_on_the_disk_is_read_again(browser: Any, shop: Page, folder: Path) -> None:
    window = Window(browser, shop)
    rules = folder / "shop.rules"
    rules.write_text("# by another program\n" + rules.read_text())
    window.look_at_it_again()
    window.page.wait_for_selector(".cm-line:has-text('by another program')")
    window.page.get_by_role("button", name="Saved", exact=True).wait_for()
    (folder / "shop.test.rules").unlink()
    window.look_at_it_again()
    window.page.get_by_role("button", name="Save", exact=True).click()
    window.page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert (folder / "shop.test.rules").read_text().startswith("#")
    assert window.complaints == []


@pytest.mark.parametrize("choice", ["Keep this page's text", "Take the text of the disk"])
def test_two_windows_that_change_a_file_ask_whose_text_it_is(
    browser: Any, shop: Page, folder: Path, choice: str
) -> None:
    first, second = Window(browser, shop), Window(browser, shop)
    for window, text in ((first, "# of the first"), (second, "# of the second")):
        window.type_at_end(f"\n{text}")
    first.page.keyboard.press("Control+s")
    first.page.get_by_role("button", name="Saved", exact=True).wait_for()
    second.page.keyboard.press("Control+s")
    second.page.get_by_role("dialog").get_by_text("was changed by another program or window").wait_for()
    assert second.violations() == []
    second.shoot("conflict")
    second.page.get_by_role("button", name=choice).click()
    assert not second.page.locator("#error").is_visible()
    if choice.startswith("Keep"):
        second.page.get_by_role("button", name="Save", exact=True).click()
    second.page.get_by_role("button", name="Saved", exact=True).wait_for()
    kept = "# of the second" if choice.startswith("Keep") else "# of the first"
    assert (folder / "shop.rules").read_text().endswith(kept)


def test_a_server_that_was_stopped_is_noticed_and_found_again(browser: Any, folder: Path) -> None:
    def answers() -> PageApi:
        return studio(folder / "shop.rules", [GOOD], "events.jsonl", write=True)

    with ExitStack() as stack:
        page = stack.enter_context(served(answers()))
        window = Window(browser, page, ready="tr[data-id]")
        window.type_at_end("\n# still here")
        stack.close()
        gone = window.page.get_by_role("alert").filter(has_text="its program was stopped")
        gone.wait_for()
        assert window.violations() == []
        window.shoot("stopped")
        stack.enter_context(served(answers(), page.port))
        gone.wait_for(state="hidden")
        assert "# still here" in window.editor().inner_text()
        window.type_at_end("\nmapping")
        window.page.wait_for_selector("#findings li.error")


def test_without_write_the_page_says_so_and_saves_nothing(browser: Any, folder: Path) -> None:
    before = (folder / "shop.rules").read_text()
    with served(studio(folder / "shop.rules", [GOOD], "events.jsonl")) as page:
        window = Window(browser, page, ready="tr[data-id]")
        window.type_at_end("\n# more")
        window.page.keyboard.press("Control+s")
        window.page.get_by_role("alert").filter(has_text="start it again with --write").wait_for()
        assert window.violations() == []
        window.shoot("not writing")
        assert window.complaints == []
    assert (folder / "shop.rules").read_text() == before


def test_a_link_with_the_event_brings_rules_and_event(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    window.type_at_end("\n# told by a link")
    window.page.get_by_role("button", name="Share").click()
    window.page.get_by_label("with the event").check()
    until(window, "() => document.querySelector('textarea.link').value.length > 2000")
    link = window.page.locator("textarea.link").input_value()
    event = window.page.locator("#event .cm-content").inner_text()
    other = Window(browser, shop)
    other.page.evaluate("link => location.hash = link", link)
    other.page.get_by_role("heading", name="Event of your own").wait_for()
    assert other.page.locator("#event .cm-content").inner_text() == event
    other.editor().click()
    other.page.keyboard.press("Control+End")
    other.page.wait_for_selector(".cm-line:has-text('told by a link')")
    assert window.complaints == other.complaints == []


def test_mapping_many_events_is_stopped_and_goes_on(browser: Any, folder: Path) -> None:
    with served(studio(folder / "shop.rules", [GOOD] * 100_000, "events.jsonl")) as page:
        window = Window(browser, page, ready="progress")
        window.page.get_by_role("button", name="Stop", exact=True).click()
        window.page.get_by_text("of 100,000 events tried").wait_for()
        assert window.violations() == []
        window.shoot("stopped survey")
        window.page.get_by_role("button", name="Go on", exact=True).click()
        window.page.get_by_role("button", name="100,000 sent").wait_for(timeout=120_000)
        assert window.page.locator("progress").count() == 0
        assert window.complaints == []


def test_the_back_button_goes_from_pane_to_pane_and_a_reload_stays(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    for name in ("why", "flow", "data"):
        page.locator(f"#tab-{name}").click()
        page.wait_for_selector(f"#tab-{name}[aria-selected=true]")
    page.reload()
    page.wait_for_selector("#tab-data[aria-selected=true]")
    page.go_back()
    page.wait_for_selector("#tab-flow[aria-selected=true]")
    page.go_back()
    page.wait_for_selector("#tab-why[aria-selected=true]")
    page.go_forward()
    page.wait_for_selector("#tab-flow[aria-selected=true]")
    assert page.url.endswith(f"{TOKEN}/#flow")
    assert window.complaints == []


def test_what_a_sender_waits_for_is_shown(browser: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.runtime.delivery.schedule.waits_file.STALE_SECONDS", 600.0)
    queue = filled_queue(folder, [json.loads(GOOD)])
    now = time.time()
    WaitsFile(queue).write(
        [Wait("held back", 3, now + 20, now + 400, "too many events for a user"), Wait("retry", 1, now + 5, now + 5)],
        now,
    )
    with served(studio(folder / "shop.rules", [GOOD], "events.jsonl", queue=queue)) as page:
        window = Window(browser, page, ready="tr[data-id]")
        window.page.get_by_role("tab", name="Delivery").click()
        window.page.get_by_text("3 users held back by the destination, until").wait_for()
        window.page.get_by_text("1 request to be tried again, until").wait_for()
        assert window.violations() == []
        window.shoot("waits")
        assert window.complaints == []
