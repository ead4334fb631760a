"""A form is written as a browser writes it, for any text."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.form_encoding import form_text

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(texts, texts, max_size=3))
@example({"api_key": "KEY", "identification": '{"a":"ä b+c%20","d":[1.5,null],"e":"/?=&;\'()\\\\"}'})
@example({"all of ASCII": "".join(map(chr, range(128)))})
@example({"seen": "".join(chr(code) for code in range(32, 127))})
def test_a_form_is_written_as_a_browser_writes_it(fields: dict[str, str]) -> None:
    """All as the standard library has it, but for two signs that the URL Standard quotes the other way round."""
    assert form_text(fields) == urlencode(fields).replace("~", "%7E").replace("%2A", "*")
    assert parse_qsl(form_text(fields), keep_blank_values=True) == list(fields.items())
