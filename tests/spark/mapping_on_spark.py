"""Events of DataFrames and of files, mapped on Spark: what comes out is what `run` writes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyspark.sql import SparkSession

from rulewright import RuleError, spark
from rulewright.runtime.inputs.problem import InputRefused
from rulewright.spark.command import command

from ..cli.running import rulewright
from .events import LINES, RULES
from .session import session_on


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    session = session_on("local[2]")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for day in (1, 2, 3):
        (folder / f"{day}.gz").write_bytes(gzip.compress(b"\n".join(LINES[day:])))
    valid = [json.loads(line) for line in LINES if line.startswith(b"{") and b"ud800" not in line]
    (folder / "4.json").write_text(json.dumps(valid, indent=1))
    return folder


def on_spark(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def lines_of(folder: Path, kind: str) -> list[bytes]:
    return sorted(line for path in folder.glob(f"kind={kind}/part-*") for line in path.read_bytes().splitlines())


def test_one_file_gives_the_bytes_of_run(session: SparkSession, archive: Path, tmp_path: Path) -> None:
    done = on_spark(RULES, archive / "1.gz", "--output", tmp_path / "out")
    expected = rulewright("run", RULES, archive / "1.gz")
    assert done.exit_code == expected.returncode == 0, done.output
    assert lines_of(tmp_path / "out", "request") == sorted(expected.stdout.encode().splitlines())
    assert done.stderr.splitlines() == expected.stderr.splitlines()[1:]  # the first says that it is gzip


def test_a_folder_of_several_formats_gives_the_requests_of_run(
    session: SparkSession, archive: Path, tmp_path: Path
) -> None:
    done = on_spark(RULES, archive, "--output", tmp_path / "out")
    expected = rulewright("run", RULES, archive)
    assert done.exit_code == expected.returncode == 0, done.output
    ours = [json.loads(line) for line in lines_of(tmp_path / "out", "request")]
    theirs = [json.loads(line) for line in expected.stdout.splitlines()]
    assert {row.pop("file") for row in ours} == {str(path) for path in archive.iterdir()}
    for row in (*ours, *theirs):
        del row["line"]
    assert sorted(map(json.dumps, ours)) == sorted(map(json.dumps, theirs))
    counts = done.stderr.splitlines()[0]
    assert counts in expected.stderr
    failures = [json.loads(line) for line in lines_of(tmp_path / "out", "failure")]
    assert f"{len({(row['file'], row['line']) for row in failures})} failed" in counts


def test_what_cannot_be_read_ends_with_a_sentence(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    for name, sentence in (
        ("in", "it is a zip archive or a spreadsheet"),
        ("nothing", "No such file"),
        ("none/*.gz", "no file matches"),
    ):
        done = on_spark(RULES, tmp_path / name, "--output", tmp_path / f"out-{name[:2]}")
        assert done.exit_code == 2
        assert sentence.lower() in done.stderr.lower()
        assert "Traceback" not in done.stderr


def test_an_output_that_is_there_is_not_written_over(session: SparkSession, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    done = on_spark(RULES, archive / "1.gz", "--output", tmp_path)
    assert done.exit_code == 2
    assert "already exists" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_data_frame_keeps_its_other_columns(session: SparkSession) -> None:
    line = '{"type": "track", "event": "Seen", "userId": "user-42"}'
    frame = session.createDataFrame([(1, line), (2, "no JSON"), (3, None)], "day int, value string")
    requests, failures = spark.map_events(frame, RULES)
    (request,) = requests.collect()
    assert (request.day, request.mapping, request.method) == (1, "Behaviour", "POST")
    assert json.loads(request.json)["events"][0]["event_type"] == "Seen"
    assert json.loads(request.json)["api_key"] == "API_KEY"
    assert sorted(row.day for row in failures.collect()) == [2, 3]
    assert spark.map_events(frame.where("day = 9"), RULES)[0].collect() == []


def test_wrong_arguments_are_named(session: SparkSession) -> None:
    frame = session.createDataFrame([(1, "{}", ("a",))], "day int, value string, context struct<a: string>")
    with pytest.raises(ValueError, match="there is no column `event`; the columns are day, value, context"):
        spark.map_events(frame, RULES, "event")
    with pytest.raises(ValueError, match="expected `context` to hold JSON text"):
        spark.map_events(frame, RULES, "context")
    with pytest.raises(ValueError, match="the column `code` has the name of a column that is added"):
        spark.map_events(frame.withColumnRenamed("day", "code"), RULES)
    with pytest.raises(RuleError):
        spark.map_events(frame, "mapping {")
    with pytest.raises(InputRefused):
        spark.read_events(session, "none/*.gz")
