from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.core.settings import last_workspace, remember_workspace
from tutor.core.watching import Stamps, needs_polling
from tutor.core.workspace import init_workspace

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home {home} nfs4 rw 0 0
C:\\134 /mnt/c 9p rw 0 0
/dev/sdb1 {home}/local\\040disk ext4 rw 0 0
"""


@pytest.mark.parametrize(("folder", "polling"), [("", True), ("deep/er", True), ("local disk/x", False), ("..", False)])
def test_network_mounts_are_polled_and_the_nearest_mount_decides(tmp_path, folder, polling):
    home = (tmp_path / "home").resolve()
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(home=home), encoding="utf-8")
    assert needs_polling(home / folder, mounts) is polling


def test_where_the_system_lists_no_mounts_nothing_is_polled(tmp_path):
    assert needs_polling(tmp_path, tmp_path / "nothing") is False


@pytest.mark.parametrize(("value", "polling"), [("1", True), ("0", False)])
def test_polling_can_be_decided_by_hand(tmp_path, monkeypatch, value, polling):
    monkeypatch.setenv("TUTOR_POLL", value)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/ {tmp_path.resolve()} nfs rw 0 0\n", encoding="utf-8")
    assert needs_polling(tmp_path, mounts) is polling


def test_stamps_name_what_was_saved_since_the_last_look(tmp_path):
    files = {name: tmp_path / f"{name}.py" for name in "abc"}
    files["a"].write_text("one", encoding="utf-8")
    files["b"].write_text("one", encoding="utf-8")
    stamps = Stamps(files)
    assert stamps.changed() == []
    replace(files["a"], "two")
    files["b"].unlink()
    files["c"].write_text("new", encoding="utf-8")
    assert stamps.changed() == ["a", "c"]
    assert stamps.changed() == []
    files["b"].write_text("one", encoding="utf-8")
    assert stamps.changed() == ["b"]


def replace(path: Path, text: str) -> None:
    """As editors do it: a new file takes the old one's place, within the same clock tick and with the same size."""
    before = path.stat()
    other = path.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def test_the_last_workspace_is_remembered_while_it_is_there(tmp_path, toy):
    memory, root = tmp_path / "memory", (tmp_path / "ws").resolve()
    assert last_workspace(memory) is None
    init_workspace(root, toy)
    remember_workspace(memory, root)
    assert last_workspace(memory) == root
    (root / ".tutor/workspace.toml").unlink()
    assert last_workspace(memory) is None


def test_where_nothing_can_be_remembered_nothing_breaks(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    remember_workspace(tmp_path / "file", tmp_path)
    assert last_workspace(tmp_path / "file") is None
