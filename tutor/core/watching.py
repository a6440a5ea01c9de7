"""Where the operating system does not tell of changed files, so that they must be looked at again and again."""

from __future__ import annotations

import os
from pathlib import Path

_SILENT = ("nfs", "cifs", "smb", "9p", "drvfs", "vboxsf", "vmhgfs", "prl_fs", "fuse.", "afs", "ceph", "gluster")
"""File systems (beginnings of their names) on which changes made elsewhere are not announced."""


def needs_polling(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether changes below `folder` must be polled for: network mounts, and Windows' drives under WSL.

    The environment variable TUTOR_POLL (1 or 0) decides it by hand.
    """
    by_hand = os.environ.get("TUTOR_POLL")
    if by_hand:
        return by_hand != "0"
    return _file_system(folder.resolve(), mounts).startswith(_SILENT)


def _file_system(folder: Path, mounts: Path) -> str:
    """The type of the file system that holds the folder; '' where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found, depth = "", -1
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        mount = Path(place.replace("\\040", " "))
        if folder.is_relative_to(mount) and len(mount.parts) >= depth:
            found, depth = kind, len(mount.parts)
    return found
