"""A check after a change finds exactly what a first check of the changed files finds."""

from __future__ import annotations

import gc
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.checking import Checked, Checker
from rulewright.compiler import ir
from rulewright.compiler.analysis.findings import all_findings as findings
from rulewright.compiler.resolve import mapping as mapping_to_ir
from rulewright.dsl import ast
from rulewright.dsl.render.json import diagnostic_data, suppressed_data
from rulewright.dsl.render.text import render_all
from rulewright.dsl.rule_error import RuleError
from rulewright.dsl.source import Source, Span
from rulewright.dsl.syntax import reader as text_to_ast

_TRIGGERS = (
    'type = "track"', 'type = "track" and event = "A"', 'type = "track" and event = "B" # allow RW0403: both', "true",
    'type = "page" or contxt.page.path = "/"', 'type = "a" and type = "b"', 'match(event, "abc")',
    "properties.total > 100", "length(properties.items) > length(traits.items)", 'type = = "track"',
)  # fmt: skip
_FIELDS = (
    "use defaults", "use defaults\n  user_properties = traits\n  setOnce = { plan: traits.plan }", "user_id = userId",
    "event_type = event\n  user_id = userId", "event_typ = event", "event_type = nam(event)\n  revenue = event",
    "on conflict fold\n  use defaults", "use defaults\n  event_type = [",
)  # fmt: skip
_OTHERS = (
    "destination amplitude", "destination amplitud", 'drop when type = "track" and event = "A"', "drop when type = 1",
    "drop properties.total", "keep traits.plan when type = 'page'", 'settings { endpoint = "europe" }',
    'settings { secret_key = "x" }', 'source schema "plan.json"', 'include "part.rules"', 'include "none.rules"',
    "# allow RW0403: both are wanted", "# allow RW0407", "# allow RW0999: what", "mapping", "}", "{ (", "nonsense here",
    'test "one" { given { "type": "track" } expect "First" { requests[0].action = "logEvent" } expect no "Secnd" }',
    'test "one" { expect no "First" }', 'test "two" { given "plan.json" expect no "First" }',
)  # fmt: skip
_PLANS = (
    '{"type": "object", "properties": {"properties": {"properties": {"total": {"type": "string"}}}}}',
    '{"type": "object", "properties": {"traits": {"properties": {"plan": {}}, "additionalProperties": false}}}',
    "[]", "{",
)  # fmt: skip

mappings = st.builds(
    'mapping "{}" -> {} {{\n  when {}\n  {}\n}}'.format,
    st.sampled_from(("First", "Second", "Third")),
    st.sampled_from(("logEvent", "logEventV2", "identifyUser", "logEvnt")),
    st.sampled_from(_TRIGGERS),
    st.sampled_from(_FIELDS),
)
items = st.one_of(mappings, st.sampled_from(_OTHERS))


def said(checked: Checked) -> dict[str, Any]:
    """All that a check says, with every place as text, line and column."""
    spans = [span for finding in checked.findings for span in (finding.span, *(label.span for label in finding.others))]
    return {
        "text": render_all(checked.findings),
        "findings": [diagnostic_data(finding) for finding in checked.findings],
        "underlined": [span.text for span in spans],
        "silenced": [suppressed_data(*finding) for finding in checked.suppressed],
        "undecided": checked.undecided,
        "mappings": checked.mappings,
    }


def checked_by(checker: Checker, path: Path) -> dict[str, Any]:
    try:
        return said(checker.check(path))
    except RuleError as error:
        return said(Checked(error.diagnostics))


def edit(rules: list[str], data: st.DataObject) -> None:
    """One change, such as an author makes."""
    place = data.draw(st.integers(0, len(rules)))
    match data.draw(st.sampled_from(("insert", "repeat", "delete", "change", "swap", "move", "letter"))):
        case "insert":
            rules.insert(place, data.draw(items))
        case "repeat" if rules:
            rules.insert(place, data.draw(st.sampled_from(rules)))
        case "delete":
            del rules[place : place + 1]
        case "change" if place < len(rules):
            rules[place] = data.draw(items)
        case "swap":
            rules[:] = rules[place:] + rules[:place]
        case "move":
            rules.insert(place, "\n" * data.draw(st.integers(0, 2)) + "# a comment")
        case "letter" if place < len(rules):
            cut = data.draw(st.integers(0, len(rules[place])))
            rules[place] = (
                rules[place][:cut]
                + data.draw(st.sampled_from(("", "x", '"', "{", "}", "\n", "\0")))
                + (rules[place][cut + 1 :])
            )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_changed(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shop.rules")
        files = {
            path: [
                "destination amplitude",
                *['include "part.rules"'] * data.draw(st.integers(0, 2)),
                *data.draw(st.lists(items, max_size=4)),
            ],
            path.with_name("part.rules"): data.draw(st.lists(items, max_size=2)),
        }
        checker = Checker()
        for _ in range(6):
            edit(files[data.draw(st.sampled_from([path, path, *files]))], data)
            for name, rules in files.items():
                name.write_text("\n".join(rules), encoding="utf-8")
            path.with_name("plan.json").write_text(data.draw(st.sampled_from(_PLANS)), encoding="utf-8")
            assert checked_by(checker, path) == checked_by(Checker(), path)


_KEPT = (
    'mapping "Kept" -> logEvent {\n  when type = "track" and properties.total > 100\n'
    "  user_id = userId\n  event_type = event\n}\n"
)
_OTHER = _KEPT.replace("Kept", "Other")
HANGS_ON = [
    ("the destination", "destination amplitude", "destination amplitud"),
    ("its name among others", "destination amplitude", "destination amplitude\n" + _KEPT),
    ("a filter of paths", f"destination amplitude\ndrop traits.plan\n{_OTHER}",
     f"destination amplitude\ndrop properties\n{_OTHER}"),
    ("a filter of events", 'destination amplitude\ndrop when type = "page"',
     "destination amplitude\ndrop when exists(type)"),
    ("another mapping", f"destination amplitude\n{_OTHER}",
     "destination amplitude\n" + _OTHER.replace("track", "page")),
    ("what stands above", "destination amplitude\nmapping {", "# more\n\ndestination amplitude\nmapping {"),
    ("the plan", 'destination amplitude\nsource schema "none.json"',
     'destination amplitude\nsource schema "plan.json"'),
    ("a silence", "destination amplitude\nmapping {", "destination amplitude\n# allow RW0403: because\nmapping {"),
    ("an include", 'destination amplitude\ninclude "none.rules"', 'destination amplitude\ninclude "part.rules"'),
    ("a second include", 'destination amplitude\ninclude "part.rules"',
     'destination amplitude\ninclude "part.rules"\ninclude "part.rules"'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in HANGS_ON], ids=[row[0] for row in HANGS_ON])
def test_a_kept_mapping_depends_on(before: str, after: str, tmp_path: Path) -> None:
    tmp_path.joinpath("plan.json").write_text(_PLANS[0], encoding="utf-8")
    tmp_path.joinpath("part.rules").write_text(_KEPT.replace("Kept", "Part"), encoding="utf-8")
    path, checker = tmp_path / "shop.rules", Checker()
    results = []
    for head in (before, after, before):
        path.write_text(f"{head}\n{_KEPT}", encoding="utf-8")
        results.append(checked_by(checker, path))
        assert results[-1] == checked_by(Checker(), path)
    assert results[0] != results[1]
    assert results[0] == results[2]


def test_an_event_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path, checker = tmp_path / "shop.rules", Checker()
    path.write_text(f'destination amplitude\n{_KEPT}test "one" {{ given "event.json" expect "Kept" }}\n')
    codes = []
    for text in ("{}", "[]", "{}"):
        path.with_name("event.json").write_text(text, encoding="utf-8")
        codes.append([finding.code for finding in checker.check(path).findings])
    assert codes == [[], ["RW0702"], []]


def test_a_file_of_tests_is_held_against_the_rules_as_they_are_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, checker = tmp_path / "shop.test.rules", Checker()
    path.write_text('test "one" { given { "type": "track" } expect "Kept" }')
    parsed: list[str] = []
    read_item = text_to_ast._read_item

    def counted(source: Source, span: Span, *given: Any) -> Any:
        parsed.append(span.text.split("{")[0])
        return read_item(source, span, *given)

    monkeypatch.setattr(text_to_ast, "_read_item", counted)
    codes = []
    for name in ("Kept", "Gone", "Kept"):
        path.with_name("shop.rules").write_text("destination amplitude\n" + _KEPT.replace("Kept", name))
        codes.append([finding.code for finding in checker.check(path).findings])
    assert codes == [[], ["RW0212"], []]
    mapping = 'mapping "{}" -> logEvent '
    assert parsed == ['test "one" ', "destination amplitude", *map(mapping.format, ("Kept", "Gone", "Kept"))]


_MAPPINGS = "\n".join(
    f'mapping "M{number}" -> logEvent {{\n  when event = "E{number}"\n  user_id = userId\n  event_type = event\n}}'
    for number in range(20)
)


def test_a_change_of_one_mapping_costs_one_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    for module, name in ((mapping_to_ir, "_resolved"), (findings, "trigger_findings")):
        real = getattr(module, name)

        def counted(*given: Any, name: str = name, real: Any = real) -> Any:
            calls[name] += 1
            return real(*given)

        monkeypatch.setattr(module, name, counted)
    path, checker = tmp_path / "shop.rules", Checker()
    for text, cost in ((_MAPPINGS, 20), ("# above\n" + _MAPPINGS, 0), (_MAPPINGS.replace('"E3"', '"E4"'), 1)):
        calls.clear()
        path.write_text(f"destination amplitude\n{text}\n", encoding="utf-8")
        reported = checker.check(path).findings
        assert (calls["_resolved"], calls["trigger_findings"]) == (cost, cost)
    assert [finding.code for finding in reported] == ["RW0403"]


def test_nothing_is_held_of_a_mapping_that_went(tmp_path: Path) -> None:
    path, checker = tmp_path / "shop.rules", Checker()
    for number in range(4):
        changed = _MAPPINGS.replace('"M3"', f'"Changed {number}"')
        path.write_text(f"destination amplitude\n{changed}\n", encoding="utf-8")
        checker.check(path)
    gc.collect()
    held = {mapping.name for mapping in gc.get_objects() if type(mapping) in (ast.Mapping, ir.Mapping)}
    assert [number for number in range(4) if f"Changed {number}" in held] == [2, 3]


def test_a_file_that_is_gone_for_a_while_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, checker = tmp_path / "shop.rules", Checker()
    path.write_text(f"destination amplitude\n{_MAPPINGS}\n", encoding="utf-8")
    before = checked_by(checker, path)
    path.rename(tmp_path / "away.rules")
    with pytest.raises(RuleError):
        checker.check(path)
    (tmp_path / "away.rules").rename(path)
    monkeypatch.setattr(mapping_to_ir, "_resolved", None)
    assert checked_by(checker, path) == before
