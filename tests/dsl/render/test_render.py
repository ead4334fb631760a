"""Diagnostics for programs: JSON, SARIF 2.1.0 and GitHub's annotations, each whole and escaped as its reader wants."""

from __future__ import annotations

from rulewright.dsl.diagnostics.diagnostic import Diagnostic, Fix, Label
from rulewright.dsl.diagnostics.suppressions import Suppression
from rulewright.dsl.render.github import github
from rulewright.dsl.render.gitlab import gitlab
from rulewright.dsl.render.json import diagnostic_data, suppressed_data
from rulewright.dsl.render.sarif import sarif
from rulewright.dsl.source import Source, Span

SOURCE = Source("my rules/a,b.rules", "when contxt.ip\nand 100%\n")
PLACE = Span(SOURCE, 5, 11)
FOUND = Diagnostic(
    "RW0201",
    "`contxt` is 100% unknown",
    PLACE,
    label="here",
    others=(Label(Span(SOURCE, 15, 18), "and here"),),
    example='{"type": "track"}',
    help=("did you mean `context`?",),
    fix=Fix(PLACE, "context", "write `context`"),
)
ACROSS = Diagnostic("RW0404", "never true", Span(SOURCE, 5, 18))
SILENCED = (ACROSS, Suppression("RW0404", Span(SOURCE, 0, 4), "not yet", SOURCE, 1, Span(SOURCE, 0, 4), True))


def test_json_says_everything() -> None:
    place = {"file": "my rules/a,b.rules", "line": 1, "column": 6, "end_line": 1, "end_column": 12}
    assert diagnostic_data(FOUND) == {
        "code": "RW0201",
        "severity": "warning",
        "title": "unknown path",
        "message": "`contxt` is 100% unknown",
        **place,
        "label": "here",
        "others": [{**place, "line": 2, "column": 1, "end_line": 2, "end_column": 4, "label": "and here"}],
        "example": {"type": "track"},
        "help": ["did you mean `context`?"],
        "fix": {**place, "replacement": "context", "sentence": "write `context`"},
    }
    bare = suppressed_data(*SILENCED)
    assert (bare["others"], bare["example"], bare["help"], bare["fix"], bare["reason"]) == (
        [],
        None,
        [],
        None,
        "not yet",
    )


def test_github_has_one_line_with_everything_escaped() -> None:
    assert github(FOUND) == (
        "::warning file=my rules/a%2Cb.rules,line=1,endLine=1,col=6,endColumn=11,title=RW0201 unknown path"
        '::`contxt` is 100%25 unknown%0Afor example {"type": "track"}%0Ahelp: did you mean `context`?'
    )


def test_github_takes_no_columns_of_a_place_over_several_lines() -> None:
    assert github(ACROSS).startswith("::warning file=my rules/a%2Cb.rules,line=1,endLine=2,title=RW0404 ")


def test_no_sentence_becomes_a_command_of_its_own() -> None:
    question = Diagnostic("RW0411", 'cannot decide whether "A\n::error::no" and "B"', FOUND.span)
    assert github(question).endswith('::cannot decide whether "A%0A::error::no" and "B"')


def test_a_note_is_a_notice_on_github_and_a_note_in_sarif() -> None:
    question = Diagnostic("RW0411", "cannot decide whether an event meets this trigger", FOUND.span)
    assert github(question).startswith("::notice file=")
    (result,) = sarif([question], [], "1.2.3")["runs"][0]["results"]
    assert result["level"] == "note"


def test_sarif_has_rules_results_fixes_and_suppressions() -> None:
    run = sarif([FOUND], [SILENCED], "1.2.3")["runs"][0]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Rulewright", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["RW0201", "RW0404"]
    reported, suppressed = run["results"]
    region = {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 12}
    file = {"uri": "my%20rules/a%2Cb.rules"}
    assert reported["locations"] == [{"physicalLocation": {"artifactLocation": file, "region": region}}]
    assert (reported["ruleId"], reported["ruleIndex"], reported["level"]) == ("RW0201", 0, "warning")
    assert reported["message"]["text"].splitlines()[1:] == ['for example {"type": "track"}', "did you mean `context`?"]
    assert [location["message"]["text"] for location in reported["relatedLocations"]] == ["and here"]
    assert reported["fixes"][0]["artifactChanges"] == [
        {
            "artifactLocation": file,
            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "context"}}],
        }
    ]
    assert "suppressions" not in reported
    assert [(suppression["kind"], suppression["justification"]) for suppression in suppressed["suppressions"]] == [
        ("inSource", "not yet")
    ]


def test_sarif_has_the_page_of_each_code_where_it_is_given() -> None:
    (rule,) = sarif([FOUND], [], "1", lambda code: f"# {code}")["runs"][0]["tool"]["driver"]["rules"]
    assert rule["help"]["markdown"] == "# RW0201"


def test_gitlab_has_an_issue_for_each_finding() -> None:
    first, second = gitlab([FOUND, ACROSS])
    assert first["location"] == {"path": "my rules/a,b.rules", "lines": {"begin": 1}}
    assert (first["check_name"], first["severity"]) == ("RW0201", "minor")
    assert first["description"] == "`contxt` is 100% unknown; help: did you mean `context`?"
    assert first["fingerprint"] != second["fingerprint"]


def test_gitlab_knows_a_finding_again_below_new_lines_and_tells_twins_apart() -> None:
    moved = Source(SOURCE.name, f"# new\n{SOURCE.text}")
    below = Diagnostic("RW0404", "never true", Span(moved, 11, 24))
    (before,), (after,) = gitlab([ACROSS]), gitlab([below])
    assert before["fingerprint"] == after["fingerprint"]
    assert len({issue["fingerprint"] for issue in gitlab([FOUND, FOUND])}) == 2


def test_sarif_names_an_absolute_file_by_its_address() -> None:
    source = Source("/srv/shop rules/a.rules", "x")
    (result,) = sarif([Diagnostic("RW0005", "none", Span(source, 0, 0))], [], "1")["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///srv/shop%20rules/a.rules"}
