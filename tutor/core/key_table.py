"""The learner's own keys: the table `[keys]` of a TOML file, from ids of actions to keys.

    [keys]
    "exercise.check" = "ctrl+r"
    "exercise.hint" = ["f6", "ctrl+g"]

What an id or a key may be is the front end's to say; here only the file is read.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class KeyTable:
    """What the file says."""

    path: Path | None = None
    """The file, which need not exist."""
    keys: dict[str, str] = field(default_factory=dict)
    """Id → keys, with commas between."""
    problems: tuple[str, ...] = ()
    """Sentences about what could not be read; the rest counts."""


def read_key_table(path: Path) -> KeyTable:
    """The table of that file; empty where there is none. Raises nothing: no start fails over a key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return KeyTable(path)
    except (OSError, ValueError) as error:  # not readable, not UTF-8, not TOML
        return KeyTable(path, problems=(f"Your keys are not used: {path} cannot be read ({error}). Mend it.",))
    table = data.get("keys", {})
    if not isinstance(table, dict):
        return KeyTable(path, problems=(f"Your keys are not used: `keys` in {path} is no table. Write [keys].",))
    flat = _flat(table)
    keys = {id: text for id, value in flat.items() if (text := _keys(value))}
    wrong = tuple(
        f'{id} in {path} is no key. Write it in quotes, like "ctrl+r".' for id, value in flat.items() if id not in keys
    )
    return KeyTable(path, keys, wrong)


def _flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """With dotted ids: `exercise.check = "x"` without quotes is a table in a table to TOML, and means the same."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {before + name: value}
    return found


def _keys(value: object) -> str:
    """The keys of one entry with commas between, '' where it is something else."""
    words = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]
    return ",".join(words) if not isinstance(value, list) or len(words) == len(value) else ""
