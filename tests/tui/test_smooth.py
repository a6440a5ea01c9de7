"""Nothing comes under the learner's keys: what typing must not set off, and when garbage is collected."""

from __future__ import annotations

import gc
import time

import pytest

from tutor.tui.sweeping import QUIET_SECONDS, Sweeper
from tutor.tui.widgets.checks import ChecksPane
from tutor.tui.widgets.editor import CodeEditor

ID = "lines/slope"
WRONG = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n"


async def test_new_lines_and_wide_ones_lay_nothing_out_and_the_view_follows(in_exercise):
    async with in_exercise(size=(120, 40)) as story:
        await story.press("f3", "ctrl+end", "enter")
        await story.types("# a line that is wider than what was the widest line before it was typed")
        await story.press("enter")
        editor, laid_out = story.app.screen.query_one(CodeEditor), []
        await story.until(lambda: not story.app.screen._layout_required, "rest")
        story.app.screen.screen_layout_refresh_signal.subscribe(editor, laid_out.append, immediate=True)
        await story.types("# first")
        for _ in range(3):
            await story.press("enter")
        await story.types("x = 1")
        assert "x = 1" in story.sight and not laid_out
        assert editor.virtual_size.height == editor.document.line_count
        for _ in range(40):
            await story.press("enter")
        await story.types("last = 2")
        assert "last = 2" in story.sight and "# first" not in story.sight
        assert len(laid_out) <= 2  # the scrollbar came
        assert editor.show_vertical_scrollbar
        assert editor.vertical_scrollbar.window_virtual_size == editor.document.line_count
        await story.press("ctrl+home")
        assert editor.scroll_offset.y == 0


@pytest.fixture
def sweeper():
    one = Sweeper()
    yield one
    one.stop()
    gc.unfreeze()


def full_collections() -> int:
    return gc.get_stats()[2]["collections"]


def test_garbage_is_collected_in_full_only_while_nobody_types(sweeper, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    sweeper.start()
    sweeper.touched()
    before, kept = full_collections(), []
    for _ in range(200_000):
        kept.append([])
    sweeper.sweep()
    assert full_collections() == before
    now += QUIET_SECONDS + 0.1
    sweeper.sweep()
    assert full_collections() == before + 1
    sweeper.sweep()  # there is nothing new
    assert full_collections() == before + 1


async def test_verdicts_lay_nothing_out(in_exercise, desk):
    async with in_exercise(size=(120, 40)) as story:
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed: 1 of 2 hold")
        pane, laid_out = story.app.screen.query_one(ChecksPane), []
        await story.until(lambda: not story.app.screen._layout_required, "rest")
        story.app.screen.screen_layout_refresh_signal.subscribe(pane, laid_out.append, immediate=True)
        desk.workspace.write(ID, f"{WRONG}\n\nraise ValueError('not loaded')\n")
        await story.sees("ValueError: not loaded")
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed: 1 of 2 hold", "smallest case", "yours")
        assert not laid_out


async def test_a_long_line_scrolls_sideways_by_many_columns_at_once(in_exercise):
    async with in_exercise(size=(120, 40)) as story:
        await story.press("f3", "ctrl+end", "enter")
        editor, seen = story.app.screen.query_one(CodeEditor), set()
        for _ in range(75):
            await story.press("x")
            seen.add(editor.scroll_offset.x)
            cursor = editor.cursor_screen_offset.x
            assert editor.content_region.x <= cursor < editor.content_region.right
        assert 2 <= len(seen) <= 8, seen
        await story.press(*["left"] * 74)
        assert editor.scroll_offset.x < 16


async def test_what_is_kept_of_earlier_frames_looks_as_if_all_were_drawn_anew(in_exercise):
    def frame() -> list[list[tuple[str, object]]]:
        compositor = story.app.screen._compositor
        return [[(each.text, each.style) for each in strip] for strip in compositor.render_strips()]

    async with in_exercise(size=(120, 40)) as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        keys = ["quotation_mark"] * 3 + ["enter", "a", "backspace", "ctrl+z", "down", "down", "ctrl+underscore"]
        keys += [
            "left_parenthesis",
            "ctrl+end",
            "enter",
            "number_sign",
            "up",
            "ctrl+shift+home",
            "x",
            "ctrl+z",
            "ctrl+y",
        ]
        keys += ["ctrl+z", "ctrl+end", *["enter", "1"] * 50, "ctrl+home", "b", *["pagedown"] * 3, "ctrl+home"]
        for key in keys:
            await story.press(key)
            kept = frame()
            editor._line_cache.clear()
            editor._looks.clear()
            editor._build_highlight_map()
            editor.refresh()
            await story.pause()
            assert frame() == kept, key
