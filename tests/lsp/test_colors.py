"""The colors of the extension: every token that the parser finds is colored as its kind."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from rulewright.authoring.highlights import highlights
from rulewright.authoring.symbols import tree_of
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_file
from tests.paths import ROOT

EXTENSION = ROOT / "editors" / "vscode"
NODE = shutil.which("node")
SCOPES = {
    "comment": ("comment",),
    "string": ("string", "support.type.property-name"),
    "number": ("constant.numeric",),
    "operator": ("keyword.operator",),
    "keyword": ("keyword", "storage"),
    "constant": ("constant.language",),
    "mapping": ("entity.name.function", "string"),
    "test": ("entity.name.section",),
    "action": ("entity.name.type",),
    "field": ("variable.other.member",),
    "key": ("support.type.property-name",),
    "function": ("entity.name.function.call",),
    "path": ("variable.other.path",),
    "variable": ("variable.other.path",),
}
"""By the kind of a token, how the name of its color begins; a text that is named may be colored as a text."""

pytestmark = pytest.mark.skipif(
    NODE is None or not (EXTENSION / "node_modules" / "vscode-textmate").exists(),
    reason="Node or vscode-textmate is not installed; `make editors-test` installs it",
)


def _files() -> list[Path]:
    return sorted(path for folder in ("rules", "examples") for path in (ROOT / folder).rglob("*.rules"))


def test_every_token_is_colored_as_its_kind() -> None:
    texts = [path.read_text(encoding="utf-8") for path in _files()] + _examples()
    done = subprocess.run(
        [str(NODE), str(EXTENSION / "tests" / "scopes.js")],
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    wrong = []
    for text, colored in zip(texts, json.loads(done.stdout), strict=True):
        scopes = {start: names for start, _, names in colored}
        starts = sorted(scopes)
        for token in highlights(tree_of(text), text):
            start = max(start for start in starts if start <= token.start)
            if not any(name.startswith(SCOPES[token.kind]) for name in scopes[start][1:]):
                line = text[text.rfind("\n", 0, token.start) + 1 :].split("\n")[0]
                wrong.append((token.kind, text[token.start : token.end], scopes[start][1:], line))
    assert wrong == []


def _examples() -> list[str]:
    """The rules of the pages of codes, as far as the parser can read them; offsets count the same in Node."""
    pages = sorted((ROOT / "docs" / "diagnostics").glob("*.md"))
    blocks = [block for page in pages for block in page.read_text(encoding="utf-8").split("```rules\n")[1:]]
    texts = [block.split("```")[0] for block in blocks]
    return [text for text in texts if text.isascii() and not read_file(Source("<page>", text))[1]]
