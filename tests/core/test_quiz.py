"""Questions: how they are read, what is refused, which are asked again."""

from __future__ import annotations

import pytest

from tutor.core.course import load_course
from tutor.core.errors import CourseError
from tutor.core.progress import Progress
from tutor.core.quiz import about, due, quiz_problems, read_quiz, shuffled

GOOD = """
[[question]]
id = "one"
exercise = "lines/slope"
text = "Which?"
answers = ["This", "That"]
right = 2
why = "Because."
"""


@pytest.fixture
def written(toy_root):
    """Reads the lines track's questions from this text."""

    def read(text: str, track: int = 0):
        course = load_course(toy_root)
        (toy_root / "exercises" / course.tracks[track].id / "quiz.toml").write_text(text, encoding="utf-8")
        return read_quiz(course, course.tracks[track])

    return read


def test_questions_are_read_in_order(toy):
    questions = read_quiz(toy, toy.tracks[0])
    assert [each.id for each in questions] == ["lines/fall", "lines/order", "lines/many"]
    assert (questions[0].right, questions[0].answers[0]) == (0, "Below 0")
    assert [each.id for each in about(questions, "lines/slope")] == ["lines/fall", "lines/order"]


def test_broken_lines_flow_and_indented_ones_stay(written):
    why = 'why = """\nOne sentence\nand\nmore.\n\nAnother:\n    a + b\n    c\nEnd.\n"""'
    assert written(GOOD.replace('why = "Because."', why))[0].why == (
        "One sentence and more.\n\nAnother:\n    a + b\n    c\nEnd."
    )


def test_a_track_without_questions_has_none(toy):
    assert read_quiz(toy, toy.tracks[1]) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"lines/slope"', '"lines/slop"', "line 2: there is no exercise 'lines/slop' in this track. Did you mean"),
        ('"lines/slope"', '"sums/total"', "line 2: there is no exercise 'sums/total' in this track"),
        ("right = 2", "right = 3", "line 2: 'right' must be the number of the right answer, 1 to 2"),
        ("right = 2", "right = 0", "'right' must be"),
        ("right = 2", "right = true", "'right' must be"),
        ("right = 2", "", "'right' must be"),
        ('["This", "That"]', '["This", "this "]', "two of its answers are the same"),
        ('["This", "That"]', '["This"]', "it has 1 answers"),
        ('["This", "That"]', "[1, 2]", "'answers' must be there and be a list of texts"),
        ('why = "Because."', 'why = " "', "'why' must be there and be a text"),
        ('text = "Which?"', "", "'text' must be there"),
        ('id = "one"', 'id = "One two"', "must be small letters, digits and hyphens"),
        ("why =", "wy = 1\nwhy =", "unknown key 'wy'. Did you mean 'why'?"),
        ("right = 2", "right = ", "is not valid TOML"),
        (GOOD, "", "holds no questions"),
        (GOOD, "question = [1]", "write a question as a table"),
        (GOOD, "[quiz]", "unknown key 'quiz'"),
        (GOOD, GOOD + GOOD, "line 10: the id 'one' stands there twice"),
    ],
)
def test_a_bad_question_is_one_sentence_with_file_and_line(written, old, new, told):
    with pytest.raises(CourseError) as caught:
        written(GOOD.replace(old, new))
    assert told in str(caught.value)
    assert "quiz.toml" in str(caught.value)


def test_the_linter_names_every_problem_and_questions_that_stand_twice(toy_root, written):
    written(GOOD)
    with pytest.raises(CourseError):
        written(GOOD.replace("lines/slope", "sums/total").replace("Which", "which") + "[[question]]\n", track=1)
    problems = quiz_problems(load_course(toy_root))
    assert sum("must be there" in each for each in problems) == 4
    assert sum("the same question stands in" in each for each in problems) == 1


def test_wrong_answers_come_again_after_new_questions(toy):
    questions = read_quiz(toy, toy.tracks[0])
    asked = due(questions, {"lines/fall": False, "lines/many": True})
    assert [each.id for each in asked] == ["lines/order", "lines/fall"]


def test_answers_are_remembered_and_the_last_one_counts(tmp_path):
    progress = Progress(tmp_path / "progress.sqlite3")
    progress.answer("lines/fall", right=False)
    progress.answer("lines/order", right=True)
    progress.answer("lines/fall", right=True)
    progress.close()
    again = Progress(tmp_path / "progress.sqlite3")
    assert again.answers() == {"lines/fall": True, "lines/order": True}
    again.close()


def test_a_progress_file_of_the_first_version_gets_the_new_tables(tmp_path):
    path = tmp_path / "progress.sqlite3"
    first = Progress(path)
    first._execute("DROP TABLE answers")
    first._execute("DROP TABLE skipped")
    first._execute("PRAGMA user_version = 1")
    first.set_last("lines/line")
    first.close()
    again = Progress(path)
    assert (again.answers(), again.skipped(), again.last_exercise()) == ({}, (), "lines/line")
    again.close()


def test_answers_are_shuffled_and_the_right_one_stays_right(toy):
    questions = read_quiz(toy, toy.tracks[0])
    seen = set()
    for own in map(str, range(60)):
        for before, after in zip(questions, shuffled(questions, own, {}), strict=True):
            assert sorted(after.answers) == sorted(before.answers)
            assert after.answers[after.right] == before.answers[before.right]
        seen.add(shuffled(questions, own, {})[0].answers)
    assert len(seen) == 6  # each of the orders of three answers


def test_the_order_of_answers_stays_until_the_question_is_answered(toy, tmp_path):
    questions = read_quiz(toy, toy.tracks[0])
    progress = Progress(tmp_path / "progress.sqlite3")

    def seen():
        return shuffled(questions, progress.own_number(), progress.asked())

    first = seen()
    assert seen() == first
    for times in range(1, 5):
        before = seen()[0].right
        progress.answer("lines/fall", right=True)
        assert seen()[0].right != before and seen()[1:] == first[1:]
        assert progress.asked() == {"lines/fall": times}
    progress.close()
    progress = Progress(tmp_path / "progress.sqlite3")
    assert seen()[1:] == first[1:]
    progress.close()
