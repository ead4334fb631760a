"""What Segment's own code sends for 1,200 events is what goes out here, but for the documented differences."""

from __future__ import annotations

import pytest

from rulewright.runtime.outcome import Refused

from .reference_requests import GROUP, PRESETS, ROWS, expected, plain, requests_of


@pytest.mark.parametrize("first", range(0, len(ROWS), GROUP))
def test_the_reference_sends_the_same(first: int) -> None:
    for row in ROWS[first : first + GROUP]:
        subscriptions = {subscription["name"]: subscription for subscription in row.get("subscriptions", PRESETS)}
        for result in row["results"]:
            subscription = subscriptions[result["subscription"]]
            try:
                requests = [plain(request) for request in requests_of(row, subscription)]
            except Refused:
                assert "error" in result, row["id"]
            else:
                assert "error" not in result, row["id"]
                assert requests == expected(row, result), row["id"]
