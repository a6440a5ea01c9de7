"""The mouse: what one would try with it works."""

from __future__ import annotations

from tutor.tui.widgets.editor import CodeEditor


async def test_a_click_shows_an_exercise_and_a_second_one_opens_it(on_map):
    async with on_map(size=(110, 30)) as story:
        await story.click("#list", offset=(12, 5))
        await story.sees("sums/running_mean", "Needs sums/total")
        assert len(story.app.screen_stack) == 1
        await story.click("#list", offset=(12, 3))
        assert story.app.screen.query_one("#list").exercise == "sums/running_mean", "a track's name is no exercise"
        await story.click("#list", offset=(12, 5))
        await story.until(lambda: len(story.app.screen_stack) == 2, "the exercise")


async def test_help_is_closed_by_a_click_beside_it_or_on_its_frame(on_map):
    async with on_map(size=(120, 40)) as story:
        for beside in (True, False):
            await story.press("question_mark")
            await story.sees("Each line is an exercise")
            frame = story.app.screen.query_one("Vertical").region
            await story.click(offset=frame.offset + (20, 5))
            assert len(story.app.screen_stack) == 2, "a click in the text closes nothing"
            await story.click(offset=(2, 20) if beside else frame.offset + (20, 0))
            await story.until(lambda: len(story.app.screen_stack) == 1, "the map")


async def test_two_clicks_select_a_word_and_three_a_line(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        await story.click(CodeEditor, offset=(editor.gutter_width + 7, 0), times=2)
        assert editor.selected_text == "slope"
        await story.click(CodeEditor, offset=(editor.gutter_width + 7, 0), times=3)
        assert editor.selected_text == editor.document.get_line(0)
