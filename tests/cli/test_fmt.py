"""`rulewright fmt` on files, folders and standard input: what it writes, what it leaves alone, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli.fmt import command

UNTIDY = "destination   amplitude # the only one\ndrop when type='alias'\n"
TIDY = 'destination amplitude  # the only one\n\ndrop when type = "alias"\n'
BROKEN = 'drop when type == "alias"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.rules"
    path.write_text(UNTIDY, encoding="utf-8")
    return path


def fmt(*arguments: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=given)


def test_a_file_is_written_anew_and_only_once(file: Path) -> None:
    done = fmt(file)
    assert (done.exit_code, done.stdout, file.read_text()) == (0, f"{file} formatted\n", TIDY)
    assert fmt(file).stdout == ""
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_without_rule_files_is_not_the_one_that_was_meant(tmp_path: Path) -> None:
    done = fmt("--check", tmp_path)
    assert done.exit_code == 2
    assert f"`{tmp_path}` holds no rule file" in done.stderr


def test_a_folder_is_all_rule_files_in_it(file: Path) -> None:
    other = file.parent / "deep" / "other.rules"
    other.parent.mkdir()
    other.write_text(UNTIDY)
    (file.parent / "notes.txt").write_text(UNTIDY)
    assert fmt(file.parent).exit_code == 0
    assert file.read_text() == other.read_text() == TIDY
    assert (file.parent / "notes.txt").read_text() == UNTIDY


def test_check_names_what_would_change_and_writes_nothing(file: Path) -> None:
    done = fmt("--check", file)
    assert (done.exit_code, done.stdout, file.read_text()) == (1, f"{file} would be formatted\n", UNTIDY)
    file.write_text(TIDY)
    assert (fmt("--check", file).exit_code, fmt("--check", file).stdout) == (0, "")


def test_diff_shows_what_would_change_and_writes_nothing(file: Path) -> None:
    done = fmt("--diff", file)
    assert done.exit_code == 1
    assert "-drop when type='alias'\n" in done.stdout
    assert '+drop when type = "alias"\n' in done.stdout
    assert file.read_text() == UNTIDY


def test_standard_input_goes_to_standard_output() -> None:
    done = fmt("-", given=UNTIDY)
    assert (done.exit_code, done.stdout) == (0, TIDY)


def test_a_file_with_an_error_is_left_alone(file: Path) -> None:
    file.write_text(UNTIDY + BROKEN)
    done = fmt(file)
    assert (done.exit_code, file.read_text()) == (1, UNTIDY + BROKEN)
    assert "error[RW0101]" in done.stderr
    assert "write `=`" in done.stderr
    assert fmt("-", given=BROKEN).stdout == ""


def test_line_ends_are_the_authors(file: Path) -> None:
    file.write_bytes(UNTIDY.replace("\n", "\r\n").encode())
    fmt(file)
    assert file.read_bytes() == TIDY.replace("\n", "\r\n").encode()
    assert fmt("--check", file).exit_code == 0


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = fmt(tmp_path / "none.rules")
    assert done.exit_code == 1
    assert "error[RW0001]" in done.stderr


def test_nothing_to_format_is_misuse() -> None:
    assert fmt().exit_code == 2
