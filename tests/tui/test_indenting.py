"""Where lines begin: what a Python programmer expects of Enter, tab, shift+tab and backspace."""

from __future__ import annotations

import pytest

from tutor.tui.indenting import begun, moved_in, moved_out
from tutor.tui.widgets.editor import CodeEditor


@pytest.mark.parametrize(
    ("before", "spaces"),
    [
        ("def f(x):", 4),
        ("    if x:  # why: so", 8),
        ("    y = x", 4),
        ("    return y", 0),
        ("    return [y,", 8),
        ("    returned = 1", 4),
        ("        pass", 4),
        ("    call(1, [2])", 4),
        ("    s = '(:'", 4),
        ("    ", 4),
        ("", 0),
        ("return", 0),
    ],
)
def test_a_new_line_begins_where_python_goes_on(before, spaces):
    assert begun(before) == " " * spaces


def test_lines_move_in_and_out_by_a_step_and_empty_ones_stay_empty():
    assert moved_in(["a", "", "    b"]) == ["    a", "", "        b"]
    assert moved_out(["    a", "", "  b", "c", "\td"]) == ["a", "", "b", "c", "d"]


async def test_a_function_is_typed_without_a_space_before_its_lines(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        editor.text = ""
        await story.press(*"def", "space", *"f", "left_parenthesis", "x", "right_parenthesis", "colon", "enter")
        await story.press(*"if", "space", "x", "colon", "enter", *"return", "space", "1", "enter")
        await story.press(*"y", "enter", "backspace", *"f")
        assert editor.text == "def f(x):\n    if x:\n        return 1\n    y\nf"


async def test_selected_lines_move_and_are_not_replaced_and_one_undo_takes_it_back(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        editor.text = "a = 1\n\nb = 2\nc = 3\n"
        await story.press("shift+down", "shift+down", "shift+down", "tab")
        assert editor.text == "    a = 1\n\n    b = 2\nc = 3\n"
        await story.press("shift+tab")
        assert editor.text == "a = 1\n\nb = 2\nc = 3\n"
        await story.press("ctrl+z")
        assert editor.text == "    a = 1\n\n    b = 2\nc = 3\n"
        await story.press("ctrl+end", "up", "shift+tab")
        assert editor.text == "    a = 1\n\n    b = 2\nc = 3\n", "nothing to take away, and the keys stay here"
        assert editor.has_focus
