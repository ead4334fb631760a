"""A text that changed is cut as it would be if it had never been another."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl.source import Source
from rulewright.dsl.syntax import splitter as text_to_items
from rulewright.dsl.syntax.splitter import Splitter

PIECES = (
    "mapping", '"A" ->', "{", "}", "(", "\n", "\n\n", "# c\n", "#", '"', "\\", " ", "disabled",
    "destination amplitude", "drop when a", "when x = {", 'mapping "A" -> logEvent {\n  when a\n}\n', 'test "t" {\n',
    "nonsense here", "mappin x", "\ufeff", "include", "settings {", "é", "and b", "=",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def cuts(cutter: Splitter, text: str) -> Any:
    source = Source("a", text)
    items, comments, stray = cutter.cut(source)
    spans = [*items, *(comment.span for comment in comments), *([stray] if stray else [])]
    assert all(span.source is source for span in spans)
    return [(span.start, span.end) for span in spans], comments


@settings(max_examples=400, deadline=None)
@given(text=texts, data=st.data())
def test_whatever_is_changed(text: str, data: st.DataObject) -> None:
    cutter = Splitter()
    cuts(cutter, text)
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)) | st.just(start))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | texts) + text[end:]
        assert cuts(cutter, text) == cuts(Splitter(), text)


def test_only_what_changed_is_looked_through(monkeypatch: Any) -> None:
    looked: list[int] = []

    def stands(text: str, start: int, word: str) -> bool:
        looked.append(start)
        return True

    monkeypatch.setattr(text_to_items, "_stands_apart", stands)
    text = "".join(f"item {number:02}\n" for number in range(50))
    cutter = Splitter()
    assert cuts(cutter, text) == cuts(Splitter(), text)
    looked.clear()
    cuts(cutter, text.replace("item 20\n", "item 20 and more\n"))
    assert [start // 8 for start in looked] == [18, 19, 20, 22]
