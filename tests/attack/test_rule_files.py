"""A few cases of the attack on rule files, so that the attack itself stays whole."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.attack.rule_files import attack
from tests.attack.rule_texts import rule_text


@pytest.mark.parametrize("number", range(12))
def test_a_random_rule_file_is_answered(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    attack(Random(f"1/{number}"))


def test_a_case_can_be_made_again() -> None:
    assert rule_text(Random("1/7")) == rule_text(Random("1/7")) != rule_text(Random("1/8"))
