from __future__ import annotations

import pytest

from tutor.core.handout import RECORD, hand_out


def names(folder) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_what_we_wrote_is_written_anew_without_a_backup(tmp_path):
    folder = tmp_path / "made/on the way"
    assert hand_out(folder, {"a.md": "one", "b.md": "two"}) == []
    assert hand_out(folder, {"a.md": "three"}) == []
    assert {name: (folder / name).read_text() for name in ("a.md", "b.md")} == {"a.md": "three", "b.md": "two"}
    assert names(folder) == {"a.md", "b.md", RECORD}


def test_what_someone_else_wrote_or_changed_is_kept(tmp_path):
    (tmp_path / "README.md").write_text("theirs")
    (first,) = hand_out(tmp_path, {"README.md": "ours"})
    (tmp_path / "README.md").write_text("ours, and a note from the teacher")
    (second,) = hand_out(tmp_path, {"README.md": "ours again"})
    assert (first.name, first.read_text()) == ("README.md.backup-1", "theirs")
    assert (second.name, second.read_text()) == ("README.md.backup-2", "ours, and a note from the teacher")
    assert (tmp_path / "README.md").read_text() == "ours again"


def test_the_same_text_needs_no_backup_even_if_nobody_remembers_writing_it(tmp_path):
    (tmp_path / "a.md").write_text("same")
    assert hand_out(tmp_path, {"a.md": "same"}) == []


@pytest.mark.parametrize("record", ["[]", "{", '{"a.md": 3}'])
def test_a_spoiled_record_costs_a_backup_and_nothing_else(tmp_path, record):
    hand_out(tmp_path, {"a.md": "one"})
    (tmp_path / RECORD).write_text(record)
    (backup,) = hand_out(tmp_path, {"a.md": "two"})
    assert backup.read_text() == "one"


def test_a_link_is_moved_aside_and_never_written_through(tmp_path):
    (tmp_path / "theirs").write_text("theirs")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.md").symlink_to(tmp_path / "theirs")
    hand_out(folder, {"a.md": "ours"})
    assert (tmp_path / "theirs").read_text() == "theirs" and not (folder / "a.md").is_symlink()


def test_a_folder_in_the_way_is_moved_aside_too(tmp_path):
    (tmp_path / "a.md").mkdir()
    (backup,) = hand_out(tmp_path, {"a.md": "ours"})
    assert backup.is_dir() and (tmp_path / "a.md").read_text() == "ours"
