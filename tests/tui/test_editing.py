"""Stories of the editor: finding, commenting, comparing, and two hands on one file."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.events import Key

from tutor.tui.commenting import toggled
from tutor.tui.differences import without_page
from tutor.tui.finding import places
from tutor.tui.widgets.editor import CodeEditor

ID = "lines/slope"
HEAD = "def slope(x0: float, y0: float, x1: float, y1: float) -> float:\n"
RIGHT = HEAD + "    rise = y1 - y0\n    return rise / (x1 - x0)\n"
WRONG = HEAD + "    return (y1 - y0) / abs(x1 - x0)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a", "    b"], ["# a", "#     b"]),
        (["    a", "", "        b"], ["    # a", "", "    #     b"]),
        (["# a", "    #b"], ["a", "    b"]),
        (["# a", "b"], ["# # a", "# b"]),
        ([""], [""]),
    ],
)
def test_lines_are_commented_out_at_their_common_indent_and_in_again(before, after):
    assert toggled(before) == after


def test_small_letters_find_both_kinds_and_capitals_only_themselves():
    lines = ["Value value", "VALUE"]
    assert places(lines, "value") == [(0, 0), (0, 6), (1, 0)]
    assert places(lines, "Value") == [(0, 0)]
    assert places(lines, "") == []


def test_the_lesson_at_the_top_of_a_file_is_left_out_of_a_comparison():
    assert without_page('"""Lesson.\n\nLong.\n"""\n\nx = 1\n') == "x = 1\n"
    assert without_page("def broken(:") == "def broken(:"
    assert without_page("") == ""


async def test_finding_goes_from_place_to_place_and_escape_returns_to_the_code(in_exercise, desk):
    async with in_exercise(size=(120, 40)) as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")
        await story.press("f3", "ctrl+home", "ctrl+f")
        await story.types("rise")
        await story.sees("rise 1 of 2")
        await story.press("enter")
        await story.sees("rise 2 of 2")
        await story.press("enter", "up", "up")
        await story.sees("rise 1 of 2")
        await story.types("zzz")
        await story.sees("not found")
        await story.press("escape")
        editor = story.app.screen.query_one(CodeEditor)
        assert editor.has_focus
        assert "not found" not in story.sight
        assert desk.workspace.read(ID) == RIGHT


async def test_a_line_is_commented_out_and_in_again_and_undone(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")
        await story.press("f3")
        editor = story.app.screen.query_one(CodeEditor)
        await story.until(lambda: editor.text == RIGHT, "the text")
        editor.go_to_line(2)
        await story.press("ctrl+underscore")
        assert "\n    # rise = y1 - y0\n" in editor.text
        await story.press("ctrl+underscore")
        assert editor.text == RIGHT
        await story.press("escape", "number_sign")
        assert "\n    # rise = y1 - y0\n" in editor.text
        editor.undo()
        assert editor.text == RIGHT


async def test_comparing_waits_for_the_pass_and_then_shows_what_differs(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("d")
        await story.sees("There is something to compare")
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")
        await story.press("d")
        await story.sees(
            "Another way is as good", "- only in yours", "- rise = y1 - y0", "+ return (y1 - y0) / (x1 - x0)"
        )
        await story.press("escape")
        await story.sees("Passed: everything holds")
        await story.press("f3", "ctrl+end")
        await story.types("# more")
        await story.press("escape", "d")
        await story.sees("it is not the one that passed", "# more")


async def test_a_check_says_why_it_matters(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed: 1 of 2 hold")
        await story.press("w")
        await story.sees("Why does this matter?", "A slope that forgets", "uphill")
        await story.press("escape")
        await story.sees("Failed: 1 of 2 hold")


async def test_the_failing_case_becomes_a_script_that_shows_it_when_run(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("r")
        await story.sees("left no failing case")
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed: 1 of 2 hold")
        await story.press("r")
        await story.sees("Script written")
        file = desk.workspace.notes / "repro" / "lines_slope.py"
        done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
        assert "The result should be 1; yours is -1." in done.stdout, done.stderr


async def test_two_hands_on_one_file_see_how_the_texts_differ_before_one_is_chosen(in_exercise, desk):
    async with in_exercise(size=(100, 40)) as story:
        await story.press("f3", "ctrl+end")
        await story.types("mine")
        desk.workspace.write(ID, RIGHT)
        await story.sees(
            "Which one shall stay?", "- only in the file", "+ only in this editor", "+Watch: toy lecture 1"
        )
        await story.press("shift+tab", "end")
        await story.sees("- rise = y1 - y0", "+mine")
        await story.press("tab", "enter")
        await story.until(lambda: "mine" in desk.workspace.read(ID), "my text on disk")


async def test_the_ends_of_the_text_are_one_key_away_and_a_bracket_shows_its_partner(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        assert editor.cursor_location == (0, 0)
        await story.press("ctrl+shift+end")
        assert editor.selected_text == editor.text
        row = next(row for row, line in enumerate(editor.document.lines) if line.startswith("def "))
        column = editor.document.get_line(row).index("(")
        editor.go_to(row, column)
        await story.pause()
        partner = editor.matching_bracket_location
        assert partner is not None and editor.document.get_line(partner[0])[partner[1]] == ")"
        strip = editor.render_line(partner[0] - int(editor.scroll_offset.y))
        marked = [segment for segment in strip if segment.text == ")" and segment.style and segment.style.bgcolor]
        background = editor.styles.background.rich_color
        assert any(segment.style.bgcolor != background for segment in marked)


async def test_shorter_lines_from_another_program_are_seen_from_their_start(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3")
        await story.types("long_name = " + "x" * 80)
        assert "long_name" not in story.sight
        await story.press("ctrl+s")
        await story.until(lambda: "xxx" in desk.workspace.read("lines/slope"), "the save")
        desk.workspace.write("lines/slope", "a = 1\nb = 2\n" * 10 + f"# {'y' * 120}\n")
        await story.sees("a = 1", "b = 2")


@pytest.mark.parametrize(("together", "indented"), [(4, True), (40, False)])
async def test_keys_that_a_slow_line_hands_over_at_once_are_typed_ones_and_a_flood_is_a_paste(
    in_exercise, together, indented
):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home", "ctrl+shift+end", "delete")
        editor = story.app.screen.query_one(CodeEditor)
        text = "if " + "x" * 60 + ":"
        for number, each in enumerate(text):
            key = Key(each, each)
            key.time = 1000.0 + (0 if number >= len(text) - together else number - 100)
            story.app.post_message(key)
        enter = Key("enter", "\r")
        enter.time = 1000.0
        story.app.post_message(enter)
        await story.until(lambda: editor.document.line_count == 2, "a second line")
        assert editor.text == text + "\n" + "    " * indented


async def test_a_file_with_the_line_ends_of_windows_is_as_good(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.file(ID).write_bytes(RIGHT.replace("\n", "\r\n").encode())
        await story.sees("Passed: everything holds")
        await story.press("d")
        await story.sees("Another way is as good")
