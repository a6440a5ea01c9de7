"""What a learner has tried and passed, in one SQLite file that survives a kill at any moment.

Attempt     one stored report with its time
Progress    the file: attempts, hints shown, time spent, questions answered, where the learner was
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tutor.core.errors import WorkspaceError
from tutor.core.report import Report, Verdict, report_from_json, to_json

VERSION = 2
"""Kept in the file as `user_version`."""

State = Literal["new", "started", "passed", "skipped"]

OWN_NUMBER = "own_number"
"""Name of the note that holds a learner's own number."""

DONE_WITH = ("passed", "skipped")
"""The states of an exercise that is not asked for any more."""


@dataclass(frozen=True)
class Attempt:
    """One stored report."""

    exercise: str
    """Its id."""
    time: float
    """Seconds since 1970."""
    verdict: Verdict
    sha256: str
    """Of the text that was graded."""


class Progress:
    """The progress file of a workspace; may be used from several threads and several processes.

    Every method raises WorkspaceError if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._told():
            self._db = self._opened()

    def close(self) -> None:
        """Closes the file; using the object afterwards is an error."""
        with self._told(), self._lock:
            self._db.close()

    def missing(self) -> bool:
        """Whether the file is no longer where it was opened: what is kept here now ends with the program."""
        return self._file is not None and _identity(self.path) != self._file

    def write_back(self) -> None:
        """Makes the file again where it was deleted or moved away, with all that is known here.

        Where another program has made it again and has begun to fill it, that one holds from now on.
        """
        with self._told(), self._lock:
            before, self._db = self._db, self._opened()
            if not self._db.execute("SELECT 1 FROM attempts LIMIT 1").fetchone():
                before.backup(self._db)
            before.close()  # it is known to be moved, so SQLite leaves the files alone that bear its name now

    def record(self, report: Report) -> None:
        """Stores a report as an attempt. Reports that say nothing about the learner's code ('error') are left out."""
        if report.verdict is Verdict.ERROR:
            return
        text = json.dumps(to_json(report))
        row = (report.exercise, time.time(), report.verdict.value, report.sha256, text)
        self._execute("INSERT INTO attempts (exercise, time, verdict, sha256, report) VALUES (?, ?, ?, ?, ?)", row)

    def state(self, id: str) -> State:
        """'passed' if an attempt has passed since the last reset, else 'skipped' if the learner chose so, 'started' if
        an attempt was made on written code."""
        return self.states().get(id, "new")

    def states(self) -> dict[str, State]:
        """The states of all exercises that are not new, in one query."""
        rows = self._execute(
            "SELECT attempts.exercise, MAX(verdict = 'passed') FROM attempts"
            " LEFT JOIN exercises ON exercises.id = attempts.exercise"
            " WHERE verdict <> 'unwritten' AND attempts.number > COALESCE(exercises.reset_after, 0)"
            " GROUP BY attempts.exercise"
        )
        skipped: dict[str, State] = dict.fromkeys(self.skipped(), "skipped")
        return skipped | {id: "passed" if passed else skipped.get(id, "started") for id, passed in rows}

    def passed_sha(self, id: str, sha256: str) -> bool:
        """Whether the text with that hash has passed that exercise, at whatever time."""
        sql = "SELECT 1 FROM attempts WHERE exercise = ? AND sha256 = ? AND verdict = 'passed' LIMIT 1"
        return bool(self._execute(sql, (id, sha256)))

    def attempts(self, id: str) -> tuple[Attempt, ...]:
        """All attempts at an exercise, oldest first."""
        sql = "SELECT exercise, time, verdict, sha256 FROM attempts WHERE exercise = ? ORDER BY number"
        return tuple(Attempt(each[0], each[1], Verdict(each[2]), each[3]) for each in self._execute(sql, (id,)))

    def attempt_counts(self) -> dict[str, int]:
        """By exercise, how many attempts were made on written code, in one query."""
        sql = "SELECT exercise, COUNT(*) FROM attempts WHERE verdict <> 'unwritten' GROUP BY exercise"
        return {str(id): int(count) for id, count in self._execute(sql)}

    def reports_with_mistakes(self) -> list[tuple[str, str]]:
        """Exercise and report, as JSON, of every attempt in which a mistake was recognised, oldest first."""
        sql = "SELECT exercise, report FROM attempts WHERE instr(report, ?) = 0 ORDER BY number"
        return [(str(id), str(report)) for id, report in self._execute(sql, ('"mistake": ""',))]

    def opened(self) -> dict[str, tuple[float, int]]:
        """By exercise, the seconds spent with it open and the hints seen, in one query."""
        rows = self._execute("SELECT id, seconds, hints FROM exercises")
        return {str(id): (float(seconds), int(hints)) for id, seconds, hints in rows}

    def last_report(self, id: str) -> Report | None:
        """The report of the latest attempt; None if there is none, or another version of tutor wrote it."""
        rows = self._execute("SELECT report FROM attempts WHERE exercise = ? ORDER BY number DESC LIMIT 1", (id,))
        try:
            return report_from_json(json.loads(rows[0][0])) if rows else None
        except (KeyError, TypeError, ValueError):
            return None

    def restart(self, id: str) -> None:
        """Makes an exercise new again, as after a reset; its attempts are kept."""
        self._set(id, "reset_after", "(SELECT COALESCE(MAX(number), 0) FROM attempts)")

    def skip(self, ids: Iterable[str]) -> None:
        """Marks exercises as known or not wanted; one that has passed or passes later is passed all the same."""
        for id in ids:
            self._execute("INSERT OR REPLACE INTO skipped (id, time) VALUES (?, ?)", (id, time.time()))

    def take_up(self, ids: Iterable[str]) -> None:
        """Undoes `skip`."""
        for id in ids:
            self._execute("DELETE FROM skipped WHERE id = ?", (id,))

    def skipped(self) -> tuple[str, ...]:
        """Ids of the exercises that are marked as skipped, passed or not."""
        return tuple(str(each[0]) for each in self._execute("SELECT id FROM skipped"))

    def answer(self, question: str, *, right: bool) -> None:
        """Remembers how a question was answered; the last answer counts."""
        self._execute(
            "INSERT INTO answers (question, correct, asked) VALUES (?, ?, 1)"
            " ON CONFLICT (question) DO UPDATE SET correct = excluded.correct, asked = asked + 1",
            (question, int(right)),
        )

    def answers(self) -> dict[str, bool]:
        """By id of a question whether its last answer was right; questions never answered are left out."""
        return {str(id): bool(correct) for id, correct in self._execute("SELECT question, correct FROM answers")}

    def asked(self) -> dict[str, int]:
        """By id of a question how often it was answered; questions never answered are left out."""
        return {str(id): int(count) for id, count in self._execute("SELECT question, asked FROM answers")}

    def own_number(self) -> str:
        """A number that this file has drawn once: what is to be in another order for each learner hangs on it."""
        if self.noted(OWN_NUMBER) is None:
            # Two programs may draw at once: the one that comes second takes over what the first has drawn.
            drawn = (OWN_NUMBER, str(secrets.randbits(32)))
            self._execute("INSERT OR IGNORE INTO notes (name, value) VALUES (?, ?)", drawn)
        return self.noted(OWN_NUMBER) or ""

    def last_exercise(self) -> str | None:
        """Where the learner was."""
        return self.noted("last_exercise")

    def set_last(self, id: str) -> None:
        """Remembers where the learner is."""
        self.note("last_exercise", id)

    def noted(self, name: str) -> str | None:
        """What was noted last under a name: what a front end remembers, of which no verdict depends."""
        rows = self._execute("SELECT value FROM notes WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def note(self, name: str, value: str) -> None:
        """Notes a value under a name, in place of the older one."""
        self._execute("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (name, value))

    def hints_shown(self, id: str) -> int:
        """How many hints of an exercise the learner has seen."""
        rows = self._execute("SELECT hints FROM exercises WHERE id = ?", (id,))
        return int(rows[0][0]) if rows else 0

    def show_hint(self, id: str) -> int:
        """Counts one more hint as seen; returns how many that makes."""
        self._set(id, "hints", "hints + 1")
        return self.hints_shown(id)

    def seconds_spent(self, id: str) -> float:
        """Time that was spent with an exercise open."""
        rows = self._execute("SELECT seconds FROM exercises WHERE id = ?", (id,))
        return float(rows[0][0]) if rows else 0.0

    def add_seconds(self, id: str, seconds: float) -> None:
        """Adds to the time spent."""
        self._set(id, "seconds", "seconds + ?", seconds)

    def _set(self, id: str, column: str, value: str, *parameters: object) -> None:
        """Changes one column of an exercise's row, which is made where it is not there; `value` is ours, not data."""
        self._execute("INSERT OR IGNORE INTO exercises (id) VALUES (?)", (id,))
        self._execute(f"UPDATE exercises SET {column} = {value} WHERE id = ?", (*parameters, id))

    def _opened(self) -> sqlite3.Connection:
        """The file, made where there is none, with the tables in it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Autocommit: each statement is a transaction of its own, so no half-written state can be left behind.
        db = sqlite3.connect(self.path, timeout=5, check_same_thread=False, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise WorkspaceError(f"{self.path} was written by a newer tutor (version {version}). Update tutor.")
            if version < VERSION:
                db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
        except BaseException:
            db.close()
            raise
        self._file = _identity(self.path)
        return db

    def _execute(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._told(), self._lock:
            return self._db.execute(sql, parameters).fetchall()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Says in a sentence what SQLite says in codes."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise WorkspaceError(
                f"Progress is not saved: {self.path} cannot be used ({error}). Your own files are not touched. "
                "Make the folder writable or make room on the disk."
            ) from error
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(
                f"{self.path} is damaged ({error}). Your own files are not touched. "
                "Move it away and run `tutor check` to fill a new one."
            ) from error
        except OSError as error:
            raise WorkspaceError(
                f"Progress is not saved: {self.path} cannot be used ({error.strerror}). Make the folder writable."
            ) from error


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies there, whatever its name; None if there is none, as for a database in memory."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


TABLES = """
CREATE TABLE IF NOT EXISTS attempts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    exercise TEXT NOT NULL,
    time REAL NOT NULL,      -- seconds since 1970
    verdict TEXT NOT NULL,
    sha256 TEXT NOT NULL,    -- of the text that was graded
    report TEXT NOT NULL     -- JSON of core/report.py
);
CREATE INDEX IF NOT EXISTS attempts_by_exercise ON attempts (exercise, sha256);
CREATE TABLE IF NOT EXISTS exercises (
    id TEXT PRIMARY KEY,
    hints INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    reset_after INTEGER NOT NULL DEFAULT 0   -- attempts up to this number no longer count for the state
);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS skipped (id TEXT PRIMARY KEY, time REAL NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    question TEXT PRIMARY KEY,
    correct INTEGER NOT NULL,  -- whether the last answer was
    asked INTEGER NOT NULL   -- how often it was answered
);
"""
