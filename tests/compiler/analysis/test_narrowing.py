"""What is suggested for two triggers that share events: applied, it ends the overlap, and nothing else is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.rule_files import read_rules_text

from .triggers import EVENTS, TRIGGERS, Trigger

_ADD = re.compile(r'add `and (?P<clause>.*)` to "(?P<name>[AB])"\Z')
_WRITE = re.compile(r'write `when (?P<trigger>.*)` in "(?P<name>[AB])"\Z')


def rules(**triggers: str) -> str:
    mappings = (
        f'mapping "{name}" -> logEventV2 {{\n  when {trigger}\n  event_type = "x"\n  user_id = "user-0001"\n}}\n'
        for name, trigger in triggers.items()
    )
    return "destination amplitude\n" + "".join(mappings)


def overlaps(text: str) -> list[Diagnostic]:
    return [finding for finding in check(read_rules_text(text)).findings if finding.code == "RW0403"]


def edited(triggers: dict[str, str], finding: Diagnostic) -> dict[str, str] | None:
    """The triggers with the first help applied; None where none is proved."""
    help_ = finding.help[0]
    if (added := _ADD.match(help_)) is not None:
        return {**triggers, added["name"]: f"{triggers[added['name']]} and {added['clause']}"}
    if (written := _WRITE.match(help_)) is not None:
        return {**triggers, written["name"]: written["trigger"]}
    assert help_.startswith("write `# allow")
    return None


@settings(max_examples=80, deadline=None)
@given(TRIGGERS, TRIGGERS)
def test_a_suggested_edit_ends_the_overlap_and_loses_nothing_else(first: str, second: str) -> None:
    triggers = {"A": first, "B": second}
    diagnostics = overlaps(rules(**triggers))
    after = edited(triggers, diagnostics[0]) if diagnostics else None
    if after is None:
        return
    assert overlaps(rules(**after)) == []
    old, new = ({name: Trigger(text) for name, text in texts.items()} for texts in (triggers, after))
    for event in EVENTS[::7]:
        taken = {name for name in "AB" if old[name](event)}
        now = {name for name in "AB" if new[name](event)}
        assert (now == taken) if len(taken) < 2 else (len(now) == 1)


@pytest.mark.parametrize(
    ("first", "second", "help_"),
    [
        ('type = "track"', 'type = "track" and event = "A"', 'add `and event != "A"` to "A"'),
        ('type = "track" and properties.items > 3', 'context.app.name = "shop"',
         'add `and context.app.name != "shop"` to "A"'),
        # Orders of few items in the shop are taken by A alone, so A cannot do without the shop.
        ('type = "track" and properties.items > 3', 'context.app.name = "shop" and properties.items > 5',
         'add `and type != "track"` to "B"'),
        ('properties.items > 3', 'context.app.name = "shop" and properties.items < 5',
         'add `and !(context.app.name = "shop" and properties.items < 5)` to "A"'),
        ('type = "page" or type = "track"', 'type = "track" and event = "A"',
         'write `when (type = "page" or type = "track") and !(type = "track" and event = "A")` in "A"'),
        ('type = "track"', 'type = "track"', "write `# allow RW0403: …` with a reason if you want both"),
    ],
)  # fmt: skip
def test_the_edit_that_is_suggested(first: str, second: str, help_: str) -> None:
    (overlap,) = overlaps(rules(A=first, B=second))
    assert overlap.help[0] == help_


def test_what_is_beyond_the_limit_is_counted_and_silences_do_not_use_it_up() -> None:
    text = rules(**{f"M{number}": f'type = "track" and event != "E{number}"' for number in range(7)})
    of_first = [overlap for overlap in overlaps(text) if overlap.message.startswith('"M0"')]
    assert len(of_first) == 3
    assert of_first[-1].help[-1] == '"M0" also shares events with 3 more mappings'
    silenced = text
    for number in (1, 2, 3):
        silenced = silenced.replace(f'event != "E{number}"\n', f'event != "E{number}"  # allow RW0403: wanted\n')
    of_first = [overlap for overlap in overlaps(silenced) if overlap.message.startswith('"M0"')]
    assert [overlap.message for overlap in of_first] == [
        f'"M0" and "M{number}" both send this event' for number in (4, 5, 6)
    ]
    assert "more" not in of_first[-1].help[-1]
