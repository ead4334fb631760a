"""What cannot be decided is listed with its reason."""

from __future__ import annotations

from .cases import TRACK, analysis_of, mapping


def test_properties_that_are_not_decided_are_said() -> None:
    rules = mapping("A", "traits.a < traits.b and traits.b < traits.a", "setAlways = { a: traits.a }", "setOnce = omit")
    assert analysis_of(rules).undecided == [
        f"cannot decide whether {question}: the triggers compare values that only an event can tell"
        for question in (
            "an event that no filter drops meets this trigger",
            '"A" sends plain properties in `user_properties` and `setAlways` in one request',
        )
    ]


def test_what_is_not_decided_is_said() -> None:
    rules = mapping("A", 'snakecase(event) = "a_b"') + mapping("B", 'snakecase(event) = "c_d"')
    assert analysis_of(rules).undecided == [
        'cannot decide whether "A" and "B" take the same event: the triggers compare values that only an event can tell'
    ]


def test_of_what_a_filter_takes_a_part_out_nothing_is_decided() -> None:
    rules = "keep properties.plan\n" + mapping("A", "properties != null") + mapping("B", TRACK)
    assert analysis_of(rules).undecided == [
        "cannot decide whether an event, or every event, meets this trigger: "
        "a filter takes out a part of what the trigger reads",
        'cannot decide whether "A" and "B" take the same event: a filter takes out a part of what their triggers read',
    ]


def test_a_filter_that_reads_a_part_of_what_is_left_makes_the_rest_undecided() -> None:
    rules = "drop properties.email\ndrop when bool(properties)\n" + mapping("A", TRACK) + mapping("B", TRACK)
    assert (
        'cannot decide whether "A" and "B" take the same event: a filter takes out a part of what another one reads'
        in (analysis_of(rules).undecided)
    )
