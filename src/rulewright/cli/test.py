"""`rulewright test`: runs the tests of rules, shows what they have not tried, and suggests tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import click
from click.core import ParameterSource

from ..dsl.rule_error import RuleError
from ..files.file_access import FileAccess
from ..files.file_replacement import write_text
from ..laws.options import MOST_RECORDED, LawOptions
from ..loading.pipeline import SettingsRefused
from ..loading.rule_files import source_of_found
from ..loading.rule_folders import first_files
from ..printable import printable
from ..runtime.counted import counted
from ..runtime.semantics.event import Event
from ..testing.coverage.coverage import Coverage, coverage_of, percent_text
from ..testing.coverage.html_page import html
from ..testing.coverage.lcov import lcov
from ..testing.coverage.suggestions import Suggestions, suggest
from ..testing.report import as_text
from ..testing.report.as_json import as_json
from ..testing.report.junit import junit
from ..testing.report.laws_as_text import broken_law, law_lines
from ..testing.runner import SuiteResult, run_suite
from ..testing.suite.suite import TESTS, Suite, read_suite, rules_of, tests_beside
from .event_input import event_input
from .examples import examples
from .inputs import entry_files, rule_files_of
from .laws import law_options, say_untried, try_laws
from .number_range import NumberRange
from .output_files import write_output
from .reporting import fail, is_quiet, painter, quiet_option, show, tell, write_json
from .sessions import single_options, single_stage
from .watching import each_change

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class _Options:
    """What was asked for on the command line."""

    only: str
    update: bool
    junit: Path | None
    coverage: bool
    lcov: Path | None
    html: Path | None
    fail_under: float | None
    suggest: Path | None
    """Where suggestions go: a file of tests, or `-`, the screen."""
    form: str
    sessions: bool = False
    """Each event is the first of a session."""
    session_rules: str | None = None
    laws: LawOptions = field(default_factory=LawOptions)
    recorded: str | None = None
    """Recorded events that laws are tried on."""

    def wants(self, name: str) -> bool:
        """Whether a test or a law of a name was asked for."""
        return self.only.lower() in name.lower()


@click.command(
    "test",
    epilog=examples(
        "test shop.rules",
        'test shop.rules -k "an order"',
        "test shop.rules --suggest",
        "test rules/ --fail-under 100 --junit junit.xml",
    ),
)
@click.argument("rules", nargs=-1)
@click.option("-k", "only", default="", metavar="TEXT", help="Only tests whose name contains this text.")
@click.option("--update", is_flag=True, help="Record what the rules do now as snapshots.")
@click.option("--watch", is_flag=True, help="Run again whenever a rule file or an event file changes.")
@click.option("--junit", type=_FILE, help="Write the results as JUnit XML.")
@click.option("--coverage", is_flag=True, help="Show the rules, with what no test tries on each line.")
@click.option("--coverage-lcov", "lcov_file", type=_FILE, help="Write coverage for editors and build servers.")
@click.option("--coverage-html", "html_file", type=_FILE, help="Write coverage as one HTML page.")
@click.option(
    "--fail-under", type=NumberRange(0, 100), metavar="PERCENT", help="Exit with 1 below this coverage in percent."
)
@click.option(
    "--suggest", "suggest_to", is_flag=False, flag_value="-", metavar="[FILE]",
    help=f"Print tests for what is not tested yet, or add them to FILE, a file of tests (*{TESTS}).",
)  # fmt: skip
@law_options
@single_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@quiet_option
def command(
    rules: tuple[str, ...], only: str, update: bool, watch: bool, junit: Path | None, coverage: bool,
    lcov_file: Path | None, html_file: Path | None, fail_under: float | None, suggest_to: str | None,
    law_events: int, seed: int, laws_seconds: float, recorded: str | None,
    sessions: bool, session_rules: str | None, form: str,
) -> None:  # fmt: skip
    """Run the tests of RULES (files or folders) and try their laws, including those in *.test.rules files beside them.

    Exit codes: 0 all passed, 1 the rules have errors or no test, a test failed, a law is broken or cannot be tried, or
    coverage is too low, 2 the command was not understood.
    """
    if suggest_to is not None and suggest_to != "-" and not suggest_to.endswith(TESTS):
        # `--suggest shop.rules`: the value is the first of the rule files.
        rules, suggest_to = (suggest_to, *rules), "-"
    paths = list(dict.fromkeys(file for path in entry_files(rules) for file in _tested(Path(path))))
    target = None if suggest_to is None else Path(suggest_to)
    if target is not None and suggest_to != "-" and target not in map(tests_beside, paths):
        raise click.UsageError(f"{target} is beside none of the rule files, so its tests would never run")
    if only and click.get_current_context().get_parameter_source("fail_under") is ParameterSource.DEFAULT_MAP:
        fail_under = None
    if only and (fail_under is not None or target is not None):
        raise click.UsageError("-k leaves tests out, so that coverage says nothing: take it away")
    laws = LawOptions(law_events, seed, laws_seconds)
    options = _Options(
        only, update, junit, coverage, lcov_file, html_file, fail_under, target, form,
        laws=laws, recorded=recorded,
    )  # fmt: skip
    if sessions or session_rules is not None:
        options = replace(options, sessions=True, session_rules=session_rules)
    if watch:
        _watch(paths, options)
    sys.exit(0 if _run(paths, options) else 1)


def _tested(path: Path) -> list[Path]:
    """The rule files that are tested for an argument: of a folder, those that no other one there includes."""
    if not path.is_dir():
        return [rules_of(path)]
    return first_files(dict.fromkeys(map(rules_of, rule_files_of(path))))


def _watch(paths: list[Path], options: _Options) -> None:
    """Runs now and after each change of a file that matters, until it is stopped."""
    _run(paths, options)
    for _ in each_change(lambda: {path.parent for path in paths}):
        _run(paths, options)
    sys.exit(0)


def _run(paths: list[Path], options: _Options) -> bool:
    """Runs everything once; whether all is well."""
    results: list[SuiteResult] = []
    errors = False
    for path in paths:
        suite = _suite(path)
        if suite is not None:
            show(suite.warnings, sys.stderr)
        result = None if suite is None else _result(suite, options)
        errors |= result is None
        if result is not None:
            results.append(result)
    _try_laws(results, options)
    coverages = [] if options.only else [coverage_of(result) for result in results]
    _files(results, coverages, options)
    if options.form == "json":
        write_json(as_json(results, coverages), indent=None)
    elif not (is_quiet() and not errors and all(map(_is_well, results))):
        _screen(results, coverages, options)
    enough = _is_enough(coverages, options)
    suggested = _suggest(results, coverages, options)
    ran = suggested or _ran(results, options)
    hold = all(law.held for result in results for law in result.laws)
    return enough and ran and hold and not errors and not any(result.failed for result in results)


def _is_well(result: SuiteResult) -> bool:
    """Whether there is nothing to say of the tests of a file: no failure, no repair, no change."""
    repaired = any(test.repairs for test in result.results)
    return not result.failed and not repaired and not result.snapshots_changed and all(law.held for law in result.laws)


def _suite(path: Path) -> Suite | None:
    try:
        return read_suite(path)
    except RuleError as error:
        show(error.diagnostics, sys.stderr)
    except SettingsRefused as error:
        sys.stderr.write(printable(f"{path}: {error}") + "\n")
    return None


def _result(suite: Suite, options: _Options) -> SuiteResult | None:
    try:
        return run_suite(suite, options.wants, update=options.update, prepared=_prepared(suite, options))
    except RuleError as error:
        show(error.diagnostics, sys.stderr)
        return None


def _prepared(suite: Suite, options: _Options) -> Callable[[Event], Event]:
    """An event as the rules see it: with `--sessions`, the first of a session."""

    def prepared(event: Event) -> Event:
        if not options.sessions:
            return event
        return single_stage(suite.rules.mapper, options.session_rules).enrich(event)[-1]

    return prepared


def _try_laws(results: list[SuiteResult], options: _Options) -> None:
    if not options.laws.count:
        say_untried(result.suite for result in results)
        return
    recorded: list[Event] = []
    if options.recorded is not None:
        with event_input(options.recorded, "reading") as lines:
            recorded = list(islice(lines.read(), MOST_RECORDED))
    for result in results:
        prepared = _prepared(result.suite, options)
        result.laws = try_laws(result.suite, options.laws, options.wants, recorded, prepared)


def _files(results: list[SuiteResult], coverages: list[Coverage], options: _Options) -> None:
    if options.junit is not None:
        write_output(options.junit, junit(results, options.laws.seed))
    if options.lcov is not None:
        write_output(options.lcov, lcov(coverages))
    if options.html is not None:
        write_output(options.html, html(coverages))


def _screen(results: list[SuiteResult], coverages: list[Coverage], options: _Options) -> None:
    paint = painter(sys.stdout)
    lines: list[str] = []
    by_rules = {id(coverage.rules): coverage for coverage in coverages}
    for result in results:
        lines.append(as_text.head(result, by_rules.get(id(result.suite.rules)), paint))
        if result.snapshots_changed:
            lines.append(f"  {counted(result.snapshots_changed, 'snapshot')} changed")
        lines += law_lines(result.laws, paint)
    for failed in (test for result in results for test in result.failed):
        lines += ["", *as_text.failure(failed, paint)]
    for broken in (law for result in results for law in result.laws if not law.held):
        lines += ["", *broken_law(broken, options.laws.seed, paint)]
    for repaired in (test for result in results for test in result.results if test.repairs):
        lines += ["", *as_text.repairs(repaired, paint)]
    if options.coverage:
        for coverage in coverages:
            lines += ["", *as_text.coverage_lines(coverage, paint)]
    lines += ["", *as_text.summary(results, coverages, paint)]
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _is_enough(coverages: list[Coverage], options: _Options) -> bool:
    """Whether coverage is as high as it must be; where not, says so."""
    if options.fail_under is None:
        return True
    done = sum(coverage.tried()[0] for coverage in coverages)
    whole = sum(coverage.tried()[1] for coverage in coverages)
    percent = 100.0 * done / whole if whole else 100.0
    if percent < options.fail_under:
        wanted = f"{options.fail_under:g} %"
        sys.stderr.write(f"the tests have tried {percent_text(percent)} of the rules, and {wanted} is asked for\n")
        return False
    return True


def _ran(results: list[SuiteResult], options: _Options) -> bool:
    ran = any(result.results or any(law.law for law in result.laws) for result in results)
    if ran or not results:
        return True
    problem = f"no test has `{options.only}` in its name" if options.only else "there is no test"
    sys.stderr.write(printable(f"{problem}; `rulewright test --suggest` writes some") + "\n")
    return False


def _suggest(results: list[SuiteResult], coverages: list[Coverage], options: _Options) -> bool:
    """Writes tests for what is not tested yet, if that was asked for; returns whether it was."""
    if options.suggest is None:
        return False
    for result, coverage in zip(results, coverages, strict=True):
        beside = tests_beside(result.suite.path)
        if options.suggest not in (Path("-"), beside):
            continue
        suggestions = suggest(coverage, [trial.test for trial in result.suite.trials])
        if options.suggest == beside and suggestions.tests:
            try:
                _append(beside, suggestions)
            except RuleError as error:
                fail(error)
        elif options.form == "text" and suggestions.tests:
            sys.stdout.write(f"\n{suggestions.text()}")
        for item in suggestions.without:
            sys.stderr.write(printable(f"no event was found for: {item.sentence}") + "\n")
    return True


def _append(path: Path, suggestions: Suggestions) -> None:
    """Adds tests to a file. Raises RuleError for one that cannot be read."""
    before = source_of_found(path, FileAccess(path.parent)).text if path.exists() else ""
    write_text(path, before.rstrip() + "\n\n" * bool(before.strip()) + suggestions.text())
    events, tests = counted(suggestions.count(), "event"), counted(len(suggestions.tests), "test")
    tell(f"added {events} in {tests} to {path}")
