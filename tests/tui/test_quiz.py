"""Questions on the screen, from the map and after passing, told with keys on the toy course."""

from __future__ import annotations

import pytest

from tutor.core.progress import OWN_NUMBER

ID = "lines/slope"
RIGHT = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n"


@pytest.fixture(autouse=True)
def one_learner(desk):
    """The learner whose order of answers the stories tell."""
    desk.progress.note(OWN_NUMBER, "3")


async def test_an_answer_stands_in_the_same_place_until_it_is_given_and_then_in_another(on_map, desk):
    async with on_map() as story:
        await story.press("u")
        await story.sees("1 Above 0", "2 Below 0", "3 0")
        await story.press("escape", "u")
        await story.sees("1 Above 0", "2 Below 0", "3 0")
        await story.press("1")
        await story.sees("1 Above 0 ✗ yours", "2 Below 0 ✓ right")
        await story.press("escape")
        desk.progress.answer("lines/order", right=True)
        desk.progress.answer("lines/many", right=True)
        await story.press("u")
        await story.sees("A line goes down", "1 of 1")
        await story.sees("1 Below 0", "2 0", "3 Above 0")


async def test_questions_of_a_track_are_asked_explained_and_remembered(on_map, desk):
    async with on_map() as story:
        await story.press("u")
        await story.sees("Straight lines 1 of 3", "A line goes down", "1 Above 0", "2 Below 0", "3 0")
        await story.sees("1 to 3, or arrows and enter: your answer")
        await story.press("2")
        await story.sees("2 Below 0 ✓ right", "Right.", "The rise is below 0", "toy lecture 1", "Enter: next question")
        await story.press("3")
        assert desk.progress.answers() == {"lines/fall": True}
        await story.press("enter")
        await story.sees("2 of 3, 1 of 1 right", "change places")
        await story.press("j", "enter")
        await story.sees("Its sign changes ✗ yours", "Nothing ✓ right", "Not this one.")
        await story.press("enter")
        await story.sees("How many lines", "the whole track")
        await story.press("n")
        await story.sees("1 of 2 right. 1 left open.", "comes again")
        await story.press("enter")
        await story.sees("n Next")
        assert desk.progress.answers() == {"lines/fall": True, "lines/order": False}
        await story.press("u")
        await story.sees("1 of 2", "How many lines")
        await story.press("escape", "u", "j", "enter")
        await story.sees("One ✓ right")


async def test_a_track_without_questions_says_so(on_map):
    async with on_map() as story:
        await story.press("right_square_bracket", "u")
        await story.sees("There are no questions on the track “Sums”.")


async def test_answers_can_be_clicked(on_map, desk):
    async with on_map() as story:
        await story.press("u")
        await story.sees("2 Below 0")
        await story.click("#answers", offset=(4, 1))
        await story.sees("✓ right")
        assert desk.progress.answers() == {"lines/fall": True}


async def test_passing_says_what_to_take_away_asks_and_waits(in_exercise, desk):
    async with in_exercise(size=(80, 30)) as story:
        await story.press("u")
        await story.sees("1 of 2", "A line goes down")
        await story.press("escape")
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed", "A slope is a rate", "1 of 4 exercises passed.", "F10 or u: 2 questions", "F7: next")
        assert "for the first time" not in story.sight
        await story.press("f10")
        await story.sees("The slope between two points 1 of 2", "A line goes down")
        await story.press("2", "enter", "1", "enter")
        await story.sees("2 of 2 right.")
        await story.press("escape")
        await story.sees("F7: next exercise, The line through two points")
        await story.press("f7")
        await story.sees("The line through two points")


async def test_a_first_pass_is_told_while_the_code_is_in_view_and_only_once(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3")
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed for the first time", "A slope is a rate", "1 of 4 exercises passed.")
        story.app.clear_notifications()
        desk.workspace.write(ID, "# again\n" + RIGHT)
        await story.until(lambda: len(desk.progress.attempts(ID)) == 2, "the second pass")
        assert len(story.app._notifications) == 0


async def test_a_finished_track_is_named(in_exercise, desk, toy):
    async with in_exercise(size=(80, 30), search="line through") as story:
        desk.workspace.write(ID, RIGHT)
        desk.workspace.write("lines/line", toy.exercise("lines/line").solution.read_text(encoding="utf-8"))
        await story.sees("1 of 4 exercises passed.", "F7: next exercise, A total")
        assert "is complete" not in story.sight
        await story.press("escape")
        await story.sees("n Next")
        await story.press("k", "enter", "f4")
        await story.sees("The track “Straight lines” is complete: 2 of 4")


async def test_the_look_of_a_question(on_map, check_snapshot):
    async with on_map() as story:
        await story.press("u")
        await story.sees("A line goes down")
        await story.press("3")
        await story.sees("Enter: next question")
        check_snapshot(story.app, "quiz-80x24")
