"""Segment's own presets, analyzed: what `docs/presets-analyzed.md` says of them is what the proofs find."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

from rulewright import load
from rulewright.checks.analysis_context import analysis_context
from rulewright.checks.proving import prove
from rulewright.compiler.analysis.analyzed import Analyzed, overlap
from rulewright.compiler.analysis.solver.solver import Unsatisfiable, Witness
from rulewright.compiler.ir import Program
from rulewright.loading.pipeline import check_files, read
from rulewright.rules import __path__ as rule_folders

AS_SEGMENT_HAS_THEM = "\n".join(
    line
    for line in Path(rule_folders[0], "amplitude", "presets.rules").read_text(encoding="utf-8").splitlines()
    if "on conflict" not in line
)


def presets() -> Program:
    return check_files(read(AS_SEGMENT_HAS_THEM))[0]


def test_five_presets_can_mix_plain_properties_and_operations_and_each_witness_does() -> None:
    files = read(AS_SEGMENT_HAS_THEM)
    findings = [finding for finding in prove(files, presets(), []).findings if finding.code == "RW0502"]
    names = [finding.span.text.split('"')[1] for finding in findings]
    assert names == ["Track Calls", "Order Completed Calls", "Page Calls", "Screen Calls", "Identify Calls"]
    mapper = load(AS_SEGMENT_HAS_THEM, settings={"endpoint": "europe"})
    for name, finding in zip(names, findings, strict=True):
        event = {**json.loads(finding.example), "userId": "u-12345", "name": "Pricing"}
        failures = {failure.mapping: failure.code for failure in mapper(event).failures}
        assert failures[name] == "mixed_user_properties"


def test_group_and_alias_events_go_nowhere() -> None:
    files = read(AS_SEGMENT_HAS_THEM)
    (finding,) = [finding for finding in prove(files, presets(), []).findings if finding.code == "RW0407"]
    assert finding.message == "no mapping takes `group` and `alias` events"


def test_the_session_trigger_overlaps_with_all_but_screen() -> None:
    analyzed = Analyzed(presets(), analysis_context())
    overlapping = [
        (first.mapping.name, second.mapping.name)
        for first, second in combinations(analyzed.rules, 2)
        if isinstance(overlap(first, second, analyzed.chain), Witness)
    ]
    session = "Browser Session Tracking"
    assert overlapping == [
        ("Track Calls", session),
        ("Order Completed Calls", session),
        ("Page Calls", session),
        ("Identify Calls", session),
    ]
    assert all(
        isinstance(overlap(first, second, analyzed.chain), Witness | Unsatisfiable)
        for first, second in combinations(analyzed.rules, 2)
    )
