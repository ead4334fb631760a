"""Each function of the part in C gives what its form in Python gives."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude import limits
from rulewright.runtime.native import native
from rulewright.runtime.opt_outs import _holds_false
from rulewright.runtime.semantics.dates import _iso_milliseconds
from rulewright.runtime.semantics.object_keys import _add_missing, _has_only, _surely_has_ids
from tests.cli.processes import environment
from tests.native_part import needs_native
from tests.paths import ROOT

pytestmark = needs_native

TIMES = """
2024-02-29T00:00:00.000Z 2023-02-29T00:00:00.000Z 1900-02-29T00:00:00.000Z 2000-02-29T23:59:59.999Z
0001-01-01T00:00:00.000Z 0000-01-01T00:00:00.000Z 9999-12-31T23:59:59.999Z 1969-12-31T23:59:59.999Z
2024-13-01T00:00:00.000Z 2024-00-01T00:00:00.000Z 2024-01-00T00:00:00.000Z 2024-04-31T00:00:00.000Z
2024-01-01T24:00:00.000Z 2024-01-01T00:60:00.000Z 2024-01-01T00:00:60.000Z 2024-01-01T00:00:00.0000
2024-01-01T00:00:00,000Z 2024/01/01T00:00:00.000Z 2024-01-01t00:00:00.000Z 2024-01-01T00:00:00.000z
2024-01-01T00:00:00.00Z 2024-01-01T00:00:00.0000Z +024-01-01T00:00:00.000Z 2024-01-01T00:00:0_.000Z
٢٠٢٤-01-01T00:00:00.000Z 2024-01-01T00:00:00.00\u0660Z x
""".split()


@pytest.mark.parametrize("text", [*TIMES, "", None, 1700000000000, b"2024-01-01T00:00:00.000Z"])
def test_a_time_is_read_as_python_reads_it(text: Any) -> None:
    assert native.iso_milliseconds(text) == _iso_milliseconds(text)


@given(st.datetimes(), st.integers(0, 23), st.sampled_from("0123456789-:.TZ+ ٣"))
def test_any_time_is_read_as_python_reads_it(moment: Any, place: int, other: str) -> None:
    text = f"{moment.isoformat(timespec='milliseconds')}Z"
    assert native.iso_milliseconds(text) == _iso_milliseconds(text)
    changed = text[:place] + other + text[place + 1 :]
    assert native.iso_milliseconds(changed) == _iso_milliseconds(changed)


@pytest.mark.parametrize(
    "value",
    [{}, {"a": False}, {"a": 0, "b": None, "c": ""}, {"a": {"b": False}}, {1: True, 2: False}, [False], False, None],
)
def test_false_is_found_in_an_object_as_python_finds_it(value: Any) -> None:
    assert native.holds_false({"at": value}, "at") is _holds_false({"at": value}, "at")


NAMES = ("a", "b")


@pytest.mark.parametrize(
    ("value", "has_only"),
    [
        ({}, True),
        ({"b": 1}, True),
        ({"b": 1, "a": None}, True),
        ({"a": 1, "c": 1}, False),
        ({1: 1}, False),
        ({type("Text", (str,), {})("a"): 1}, False),
        (type("Dict", (dict,), {})(), False),
        (["a"], False),
        (None, False),
    ],
)
def test_keys_are_compared_with_names_as_python_compares_them(value: Any, has_only: bool) -> None:
    assert native.has_only(value, NAMES) is _has_only(value, NAMES) is has_only


class Text(str):
    pass


@pytest.mark.parametrize(
    ("value", "has_ids"),
    [
        ({"a": "12345"}, True),
        ({"b": "12345", "a": None}, True),
        ({"a": "12345", "b": "123456", "c": "1"}, True),
        ({"a": "éüößä"}, False),
        ({"a": "1234"}, False),
        ({"a": "12345", "b": "1234"}, False),
        ({"a": "01234"}, True),
        ({"a": "00123"}, False),
        ({"a": "00000"}, False),
        ({"a": " 12345"}, False),
        ({"a": "12345 "}, False),
        ({"a": "\u200b12345"}, False),
        ({"a": "12345\u200b"}, False),
        ({"a": "1 2\u200b345~"}, True),
        ({"a": "!12345"}, True),
        ({"a": "12345\x7f"}, False),
        ({"a": ""}, False),
        ({"a": "12345", "b": ""}, False),
        ({"a": 12345}, False),
        ({"a": Text("12345")}, False),
        ({"a": None, "b": None}, False),
        ({"c": "12345"}, False),
        ({}, False),
    ],
)
def test_usual_ids_are_told_from_those_that_have_to_be_checked(value: Any, has_ids: bool) -> None:
    assert native.surely_has_ids(value, ("a", "b"), 5) is has_ids
    assert not _surely_has_ids(value, ("a", "b"), 5)


@pytest.mark.parametrize(("value", "has_ids"), [("0", False), ("1", True), ("é", False), ("", False)])
def test_an_id_of_one_character_is_usual_if_it_is_a_sign_of_ascii_but_zero(value: str, has_ids: bool) -> None:
    assert native.surely_has_ids({"a": value}, ("a", "b"), 1) is has_ids


IDS = [
    "none",
    "unknown",
    "anonymous",
    "   anonymous   ",
    "\u200bundefined\u200b",
    "0" * 36,
    "00000000-0000-0000-0000-000000000000",
    None,
]


@given(st.dictionaries(st.sampled_from(["user_id", "device_id"]), st.text(max_size=14) | st.sampled_from(IDS)))
def test_usual_ids_are_accepted(ids: dict[str, Any]) -> None:
    if native.surely_has_ids(ids, ("user_id", "device_id"), limits.SURELY_LONG_ID):
        limits.check_ids(ids.get("user_id"), ids.get("device_id"), None)


@pytest.mark.parametrize("arguments", [(), ({}, NAMES), ([], NAMES, 5), ({}, [], 5), ({}, NAMES, "5"), ({}, ([],), 5)])
def test_ids_are_looked_for_in_a_dict(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.surely_has_ids(*arguments)


@pytest.mark.parametrize("add", [getattr(native, "add_missing", _add_missing), _add_missing])
@pytest.mark.parametrize(
    ("target", "source", "result"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"b": 1, "a": 2}, {"b": 1, "a": 2}),
        ({"c": 0, "a": None}, {"b": 1, "a": 2, "d": 3}, {"c": 0, "a": None, "b": 1, "d": 3}),
    ],
)
def test_only_missing_keys_are_added(add: Any, target: Any, source: Any, result: Any) -> None:
    target, given = dict(target), dict(source)
    add(target, given)
    assert list(target.items()) == list(result.items())
    assert given == source


@pytest.mark.parametrize("arguments", [(), ({},), ({}, []), ({}, {"a"}), ({}, NAMES, 1)])
def test_keys_are_compared_with_a_tuple(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.has_only(*arguments)


@pytest.mark.parametrize("arguments", [(), ({},), ({}, [("a", 1)]), ([], {}), ({}, {}, {})])
def test_keys_are_added_to_a_dict_from_a_dict(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.add_missing(*arguments)


def test_a_run_without_the_part_in_c_sends_the_same() -> None:
    rules, events = "rules/amplitude/presets.rules", "examples/events.jsonl"
    command = [sys.executable, "-m", "rulewright", "run", rules, events]
    with_c, without = (
        subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, check=False)
        for more in ({}, {"RULEWRIGHT_NATIVE": "off"})
    )
    assert with_c.stdout.count(b"\n") > 100
    assert (with_c.returncode, with_c.stdout, with_c.stderr) == (without.returncode, without.stdout, without.stderr)
