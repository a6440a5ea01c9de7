"""What the words of `tutor grade` name: students, with the files that answer exercises."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tutor.core.borrowing import Borrow
from tutor.core.course import Course
from tutor.core.handin import Handin
from tutor.core.intake import entries, open_entry

Open = Callable[..., list[Handin]]
SLOPE, LINE, TOTAL = "lines/slope", "lines/line", "sums/total"
ODD = ["Zoë Müller", "عمر", "two\nlines", "a,b;c", "=1+1", "sub.final", "\u202egnp"]


@pytest.fixture
def opened(toy: Course) -> Open:
    def run(*words: Path | str, ids: Sequence[str] = (), borrow: Borrow = "auto") -> list[Handin]:
        found = entries([Path(word) for word in words], toy, ids)
        return [open_entry(each, toy, ids, borrow) for each in found]

    return run


def exercises(handin: Handin) -> list[str | None]:
    return [each.exercise for each in handin.files]


def packed(folder: Path, below: str = "") -> Path:
    """The folder as a zip beside it; the folder is gone."""
    path = folder.with_name(folder.name + ".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(folder.rglob("*.py")):
            archive.write(each, below + each.relative_to(folder).as_posix())
    shutil.rmtree(folder)
    return path


@pytest.mark.parametrize("below", ["", "alice/", "deep/down/"])
@pytest.mark.parametrize("layout", ["exercises/lines/slope.py", "lines/slope.py", "slope.py"])
def test_an_archive_is_a_workspace_wherever_it_begins(opened: Open, hand_in, right, layout: str, below: str) -> None:
    path = packed(hand_in("alice", {layout: right(SLOPE)}), below)
    (found,) = opened(path)
    assert (found.student, exercises(found)) == ("alice", [SLOPE])
    assert found.files[0].path == f"{path}/{below}{layout}" and found.files[0].text == right(SLOPE)


def test_backups_inside_an_archive_are_not_the_workspace(opened: Open, hand_in, right) -> None:
    files = {"exercises/lines/slope.py": right(SLOPE), "old/exercises/lines/slope.py": "x = 1"}
    (found,) = opened(packed(hand_in("alice", files)))
    assert found.files[0].text == right(SLOPE)


def test_two_workspaces_in_one_archive_are_refused(opened: Open, hand_in, right) -> None:
    files = {f"{name}/lines/slope.py": right(SLOPE) for name in ("alice", "bob")}
    (found,) = opened(packed(hand_in("both", files)))
    assert "more than one workspace" in found.files[0].problem


def test_a_folder_of_many_is_a_class(opened: Open, hand_in, right, tmp_path: Path) -> None:
    hand_in("alice", {"exercises/lines/slope.py": right(SLOPE), "exercises/sums/total.py": right(TOTAL)})
    packed(hand_in("bob", {"lines/slope.py": right(SLOPE)}))
    hand_in("carol", {"attempt/final/lines/slope.py": right(SLOPE)})
    hand_in("dave", {"my things/slope.py": right(SLOPE)})
    hand_in("empty", {"notes.txt": "nothing yet"})
    hand_in("__MACOSX", {"lines/slope.py": right(SLOPE)})
    (tmp_path / "class" / "erin.docx").write_bytes(b"PK")
    found = {each.student: each for each in opened(tmp_path / "class")}
    assert list(found) == ["alice", "bob", "carol", "dave", "empty", "erin"]
    assert exercises(found["alice"]) == [SLOPE, TOTAL]
    assert [exercises(found[name]) for name in ("bob", "carol", "dave")] == [[SLOPE]] * 3
    assert "holds no exercise of this course" in found["empty"].files[0].problem
    assert "no Python file and no archive" in found["erin"].files[0].problem


def test_files_of_many_with_the_exercise_named(opened: Open, tmp_path: Path, right) -> None:
    for name in ("alice", "bob"):
        (tmp_path / f"{name}.py").write_text(right(SLOPE))
    found = opened(tmp_path, ids=[SLOPE])
    assert [(each.student, exercises(each)) for each in found] == [("alice", [SLOPE]), ("bob", [SLOPE])]


def test_two_things_that_could_be_it_are_refused(opened: Open, hand_in, right, tmp_path: Path) -> None:
    hand_in("alice", {"one/lines/slope.py": right(SLOPE), "two/lines/slope.py": right(SLOPE)})
    (found,) = opened(tmp_path / "class")
    assert "holds 2 things that could be the submission" in found.files[0].problem


def test_a_list_names_paths_relative_to_itself(opened: Open, hand_in, right, tmp_path: Path) -> None:
    hand_in("alice", {"lines/slope.py": right(SLOPE)})
    (tmp_path / "list.txt").write_text("# my class\nclass/alice\n\nclass/nobody\n", encoding="utf-8")
    found = opened(f"@{tmp_path / 'list.txt'}")
    assert [each.student for each in found] == ["alice", "nobody"]
    assert found[0].files[0].text == right(SLOPE) and found[1].files[0].problem


def test_a_list_that_cannot_be_read_is_told(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"\xe9")
    missing, latin = opened(f"@{tmp_path / 'none.txt'}", f"@{tmp_path / 'latin.txt'}")
    assert "does not exist" in missing.files[0].problem and "not UTF-8" in latin.files[0].problem


@pytest.mark.parametrize("name", ODD)
def test_names_are_left_as_they_are(opened: Open, hand_in, right, tmp_path: Path, name: str) -> None:
    hand_in(name, {"lines/slope.py": right(SLOPE)})
    (found,) = opened(tmp_path / "class")
    assert found.student == name and found.files[0].text


@pytest.mark.parametrize("place", ["class/alice/exercises/lines/slope.py", "class/alice/lines/slope.py"])
def test_a_file_belongs_to_the_student_around_its_track(opened: Open, hand_in, right, tmp_path: Path, place) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(right(SLOPE))
    (found,) = opened(path)
    assert (found.student, exercises(found)) == ("alice", [SLOPE])


def test_links_are_not_followed(opened: Open, hand_in, right, toy: Course, tmp_path: Path) -> None:
    hand_in("alice", {"lines/line.py": right(LINE)})
    (tmp_path / "class/alice/lines/slope.py").symlink_to(toy.exercise(SLOPE).solution)
    (tmp_path / "class/bob").symlink_to(toy.root / "solutions")
    (tmp_path / "class/carol").mkdir()
    (tmp_path / "class/carol/work").symlink_to(toy.root / "solutions")
    alice, bob, carol = opened(tmp_path / "class")
    for found in (alice.files[0], bob.files[0], carol.files[0]):
        assert "links are not followed" in found.problem and not found.text


def test_what_the_named_exercise_needs_is_read_where_nothing_is_borrowed(opened: Open, hand_in, right) -> None:
    folder = hand_in("alice", {"lines/line.py": right(LINE), "lines/slope.py": right(SLOPE)})
    (found,) = opened(folder, ids=[LINE], borrow="none")
    assert {each.exercise: each.listed for each in found.files} == {SLOPE: False, LINE: True}
