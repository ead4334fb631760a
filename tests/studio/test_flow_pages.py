"""The pages of `lineage` and `run --report` in Debian's Chromium: whole, readable, and reached by the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import rulewright as command
from tests.paths import ROOT

from .windows import AXE, LOOKS, SHOTS, browser, pytestmark

__all__ = ["browser", "pytestmark"]

EXAMPLES = ROOT / "examples"
PAGES = {
    "lineage": ("lineage", "shop.rules", "--format", "html", "--output", "{page}"),
    "lineage-unfolded": ("lineage", "shop.rules", "--events", "events.jsonl", "--format", "html", "-o", "{page}"),
    "report": ("run", "shop.rules", "events.jsonl", "--report", "{page}"),
}
TABLES = {
    "lineage": ["Personal data", "Triggers", "Values", "Read to decide"],
    "lineage-unfolded": ["Personal data", "Triggers", "Values", "Read to decide"],
    "report": ["Ways", "Failures"],
}
_TEXTS_CUT = """() => {
  const svg = document.querySelector('svg').getBoundingClientRect();
  return [...document.querySelectorAll('svg text')]
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.left < svg.left || box.right > svg.right + 1)
    .map(([text]) => text);
}"""
_TEXTS_OVERLAP = """() => {
  const texts = [...document.querySelectorAll('svg text')];
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([name, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2)
    .map(([other]) => `${name} and ${other}`));
}"""


@pytest.fixture(scope="module", params=PAGES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The name of a page, and its file as the command writes it."""
    page = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    files = {"shop.rules": str(EXAMPLES / "shop.rules"), "events.jsonl": str(EXAMPLES / "events.jsonl")}
    arguments = [files.get(argument, argument.format(page=page)) for argument in PAGES[request.param]]
    assert command(*arguments).returncode == 0
    return request.param, page


@pytest.mark.parametrize(("width", "height", "scheme"), LOOKS)
def test_a_page_is_readable_and_complains_of_nothing(
    browser: Any, written: tuple[str, Path], width: int, height: int, scheme: str
) -> None:
    name, file = written
    # The page's own policy allows no script, so not that of axe-core either.
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True, offline=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    if SHOTS is not None:
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}x{height}-{scheme}.png")
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [
        (violation["id"], [node["html"][:200] for node in violation["nodes"][:3]]) for violation in violations
    ] == []
    assert page.evaluate(_TEXTS_CUT) == []
    assert page.evaluate(_TEXTS_OVERLAP) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []
    context.close()


def test_the_keyboard_reaches_each_table_and_scrolls_the_diagram(browser: Any, written: tuple[str, Path]) -> None:
    name, file = written
    context = browser.new_context(viewport={"width": 800, "height": 600}, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    for title in TABLES[name]:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == title
    page.keyboard.press("Enter")
    page.wait_for_function("window.scrollY > 0")
    assert page.url.endswith(f"#table-{len(TABLES[name])}")
    # Chromium drops the jump to a table while a key still scrolls the diagram.
    page.goto(file.as_uri())
    for _ in range(len(TABLES[name]) + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "figure"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    context.close()


def test_the_page_runs_no_script_by_its_own_policy(browser: Any, written: tuple[str, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file_with_script(written[1]).as_uri())
    assert page.title() != "changed"
    assert "Content Security Policy" in " ".join(complaints)
    context.close()


def file_with_script(page: Path) -> Path:
    """The page as it would be if an event's text could become a script."""
    text = page.read_text(encoding="utf-8").replace("</main>", "<script>document.title = 'changed'</script></main>")
    changed = page.with_name(f"{page.stem}-with-script.html")
    changed.write_text(text, encoding="utf-8")
    return changed
