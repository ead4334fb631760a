"""Random events in all forms (objects with hostile classes, JSON text), through mappers, `run` and `deliver`.

Run it with `python -m tests.attack.events --seconds 60 --seed 1`. A case is wrong if the mapper raises, if the part in
C or the form of JSON text gives anything but what Python gives for the object, if `run` ends in a traceback or writes
what is not JSON, or if `deliver` leaves an event in no account.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import rulewright
from rulewright.runtime.delivery.dead_letter_export import letter_line
from rulewright.runtime.delivery.deliver import deliver
from rulewright.runtime.delivery.store.queue_status import dead_letters
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.mapping import copy_table
from rulewright.runtime.outcome import Outcome
from tests.compiler.plan.copying_rules import COPIED_WHOLE, EVERY_KIND
from tests.hostile_values import ARMED
from tests.paths import ROOT
from tests.runtime.delivery.simulation import KEY, event, track

from . import event_recipes as recipes
from .trials import Part, Wrong, main

PRESETS = (ROOT / "rules" / "amplitude" / "presets.rules").read_text()
LIQUID = r"""destination amplitude
mapping "Liquid" -> logEventV2 {
  when type = "track" and match(event, "*r*")
  use defaults
  city = liquid("{% if properties.n > 1 %}\{{ properties.name | split: \"a\" | join: \"b\" }}{% endif %}", $)
  country = liquid("\{{ properties.city | upcase }}", $)
  event_properties = { all: json_encode($), total: length(properties.products) }
}
"""
RULES = (PRESETS, (ROOT / "examples" / "shop.rules").read_text(), EVERY_KIND, COPIED_WHOLE, LIQUID)
FORMS = {"map": 1000, "text": 300, "deliver": 20, "run": 2}
"""How often each form is tried: a run takes a second, a map a millisecond."""


class Case(NamedTuple):
    rules: int
    checks: bool
    form: str
    event: Any
    damage: tuple[int, bytes] | None
    """Of JSON text: where other bytes are put in."""


def make(random: Random) -> Case:
    form = random.choices([*FORMS], [*FORMS.values()])[0]
    damage = (random.randrange(2000), random.choice((b"", b'"', b"\xff", b"\0", b"{", b"1e999", b"\\ud800")))
    rules, checks = random.randrange(len(RULES)), random.random() < 0.7
    return Case(rules, checks, form, recipes.recipe(random), damage if random.random() < 0.5 else None)


def smaller(case: Case) -> Iterator[Case]:
    if case.damage is not None:
        yield case._replace(damage=None)
    for recipe in recipes.smaller(case.event):
        yield case._replace(event=recipe)


@cache
def mapper(rules: int, checks: bool, native: bool) -> rulewright.Mapper:
    """The mapper of some rules, with the part in C or without it."""
    with nullcontext() if native else patch.object(copy_table, "native", None):
        return rulewright.load(RULES[rules], settings={"apiKey": KEY}, checks=checks)


def attack(case: Case) -> str:
    """One case. Raises what it must not raise."""
    match case.form:
        case "map":
            return _mapped(case)
        case "text":
            return _read(case)
        case "deliver":
            return _delivered(case)
        case _:
            return _run(case)


def _mapped(case: Case) -> str:
    try:
        outcomes = [said(_outcome(mapper(case.rules, case.checks, native), case.event)) for native in (True, False)]
    except TypeError:
        if issubclass(type(recipes.built(case.event, [])), dict):
            raise
        return "refused as objects"
    if outcomes[0] != outcomes[1] and not recipes.acts(case.event):
        raise Wrong(f"C gives {outcomes[0]}, Python {outcomes[1]}")
    if recipes.is_plain(case.event):
        text = json.dumps(case.event)
        if (read := said(mapper(case.rules, case.checks, True).map_bytes(text))) != outcomes[0]:
            raise Wrong(f"the object gives {outcomes[0]}, its text {read}")
        return "mapped as JSON"
    return "mapped as objects"


def _outcome(mapper: rulewright.Mapper, recipe: Any) -> Outcome:
    made: list[Any] = []
    given = recipes.built(recipe, made)
    if recipes.acts(recipe):
        ARMED.extend(made)
    del made
    try:
        return mapper(given)
    finally:
        ARMED.clear()


def said(outcome: Outcome) -> Any:
    """All that an outcome says, as texts that are equal where it is equal."""
    requests = [
        (request.mapping, request.url, _shown(request.json), _shown(request.form)) for request in outcome.requests
    ]
    failures = [(failure.mapping, failure.field, failure.code, failure.message) for failure in outcome.failures]
    warnings = [(repair.mapping, repair.field, repair.code, repair.message) for repair in outcome.warnings]
    return requests, failures, warnings, outcome.matched, outcome.dropped, outcome.opted_out


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except (RuntimeError, ValueError):
        # With checks off a value that is not JSON comes through, and its `repr` may raise; a RecursionError is one too.
        return "too deep, too long or too hostile to be shown"


def _text(case: Case) -> bytes:
    """The event as a line of JSON, damaged where the case says so; what is not JSON is left out."""
    line = json.dumps(case.event, default=lambda _odd: "odd").encode()
    if case.damage is None:
        return line
    at, more = case.damage
    at %= len(line)
    return line[:at] + more + line[at + 1 :]


def _read(case: Case) -> str:
    line = _text(case)
    try:
        outcomes = [said(mapper(case.rules, case.checks, native).map_bytes(line)) for native in (True, False)]
    except ValueError as error:
        str(error).encode()
        return "refused as text"
    if outcomes[0] != outcomes[1]:
        raise Wrong(f"C gives {outcomes[0]}, Python {outcomes[1]}")
    return "mapped as text"


def _delivered(case: Case) -> str:
    bad = recipes.built(case.event, [])
    real = mapper(case.rules, case.checks, True)

    def mapping(given: Any) -> Outcome:
        return track(given) if given is not bad else real(given)

    fake = FakeAmplitude()
    adapter = AmplitudeDelivery(Keys(KEY))
    report = deliver(
        mapping, iter([event(1), bad, event(3)]), queue="q.db", adapter=adapter, exchange=FakeExchange(fake)
    )
    totals = report.totals
    if report.stopped is None and (totals.events, totals.pending, report.problem) != (3, 0, None):
        raise Wrong(f"an event is in no account: {report}")
    if totals.accepted != totals.delivered + totals.dead + totals.pending:
        raise Wrong(f"the accounts do not add up: {totals}")
    taken = {entry.insert_id for entry in fake.ledger.entries}
    if report.stopped is None and not {"m-000001", "m-000003"} <= taken:
        raise Wrong(f"a neighbor is missing: {sorted(map(str, taken))}")
    for letter in dead_letters(Path("q.db")):
        json.loads(letter_line(letter))
    return "delivered" if report.stopped is None else "stopped"


def _run(case: Case) -> str:
    Path("first.rules").write_text(RULES[case.rules])
    good = json.dumps(recipes.EXAMPLES[0]).encode()
    Path("events.jsonl").write_bytes(b"\n".join((good, _text(case), good)) + b"\n")
    command = [sys.executable, "-m", "rulewright", "run", "first.rules", "events.jsonl"]
    run = subprocess.run(command, capture_output=True, check=False, timeout=120)
    if run.returncode != 0 or b"Traceback" in run.stderr:
        raise Wrong(f"exit code {run.returncode}: {run.stderr.decode('utf-8', 'replace')}")
    if any(char < 32 and char != 10 for char in run.stderr):
        raise Wrong(f"a control character is shown: {run.stderr!r}")
    for line in run.stdout.splitlines():
        json.loads(line)
    return "through run"


PART = Part("events", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))
