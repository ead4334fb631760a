"""`amplitude double` is a fake to send to, with faults and a ledger."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx

from .sending_place import process, run


def test_a_fake_refuses_faults_that_it_does_not_know() -> None:
    result = run("amplitude", "double", "--faults", "earthquake")
    assert result.exit_code == 2
    assert "`earthquake` is not a fault" in result.output


def test_a_fake_writes_its_ledger_when_it_is_told_to_end(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    fake = process("amplitude", "double", "--port", "0", "--ledger", str(ledger), stdout=subprocess.PIPE)
    assert fake.stdout is not None
    url = fake.stdout.readline().decode().split()[-1]
    body = {"api_key": "k", "events": [{"user_id": "user-42", "event_type": "Seen", "insert_id": "m-1"}]}
    assert httpx.post(f"{url}/2/httpapi", json=body).status_code == 200
    fake.terminate()
    _, said = fake.communicate(timeout=60)
    assert (fake.returncode, said) == (0, b"")
    assert '"m-1"' in ledger.read_text()
