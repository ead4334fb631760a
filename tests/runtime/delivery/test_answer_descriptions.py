"""What an operator is told of an answer: in one sentence, and no louder than it matters."""

from __future__ import annotations

import logging

import pytest

from rulewright.runtime.delivery import answer_descriptions
from rulewright.runtime.delivery.disposition import (
    Delivered,
    Disposition,
    Hold,
    Reason,
    Refused,
    Retry,
    Stop,
    Throttled,
    TooLarge,
    Unexplained,
)
from rulewright.runtime.delivery.schedule.partitions import QueuedPart

REASON = Reason("http_500", "the destination answered 500")
ITEM = QueuedPart(1, 1, 1, b"{}")


@pytest.mark.parametrize(
    ("disposition", "dead", "level", "code", "sentence"),
    [
        (Retry(REASON), 0, logging.INFO, "http_500", "answered 500; the same bytes are sent again"),
        (Retry(REASON), 1, logging.WARNING, "http_500", "answered 500; 1 dead letter"),
        (Refused({0: REASON}), 2, logging.WARNING, "http_500", "answered 500; 2 dead letters"),
        (
            Throttled({1: Hold(30, 30)}, REASON),
            0,
            logging.INFO,
            "http_500",
            "1 part held back for 30 seconds or more, and",
        ),
        (Throttled({1: Hold(60, 3_600)}, REASON), 0, logging.WARNING, "http_500", "held back for 60 seconds or more"),
        (TooLarge(REASON), 0, logging.WARNING, "http_500", "answered 500; sent again in parts"),
        (Unexplained(REASON), 0, logging.WARNING, "http_500", "answered 500; sent again in parts"),
        (Stop(REASON), 0, logging.WARNING, "http_500", "answered 500; nothing more is sent"),
        (Delivered(), 0, logging.WARNING, None, "nothing was taken"),
    ],
)
def test_what_is_told(disposition: Disposition, dead: int, level: int, code: str | None, sentence: str) -> None:
    letters = [(ITEM, REASON)] * dead
    assert sentence in answer_descriptions.sentence(disposition, letters)
    assert answer_descriptions.level(disposition, letters) == level
    assert answer_descriptions.code(disposition, letters) == code
