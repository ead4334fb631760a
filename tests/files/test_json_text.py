"""JSON of others: decoded, or refused with a reason, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.files.json_text import MAX_DEPTH, JsonProblem, decode
from rulewright.segment.mappings.import_mapping import import_mapping
from rulewright.segment.problems import SegmentFormatError
from tests.cli.running import rulewright

HALF = r'"\ud83d"'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not JSON: "),
        (b"\xff", "it is not UTF-8 text: byte 1 cannot be read"),
        (b"NaN", "it is not JSON: NaN is not a number of JSON"),
        (b"[" * 100_000, "objects and lists are nested too deep"),
        (b"[" * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1), "objects and lists are nested more than 100 deep"),
        (b"9" * 5000, "it is not JSON: "),
        (f"[{HALF}]".encode(), r"a text holds half of a character, `\ud83d`"),
        (f'{{"a": {{{HALF}: 1}}}}'.encode(), r"a text holds half of a character, `\ud83d`"),
    ],
)
def test_what_cannot_be_used_has_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(JsonProblem) as caught:
        decode(content)
    assert str(caught.value).startswith(reason)


def test_what_can_be_used_is_decoded() -> None:
    assert decode(b'\xef\xbb\xbf{"a": ["\\ud83d\\ude00", 1e400]}') == {"a": ["\U0001f600", float("inf")]}
    assert decode("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH) is not None


@pytest.mark.parametrize("content", [HALF, f'{{"a": {HALF}}}', f"{{{HALF}: 1}}", "[" * 100_000, "{" * 3])
def test_an_import_refuses_what_cannot_be_used(tmp_path: Path, content: str) -> None:
    with pytest.raises(SegmentFormatError):
        import_mapping(content)
    (tmp_path / "segment.json").write_text(content)
    done = rulewright("import", tmp_path / "segment.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be read" in done.stderr


@pytest.mark.parametrize(
    "content", [f'{{"properties": {{{HALF}: {{}}}}}}', '{"a":' * 101 + "1" + "}" * 101, "[" * 100_000]
)
def test_a_tracking_plan_that_cannot_be_used_is_a_diagnostic(tmp_path: Path, content: str) -> None:
    (tmp_path / "plan.json").write_text(content)
    (tmp_path / "a.rules").write_text('source schema "plan.json"\n')
    assert "error[RW0307]: `plan.json` cannot be read: " in rulewright("check", tmp_path / "a.rules").stdout
