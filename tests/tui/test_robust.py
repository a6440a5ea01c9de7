"""What goes wrong around the screens: nothing of it ends the program or loses a text."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time

import pytest
from textual import events
from textual.app import App
from textual.geometry import Size

from tutor.core.progress import Progress
from tutor.core.report import Report, Verdict
from tutor.core.workspace import Workspace
from tutor.tui.drafts import Drafts
from tutor.tui.remembered import OPEN, Place, remember, remember_text
from tutor.tui.widgets.editor import CodeEditor
from tutor.tui.widgets.long_text import PLAIN_FROM
from tutor.tui.widgets.one_line import MOST, OneLine

ID = "lines/slope"
RIGHT = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n"


async def test_a_storm_of_resizes_while_typing(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+end")
        draw = random.Random(0)
        for letter in "abcdefghij":
            for _ in range(3):
                size = (draw.randint(1, 250), draw.randint(1, 70))
                story.app.post_message(
                    events.Resize(Size(*size), Size(*size))
                )  # nobody waits for the layout of the last one
            await story.press(letter)
        await story.resize(140, 40)
        await story.sees("abcdefghij", "F2 Lesson", "F4 Checks", "▸ not saved")


async def test_letters_that_come_in_the_same_breath_as_the_key_to_the_code_are_code(in_exercise):
    async with in_exercise() as story:
        await story.press("f4")
        for key in ("f3", "s", "n", "u"):  # solution, next, quiz, if they came to the checks
            story.app._driver.process_message(events.Key(key, key if len(key) == 1 else None))
        await story.sees("12 snu", "not saved")


async def test_keys_that_are_hit_twice_leave_and_open_once(on_map):
    async with on_map() as story:

        async def at_once(*keys: str) -> None:
            for key in keys:
                story.app._driver.process_message(events.Key(key, key if len(key) == 1 else None))
            await story.pause()
            await story.pause()

        await at_once("enter", "enter", "enter")
        await story.until(lambda: len(story.app.screen_stack) > 1, "the exercise")
        await at_once("R")
        await story.sees("Start this exercise anew?")
        await at_once("enter", "enter", "enter")
        await story.until(lambda: len(story.app.screen_stack) == 2, "the exercise alone")
        assert [type(each).__name__ for each in story.app.screen_stack] == ["CourseMap", "ExerciseScreen"]
        await at_once("f1")
        await story.sees("Help")
        await at_once("escape", "escape", "escape")
        assert story.app.screen_stack[0].is_running and story.app.is_running


async def test_a_megabyte_is_pasted_undone_and_refused_by_the_checks_alone(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+end")
        editor = story.app.screen.query_one(CodeEditor)
        before = editor.text
        text = "x = [1, (2, 3)]  # word\n" * 44_000
        story.app.post_message(events.Paste(text))
        await story.until(lambda: len(editor.text) > 1_000_000, "the paste")
        await story.press("y", "ctrl+s")
        await story.until(lambda: desk.workspace.file(ID).read_text() == before + text + "y", "the file")
        await story.press("f4")
        await story.sees("is larger than 1 MB. Is it the right file?")
        await story.press("f3", "ctrl+z", "ctrl+z", "ctrl+s")
        await story.until(lambda: desk.workspace.file(ID).read_text() == before, "the text before the paste")
        await story.press("f4")
        await story.sees("nothing here is written yet")


async def test_a_megabyte_pasted_into_a_line_is_cut_to_what_can_be_typed_on(on_map):
    async with on_map() as story:
        await story.press("slash")
        story.app.post_message(events.Paste("字 long " * 150_000))
        await story.sees("Only 4,000 characters fit in here")
        line = story.app.screen.query_one(OneLine)
        assert len(line.value) == MOST
        line.value = ""
        story.app.post_message(events.Paste("slope\nand a second line"))
        await story.sees("slope")
        assert line.value == "slope"


async def test_a_prompt_keeps_the_lines_of_what_is_pasted():
    class Prompt(App[None]):
        def compose(self):
            yield OneLine(end="\\n")

    app = Prompt()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("to be\r\nor not"))
        await pilot.pause()
        assert app.query_one(OneLine).value == "to be\\nor not"


async def test_a_paste_with_which_the_scrollbar_came_can_be_undone(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, RIGHT)
        await story.press("f3", "ctrl+end")
        editor = story.app.screen.query_one(CodeEditor)
        await story.until(lambda: editor.text == RIGHT, "the text")
        story.app.post_message(events.Paste("# word\n" * 100))
        await story.until(lambda: editor.document.line_count > 100, "the paste")
        await story.press("x", "ctrl+z", "ctrl+z")
        await story.until(lambda: editor.text == RIGHT, "the text before it")


async def test_a_megabyte_in_one_line_can_be_gone_about_in(in_exercise):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        story.app.post_message(events.Paste("x + y(3, 'a') + " * 65_000))
        await story.until(lambda: len(editor.text) > 1_000_000, "the paste")
        await story.press("left", "z", "home", "q")
        await story.sees("qx + y(3, 'a')")


async def test_ten_thousand_lines_are_edited_in_colour_where_they_can_be(in_exercise, desk):
    async with in_exercise() as story:
        few = ['"""', *["word"] * (PLAIN_FROM - 100), '"""', "y = 1"]
        desk.workspace.write(ID, "\n".join(few) + "\n")
        await story.sees("Failed")
        await story.press("f3", "ctrl+home")
        editor = story.app.screen.query_one(CodeEditor)
        await story.until(lambda: editor.document.line_count > 4000, "the text")
        await story.press("pagedown", "pagedown")
        await story.pause()
        row = editor.scroll_offset.y + 5
        assert editor._highlights[row], "a row inside of a string that began far above has its colour"
        desk.workspace.write(ID, "x = (1, 2)\n" * 10_000 + RIGHT)
        await story.until(lambda: editor.document.line_count > 10_000, "the longer text")
        await story.press("ctrl+end", "up", "ctrl+f")
        await story.types("slope")
        await story.sees("1 of 1")
        await story.press("escape", "ctrl+end", "f5", "f4")
        await story.sees("Passed: everything holds")


async def test_a_workspace_deleted_while_it_is_open_is_written_again_from_the_editor(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+end")
        await story.types("mine")
        text = story.app.screen.query_one(CodeEditor).text
        shutil.rmtree(desk.workspace.root)
        await story.sees("was deleted. The text is still in this editor.")
        await story.press("enter")
        await story.until(lambda: desk.workspace.file(ID).exists(), "the file")
        assert desk.workspace.read(ID) == text
        await story.sees("~/tutor is there again with your progress.")
        assert not desk.progress.missing() and desk.workspace.file(ID).exists()
        assert desk.workspace.read(ID) == text
        await story.press("f4", "f6", "f5")
        await story.sees("F4 Checks")
        await story.press("escape")
        await story.sees("Toy course")


async def test_where_nothing_can_be_written_one_can_still_leave(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3", "ctrl+end")
        await story.types("mine")
        shutil.rmtree(desk.workspace.file(ID).parent)
        desk.workspace.file(ID).parent.write_text("no folder")
        (desk.workspace.notes / "backups").write_text("no folder")
        await story.sees("was deleted. The text is still in this editor.")
        await story.press("escape", "ctrl+q")
        await story.sees("has changes that are not saved")
        await story.press("enter")
        await story.sees("was not saved")
        await story.press("ctrl+q")
        await story.sees("has changes that are not saved")
        await story.press("j", "enter")
        await story.sees("No backup could be written", "What is not saved cannot be kept either.", "Stay here")
        await story.press("escape")
        assert "mine" in story.app.screen.query_one(CodeEditor).text and story.app.is_running
        await story.press("ctrl+q", "j", "enter")
        await story.sees("What is not saved cannot be kept either.")
        await story.press("j", "enter")
        await story.until(lambda: not story.app.is_running or story.app._exit, "the end")


async def test_progress_outlives_a_workspace_that_is_deleted_under_the_map(on_map, desk):
    desk.record(Report(ID, Verdict.PASSED, "f", "1" * 64))
    async with on_map() as story:
        await story.sees("passed")
        shutil.rmtree(desk.workspace.root)
        await story.sees("~/tutor was deleted or moved.", "Your progress is still in this program.")
        desk.progress.answer("lines/fall", right=True)  # goes on in what is left of the file
        await story.press("enter")
        await story.sees("~/tutor is there again with your progress.")
        desk.progress.answer("lines/order", right=False)
        await story.press("enter")
        await story.sees("does not exist.", "Put the stub there")
    again = Progress(Workspace.open(desk.workspace.root, desk.workspace.course).progress_path)
    assert again.state(ID) == "passed" and again.answers() == {"lines/fall": True, "lines/order": False}
    again.close()


async def test_a_folder_that_is_left_deleted_is_asked_about_once_and_stays_so(on_map, desk):
    async with on_map() as story:
        shutil.rmtree(desk.workspace.root)
        await story.sees("was deleted or moved.")
        await story.press("escape")
        await story.until(lambda: "deleted or moved" not in story.sight, "the end of the question")
        for _ in range(3):
            story.app._lost_folder.look()
        await story.pause()
        assert "deleted or moved" not in story.sight
    assert not desk.workspace.root.exists()


async def test_a_folder_that_was_moved_and_comes_back_is_the_old_one(on_map, desk):
    desk.record(Report(ID, Verdict.PASSED, "f", "1" * 64))
    async with on_map() as story:
        aside = desk.workspace.root.with_name("aside")
        desk.workspace.root.rename(aside)
        await story.sees("was deleted or moved.")
        aside.rename(desk.workspace.root)
        story.app._lost_folder.look()
        await story.press("escape")
        assert not desk.progress.missing() and desk.progress.state(ID) == "passed"


async def test_two_programs_in_one_workspace_see_each_others_saves_and_progress(in_exercise, on_map, desk):
    async with in_exercise() as one:
        await one.press("f3", "ctrl+end")
        second = Progress(desk.workspace.progress_path)  # another connection, as another process has
        try:
            desk.workspace.write(ID, RIGHT)
            await one.sees("return (y1 - y0) / (x1 - x0)", "passed 2/2")
            assert second.state(ID) == "passed"
            remember_text(desk.progress, OPEN, ID)
            async with on_map() as two:
                await two.until(lambda: two.app.screen.query(CodeEditor), "the exercise")
                await two.press("f3", "ctrl+end")
                await two.types("# two")
                await two.press("ctrl+s")
                await two.sees("passed 2/2")
            await one.sees("# two")
        finally:
            second.close()


def test_a_clock_that_was_set_back_changes_no_state(desk, monkeypatch):
    passed = Report(ID, Verdict.PASSED, "f", "1" * 64)
    failed = Report(ID, Verdict.FAILED, "f", "2" * 64)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    desk.record(failed)
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
    desk.record(passed)
    assert desk.progress.state(ID) == "passed"
    assert desk.progress.last_report(ID).verdict is Verdict.PASSED
    assert [each.verdict for each in desk.progress.attempts(ID)] == [Verdict.FAILED, Verdict.PASSED]
    desk.progress.restart(ID)
    assert desk.progress.state(ID) == "new"


async def test_a_grader_that_is_killed_while_nothing_is_checked_is_there_for_the_next_save(in_exercise, desk):
    async with in_exercise() as story:
        os.kill(story.grader._process.child.pid, signal.SIGKILL)
        story.grader._process.child.wait()
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")


def test_a_program_that_was_stopped_and_goes_on_shows_what_happened_meanwhile(workspace, on_a_terminal):
    open_on_checks(workspace)
    with on_a_terminal() as real:
        echoes = real.echoes
        real.sees(b"nothing here is written yet")
        for _ in range(3):
            os.kill(real.child, signal.SIGSTOP)
            time.sleep(0.3)
            os.kill(real.child, signal.SIGCONT)
            real.sees(b"nothing here is written yet")
        os.kill(real.child, signal.SIGSTOP)
        workspace.write(ID, RIGHT)
        time.sleep(0.3)
        os.kill(real.child, signal.SIGCONT)
        real.sees(b"everything holds")
        real.types(b"\x11")
        real.sees(b"\x1b[?1049l")
        assert echoes and real.echoes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_with_its_text_kept_and_the_terminal_given_back(workspace, on_a_terminal, number):
    open_on_checks(workspace)
    with on_a_terminal() as real:
        echoes = real.echoes
        real.sees(b"nothing here is written yet")
        real.types(b"\x1bOR")  # F3
        real.types(b"unsaved")
        real.sees(b"not saved")
        os.kill(real.child, number)
        said = real.sees(b"\x1b[?1049l")
        assert b"\x1b[?1000l" in said and b"\x1b[?1003l" in said, "the mouse is silent again"
        assert echoes and real.echoes
        assert os.waitstatus_to_exitcode(real.wait()) == 128 + number
    assert "unsaved" in Drafts(workspace, ID).found("")


def test_a_terminal_that_is_closed_takes_the_program_with_it_but_not_the_text(workspace, on_a_terminal):
    open_on_checks(workspace)
    with on_a_terminal() as real:
        real.sees(b"nothing here is written yet")
        real.types(b"\x1bORunsaved")
        real.sees(b"not saved")
        real.hang_up()
        assert os.waitstatus_to_exitcode(real.wait()) == 128 + signal.SIGHUP
    assert "unsaved" in Drafts(workspace, ID).found("")


def open_on_checks(workspace) -> None:
    """The next start shows the checks of the exercise."""
    progress = Progress(workspace.progress_path)
    remember(progress, Place.name(ID), Place("checks", 0, 0))
    remember_text(progress, OPEN, ID)
    progress.close()
