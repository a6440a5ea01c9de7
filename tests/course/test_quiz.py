"""The questions of the real course."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tutor.core.course import default_course_root, load_course
from tutor.core.quiz import quiz_problems, read_quiz


def test_the_course_has_questions_in_every_track_and_the_wheel_ships_them():
    course = load_course(default_course_root())
    assert quiz_problems(course) == []
    counts = {track.id: len(read_quiz(course, track)) for track in course.tracks}
    assert all(6 <= count <= 10 for count in counts.values()), counts
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "*/quiz.toml" in project["tool"]["setuptools"]["package-data"]["tutor._course.exercises"]


def test_the_right_answer_of_the_course_is_not_given_away_by_its_place_or_length():
    course = load_course(default_course_root())
    questions = [each for track in course.tracks for each in read_quiz(course, track)]
    longest = sum(len(each.answers[each.right]) == max(map(len, each.answers)) for each in questions)
    places = [sum(each.right == place for each in questions) for place in range(3)]
    assert longest < len(questions) / 2
    assert max(places) < len(questions) / 2 and min(places) > len(questions) / 8
