"""Removing a folder in which learner code wrote: at any depth, under any names, whatever may not be read.

`shutil.rmtree` recurses, so a thousand folders in each other end the process that calls it; and it gives up at a folder
that may not be listed.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from pathlib import Path


def clear(folder: Path) -> None:
    """Remove a folder and all below it. What cannot be removed stays, without an error."""
    with contextlib.suppress(OSError):
        flat = Path(tempfile.mkdtemp(dir=folder.parent))
        _flatten(folder, flat)
        flat.rmdir()


def _flatten(folder: Path, flat: Path) -> None:
    """Move every folder up into `flat`, under a name of ours, and remove it there: no path ever grows long."""
    numbers = itertools.count()
    todo = [_moved(folder, flat, numbers)]
    while todo:
        place = todo.pop()
        with os.scandir(place) as entries:
            inside = [(each.path, each.is_dir(follow_symlinks=False)) for each in entries]
        for path, is_folder in inside:
            if is_folder:
                todo.append(_moved(Path(path), flat, numbers))
            else:
                Path(path).unlink()
        place.rmdir()


def _moved(folder: Path, flat: Path, numbers: itertools.count[int]) -> Path:
    folder.chmod(0o700)
    return folder.rename(flat / str(next(numbers)))
