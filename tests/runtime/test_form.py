"""A form is written as the standard library writes it, for any text."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.form import form_text

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(texts, texts, max_size=3))
@example({"api_key": "KEY", "identification": '{"a":"ä b+c%20","d":[1.5,null],"e":"/?=&;\'()\\\\"}'})
@example({"all of ASCII": "".join(map(chr, range(128)))})
@example({"seen": "".join(chr(code) for code in range(32, 127))})
def test_a_form_is_written_as_the_library_writes_it(fields: dict[str, str]) -> None:
    assert form_text(fields) == urlencode(fields)
