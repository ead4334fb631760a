"""An imported mapping gives, for every row, the value that Segment's own code gives."""

from __future__ import annotations

import pytest

from rulewright import compile_expression, import_mapping
from rulewright.segment.mappings.export_expression import write_mapping
from rulewright.segment.mappings.mapping_reader import MappingReader
from rulewright.segment.mappings.payload import EVENT
from tests.long_cases import long_cases

from .vectors import events, rows, same_json


@pytest.mark.parametrize("step", [5, *long_cases(1)])
def test_every_mapping_gives_what_segment_gives(step: int) -> None:
    wrong = []
    for row in rows("mapping")[::step]:
        value = compile_expression(import_mapping(row["mapping"]))(events()[row["event"]])
        if not same_json(value, row["output"]):
            wrong.append((row["id"], value, row["output"]))
    assert wrong == []


def test_every_mapping_comes_back_from_an_export_as_the_same_rule() -> None:
    wrong = []
    for row in rows("mapping"):
        once = MappingReader(EVENT).whole(row["mapping"], ())
        if MappingReader(EVENT).whole(write_mapping(once), ()) != once:
            wrong.append(row["id"])
    assert wrong == []
