"""The learner's file between our editor and the disk."""

from __future__ import annotations

import shutil

import pytest
from textual.document._document import Document

from tutor.core.errors import SubmissionError, WorkspaceError
from tutor.core.workspace import Workspace
from tutor.tui.drafts import Drafts
from tutor.tui.open_file import Change, OpenFile

ID = "lines/slope"


@pytest.fixture
def file(workspace: Workspace) -> OpenFile:
    file = OpenFile(workspace, ID)
    file.read()
    return file


def test_nothing_happened(file):
    text = file.read()
    assert file.change(text) is Change.NONE
    assert file.change(text + "more") is Change.NONE
    assert file.modified(text + "more")


def test_the_disk_alone_changed(file):
    text = file.read()
    file.path.write_text("other = 1\n")
    assert file.change(text) is Change.THEIRS


def test_both_changed(file):
    text = file.read()
    file.path.write_text("other = 1\n")
    assert file.change(text + "mine") is Change.BOTH


def test_the_disk_changed_into_what_the_editor_shows(file):
    file.path.write_text("same = 1\n")
    assert file.change("same = 1\n") is Change.EQUAL
    assert not file.modified("same = 1\n")
    assert file.change("same = 1\n") is Change.NONE


def test_gone_and_unreadable(file):
    text = file.read()
    file.path.write_bytes(b"\xff\xfe")
    assert file.change(text) is Change.UNREADABLE
    file.path.unlink()
    assert file.change(text) is Change.GONE
    with pytest.raises(SubmissionError):
        file.read()


def test_our_own_save_is_no_change(file):
    file.save("mine = 1\n")
    assert file.path.read_text() == "mine = 1\n"
    assert file.change("mine = 1\n") is Change.NONE
    assert not file.modified("mine = 1\n")


def test_line_ends_stay_as_the_file_has_them(file):
    file.path.write_bytes(b"a = 1\r\nb = 2\r\n")
    text = file.read()
    assert text == "a = 1\nb = 2\n"
    assert file.change(text) is Change.NONE and not file.modified(text)
    file.save(text + "c = 3\n")
    assert file.path.read_bytes() == b"a = 1\r\nb = 2\r\nc = 3\r\n"
    assert file.keep(text).read_bytes() == b"a = 1\r\nb = 2\r\n"
    file.path.write_bytes(b"a = 1\nb = 2\n")
    assert file.change(text) is Change.EQUAL
    file.save(text)
    assert file.path.read_bytes() == b"a = 1\nb = 2\n"


def test_what_only_looks_like_a_line_end_comes_back_from_the_editor_as_it_was(file):
    strange = "a = '\u2028 \u2029 \x85 \x1c'\n\x0cb = '\x0b'\n"
    file.path.write_text(strange, encoding="utf-8", newline="")
    shown = Document(file.read())
    assert shown.line_count == 3
    file.save(shown.text + "c = 1\n")
    assert file.path.read_bytes().decode() == strange + "c = 1\n"


def test_keeping_mine_backs_up_theirs_byte_for_byte(file, workspace):
    file.path.write_bytes(b"\xff theirs")
    backup = file.keep_mine("mine = 1\n")
    assert file.path.read_text() == "mine = 1\n"
    assert backup is not None
    assert backup.read_bytes() == b"\xff theirs"
    assert backup.is_relative_to(workspace.notes)


def test_taking_theirs_backs_up_mine(file):
    file.path.write_text("theirs = 1\n")
    text, backup = file.take_theirs("mine = 1\n")
    assert text == "theirs = 1\n"
    assert backup.read_text() == "mine = 1\n"
    assert file.path.read_text() == "theirs = 1\n"


def test_a_failed_save_leaves_the_text_unsaved_and_the_disk_as_it_was(file):
    shutil.rmtree(file.path.parent)
    file.path.parent.write_text("a file where the folder was")
    with pytest.raises(WorkspaceError, match="was not saved"):
        file.save("mine = 1\n")
    assert file.modified("mine = 1\n")
    assert file.path.parent.read_text() == "a file where the folder was"


def test_what_no_file_can_hold_is_saved_as_a_question_mark(file):
    file.save("name = '\ud800'\n")
    assert file.path.read_text() == "name = '?'\n"


def test_a_draft_is_found_by_the_next_start_until_it_is_dropped(workspace):
    Drafts(workspace, ID).keep("half a thought")
    later = Drafts(workspace, ID)
    assert later.found("what is on disk") == "half a thought"
    assert later.found("half a thought") is None
    later.drop()
    assert later.found("what is on disk") is None
