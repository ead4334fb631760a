"""A window of Debian's Chromium on the studio, for tests that do what a person does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright.studio.page_api import studio
from tests.paths import ROOT

from .conftest import TOKEN, Page, served

CHROMIUM = shutil.which("chromium")
AXE = ROOT / "studio" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("STUDIO_SHOTS")
"""A folder for screenshots, to be looked at; none are taken without it."""
LOOKS = [(1280, 720, "light"), (1280, 720, "dark"), (1920, 1080, "light"), (1920, 1080, "dark")]

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed; `make studio-test` does")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not AXE.exists(), reason="Chromium or axe-core is not installed; `make studio-test` does"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def shop(folder: Path) -> Iterator[Page]:
    """A studio with all events of the examples."""
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    with served(studio(folder / "shop.rules", lines, "events.jsonl", write=True)) as page:
        yield page


class Window:
    """A window on the studio, which notes what the page complains of."""

    def __init__(
        self,
        browser: Any,
        shop: Page,
        width: int = 1280,
        height: int = 720,
        scheme: str = "light",
        ready: str = "tr[data-id], .chip.failed",
    ) -> None:
        """Waits until each part of `ready` is on the page."""
        self.name = f"{width}x{height}-{scheme}"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.home = f"{shop.home}/{TOKEN}/"
        self.page.goto(self.home)
        for selector in ready.split(", "):
            self.page.wait_for_selector(selector)

    def shoot(self, name: str) -> None:
        """A picture, where pictures are wanted."""
        if SHOTS is not None:
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{self.name}.png")

    def editor(self) -> Any:
        """The text of the rule file on the screen."""
        return self.page.locator("#editors .cm-content:visible")

    def look_at_it_again(self) -> None:
        """Comes back from another program."""
        self.page.evaluate("dispatchEvent(new Event('focus'))")

    def open_file(self, name: str) -> None:
        """Puts another file on the screen."""
        self.page.locator("#files button", has_text=name).click()

    def type_at_end(self, text: str) -> None:
        """Puts a text at the end of the file on the screen: a line end that is typed may take a completion."""
        self.editor().click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(text)

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is."""
        self.page.evaluate(AXE.read_text())
        violations = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [
            f"{violation['id']}: {[node['html'][:200] for node in violation['nodes'][:3]]}" for violation in violations
        ]


def until(window: Window, expression: str, argument: Any = None) -> None:
    window.page.wait_for_function(expression, arg=argument)
