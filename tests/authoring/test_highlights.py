"""The kind of each token, in whole and in half written files."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.authoring.highlights import Highlighter, highlights
from rulewright.authoring.symbols import tree_of
from tests.paths import ROOT

HEAD = 'destination amplitude\n\nmapping "Orders" -> logEventV2 {\n  when type = "track"\n'
SHOP = (ROOT / "examples" / "shop.rules").read_text(encoding="utf-8")

KINDS: list[tuple[str, str, str]] = [
    ("", "destination", "keyword"),
    ("", "amplitude", "action"),
    ("", '"Orders"', "mapping"),
    ("", "logEventV2", "action"),
    ("", "when", "keyword"),
    ("", "type", "path"),
    ("", '"track"', "string"),
    ("  city = 1", "city", "field"),
    ("  city = 1.5", "1.5", "number"),
    ("  city = omit", "omit", "constant"),
    ("  city = lowercase(traits.city)", "lowercase", "function"),
    ("  city = lowercase(traits.city)", "traits.city", "path"),
    ('  city = "{{traits.city}}"', "traits.city", "path"),
    ("  event_properties = { when: type }", "when", "key"),
    ("  tags = [p.a for p in x]", ".a", "path"),
    ("  tags = [part.a for part in x]", "part", "variable"),
    ("  # why", "# why", "comment"),
    ("  on conflict fold", "fold", "constant"),
    ("  # an event path named like a word\n  city = mapping.test", "mapping.test", "path"),
    # What cannot be read is known by its words alone.
    ("  city = = 1", "1", "number"),
]


@pytest.mark.parametrize(("statement", "token", "kind"), KINDS)
def test_a_token_has_the_kind_that_it_means(statement: str, token: str, kind: str) -> None:
    text = f"{HEAD}{statement}\n}}\n"
    start = text.rindex(token)
    alike = [part for part in highlights(tree_of(text), text) if text[part.start : part.end] == token]
    assert [part.kind for part in alike if part.start == start or statement == ""][-1:] == [kind]


@example(780, 31, "")
@example(0, len(SHOP), "")
@example(0, len(SHOP), "# no item yet")
@given(
    st.integers(0, len(SHOP)), st.integers(0, 40) | st.integers(0, len(SHOP)), st.text('mapping "}{{}\n#é', max_size=9)
)
def test_tokens_of_any_text_are_in_order_and_inside_it(start: int, length: int, typed: str) -> None:
    text = SHOP[:start] + typed + SHOP[start + length :]
    tokens = highlights(tree_of(text), text)
    assert all(token.start < token.end <= len(text) for token in tokens)
    assert all(token.end <= after.start for token, after in itertools.pairwise(tokens))


@pytest.mark.parametrize(("text", "kinds"), [("", []), ("# nothing yet\n", ["comment"]), ("mapp", ["keyword"])])
def test_a_text_without_an_item_has_tokens_too(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in highlights(tree_of(text), text)] == kinds


def test_an_item_that_did_not_change_keeps_its_tokens() -> None:
    highlighter, tree = Highlighter(), tree_of(SHOP)
    before = [part.tokens for part in highlighter.parts(tree, SHOP)]
    after = [part.tokens for part in highlighter.parts(tree, SHOP)]
    assert [old is new for old, new in zip(before, after, strict=True)][1::2] == [True] * len(tree.items)
