"""'I know this': placing out of a track, and taking it up again."""

from __future__ import annotations

ID = "lines/slope"
RIGHT = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n"


async def test_what_passes_is_passed_the_rest_is_skipped_and_can_be_taken_up_again(on_map, desk):
    desk.workspace.write(ID, RIGHT)
    async with on_map() as story:
        await story.press("i")
        await story.sees("I know this: Straight lines", "Check all of these files now", "Skip what has not passed (2)")
        await story.press("enter")
        await story.sees("✓ passed The slope", "○ unwritten The line", "Skip what has not passed (1)")
        await story.press("down", "enter")
        await story.sees("» skipped The line", "Take up again what is skipped (1)")
        assert desk.progress.states() == {ID: "passed", "lines/line": "skipped"}
        await story.press("escape")
        await story.sees("1 of 4 passed, 1 skipped", "» skipped 5 min The line through two points", "13 min left")
        await story.press("n")
        assert story.app.screen.query_one("#list").exercise == "sums/total"
        await story.press("left_square_bracket", "i")
        await story.sees("Take up again")
        await story.press("down", "enter")
        await story.sees("○ new The line")
        assert desk.progress.states() == {ID: "passed"}


async def test_the_next_exercise_is_not_one_that_is_skipped(in_exercise, desk):
    desk.progress.skip(["lines/line"])
    async with in_exercise(size=(80, 30)) as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("F7: next exercise, A total")
        await story.press("f7")
        await story.sees("sums/total")


async def test_a_file_that_is_missing_is_named_and_the_others_are_checked(on_map, desk):
    desk.workspace.write(ID, RIGHT)
    desk.workspace.file("lines/line").unlink()
    async with on_map(size=(120, 30)) as story:
        await story.press("i", "enter")
        await story.sees("✓ passed The slope", "✗ failed The line", "does not exist.")


async def test_what_failed_is_opened_to_see_why(on_map, desk):
    desk.workspace.write(ID, RIGHT.replace("-", "+"))
    async with on_map() as story:
        await story.press("i")
        await story.sees("Check all of these files now")
        assert "See why" not in story.sight
        await story.press("enter")
        await story.sees("✗ failed The slope", "See why it did not pass: open “The slope between two points”")
        await story.press("down", "enter")
        await story.until(lambda: story.app.screen.query("#checks"), "the exercise")
        await story.sees("lines/slope", "Checks ✗ failed")
