"""A folder of files that are written again and again, in which nothing of anybody else's is lost."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tutor.core.atomic import write_atomically

RECORD = ".tutor-written.json"
"""What we wrote there, as SHA-256 by name; a file that is still so may be replaced."""


def hand_out(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Writes each text under its name; returns the backups of files that someone else wrote or changed.

    The folder is made if it is not there. Raises OSError; what was written by then stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, backups = _recorded(folder), []
    for name, text in texts.items():
        path = folder / name
        if os.path.lexists(path) and _digest(path) not in (written.get(name), _sha256(text)):
            backups.append(_moved_aside(path))
        write_atomically(path, text)
        written[name] = _sha256(text)
    write_atomically(folder / RECORD, json.dumps(written, indent=2) + "\n")
    return backups


def _recorded(folder: Path) -> dict[str, str]:
    try:
        data = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in data.items()} if isinstance(data, dict) else {}


def _digest(path: Path) -> str:
    """Of what lies there; '' for anything but a file, a link included."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _moved_aside(path: Path) -> Path:
    backup = next(
        each
        for number in itertools.count(1)
        if not os.path.lexists(each := path.with_name(f"{path.name}.backup-{number}"))
    )
    return path.rename(backup)
