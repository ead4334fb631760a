"""What ended a task is read from the text of Spark, and a fault of ours is told from what a system or a network did."""

from __future__ import annotations

import pytest

from rulewright.spark.task_faults import is_fault, raised_in_task

TEXT = """Job aborted due to stage failure: Task 0 failed 1 times: org.apache.spark.api.python.PythonException:
Traceback (most recent call last):
  File "/spark/worker.py", line 1247, in main
    process()
KeyError: 'first'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/rulewright/spark/output_lines.py", line 12, in __call__
    yield from lines
RAISED

\tat org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:572)
"""


@pytest.mark.parametrize(
    ("raised", "fault"),
    [
        ("AssertionError: planted", True),
        ("AssertionError", True),
        ("rulewright.compiler.Odd: text", True),
        ("OSError: [Errno 28] No space left on device", False),
        ("ConnectionResetError: [Errno 104] reset", False),
        ("MemoryError", False),
        ("print: a word that is no class", True),
    ],
)
def test_an_exception_of_a_task_is_read(raised: str, fault: bool) -> None:
    found = raised_in_task(TEXT.replace("RAISED", raised))
    assert found == raised
    assert is_fault(found) is fault


def test_what_spark_says_itself_is_no_exception_of_a_task() -> None:
    assert raised_in_task("[PATH_NOT_FOUND] Path does not exist: file:/nowhere") is None
