from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.errors import SubmissionError, UnknownExercise, WorkspaceError
from tutor.core.submission import MOST_BYTES, read_source
from tutor.core.workspace import Workspace, course_of, find_workspace, init_workspace

SLOPE = "lines/slope"


class Nothing:
    def passed_sha(self, id: str, sha256: str) -> bool:
        return False


class Everything:
    def passed_sha(self, id: str, sha256: str) -> bool:
        return True


def test_init_mirrors_the_course_and_never_overwrites(toy, tmp_path):
    mine = tmp_path / "exercises/lines/slope.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    created = init_workspace(tmp_path, toy)
    assert mine.read_text(encoding="utf-8") == "mine" and mine not in created
    assert {each.name for each in created} == {"workspace.toml", "line.py", "total.py", "running_mean.py"}
    assert init_workspace(tmp_path, toy) == []


def test_a_workspace_is_found_from_below_and_remembers_its_course(workspace):
    assert find_workspace(workspace.root / "exercises" / "lines") == workspace.root
    assert course_of(workspace.root) == workspace.course.root


def test_a_folder_that_is_no_workspace_says_how_to_make_one(toy, tmp_path):
    with pytest.raises(WorkspaceError, match="not a workspace. `tutor init "):
        Workspace.open(tmp_path, toy)


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ("format_version = 2", "made by a newer tutor .format 2.*Update tutor"),
        ("", "does not say its format"),
        ("format_version = ", "cannot be read"),
        ("format_version = 'one'", "does not say its format"),
    ],
)
def test_a_workspace_of_another_version_is_told_and_left_alone(workspace, marker, sentence):
    workspace.write(SLOPE, "mine")
    (workspace.notes / "workspace.toml").write_text(marker, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=sentence):
        Workspace.open(workspace.root, workspace.course)
    with pytest.raises(WorkspaceError, match=sentence):
        init_workspace(workspace.root, workspace.course)
    assert workspace.read(SLOPE) == "mine"


def test_write_then_read_gives_the_text_back_to_the_letter(workspace):
    text = "def slope():\r\n    return 'é ∂'\r\n"
    workspace.write(SLOPE, text)
    assert workspace.read(SLOPE) == text
    assert [each.name for each in workspace.file(SLOPE).parent.glob(".*")] == []


def test_write_follows_a_link_and_keeps_permissions(workspace, tmp_path):
    target = tmp_path / "elsewhere.py"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    workspace.file(SLOPE).unlink()
    workspace.file(SLOPE).symlink_to(target)
    workspace.write(SLOPE, "new")
    assert workspace.file(SLOPE).is_symlink()
    assert target.read_text(encoding="utf-8") == "new" and target.stat().st_mode & 0o777 == 0o640


WRITE_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tutor.core.course import load_course
from tutor.core.errors import WorkspaceError
from tutor.core.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]), load_course(Path(sys.argv[2])))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    workspace.write("lines/slope", "x = 1\\n" * 1000)
except WorkspaceError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_disk_that_fills_up_while_saving_leaves_the_old_text(workspace):
    workspace.write(SLOPE, "old")
    command = [sys.executable, "-c", WRITE_ON_A_FULL_DISK, workspace.root, workspace.course.root]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "was not saved" in done.stdout and "the old text is still there" in done.stdout
    assert workspace.read(SLOPE) == "old"
    assert list(workspace.file(SLOPE).parent.glob("*.part")) == []


def test_reset_puts_the_stub_back_and_keeps_a_backup_each_time(workspace):
    workspace.write(SLOPE, "first")
    one = workspace.reset(SLOPE)
    workspace.write(SLOPE, "second")
    two = workspace.reset(SLOPE)
    assert [each.read_text(encoding="utf-8") for each in (one, two)] == ["first", "second"]
    assert workspace.read(SLOPE) == workspace.course.exercise(SLOPE).stub.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lay", "kind"), [(Path.mkdir, "folder"), (getattr(os, "mkfifo", None), "device or pipe")])
def test_what_is_no_file_is_not_replaced_and_nobody_waits_for_it(workspace, lay, kind):
    if lay is None:
        return  # a system without pipes that are files
    path = workspace.file(SLOPE)
    path.unlink()
    lay(path)
    with pytest.raises(WorkspaceError, match=f"is a {kind}, not a file. Nothing was changed. Move it away"):
        workspace.reset(SLOPE)
    assert not path.is_file()


def test_a_link_to_itself_is_told_and_replaced(workspace):
    path = workspace.file(SLOPE)
    path.unlink()
    path.symlink_to(path.name)
    with pytest.raises(SubmissionError, match="cannot be read"):
        workspace.read(SLOPE)
    workspace.write(SLOPE, "mine = 1")
    assert workspace.read(SLOPE) == "mine = 1"


def test_reset_brings_a_deleted_file_back(workspace):
    workspace.file(SLOPE).unlink()
    assert workspace.reset(SLOPE) is None
    assert "def slope" in workspace.read(SLOPE)


def test_a_deleted_file_says_how_to_get_the_stub_back(workspace):
    workspace.file(SLOPE).unlink()
    with pytest.raises(SubmissionError, match=r"does not exist. `tutor reset lines/slope`"):
        workspace.submission(SLOPE, Nothing())


def test_an_exercise_that_is_not_in_the_course_has_no_file(workspace):
    with pytest.raises(UnknownExercise):
        workspace.file("../../etc/passwd")


def test_a_submission_has_the_bytes_as_they_are_and_their_hash(workspace):
    workspace.file(SLOPE).write_bytes(b"\xef\xbb\xbfx = 1\r\n")
    submission = workspace.submission(SLOPE, Nothing())
    assert submission.text == "x = 1\r\n"
    assert submission.sha256 == hashlib.sha256(b"\xef\xbb\xbfx = 1\r\n").hexdigest()


def test_a_need_is_borrowed_until_ones_own_has_passed(workspace):
    workspace.write(SLOPE, "own = True\n")
    (borrowed,) = workspace.submission("lines/line", Nothing()).needs
    (own,) = workspace.submission("lines/line", Everything()).needs
    assert borrowed.borrowed and "return (y1 - y0)" in borrowed.text
    assert not own.borrowed and own.text == "own = True\n"


def test_a_need_that_was_deleted_is_borrowed(workspace):
    workspace.file(SLOPE).unlink()
    (need,) = workspace.submission("lines/line", Everything()).needs
    assert need.borrowed


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "answer.py"
    path.write_bytes(data)
    return path


def test_text_that_is_not_utf_8_names_the_line(tmp_path):
    with pytest.raises(SubmissionError, match=r"not UTF-8 text .line 2.. Save it as UTF-8"):
        read_source(write(tmp_path, b"x = 1\ny = '\xe9'\n"))


def test_a_zero_byte_names_the_line(tmp_path):
    with pytest.raises(SubmissionError, match="zero byte in line 2"):
        read_source(write(tmp_path, b"x = 1\n\0"))


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    path = write(tmp_path, b"")
    os.truncate(path, 1_000_000_000)  # sparse
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        read_source(path)
    assert len(read_source(write(tmp_path, b"#" * MOST_BYTES))[0]) == MOST_BYTES


def test_a_folder_a_pipe_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(SubmissionError, match="is a folder"):
        read_source(tmp_path)
    with pytest.raises(SubmissionError, match="does not exist"):
        read_source(tmp_path / "nothing.py")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")
        with pytest.raises(SubmissionError, match="device or pipe"):
            read_source(tmp_path / "pipe.py")
