"""A form is written as a browser writes it, for any text."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.form_encoding import _form_text, form_text
from rulewright.runtime.native import native
from tests.native_part import needs_native

ASCII = {"all of ASCII": "".join(map(chr, range(128)))}
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(texts, texts, max_size=3))
@example({"api_key": "KEY", "identification": '{"a":"ä b+c%20","d":[1.5,null],"e":"/?=&;\'()\\\\"}'})
@example(ASCII)
@example({})
@example({"": ""})
@example({"a": "", "": "b"})
@example({"ascii": "ascii", "not": "é"})
@example({"seen": "".join(chr(code) for code in range(32, 127))})
def test_a_form_is_written_as_a_browser_writes_it(fields: dict[str, str]) -> None:
    """All as the standard library has it, but for two signs that the URL Standard quotes the other way round."""
    expected = urlencode(fields).replace("~", "%7E").replace("%2A", "*")
    assert form_text(fields) == _form_text(fields) == expected
    assert parse_qsl(form_text(fields), keep_blank_values=True) == list(fields.items())


@needs_native
def test_c_writes_only_ascii() -> None:
    assert native.ascii_form(ASCII) is not None
    others: list[object] = [
        {"a": "é"},
        {"é": "a"},
        {"a": 1},
        {1: "a"},
        {"a": type("Text", (str,), {})("a")},
        {},
        [],
        None,
    ]
    assert [native.ascii_form(other) for other in others] == [None] * len(others)  # type: ignore[arg-type]
