"""The site: each page is in its navigation, and links beyond docs/ lead to the repository."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from release.site_links import on_page_markdown, on_post_page, on_post_template
from tests.paths import ROOT

CONFIG = {"extra": {"repository": "https://example.com/rulewright"}}


def page(source: str) -> SimpleNamespace:
    """A page as MkDocs hands it over."""
    return SimpleNamespace(file=SimpleNamespace(src_uri=source), url=source.replace(".md", ".html"), meta={})


def test_each_page_is_in_the_navigation_once() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
    listed = re.findall(r"- (?:\w+: )?([\w-]+\.md)$", navigation, re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize(
    ("source", "link", "target"),
    [
        ("release.md", "../CHANGELOG.md", "https://example.com/rulewright/blob/main/CHANGELOG.md"),
        ("release.md", "../CHANGELOG.md#x", "https://example.com/rulewright/blob/main/CHANGELOG.md#x"),
        ("decisions/1.md", "../../runtime/native", "https://example.com/rulewright/blob/main/runtime/native"),
        ("decisions/1.md", "../language.md", "../language.md"),
        ("language.md", "check.md", "check.md"),
    ],
)
def test_links_beyond_the_site_lead_to_the_repository(source: str, link: str, target: str) -> None:
    made = on_page_markdown(f"see [it]({link}).", page=page(source), config=CONFIG)
    assert made == f"see [it]({target})."


@pytest.mark.parametrize(("source", "shim"), [("a.md", "assets/"), ("decisions/1.md", "../assets/")])
def test_a_page_loads_its_search_from_the_site(source: str, shim: str) -> None:
    made = on_post_page('<script src="https://unpkg.com/iframe-worker/shim"></script>', page=page(source))
    assert made == f'<script src="{shim}iframe-worker.js"></script>'
    assert (ROOT / "docs" / "assets" / "iframe-worker.js").is_file()


def test_the_page_of_a_missing_page_loads_its_search_from_the_site() -> None:
    made = on_post_template('<script src="https://unpkg.com/iframe-worker/shim"></script>', template_name="404.html")
    assert made == '<script src="/assets/iframe-worker.js"></script>'
    with pytest.raises(ValueError, match=r"404\.html loads from another host"):
        on_post_template('<script src="https://example.com/x.js">', template_name="404.html")


@pytest.mark.parametrize(
    ("source", "last"), [("decisions/1.md", True), ("diagnostics/RW0001.md", True), ("diagnostics.md", False)]
)
def test_pages_about_one_thing_come_last_in_the_search(source: str, last: bool) -> None:
    shown = page(source)
    on_page_markdown("", page=shown, config=CONFIG)
    assert ("search" in shown.meta) == last


def test_a_page_that_loads_from_another_host_fails_the_build() -> None:
    with pytest.raises(ValueError, match=r"a\.md loads from another host: .*example\.com/x"):
        on_post_page('<img alt="" src="https://example.com/x.png">', page=page("a.md"))
    assert on_post_page('<a href="https://example.com/x">', page=page("a.md"))
