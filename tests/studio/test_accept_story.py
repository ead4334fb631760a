"""Accepting what came, in the browser: the difference is read, made in the editor, taken back, and saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .conftest import Page
from .windows import Window, browser, pytestmark, shop, until

__all__ = ["browser", "pytestmark", "shop"]

TEST = """
test "people are companies" {
  given { "type": "identify", "userId": "user-42" }
  expect "Companies"
}
test "all that an alias becomes" {
  given { "type": "alias", "userId": "user-42" }
  expect snapshot
}
"""


def test_what_came_is_accepted_run_and_taken_back(browser: Any, shop: Page, folder: Path) -> None:
    before = (folder / "shop.test.rules").read_text()
    window = Window(browser, shop)
    page = window.page
    window.open_file("shop.test.rules")
    window.type_at_end(TEST)
    page.get_by_role("button", name="Run tests").click()
    card = page.locator(".card.failed", has_text="people are companies")
    card.get_by_role("button", name="Accept what came").click()
    page.wait_for_selector(".diff pre.removed:has-text('expect \"Companies\"')")
    page.wait_for_selector(".diff pre.added:has-text('expect no \"Companies\"')")
    assert window.violations() == []
    window.shoot("accept")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card.sent.fresh:has-text('people are companies')")
    assert 'expect no "Companies"' in window.editor().inner_text()
    assert (folder / "shop.test.rules").read_text() == before

    page.locator(".card.failed").get_by_role("button", name="Accept what came").click()
    page.get_by_role("button", name="Accept and run").click()
    page.wait_for_selector(".card.sent.fresh:has-text('all that an alias becomes')")
    page.locator("#files button", has_text="shop.snapshots.json").wait_for()
    assert window.violations() == []
    window.shoot("accepted")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert list(json.loads((folder / "shop.snapshots.json").read_text())) == ["all that an alias becomes"]
    assert 'expect no "Companies"' in (folder / "shop.test.rules").read_text()

    window.open_file("shop.test.rules")
    window.editor().click()
    page.keyboard.press("Control+z")
    until(
        window,
        "(text) => !document.querySelector('#editors .cm-editor:not([hidden])').innerText.includes(text)",
        'no "Com',
    )
    assert window.complaints == []


def test_what_is_not_accepted_is_said(browser: Any, shop: Page) -> None:
    window = Window(browser, shop)
    page = window.page
    window.open_file("shop.test.rules")
    event = '{ "type": "track", "event": "Seen", "userId": "user-42" }'
    window.type_at_end(f'test "t" {{\n  given {event}\n  expect no value of userId in requests\n}}\n')
    page.get_by_role("button", name="Run tests").click()
    page.locator(".card.failed").get_by_role("button", name="Accept what came").click()
    page.get_by_role("alert").filter(has_text="says what must never be sent").wait_for()
    assert window.violations() == []
    page.keyboard.press("Escape")
    until(window, "() => !document.querySelector('#dialog').open")
    assert window.complaints == [
        "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    ]
