"""Links of the site: to files of the repository that are not part of it, and none to other hosts that a page needs.

It also says which pages the search shows last.

MkDocs calls the functions here.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

_SHIM = "https://unpkg.com/iframe-worker/shim"
"""What the theme loads for a search without a server; docs/assets/ has a copy."""
_LOADED = re.compile(r'<(?:script|img)[^>]* src="https?://[^"]+|<link[^>]* rel="stylesheet" href="https?://[^"]+')
_LAST = {"decisions", "diagnostics"}
"""Folders whose pages the search shows after the others: each is about one thing that a page links to."""
_LINK = re.compile(r"\]\((\.\./[^)#\s]+)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """The page, whose links beyond docs/ lead to the repository."""
    folder = PurePosixPath(page.file.src_uri).parent
    if folder.name in _LAST:
        page.meta["search"] = {"boost": 0.2}

    def target(link: re.Match[str]) -> str:
        parts: list[str] = ["docs", *folder.parts]
        for part in PurePosixPath(link[1]).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        if parts[0] == "docs":
            return link[0]
        return f"]({config['extra']['repository']}/blob/main/{'/'.join(parts)}"

    return _LINK.sub(target, markdown)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """The page, which loads nothing from another host. Raises ValueError for one that does."""
    return _own(output, "../" * (len(PurePosixPath(page.url).parts) - 1), page.file.src_uri)


def on_post_template(output: str, *, template_name: str, **_: Any) -> str:
    """The same for what is no page of docs/, such as 404.html, which a server shows in place of any page."""
    return _own(output, "/", template_name)


def _own(output: str, root: str, name: str) -> str:
    output = output.replace(_SHIM, f"{root}assets/iframe-worker.js")
    if loaded := _LOADED.search(output):
        raise ValueError(f"{name} loads from another host: {loaded[0]}")
    return output
