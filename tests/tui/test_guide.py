"""A newcomer's guide: on the first exercise that is opened, each tip at its moment, never again."""

from __future__ import annotations

import pytest

from tutor.tui.widgets.guide import GUIDE

ID = "lines/slope"
WRONG = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n"
RIGHT = WRONG.replace("abs", "")
CLOSES = "x: no more tips"


@pytest.fixture
def desk(desk):
    """The desk of somebody who is here for the first time."""
    desk.progress.note(GUIDE, "")
    return desk


async def opened(story) -> None:
    await story.press("enter")
    await story.sees("How much y rises")


async def test_each_tip_comes_at_its_moment_and_none_ever_again(on_map, desk):
    async with on_map() as story:
        await opened(story)
        await story.sees("This is the lesson", "F3 goes to your code", CLOSES)
        await story.press("f3")
        await story.sees("your code takes the place of the marked")
        await story.press("f2")
        assert "This is the lesson" not in story.sight
        desk.workspace.write(ID, WRONG)
        await story.sees("F4 shows what must hold")
        desk.workspace.write(ID, RIGHT)
        await story.sees("F4 has what to take away. F7 goes on")
        await story.press("f7")
        await story.sees("The line through two points")
        assert CLOSES not in story.sight
        await story.press("escape")
        await story.sees("1 of 4 passed")
        await story.press("k", "enter")
        await story.sees("slope between two points saved")
        await story.press("f2")
        assert CLOSES not in story.sight


async def test_what_was_told_is_not_told_again_at_the_next_start(on_map, desk):
    async with on_map() as story:
        await opened(story)
        await story.sees("This is the lesson")
    async with on_map() as story:
        await opened(story)
        assert "This is the lesson" not in story.sight
        await story.press("f3")
        await story.sees("your code takes the place of the marked")


@pytest.mark.parametrize("way", ["key", "click"])
async def test_it_can_be_closed_for_good(on_map, way):
    async with on_map() as story:
        await opened(story)
        await story.sees(CLOSES)
        await (story.press("x") if way == "key" else story.click("Guide"))
        await story.until(lambda: CLOSES not in story.sight, "the guide to close")
        await story.press("f3")
        await story.pause()
        assert CLOSES not in story.sight
        await story.press("escape", "x")
        await story.sees("raise NotImplementedError")


async def test_a_second_exercise_and_an_experienced_learner_get_no_tips(on_map, desk):
    async with on_map() as story:
        await opened(story)
        await story.press("escape", "down", "enter")
        await story.sees("With the slope m at hand")
        assert CLOSES not in story.sight
        await story.press("escape")
        await story.sees("0 of 4 passed")
        desk.progress.note(GUIDE, "")
        desk.progress.skip([ID])
        await story.press("k", "enter")
        await story.sees("How much y rises")
        assert CLOSES not in story.sight
