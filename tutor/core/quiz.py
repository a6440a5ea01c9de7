"""Questions to check oneself with: `exercises/<track>/quiz.toml`, read without running anything. They gate nothing.

    [[question]]
    id = "scale"                          # stays when the text is reworded: what was answered is remembered by it
    exercise = "attention/scaled_scores"  # left out where the question is about the whole track
    text = "Why are the scores divided by √D?"
    answers = ["Because …", "So that …", "…"]
    right = 2                             # counted from 1; the learner sees the answers in another order
    why = "What is right, and where each tempting wrong answer goes wrong."
    source = "Lecture 7, 1:16:56"         # optional

Question    one of them, with its answers
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from tutor.core.course import Course, Track
from tutor.core.errors import CourseError
from tutor.core.nearest import nearest

FEWEST_ANSWERS, MOST_ANSWERS = 2, 9
"""One key chooses an answer, so there are no more than digits."""


@dataclass(frozen=True)
class Question:
    """One question with one right answer."""

    id: str
    """'attention/scale': its track and its own id."""
    track: str
    exercise: str
    """Id of the exercise that it is about, '' where it is about the whole track."""
    text: str
    answers: tuple[str, ...]
    right: int
    """Place of the right answer in `answers`, counted from 0."""
    why: str
    """Why that one is right and the others are not."""
    source: str
    """Lecture and time, or a paper; '' if there is none."""


def read_quiz(course: Course, track: Track) -> tuple[Question, ...]:
    """The questions of a track in order; () where it has none. Raises CourseError with file and line for a bad one."""
    path = quiz_path(course, track)
    if not path.exists():
        return ()
    tables = _tables(path)
    for problem in _table_problems(course, track, path, tables):
        raise CourseError(problem)
    return tuple(_question(track, table) for _, table in tables)


def quiz_problems(course: Course) -> list[str]:
    """Sentences on whatever is wrong with the questions of a course, each with file, line and remedy."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for track in course.tracks:
        path = quiz_path(course, track)
        try:
            tables = _tables(path) if path.exists() else []
        except CourseError as error:
            found.append(str(error))
            continue
        found += _table_problems(course, track, path, tables)
        found += _twins(path, tables, seen)
    return found


def quiz_path(course: Course, track: Track) -> Path:
    """Where a track's questions lie; the file need not exist."""
    return course.root / "exercises" / track.id / "quiz.toml"


def about(questions: Iterable[Question], exercise: str) -> tuple[Question, ...]:
    """The questions about one exercise."""
    return tuple(each for each in questions if each.exercise == exercise)


def due(questions: Iterable[Question], answered: Mapping[str, bool]) -> tuple[Question, ...]:
    """The questions to ask, in order: never answered ones, then those whose last answer was wrong.

    `answered` says by id of a question whether its last answer was right.
    """
    questions = list(questions)
    new = [each for each in questions if each.id not in answered]
    return (*new, *(each for each in questions if answered.get(each.id) is False))


def shuffled(questions: Iterable[Question], own: str, asked: Mapping[str, int]) -> tuple[Question, ...]:
    """The questions with their answers in the order in which one learner sees them: no answer is learned by its place.

    `own` is the learner's own number, `asked` says by id how often a question was answered. So the order stays until
    the question is answered, wherever it is asked; when it comes again, each answer stands in another place.
    """
    return tuple(_shuffled(each, Random(f"{own}/{each.id}"), asked.get(each.id, 0)) for each in questions)


def _shuffled(question: Question, draw: Random, times: int) -> Question:
    count = len(question.answers)
    drawn = draw.sample(range(count), count)
    order = [drawn[(place + times) % count] for place in range(count)]
    answers = tuple(question.answers[place] for place in order)
    return replace(question, answers=answers, right=order.index(question.right))


def _tables(path: Path) -> list[tuple[int, Any]]:
    """Each question's table with the line that it begins on."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Correct its permissions.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}. Correct that line.") from error
    for key in data:
        if key != "question":
            raise CourseError(f"{path}: unknown key {key!r}. Write each question under [[question]].")
    tables = data.get("question", [])
    if not isinstance(tables, list) or not tables:
        raise CourseError(f"{path} holds no questions. Write each under [[question]], or delete the file.")
    starts = [text.count("\n", 0, each.start()) + 1 for each in _HEAD.finditer(text)]
    lines = starts if len(starts) == len(tables) else [1] * len(tables)
    return list(zip(lines, tables, strict=True))


def _question(track: Track, table: Mapping[str, Any]) -> Question:
    return Question(
        id=f"{track.id}/{table['id']}",
        track=track.id,
        exercise=table.get("exercise", ""),
        text=_flowing(table["text"]),
        answers=tuple(_flowing(each) for each in table["answers"]),
        right=table["right"] - 1,
        why=_flowing(table["why"]),
        source=table.get("source", ""),
    )


def _flowing(text: str) -> str:
    """A text whose lines may be broken anywhere; an empty line begins a paragraph, an indented line stays as it is."""
    lines: list[str] = []
    for line in map(str.rstrip, text.strip("\n").split("\n")):
        if lines and lines[-1] and line and not lines[-1].startswith(" ") and not line.startswith(" "):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _table_problems(course: Course, track: Track, path: Path, tables: Sequence[tuple[int, Any]]) -> Iterator[str]:
    ids: set[str] = set()
    for line, table in tables:
        place = f"{path}, line {line}"
        if not isinstance(table, dict):
            yield f"{place}: write a question as a table under [[question]]."
            continue
        yield from (f"{place}: {each}" for each in _problems(course, track, table))
        if table.get("id") in ids:
            yield f"{place}: the id {table['id']!r} stands there twice. Give this question another."
        ids.add(str(table.get("id")))


def _problems(course: Course, track: Track, table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one question, in sentences."""
    for key in table:
        if key not in _KEYS:
            yield f"unknown key {key!r}. {nearest(key, _KEYS)}"
    for key, optional in _KEYS.items():
        if key not in ("answers", "right") and not _is_text(table.get(key, "none" if optional else None)):
            yield f"{key!r} must be there and be a text. Write it."
    if _is_text(table.get("id")) and not _ID.fullmatch(table["id"]):
        yield f"the id {table['id']!r} must be small letters, digits and hyphens. Correct it."
    yield from _answer_problems(table.get("answers"), table.get("right"))
    exercise = table.get("exercise")
    if exercise is not None and exercise not in {each.id for each in track.exercises}:
        yield f"there is no exercise {exercise!r} in this track. {nearest(str(exercise), course.ids)}"


def _answer_problems(answers: object, right: object) -> Iterator[str]:
    if not isinstance(answers, list) or not all(map(_is_text, answers)):
        yield "'answers' must be there and be a list of texts. Write them."
        return
    if not FEWEST_ANSWERS <= len(answers) <= MOST_ANSWERS:
        yield f"it has {len(answers)} answers. Give it {FEWEST_ANSWERS} to {MOST_ANSWERS}."
    if len({_same(each) for each in answers}) < len(answers):
        yield "two of its answers are the same. Change one."
    if type(right) is not int or not 1 <= right <= len(answers):
        yield f"'right' must be the number of the right answer, 1 to {len(answers)}. Correct it."


def _twins(path: Path, tables: Sequence[tuple[int, Any]], seen: dict[str, str]) -> Iterator[str]:
    """Questions whose text stands elsewhere in the course too."""
    for line, table in tables:
        text = table.get("text") if isinstance(table, dict) else None
        if not isinstance(text, str):
            continue
        place = f"{path}, line {line}"
        if _same(text) in seen:
            yield f"{place}: the same question stands in {seen[_same(text)]}. Remove one of them."
        seen.setdefault(_same(text), place)


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_KEYS = {"id": False, "exercise": True, "text": False, "answers": False, "right": False, "why": False, "source": True}
"""The keys of a question, and whether it can do without."""
_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*question[ \t]*\]\]", re.MULTILINE)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
