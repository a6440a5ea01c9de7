"""What the screens remember: panes, place, theme; and that nothing damaged stops a start."""

from __future__ import annotations

import threading

import pytest

from tutor.tui.app import TutorApp
from tutor.tui.arrangement import Arrangement
from tutor.tui.remembered import OPEN, PANES, THEME, Place, recalled, remember
from tutor.tui.widgets.editor import CodeEditor

ID = "lines/slope"


def width(story, pane: str) -> int:
    return story.app.screen.query_one(f"#{pane}").region.width


def test_lines_stay_where_panes_can_be_seen():
    assert Arrangement().moved("side", 2.0).side == 0.88
    assert Arrangement().moved("first", 0.9).first == pytest.approx(0.55)
    assert Arrangement().moved("second", 0.0).second == pytest.approx(0.39)
    assert Arrangement().grown("code", 2, columns=2, across=True).side == pytest.approx(0.4)
    assert Arrangement().grown("code", 2, columns=2, across=False) == Arrangement()
    assert not Arrangement(side=float("nan")).sane


async def test_keys_make_the_pane_in_use_larger_and_that_is_remembered(in_exercise, on_map, desk):
    async with in_exercise(size=(140, 40)) as story:
        before = width(story, "checks")
        await story.press("greater_than_sign", "greater_than_sign")
        await story.until(lambda: width(story, "checks") > before + 10, "a wider pane")
        wider = width(story, "checks")
        height = story.app.screen.query_one("#checks").region.height
        await story.press("plus")
        await story.until(lambda: story.app.screen.query_one("#checks").region.height > height, "a taller pane")
    async with on_map(size=(140, 40)) as story:
        await story.press("enter")
        await story.until(lambda: story.app.screen.query("#checks"), "the exercise")
        await story.until(lambda: width(story, "checks") == wider, "the same width")
        await story.press("escape", "escape", "enter")
        await story.until(lambda: story.app.screen.query("#checks"), "the exercise")
        await story.press("f4", "equals_sign")
        await story.until(lambda: width(story, "checks") == before, "the width of the start")


@pytest.mark.parametrize("size", [(140, 40), (200, 40)])
async def test_the_mouse_drags_the_line_between_two_panes(in_exercise, desk, size):
    async with in_exercise(size=size) as story:
        code = story.app.screen.query_one("#code").region
        await story.mouse_down(offset=(code.x, 20))
        await story.hover(offset=(code.x + 11, 20))
        await story.mouse_up(offset=(code.x + 11, 20))
        await story.until(lambda: story.app.screen.query_one("#code").region.x == code.x + 11, "the line moved")
        await story.hover(offset=(code.x - 11, 20))
        await story.pause()
        assert story.app.screen.query_one("#code").region.x == code.x + 11
        assert not story.app.screen.get_selected_text()


async def test_pane_cursor_and_zoom_come_back_without_a_key_pressed(in_exercise, on_map, desk):
    async with in_exercise(size=(140, 40)) as story:
        await story.press("f3", "ctrl+home", "down", "down", "right", "escape", "z")
        await story.until(lambda: desk.progress.noted(OPEN) == ID, "the note")
        await story.press("ctrl+q")
        await story.until(lambda: story.app._exit, "the end")
    async with on_map(size=(140, 40)) as story:
        await story.until(lambda: story.app.screen.query(CodeEditor), "the exercise")
        editor = story.app.screen.query_one(CodeEditor)
        await story.until(lambda: editor.has_focus, "the keys in the editor")
        assert editor.cursor_location == (2, 1)
        assert not story.app.screen.query_one("#lesson").display
        await story.press("escape", "escape")
        await story.sees("0 of 4 passed")
    async with on_map() as story:
        await story.sees("0 of 4 passed")
        await story.pause()
        assert not story.app.screen.query(CodeEditor)


async def test_a_key_pressed_on_the_map_does_not_land_in_the_file_that_opens(on_map, desk, monkeypatch):
    slow, prepare = threading.Event(), TutorApp._prepare
    monkeypatch.setattr(TutorApp, "_prepare", lambda app: slow.wait(60) and prepare(app))
    desk.progress.note(OPEN, ID)
    remember(desk.progress, Place.name(ID), Place("code", 0, 0))
    async with on_map() as story:
        await story.sees("Toy course")
        await story.press("enter", "x", "ctrl+t", "delete")
        assert len(story.app.screen_stack) == 1
        slow.set()
        await story.until(lambda: story.app.screen.query(CodeEditor), "the exercise")
        editor = story.app.screen.query_one(CodeEditor)
        await story.until(lambda: editor.has_focus, "the keys in the editor")
        assert editor.text == desk.workspace.read(ID)
        await story.press("y")
        assert editor.text == "y" + desk.workspace.read(ID)


async def test_the_lesson_opens_where_it_was_left(in_exercise, on_map, desk):
    lesson = "\n\n".join(f"Paragraph {n}." for n in range(60))
    object.__setattr__(desk.course.exercise(ID), "lesson", lesson)
    async with in_exercise() as story:
        await story.press("f2", "G")
        await story.sees("Paragraph 59.")
        await story.press("k", "k", "k")
        pane = story.app.screen.query_one("#lesson")
        top = pane.scroll_offset.y
        await story.press("escape")
    async with on_map() as story:
        await story.press("enter")
        await story.sees("Paragraph 58.")
        assert story.app.screen.query_one("#lesson").scroll_offset.y == top
        await story.press("g")
        await story.sees("Paragraph 1.")


async def test_the_chosen_theme_is_there_again(on_map, desk):
    async with on_map() as story:
        assert desk.progress.noted(THEME) is None
        await story.press("ctrl+t")
        await story.pause()
        chosen = story.app.theme
        assert desk.progress.noted(THEME) == chosen
    async with on_map() as story:
        assert story.app.theme == chosen


async def test_damaged_notes_count_as_none(on_map, desk):
    remember(desk.progress, PANES, Arrangement(side=float("nan"), first=7.0))
    desk.progress.note(THEME, "no such theme")
    desk.progress.note(Place.name(ID), '{"row": "x", "column": 1e400, "pane": "cellar"}')
    desk.progress.note(OPEN, ID)
    async with on_map(size=(140, 40)) as story:
        await story.sees("F2 Lesson", "How much", "F3 Code")
    desk.progress.note(Place.name(ID), "\x00{")
    desk.progress.note(OPEN, "no/such")
    assert recalled(desk.progress, Place.name(ID), Place()) == Place()
    async with on_map() as story:
        await story.sees("0 of 4 passed")


async def test_code_first_shown_after_the_lesson_was_scrolled_begins_at_its_margin(in_exercise, desk):
    lesson = "\n\n".join(f"Paragraph {n}." for n in range(60))
    object.__setattr__(desk.course.exercise(ID), "lesson", lesson)
    async with in_exercise() as story:
        await story.press("f2", "pagedown")
        await story.until(lambda: story.app.screen.query_one("#lesson").scroll_offset.y, "the next page")
        await story.press("f3")
        await story.sees("raise NotImplementedError")
        assert story.app.screen.query_one("#code").query_one("CodeEditor").scroll_offset.x == 0
