"""Suppressions: which line a comment is about, and what is wrong with a comment about nothing."""

from __future__ import annotations

import pytest

from rulewright.dsl.diagnostics.diagnostic import Diagnostic, Label
from rulewright.dsl.diagnostics.fixes import apply
from rulewright.dsl.diagnostics.suppressions import Suppressed, suppress, suppressions_of
from rulewright.dsl.source import Source, Span
from rulewright.dsl.syntax.reader import read_file

HEAD = "destination amplitude\n"


def suppressed(text: str, code: str = "RW0403", *, not_sought: frozenset[str] = frozenset()) -> Suppressed:
    """A finding at `here` in the text, and what the comments of the text make of it."""
    source = Source("shop.rules", HEAD + text)
    file, _ = read_file(source)
    start = source.text.find("here")
    findings = [] if start < 0 else [Diagnostic(code, "found", Span(source, start, start + 4))]
    return suppress(findings, suppressions_of(source, file), not_sought)


SILENT = [
    ("on its line", "drop when here  # allow RW0403: wanted\n", "wanted"),
    ("on the line above", "# allow RW0403: wanted\ndrop when here\n", "wanted"),
    ("above, with other comments between", "# allow RW0403: wanted\n# and more\ndrop when here\n", "wanted"),
    ("several codes", "# allow RW0404, RW0403: wanted\ndrop when here\n", "wanted"),
    ("small letters", "drop when here # allow rw0403: wanted\n", "wanted"),
    ("a reason with a colon", "drop when here # allow RW0403: see: plan\n", "see: plan"),
]


@pytest.mark.parametrize(("text", "reason"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT])
def test_a_finding_is_silenced_with_a_reason(text: str, reason: str) -> None:
    result = suppressed(text, not_sought=frozenset({"RW0404"}))
    assert result.reported == []
    assert [(finding.code, suppression.reason) for finding, suppression in result.suppressed] == [("RW0403", reason)]


def test_a_finding_at_two_places_is_silenced_at_either() -> None:
    source = Source("shop.rules", HEAD + "drop when here\ndrop when there  # allow RW0403: wanted\n")
    places = [Span(source, start, start + 4) for start in (source.text.find("here"), source.text.find("there"))]
    suppressions = suppressions_of(source, read_file(source)[0])
    for here, there in (places, reversed(places)):
        result = suppress([Diagnostic("RW0403", "found", here, others=(Label(there),))], suppressions)
        assert (result.reported, len(result.suppressed)) == ([], 1)


@pytest.mark.parametrize(("line", "silent"), [(2, True), (3, True), (4, True), (5, False)])
def test_a_finding_over_several_lines_is_silenced_at_each(line: int, silent: bool) -> None:
    lines = [*HEAD.splitlines(), "drop when here", "  or a", "  or b", "drop when c"]
    lines[line - 1] += "  # allow RW0403: wanted"
    source = Source("shop.rules", "\n".join(lines))
    finding = Diagnostic("RW0403", "found", Span(source, source.text.find("here"), source.text.find("or b") + 4))
    result = suppress([finding], suppressions_of(source, read_file(source)[0]))
    assert (len(result.suppressed), len(result.reported)) == ((1, 0) if silent else (0, 2))


LOUD = [
    ("two lines above", "# allow RW0403: wanted\n\ndrop when here\n"),
    ("the line below", "drop when here\n# allow RW0403: wanted\n"),
    ("behind the text of the line above", "drop when a # allow RW0403: wanted\ndrop when here\n"),
    ("another code", "drop when here # allow RW0405: wanted\n"),
    ("in a text", 'drop when here = "# allow RW0403: wanted"\n'),
    ("a word before it", "drop when here # please allow RW0403: wanted\n"),
]


@pytest.mark.parametrize("text", [case[1] for case in LOUD], ids=[case[0] for case in LOUD])
def test_a_silence_elsewhere_silences_nothing(text: str) -> None:
    result = suppressed(text)
    assert result.suppressed == []
    assert result.reported[0].code == "RW0403"


@pytest.mark.parametrize("comment", ["# allow RW0403", "# allow RW0403:  ", "# allow RW0403 both are wanted"])
def test_a_silence_without_a_reason_is_a_finding(comment: str) -> None:
    result = suppressed(f"{comment}\ndrop when here\n")
    assert [(finding.code, finding.message, finding.span.text) for finding in result.reported] == [
        ("RW0601", "`RW0403` is suppressed without a reason", "RW0403")
    ]


IDLE = [
    ("RW0403", "there is no `RW0403` at line 3 to suppress"),
    ("RW0501", "`RW0501` is an error, and errors cannot be suppressed"),
    ("RW9999", "there is no code `RW9999`"),
]


@pytest.mark.parametrize(("code", "message"), IDLE)
def test_a_silence_that_silences_nothing_is_a_finding(code: str, message: str) -> None:
    result = suppressed(f"# allow {code}: wanted\ndrop when a\n")
    assert [(finding.code, finding.message, finding.span.text) for finding in result.reported] == [
        ("RW0602", message, code)
    ]


def test_an_error_is_never_silenced() -> None:
    result = suppressed("# allow RW0404: wanted\n# allow RW0501: wanted\ndrop when here\n", "RW0501")
    assert [finding.code for finding in result.reported] == ["RW0501", "RW0602"]
    assert result.reported[1].span.text == "RW0501"


def test_what_nobody_sought_is_not_called_idle() -> None:
    assert suppressed("# allow RW0213: wanted\ndrop when a\n", not_sought=frozenset({"RW0213"})).reported == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# allow RW0403: wanted\ndrop when a\n", "drop when a\n"),
        ("drop when a   # allow RW0403: wanted\ndrop when b\n", "drop when a\ndrop when b\n"),
        ("drop when a # allow RW0403: wanted", "drop when a"),
    ],
)
def test_the_fix_takes_an_idle_silence_away(text: str, left: str) -> None:
    (finding,) = suppressed(text).reported
    assert finding.fix is not None
    assert apply(HEAD + text, [finding.fix]) == HEAD + left


def test_a_comment_of_several_codes_has_no_fix_for_one() -> None:
    reported = suppressed("# allow RW0403, RW0404: wanted\ndrop when here\n").reported
    assert [(finding.span.text, finding.fix) for finding in reported] == [("RW0404", None)]
