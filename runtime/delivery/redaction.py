"""Redacts secrets in text that is shown or stored, such as answers that repeat them and the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

SHORT = 8
"""A shorter secret is redacted only as a whole word, because it may be a part of any word."""
REDACTED = "[key]"


class Redactor:
    """Replaces secrets in a text, also as they are spelled in JSON and in URLs."""

    def __init__(self, secrets: Iterable[str | None]) -> None:
        spellings = {
            spelling
            for secret in secrets
            if secret
            for spelling in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
        }
        # The longest first: a secret may begin with another one.
        patterns = [_pattern(spelling) for spelling in sorted(spellings, key=len, reverse=True)]
        self._secrets = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        return text if self._secrets is None else self._secrets.sub(REDACTED, text)


def _pattern(spelling: str) -> str:
    escaped = re.escape(spelling)
    return escaped if len(spelling) >= SHORT else rf"(?<!\w){escaped}(?!\w)"
