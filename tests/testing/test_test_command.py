"""`rulewright test` from the outside: what it prints, writes and ends with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from rulewright.cli.test import command

RULES = """destination amplitude
mapping "Orders" -> logPurchase {
  when type = "track"
  use defaults
  revenue = properties.total
  user_properties = omit
}
"""
TESTS = """test "an order" {
  given { "type": "track", "event": "Order", "userId": "user-0001", "properties": { "total": 10 } }
  expect "Orders" { requests[0].json.events[0].revenue = 10 }
  case "a page" { type: "page" }
    expect nothing
}
"""
RED = 'test "red" {\n  given { "type": "page" }\n  expect "Orders"\n}\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(RULES + TESTS)
    return tmp_path / "shop.rules"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """The command without laws, which `tests/laws/test_laws_command.py` tries."""
    result = CliRunner().invoke(command, ["--laws", "0", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_all_is_well(shop: Path) -> None:
    code, out, _ = run(shop)
    assert code == 0
    assert out.splitlines()[0].split() == ["shop.rules", "✔", "2", "triggers", "100", "%", "fields", "33", "%"]
    assert out.splitlines()[2] == (
        "2 tests passed. Not tested: `revenue` when `properties.total` is missing (shop.rules:5), "
        "`revenue` when `properties.total` is null (shop.rules:5)."
    )


def test_a_red_test_is_shown_in_color_on_a_terminal_alone(shop: Path) -> None:
    shop.write_text(RULES + TESTS + RED)
    code, out, _ = run(shop)
    assert code == 1
    assert "\x1b" not in out
    assert "3 tests, 1 failed." in out
    assert '      because   shop.rules:3  type = "track" is false: type is "page"' in out
    colored = CliRunner().invoke(command, [str(shop)], color=True).stdout
    assert [line.split() for line in colored.splitlines()] == [line.split() for line in out.splitlines()]


def test_k_takes_tests_by_their_name(shop: Path) -> None:
    shop.write_text(RULES + TESTS + RED)
    code, out, _ = run(shop, "-k", "A PAGE")
    assert (code, out) == (0, "shop.rules  ✔ 1\n\n1 test passed.\n")
    code, _, err = run(shop, "-k", "nobody")
    assert code == 1
    assert err.startswith("no test has `nobody` in its name")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name the rule files"),
        (["{}", "-k", "a", "--fail-under", "3"], "-k leaves tests out"),
        (["{}", "--suggest", "other.test.rules"], "is beside none of the rule files"),
        (["{}", "--no-such"], "No such option"),
    ],
)
def test_what_is_not_understood_ends_with_2(shop: Path, arguments: list[str], message: str) -> None:
    code, _, err = run(*(argument.format(shop) for argument in arguments))
    assert code == 2
    assert message in err


def test_rules_with_errors_are_shown_and_do_not_stop_other_files(shop: Path) -> None:
    bad = shop.with_name("bad.rules")
    bad.write_text('destination amplitude\nmapping "M" -> logPurchse { when type = "a" }\n')
    code, out, err = run(bad, shop)
    assert code == 1
    assert "error[RW0203]" in err
    assert "did you mean `logPurchase`?" in err
    assert "2 tests passed" in out
    code, _, err = run(shop.with_name("none.rules"))
    assert code == 1
    assert "error[RW0001]" in err


def test_no_test_at_all_is_not_well(shop: Path) -> None:
    shop.write_text(RULES)
    code, _, err = run(shop)
    assert code == 1
    assert err == "there is no test; `rulewright test --suggest` writes some\n"


def test_junit_holds_every_test(shop: Path, tmp_path: Path) -> None:
    shop.write_text(RULES + TESTS + RED)
    assert run(shop, "--junit", tmp_path / "out.xml")[0] == 1
    (suite,) = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name") for case in suite] == ["an order", "an order › a page", "red"]
    (failure,) = suite.iter("failure")
    assert 'type is "page"' in (failure.text or "")


def test_json_holds_all_of_it(shop: Path) -> None:
    shop.write_text(RULES + TESTS + RED)
    code, out, _ = run(shop, "--format", "json")
    assert code == 1
    report: dict[str, Any] = json.loads(out)
    assert (report["tests"], report["failed"]) == (3, 1)
    (suite,) = report["suites"]
    assert [test["passed"] for test in suite["tests"]] == [True, True, False]
    (miss,) = suite["tests"][2]["misses"]
    assert miss["because"][0]["place"] == {"file": str(shop), "line": 3, "column": 8}
    assert suite["coverage"]["triggers"] == {"tried": 2, "of": 2, "percent": 100.0}
    assert len(suite["coverage"]["never"]) == 2


def test_coverage_is_shown_written_and_demanded(shop: Path, tmp_path: Path) -> None:
    files = (tmp_path / "c.lcov", tmp_path / "c.html")
    code, out, err = run(
        shop, "--coverage", "--coverage-lcov", files[0], "--coverage-html", files[1], "--fail-under", "90"
    )
    assert code == 1
    assert err == "the tests have tried 60 % of the rules, and 90 % is asked for\n"
    assert "✘    5   1/3     revenue = properties.total\n" in out
    assert "never: `revenue` when `properties.total` is null" in out
    assert "BRH:3" in files[0].read_text()
    assert "never: `revenue` when `properties.total` is null" in files[1].read_text()
    assert run(shop, "--fail-under", "60")[0] == 0


def test_suggestions_are_printed_or_added_to_the_file_beside(shop: Path) -> None:
    code, out, _ = run("--suggest", shop)
    assert code == 0
    assert "# Suggested by `rulewright test --suggest`" in out
    beside = shop.with_name("shop.test.rules")
    code, _, err = run(shop, "--suggest", beside)
    assert code == 0
    assert err == f"added 2 events in 1 test to {beside}\n"
    assert beside.read_text() in out
    code, out, _ = run(shop)
    assert code == 0
    assert "triggers 100 %  fields 100 %" in out
    assert out.endswith("\n4 tests passed.\n")
    assert run(shop, "--suggest", beside)[0] == 0
    assert beside.read_text().count("# Suggested") == 1


def test_snapshots_are_kept_beside_the_rules(shop: Path) -> None:
    given = 'given { "type": "track", "event": "Order", "userId": "user-0001" }'
    shop.write_text(RULES + f'test "whole" {{ {given} expect snapshot }}\n' + TESTS)
    kept = shop.with_name("shop.snapshots.json")
    code, out, _ = run(shop)
    assert code == 1
    assert "there is none yet; `rulewright test --update` writes it" in out
    assert not kept.exists()
    code, out, _ = run(shop, "--update")
    assert code == 0
    assert "  1 snapshot changed\n" in out
    assert json.loads(kept.read_text())["whole"]["requests"][0]["json"]["events"][0]["event_type"] == "Order"
    assert "api_key" not in kept.read_text()
    assert run(shop)[0] == 0
    shop.write_text(shop.read_text().replace("use defaults", 'use defaults\n  city = "Rome"'))
    code, out, _ = run(shop)
    assert code == 1
    assert '      + requests[0].json.events[0].city: "Rome"\n' in out
    assert run(shop, "--update", "-k", "an order")[0] == 0
    assert run(shop, "-k", "whole")[0] == 1
    assert run(shop, "--update")[0] == 0
    assert run(shop)[0] == 0
    kept.write_text("[")
    code, _, err = run(shop)
    assert code == 1
    assert "error[RW0706]" in err


def test_a_change_runs_the_tests_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changes(*folders: Path, watch_filter: Any) -> Iterator[set[tuple[int, str]]]:
        assert folders == (shop.parent,)
        assert watch_filter(1, "shop.rules")
        assert not watch_filter(1, "shop.py")
        shop.write_text(RULES + TESTS + RED)
        yield {(1, str(shop))}

    monkeypatch.setattr("watchfiles.watch", changes)
    code, out, err = run(shop, "--watch")
    assert code == 0
    assert out.count("shop.rules  ✔ 2") == 2
    assert "3 tests, 1 failed" in out
    assert "shop.rules changed" in err
