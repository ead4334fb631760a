"""The account of a task as the text of a row, and back."""

from __future__ import annotations

import json
from typing import Any

from ..runtime.mapping.account import Account, ProblemGroup, ProblemGroups, group_key
from ..runtime.outcome import Origin

_COUNTS = ("events", "matched", "unmatched", "dropped", "opted_out", "failed", "requests", "repaired")


def account_text(account: Account) -> str:
    """JSON in ASCII, whatever texts of events are in the account."""
    counts = [getattr(account, name) for name in _COUNTS]
    return json.dumps([counts, *map(_listed, (account.failures, account.repairs, account.unrecognized))])


def read_account(text: str) -> Account:
    """The account that a text was made of."""
    counts, *groups = json.loads(text)
    failures, repairs, unrecognized = map(_grouped, groups)
    named = dict(zip(_COUNTS, counts, strict=True))
    return Account(**named, failures=failures, repairs=repairs, unrecognized=unrecognized)


def _listed(groups: ProblemGroups) -> list[tuple[object, ...]]:
    return [
        (group.mapping, group.field, group.code, group.message, group.first_line, group.span, group.count)
        for group in groups.values()
    ]


def _grouped(rows: list[list[Any]]) -> ProblemGroups:
    groups: ProblemGroups = {}
    for mapping, field, code, message, first_line, span, count in rows:
        origin = None if span is None else Origin(*span)
        key = group_key(mapping, field, code, message)
        groups[key] = ProblemGroup(mapping, field, code, message, first_line, origin, count)
    return groups
