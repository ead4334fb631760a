"""`python -m mutation --seconds 600`: puts faults into the source, and reports those that no test notices."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path
from random import Random

import click

from .equivalent import equivalent_mutants
from .operators import find_mutants, mutated
from .recording import FOLDER, ROOT, Recording
from .trial import Verdict, choose_tests, is_fresh, preload, try_mutant
from .warm import WarmTests

SOURCES = ("compiler", "runtime")
PASSED_OVER = (
    *("runtime/delivery/", "runtime/native/"),
    *(f"runtime/destinations/amplitude/{name}" for name in ("delivery/", "fake/", "administration.py")),
)
"""Delivery and its other end are tested by faults of their own: scripted servers, kills, damaged files."""
TESTS_NOT_RUN = (
    "tests/attack/",
    "tests/pages/",
    "tests/runtime/delivery/",
    "tests/runtime/destinations/amplitude/delivery/",
    "tests/cli/",
    "tests/repository/",
    "tests/serve/",
    "tests/studio/",
    "tests/system/test_linear_growth.py",
)
"""Tests of processes, servers, pages, files and growth: slow, and blind to one changed module or no judge of values."""
RESULTS = FOLDER / "results.jsonl"


@click.command()
@click.option("--seconds", default=600, show_default=True, help="Stop after this time.")
@click.option("--seed", default=1, show_default=True, help="The same seed tries the same mutants in the same order.")
@click.option("--only", default="", help="Mutate files whose path begins with this.")
@click.option("--budget", default=4.0, show_default=True, help="Seconds of tests to run for each mutant.")
@click.option("--survivors", is_flag=True, help="Try again what survived the last run, instead of a sample.")
@click.option("--fail-under", default=0.0, help="Exit with 1 if a smaller share, in percent, is killed.")
def main(seconds: int, seed: int, only: str, budget: float, survivors: bool, fail_under: float) -> None:
    """Changes one thing in one module at a time, and runs the tests that reach it."""
    sources = [path for folder in SOURCES for path in _python_files(folder) if not path.startswith(PASSED_OVER)]
    test_files = _test_files()
    _record(test_files, sources)
    recording = Recording()
    durations = recording.seconds
    preload(recording.modules)
    assert is_fresh()
    texts = {source: (ROOT / source).read_text() for source in sources}
    known = equivalent_mutants()
    every = [mutant for source in sources for mutant in find_mutants(source, texts[source])]
    for name in sorted(known.keys() - {mutant.name for mutant in every}):
        click.echo(f"listed as equivalent, and no longer there: {name}")
    population = [mutant for mutant in every if mutant.name not in known]
    sample = [mutant for mutant in population if mutant.file.startswith(only)]
    if survivors:
        before = {
            row["name"] for row in map(json.loads, RESULTS.read_text().splitlines()) if row["verdict"] == "survived"
        }
        sample = [mutant for mutant in sample if mutant.name in before]
    Random(seed).shuffle(sample)
    click.echo(f"{len(population):,} mutants in {len(sources)} files; {len(sample):,} to choose from")
    counts: dict[str, Counter[Verdict]] = {}
    warm = WarmTests(test_files)
    end = time.monotonic() + seconds
    with RESULTS.open("w") as results:
        for mutant in sample:
            if time.monotonic() > end:
                break
            reaching, beside = recording.tests_of(mutant.file, None if mutant.at_import else mutant.line)
            tests = choose_tests(reaching, beside, durations, budget, Path(mutant.file).stem)
            limit = 15 + int(4 * sum(durations[test] for test in tests))
            began = time.monotonic()
            tree, verdict = mutated(texts[mutant.file], mutant), Verdict.SURVIVED
            if not mutant.at_import:
                verdict = warm.try_mutant(mutant.file, tree, tests, limit)
            if verdict is Verdict.UNTRIED or (verdict is Verdict.SURVIVED and (mutant.at_import or survivors)):
                verdict = try_mutant(mutant.file, tree, tests, limit)
            counts.setdefault(mutant.file, Counter())[verdict] += 1
            row = {"name": mutant.name, "line": mutant.line, "verdict": verdict.value, "tests": len(tests)}
            results.write(json.dumps({**row, "seconds": round(time.monotonic() - began, 1)}) + "\n")
            results.flush()
            if verdict is Verdict.SURVIVED:
                click.echo(
                    f"survived  {mutant.file}:{mutant.line}  {mutant.before}  ->  {mutant.after}  ({len(tests)} tests)"
                )
    sys.exit(_report(counts) < fail_under)


def _report(counts: dict[str, Counter[Verdict]]) -> float:
    total: Counter[Verdict] = Counter()
    for file, verdicts in sorted(counts.items()):
        total += verdicts
        if verdicts[Verdict.SURVIVED]:
            click.echo(f"{verdicts[Verdict.SURVIVED]:>5} of {verdicts.total():>4} survived  {file}")
    share = 100 * (1 - total[Verdict.SURVIVED] / max(total.total(), 1))
    click.echo(f"{share:.1f} % of {total.total()} mutants killed ({total[Verdict.TIMED_OUT]} by running too long)")
    return share


def _test_files() -> list[str]:
    files = [file for file in _python_files("tests") if Path(file).name.startswith("test_")]
    return [file for file in files if not file.startswith(TESTS_NOT_RUN)]


def _record(test_files: list[str], sources: list[str]) -> None:
    """Folder by folder, each in a process of its own, so that this one stays without the package."""
    stale = Recording().stale(test_files)
    for folder, group in groupby(stale, key=lambda file: str(Path(file).parent)):
        tests = list(group)
        click.echo(f"recording which lines the {len(tests)} test files of {folder} run")
        child = multiprocessing.get_context("fork").Process(target=Recording().record, args=(tests, sources))
        child.start()
        child.join()


def _python_files(folder: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.py"))


if __name__ == "__main__":
    main()
