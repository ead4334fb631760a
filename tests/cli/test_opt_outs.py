"""Each command tells of events that opted out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import rulewright as command

RULES = """destination amplitude
mapping "Track" -> logEventV2 { when type = "track" use defaults }
"""
TRACK = {"type": "track", "event": "Seen", "userId": "user-1"}


def files(folder: Path, *events: object, rules: str = RULES) -> tuple[Path, Path]:
    written = folder / "a.rules", folder / "events.jsonl"
    written[0].write_text(rules)
    written[1].write_text("".join(json.dumps(event) + "\n" for event in events))
    return written


GONE = {**TRACK, "integrations": {"All": False}}


def test_run_counts_who_opted_out_apart_from_the_filters(tmp_path: Path) -> None:
    rules, events = files(tmp_path, TRACK, GONE, GONE, {**TRACK, "event": "Ping"})
    rules.write_text(RULES.replace("mapping", 'drop when event = "Ping"\nmapping', 1))
    for workers in ("1", "2"):
        done = command("run", rules, events, "-o", tmp_path / "out.jsonl", "--workers", workers, "--format", "json")
        account = json.loads(done.stderr)
        fates = {name: account[name] for name in ("events", "matched", "unmatched", "dropped", "opted_out", "failed")}
        assert fates == {"events": 4, "matched": 1, "unmatched": 0, "dropped": 1, "opted_out": 2, "failed": 0}
    shown = command("run", rules, events, "-o", tmp_path / "out.jsonl").stderr
    assert "1 dropped by a filter, 2 opted out, 0 failed" in shown


def test_explain_says_what_opted_the_event_out(tmp_path: Path) -> None:
    rules, events = files(tmp_path, GONE)
    assert command("explain", rules, events).stdout == (
        "✘ Opted out     integrations.All is false\nThe event goes no further, and nothing is sent.\n"
    )
    explained = json.loads(command("explain", rules, events, "--format", "json").stdout)
    assert explained["opted_out"] == "integrations.All is false"
    assert explained["mappings"] == []


def test_a_test_sees_that_the_event_is_dropped(tmp_path: Path) -> None:
    given = 'given { "type": "track", "integrations": { "Amplitude": false } }'
    rules, _ = files(tmp_path, rules=f'{RULES}test "a" {{ {given} expect dropped expect nothing }}\n')
    assert command("test", rules, "--laws", "0").returncode == 0
    rules.write_text(f'{RULES}test "a" {{ {given} expect "Track" {{ requests[0].method = "POST" }} }}\n')
    failed = command("test", rules, "--laws", "0")
    assert failed.returncode == 1
    assert "the event opts out" in failed.stdout
    assert "integrations.Amplitude is false" in failed.stdout


def test_check_proves_that_a_mapping_for_those_who_opted_out_sends_nothing(tmp_path: Path) -> None:
    rules, _ = files(tmp_path, rules=RULES.replace('type = "track"', "integrations.All = false and traits.a = 1"))
    assert "RW0406" not in command("check", rules).stdout
    rules.write_text(RULES.replace('type = "track"', "integrations.Amplitude = false"))
    shown = command("check", rules).stdout
    assert 'every event that "Track" would take opts out of the destination' in shown
    rules.write_text('destination amplitude\nsettings { optOuts = "ignore" }\n' + rules.read_text().split("\n", 1)[1])
    assert "opts out" not in command("check", rules).stdout


def test_send_counts_who_opted_out(tmp_path: Path) -> None:
    rules, events = files(tmp_path, TRACK, GONE)
    done = command("send", rules, "--input", events, "--dry-run")
    assert "2 events, 0 match nothing, 0 dropped, 1 opted out; 1 would go out" in done.stdout
