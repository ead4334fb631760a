"""Keys are redacted of whatever is shown or kept, however they are spelled, and words that hold them stay."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.logs import Formatter
from rulewright.runtime.delivery.redaction import SHORT, Redactor


@pytest.mark.parametrize(
    ("secrets", "text", "shown"),
    [
        (["0123456789abcdef"], "key=0123456789abcdefg", "key=[key]g"),
        (["k"], "unknown key k", "unknown key [key]"),
        (["k"], "k,k:k k_k", "[key],[key]:[key] k_k"),
        (["api"], "api api_key", "[key] api_key"),
        (["a+b/c=1234"], "a+b/c=1234 and a%2Bb%2Fc%3D1234", "[key] and [key]"),
        (['quo"ted\\key'], r'"quo\"ted\\key"', '"[key]"'),
        (["secret-long", "secret-long-er"], "secret-long-er", "[key]"),
        (["", None], "nothing", "nothing"),
        ([], "nothing", "nothing"),
        (["(a|b)*.+?long"], "(a|b)*.+?long", "[key]"),
    ],
)
def test_what_is_shown(secrets: list[str | None], text: str, shown: str) -> None:
    assert Redactor(secrets)(text) == shown


@given(st.text(min_size=SHORT), st.text(), st.text())
def test_a_long_secret_is_nowhere(secret: str, before: str, after: str) -> None:
    for spelling in (secret, quote(secret, safe="", errors="replace"), json.dumps(secret)[1:-1]):
        assert spelling not in Redactor([secret])(f"{before}{spelling}{after}").replace("[key]", "\0")


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("r", logging.WARNING, "", 1, "%s", (message,), None)
    made.fields = fields
    return made


@pytest.mark.parametrize("as_json", [True, False])
def test_a_log_line_steers_no_terminal(as_json: bool) -> None:
    line = Formatter(as_json=as_json, secrets=[]).format(record("a\x1b[31m\nb\u202ec\ud83d", code="\x9b"))
    assert line.isprintable()
    line.encode()
    assert not as_json or json.loads(line)["code"] == "\x9b"


@pytest.mark.parametrize("key", ["1", "k", '"', "parts", "warning", "a-very-secret-key"])
def test_a_log_line_of_json_stays_json(key: str) -> None:
    line = Formatter(as_json=True, secrets=[key]).format(record(f"the key {key} is wrong", parts=1, code=key))
    entry = json.loads(line)
    assert (entry["parts"], entry["code"]) == (1, "[key]" if key != '"' else entry["code"])
