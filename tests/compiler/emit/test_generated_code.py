"""No text of an author becomes code, and the same rules give the same module."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.emit.python_code import Names, Python, code, comment, join, literal
from rulewright.compiler.emit.templates import render

ATTACK = "'\"); __import__('os').abort(); #\"\"\"\n\\'{}{{ }}{% raw %}\u2028\x00"

RULES = """destination amplitude
mapping NAME -> logEventV2 {
  when PATH = TEXT or PATH in [TEXT, TEXT] or contains(PATH, TEXT) or match(PATH, TEXT) and !(PATH != TEXT)
  event_type = coalesce(PATH, TEXT)
  user_id    = INNER
  city       = PATH
  country    = PATH
  groups     = { KEY: TEXT, other: PATH, more: { KEY: INNER } }
  setOnce    = { KEY: INNER, initial_referrer: PATH }
  event_properties = { KEY: [ { KEY: p.KEY, b: TEXT } for p in INNER if p.KEY = TEXT ] }
  products   = [ { KEY: p.KEY, productId: p.KEY } for p in properties.lines ]
}
"""

PIECES = ["'", '"', '"""', "\\", "\n", "{", "}", "{{", "}}", "#", ")", "__import__('os')", "x"]
hostile = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.lists(
        st.sampled_from(["'", '"', '"""', "\\", "\n", "{", "}", "{{", "}}", "#", ")", "__import__('os')", "x"]),
        max_size=8,
    ).map("".join),
)


def rules(text: str) -> str:
    """Rules with a text in every place where an author may write one."""
    quoted = json.dumps(text, ensure_ascii=False).replace("{{", "{\\u007b")
    return (
        RULES.replace("NAME", quoted)
        .replace("INNER", f"properties.{quoted}.{quoted}")
        .replace("PATH", f"traits.{quoted}")
        .replace("KEY", quoted)
        .replace("TEXT", quoted)
    )


def names_and_attributes(module: str) -> set[str]:
    """Every identifier of a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module)):
        for field in ("id", "attr", "name", "arg", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                names.add(value)
    return names


PLAIN = names_and_attributes(rulewright.compile_source(rules("plain")))


@settings(max_examples=150, deadline=None)
@given(hostile)
@example("__import__('os')" * 5)
def test_an_author_s_text_is_never_code(text: str) -> None:
    try:
        module = rulewright.compile_source(rules(text))
    except rulewright.RuleError:
        return
    new = names_and_attributes(module) - PLAIN
    assert all(name.isidentifier() and name.isascii() and "__" not in name for name in new), new


def test_a_module_of_attacks_alone_does_nothing_but_map() -> None:
    source = rules(ATTACK)
    module = rulewright.compile_source(source)
    tree = ast.parse(module)
    functions = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert {node.attr for node in functions if isinstance(node, ast.Attribute)} <= {
        "get",
        "append",
        "of_events",
        "of_views",
    }
    named = {node.id for node in functions if isinstance(node, ast.Name)}
    tables = {"copy_import_os_abort_raw", "copy_view_import_os_abort_raw"}
    assert named <= {name for name in PLAIN if not name.startswith("plain")} | {"match_traits"} | tables, named - PLAIN
    assert len([node for node in ast.walk(tree) if isinstance(node, ast.Import)]) == 0
    event: dict[str, Any] = {"traits": {ATTACK: ATTACK}, "properties": {ATTACK: {ATTACK: "user-1"}}}
    outcome = rulewright.load(source, settings={"apiKey": "KEY"})(event)
    assert outcome.matched == [ATTACK]
    assert not outcome.failures
    (request,) = outcome.requests
    assert request.json is not None
    (sent,) = request.json["events"]
    assert (sent["event_type"], sent["user_id"], sent["city"]) == (ATTACK, "user-1", ATTACK)
    assert sent["groups"] == {ATTACK: ATTACK, "other": ATTACK}
    assert [warning.code for warning in outcome.warnings] == ["not_a_group"]


def test_the_same_rules_give_the_same_module() -> None:
    source = rules("a b")
    assert rulewright.compile_source(source) == rulewright.compile_source(source)


@given(hostile)
def test_a_literal_gives_its_text_back(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert ast.literal_eval(literal((text, 1, (None, text)))) == (text, 1, (None, text))


@given(hostile)
def test_a_comment_is_one_line(text: str) -> None:
    assert len(comment(text).splitlines()) == 1
    assert ast.parse(comment(text)).body == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("An order", "# An order"),
        ("a\n\tb  c", "# a b c"),
        ("a\u202eb", "# a·b"),
        ("a\x00b\x1bc", "# a·b·c"),
        ("x" * 150, "# " + "x" * 150),
        ("x" * 151, "# " + "x" * 150 + "…"),
    ],
)
def test_a_comment_shows_the_text(text: str, shown: str) -> None:
    assert comment(text) == shown


@given(st.lists(hostile, max_size=5))
def test_names_are_safe_and_given_once(hints: list[str]) -> None:
    names = Names(["event"])
    given_ = [names.fresh(hint) for hint in hints]
    assert len({*given_, "event"}) == len(given_) + 1
    assert all(name.isidentifier() and name.islower() and not name.startswith("_") for name in given_)


def test_text_is_refused_where_code_is_wanted() -> None:
    with pytest.raises(TypeError, match="text, not code"):
        code("{}", "event")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="text, not code"):
        join(", ", ["event"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="text, not code"):
        render("function.py.j2", calls=[], functions=["import os"])
    with pytest.raises(TypeError, match="no literal"):
        literal([])
    with pytest.raises(ValueError, match="more code than placeholders"):
        code("{}", Python("a"), Python("b"))
    with pytest.raises(ValueError, match="more placeholders than code"):
        code("{} {}", literal(1))


def test_a_module_imports_what_it_uses_and_nothing_else() -> None:
    module = rulewright.compile_source(rules("plain"))
    tree = ast.parse(module)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported <= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {"CompiledProgram", "main", "put"} <= imported
