"""What a person does in the studio, in Debian's Chromium: each test is a story, and axe-core finds nothing in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rulewright.studio.page_api import studio

from .conftest import TOKEN, Page, filled_queue, served
from .queues import accepted_queue
from .windows import LOOKS, Window, browser, pytestmark, shop, until

__all__ = ["browser", "pytestmark", "shop"]


@pytest.mark.parametrize(("width", "height", "scheme"), LOOKS)
def test_a_person_finds_why_an_event_was_not_sent_fixes_it_and_saves_a_test(
    browser: Any, shop: Page, folder: Path, width: int, height: int, scheme: str
) -> None:
    window = Window(browser, shop, width, height, scheme)
    page = window.page
    assert window.violations() == []
    window.shoot("1-first")

    page.get_by_role("button", name="4 failed").click()
    page.get_by_role("button", name="Experiment Viewed").click()
    page.get_by_role("button", name="Why, and what to do").click()
    page.wait_for_selector(".problem:has-text('must be a time but it is a string')")
    fix = page.get_by_role("button", name="Fix: take receivedAt where timestamp is not a time")
    fix.wait_for()
    assert fix.locator("code").all_inner_texts() == ["receivedAt", "timestamp"]
    assert window.violations() == []
    window.shoot("2-why")

    fix.click()
    page.wait_for_selector(".card.sent:has-text('Behaviour')")
    assert "time = if(match(timestamp" in window.editor().inner_text()
    page.get_by_role("tab", name="Requests").click()
    assert (
        page.locator(".cm-line:visible", has_text="time = if(match(")
        .locator(".value-here")
        .inner_text()
        .startswith("→ 1")
    )
    row = page.locator("tr[data-id='Behaviour|0|events[0]|time']")
    row.hover()
    assert page.locator("#editors .lit-line:visible").inner_text().startswith("  time = if(match(timestamp")
    assert '"receivedAt"' in page.locator("#event .lit").first.inner_text()
    window.shoot("3-fixed")

    page.get_by_role("button", name="Save event as test").click()
    page.get_by_label("Name of the test").fill("a bad time is replaced")
    page.wait_for_selector(".preview:has-text('a bad time is replaced')")
    assert window.violations() == []
    window.shoot("4-save-as-test")
    page.get_by_role("button", name="Save and run").click()
    page.wait_for_selector(".card.fresh:has-text('✔ a bad time is replaced')")
    assert page.get_by_text("31 tests passed").is_visible()
    assert window.violations() == []
    window.shoot("5-passed")

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert 'test "a bad time is replaced" {' in (folder / "shop.test.rules").read_text()
    assert "time = if(match(timestamp" in (folder / "shop.rules").read_text()
    assert window.complaints == []


def test_a_mistake_is_found_while_typing_and_taken_back_by_its_fix(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    window.type_at_end(
        '\nmapping "More" -> logEventV2 {\nwhen type = "track"\nuse defaults\nlanguge = context.locale\n}\n'
    )
    fix = page.get_by_role("button", name="Fix: write language")
    fix.wait_for()
    page.get_by_text("The rules have errors").wait_for()
    assert "`" not in page.locator("#findings").inner_text()
    assert window.violations() == []
    window.shoot("finding")
    fix.click()
    until(window, "() => !document.querySelector('#findings li.error')")
    assert "language = context.locale" in window.editor().inner_text()
    until(window, "() => document.querySelector('#state').textContent === ''")
    assert window.complaints == []


def test_an_event_that_is_pasted_into_the_rules_becomes_a_mapping(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    window.type_at_end('\n{"type": "group", "groupId": "g-1"}')
    page.keyboard.press("Control+.")
    change = page.get_by_role("button", name="write a mapping for events like this one")
    change.wait_for()
    assert window.violations() == []
    window.shoot("change")
    change.click()
    page.wait_for_selector(".cm-line:has-text('mapping \"Group calls\" -> groupIdentifyUser {')")
    assert window.complaints == []


def test_missing_tests_are_written(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    window.type_at_end('\nmapping "Moves" -> mapUser {\nwhen event = "Moved out"\nuse defaults\n}\n')
    page.get_by_role("tab", name="Coverage").click()
    page.get_by_role("button", name="Write the missing tests").click()
    page.wait_for_selector(".card.sent:has-text('Moves: ')")
    assert "Suggested by" in window.editor().inner_text()
    assert window.complaints == []


def test_the_line_of_the_cursor_lights_its_values_and_their_places(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    page.get_by_label("Search events").fill("Order Completed")
    page.locator(".event:has-text('Order Completed')").first.click()
    page.wait_for_selector("tr[data-id^='Orders|0|events[1]']")
    page.locator("#editors .cm-line:visible", has_text="category: lowercase").click()
    until(window, "() => document.querySelector('tr.lit')")
    assert "category" in page.locator("tr.lit").first.inner_text()
    until(
        window, "() => [...document.querySelectorAll('#event .lit')].some(one => one.textContent.includes('category'))"
    )
    page.locator("#event .cm-content").focus()
    page.keyboard.press("Control+Home")
    page.locator("#event .cm-line", has_text='"userId"').click()
    until(window, "() => [...document.querySelectorAll('tr.lit')].some(one => one.textContent.includes('user_id'))")
    assert page.locator("#editors .lit-line:visible").inner_text().strip() == "use defaults"


@pytest.mark.parametrize("name", ["coverage", "flow", "data"])
def test_each_other_pane_has_something_to_say(browser: Any, shop: Page, name: str) -> None:
    window = Window(browser, shop)
    page = window.page
    page.locator(f"#tab-{name}").click()
    page.wait_for_selector({"coverage": "meter", "flow": ".flow svg", "data": "table.data"}[name])
    assert window.violations() == []
    window.shoot(name)
    if name == "flow":
        page.get_by_role("button", name="failed: time (wrong_type) 3, in Ends: show these events").click()
        page.wait_for_selector(".event .end.failed")
        page.go_back()
        page.wait_for_selector("#tab-requests[aria-selected=true]")
    assert window.complaints == []


def test_a_pane_says_the_same_on_the_command_line(browser: Any, shop: Page) -> None:
    page = Window(browser, shop).page
    page.wait_for_selector(".command:has-text('shop.rules events.jsonl --line 1')")
    page.get_by_role("tab", name="Tests").click()
    page.wait_for_selector(".command:has-text('rulewright test')")


def test_an_event_of_a_dead_letter_is_opened(browser: Any, folder: Path) -> None:
    lost = {"type": "track", "event": "Lost", "userId": "user-42", "timestamp": "not a date"}
    queue = filled_queue(folder, [lost])
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    with served(studio(folder / "shop.rules", lines, queue=queue, write=True)) as shop:
        window = Window(browser, shop)
        page = window.page
        page.get_by_role("tab", name="Delivery").click()
        page.get_by_role("img", name="dead: 1, at most 1").wait_for()
        assert window.violations() == []
        window.shoot("delivery")
        page.get_by_role("button", name="open the event").click()
        page.wait_for_selector(".problem:has-text('must be a time')")
        assert page.get_by_role("heading", name="Event of your own").is_visible()
        assert '"Lost"' in page.locator("#event .cm-content").inner_text()
        page.get_by_role("button", name="Fix: leave time out where timestamp is not a time").click()
        page.wait_for_selector(".card.sent:has-text('Behaviour')")
        page.get_by_role("tab", name="Delivery").click()
        page.get_by_role("button", name="Map these events again by the rules on this page").click()
        page.get_by_text("1 part pending now").wait_for()
        page.get_by_role("img", name="dead: 0, at most 1").wait_for()
        assert window.complaints == []


def test_the_fate_of_an_event_is_found_by_its_message_id(browser: Any, folder: Path) -> None:
    queue = accepted_queue(folder, [{"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}])
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    with served(studio(folder / "shop.rules", lines, queue=queue)) as shop:
        window = Window(browser, shop)
        page = window.page
        page.get_by_role("tab", name="Delivery").click()
        page.get_by_label("Message ID of an event").fill("m-1")
        page.keyboard.press("Enter")
        page.wait_for_selector(".fate li:has-text('m-1: accepted from outbox')")
        page.wait_for_selector(".fate li li:has-text('pending')")
        assert window.violations() == []
        window.shoot("fate")
        page.get_by_label("Message ID of an event").fill("m-2")
        page.get_by_role("button", name="What became of it?").click()
        page.get_by_text("No event with the ID m-2").wait_for()
        assert window.complaints == []


def test_rules_are_shared_by_the_end_of_a_link(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    window.type_at_end("\n# told by a link: ü 😀")
    page.get_by_role("button", name="Share").click()
    until(window, "() => document.querySelector('textarea.link').value.startsWith('#rules=')")
    assert window.violations() == []
    link = page.locator("textarea.link").input_value()
    assert TOKEN not in link
    page.keyboard.press("Escape")
    other = Window(browser, shop)
    other.page.goto("about:blank")
    other.page.goto(other.home + link)
    other.page.wait_for_selector("tr[data-id]")
    other.editor().click()
    other.page.keyboard.press("Control+End")
    other.page.wait_for_selector("#editors .cm-line:has-text('told by a link: ü 😀')")
    assert other.page.url.endswith("#requests")
    assert other.complaints == window.complaints == []


def test_everything_is_reached_by_the_keyboard(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    reached: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
            )
        )
        if reached[-1] == reached[0] and len(reached) > 1:
            break
    wanted = [
        "shop.rules",
        "Run tests",
        "Share",
        "Rules of shop.rules",
        "Search events",
        "Save event as test",
        "Requests",
    ]
    assert [name for name in wanted if not any(address.startswith(name) for address in reached)] == []
    page.locator("#tab-requests").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#tab-why[aria-selected=true]:focus")
