"""Which files a studio shows and writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.studio.documents import Documents, NotWritten, version_of
from rulewright.studio.page_api import studio

from .conftest import Page


def test_a_page_begins_with_the_rules_and_their_tests(page: Page, folder: Path) -> None:
    session = page.ask("session")
    shown = [(file["name"], file["is_given"], file["kind"]) for file in session["files"]]
    assert shown == [
        ("shop.rules", True, "rules"),
        ("shop.test.rules", True, "tests"),
        ("shop.snapshots.json", True, "snapshots"),
    ]
    assert session["files"][0]["text"] == (folder / "shop.rules").read_text()
    assert session["may_write"] is True
    assert session["events"] == {"path": "events.jsonl", "count": 60}
    assert session["has_queue"] is False


def test_a_file_is_saved_whole(page: Page, folder: Path) -> None:
    before = page.ask("session")["files"][0]
    text = before["text"].replace("Behaviour", "Behavior")
    saved = page.ask("save", name="shop.rules", text=text, version=before["version"])
    assert (folder / "shop.rules").read_text() == text
    assert saved["version"] == version_of(text) == page.ask("session")["files"][0]["version"]


def test_tests_that_are_not_there_yet_can_be_saved(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text("destination amplitude\n")
    documents = Documents(tmp_path / "a.rules", write=True)
    documents.save("a.test.rules", 'test "t" {\n}\n', "")
    assert (tmp_path / "a.test.rules").read_text() == 'test "t" {\n}\n'


def test_line_ends_of_a_file_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_bytes(b"destination amplitude\r\n")
    documents = Documents(tmp_path / "a.rules", write=True)
    shown = documents.data()[0]
    assert shown["text"] == "destination amplitude\n"
    documents.save("a.rules", "# new\ndestination amplitude\n", shown["version"])
    assert (tmp_path / "a.rules").read_bytes() == b"# new\r\ndestination amplitude\r\n"


@pytest.mark.parametrize(
    ("name", "write", "version", "sentence"),
    [
        ("a.rules", False, None, "the studio was started without --write, so that it changes no file"),
        ("a.rules", True, "another", "`a.rules` has changed on the disk since this page read it"),
        ("b.rules", True, None, "`b.rules` is not a file that the studio was given"),
        ("../a.rules", True, None, "`../a.rules` is not a file that the studio was given"),
        ("/etc/passwd", True, None, "`/etc/passwd` is not a file that the studio was given"),
        ("part.rules", True, None, "`part.rules` is not a file that the studio was given"),
    ],
)
def test_nothing_else_is_written(tmp_path: Path, name: str, write: bool, version: str | None, sentence: str) -> None:
    (tmp_path / "a.rules").write_text('destination amplitude\ninclude "part.rules"\n')
    (tmp_path / "part.rules").write_text("# part\n")
    documents = Documents(tmp_path / "a.rules", write=write)
    with pytest.raises(NotWritten) as refused:
        documents.save(name, "x", documents.data()[0]["version"] if version is None else version)
    assert str(refused.value) == sentence
    assert (tmp_path / "a.rules").read_text().startswith("destination")
    assert (tmp_path / "part.rules").read_text() == "# part\n"


def test_included_files_are_shown_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "inner" / "a.rules").write_text(
        'destination amplitude\ninclude "part.rules"\ninclude "../secret.txt"\ninclude "amplitude/presets.rules"\n'
    )
    (tmp_path / "inner" / "part.rules").write_text("# part\n")
    files = studio(tmp_path / "inner" / "a.rules").session({})["files"]
    assert [Path(file["name"]).name for file in files] == [
        "a.rules",
        "a.test.rules",
        "a.snapshots.json",
        "part.rules",
        "presets.rules",
    ]
    assert [file["is_given"] for file in files] == [True, True, True, False, False]
    assert "secret" not in str([file["text"] for file in files[1:]])


def test_texts_of_other_files_are_not_taken_from_the_page(page: Page) -> None:
    page.texts = {"shop.rules": 'destination amplitude\ninclude "stolen.rules"\n', "stolen.rules": "mapping"}
    findings = page.ask("evaluate", event=0)["findings"]
    assert "stolen.rules` cannot be read: no such file" in str(findings)
