"""Stories of learners, told with keys on the toy course, judged by the real grader."""

from __future__ import annotations

import os
import shutil
import signal

from tutor.core.progress import Progress
from tutor.tui.glyphs import ASCII
from tutor.tui.remembered import OPEN, recalled_text

ID = "lines/slope"
HEAD = "def slope(x0: float, y0: float, x1: float, y1: float) -> float:\n"
RIGHT = HEAD + "    return (y1 - y0) / (x1 - x0)\n"
WRONG = HEAD + "    return (y1 - y0) / abs(x1 - x0)\n"


def backups(desk) -> list[str]:
    return sorted(path.read_text() for path in (desk.workspace.notes / "backups").glob("*.py"))


async def test_a_newcomer_reads_writes_passes_and_goes_on(on_map, desk):
    async with on_map() as story:
        await story.sees("Toy course", "0 of 4 passed", "new 5 min The slope between two points")
        await story.press("enter")
        await story.sees("How much y rises", "F2 Lesson", "F4 Checks")
        await story.press("f3")
        await story.sees("raise NotImplementedError")
        await story.types("return (y1 - y0) ")
        await story.press("slash")
        await story.types(" (x1 - x0)")
        await story.sees("not saved")
        await story.press("ctrl+s")
        await story.sees("passed 2/2", "saved")
        assert "return (y1 - y0) / (x1 - x0)" in desk.workspace.read(ID)
        await story.press("f4")
        await story.sees(
            "Passed: everything holds", "A slope is a rate", "F7: next exercise, The line through two points"
        )
        await story.press("f7")
        await story.sees("With the slope m at hand", "Builds on lines/slope")
        await story.press("escape")
        await story.sees("1 of 4 passed", "passed 5 min The slope between two points", "1/2")
        assert desk.progress.state(ID) == "passed"
        assert story.app.screen.query_one("#list").exercise == "lines/line"


async def test_a_wrong_answer_shows_the_case_the_values_the_mistake_and_hints(in_exercise, desk):
    async with in_exercise(size=(80, 60)) as story:
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed: 1 of 2 hold", "On the smallest case found:", "expected float", "yours float")
        await story.sees("Recognised", "The sign of the run is lost: a slope can fall.")
        await story.press("h")
        await story.sees("Hint 1 of 2 How far up, and how far along?")
        assert "Hint 2 of 2" not in story.sight
        await story.press("f6")
        await story.sees("Hint 2 of 2 Subtract the ys")
        await story.press("f6")
        await story.sees("That was the last hint")
        assert desk.progress.hints_shown(ID) == 2
        assert desk.progress.state(ID) == "started"


async def test_what_another_editor_saves_is_checked_and_shown(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")
        await story.press("f3")
        await story.sees("return (y1 - y0) / (x1 - x0)")
        desk.workspace.file(ID).write_text("def slope(:\n")
        await story.press("f4")
        await story.sees("line 1")
        await story.sees("F4 Checks ✗")


async def test_a_file_that_was_not_changed_is_no_new_attempt(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed")
        await story.press("f5")
        await story.sees("Failed")
        assert len(desk.progress.attempts(ID)) == 1


async def edit_on_both_sides(story, desk):
    await story.press("f3")
    await story.types("mine")
    await story.sees("not saved")
    desk.workspace.file(ID).write_text(RIGHT)
    await story.sees("was changed by another program")


async def test_edits_on_both_sides_keeping_mine(in_exercise, desk):
    async with in_exercise() as story:
        await edit_on_both_sides(story, desk)
        await story.press("enter")
        await story.until(lambda: "mine" in desk.workspace.read(ID), "the editor's text on disk")
        assert backups(desk) == [RIGHT]


async def test_edits_on_both_sides_taking_the_file(in_exercise, desk):
    async with in_exercise() as story:
        await edit_on_both_sides(story, desk)
        await story.press("down", "enter")
        await story.sees("passed 2/2")
        assert desk.workspace.read(ID) == RIGHT
        (mine,) = backups(desk)
        assert "mine" in mine


async def test_edits_on_both_sides_decided_later_lose_nothing_and_ask_again(in_exercise, desk):
    async with in_exercise() as story:
        await edit_on_both_sides(story, desk)
        await story.press("escape")
        await story.sees("mine", "not saved")
        assert desk.workspace.read(ID) == RIGHT
        await story.press("ctrl+s")
        await story.sees("was changed by another program")


async def test_a_save_that_fails_keeps_the_text_and_says_why(in_exercise, desk):
    async with in_exercise() as story:
        folder = desk.workspace.file(ID).parent
        await story.press("f3")
        await story.types("mine")
        shutil.rmtree(folder)
        folder.write_text("a file where the folder was")
        await story.sees("was deleted. The text is still in this editor.")
        await story.press("enter")
        await story.sees("was not saved")
        await story.sees("mine", "▸ not saved")
        folder.unlink()
        await story.press("ctrl+s")
        await story.until(lambda: desk.workspace.file(ID).exists(), "the saved file")
        assert "mine" in desk.workspace.read(ID)


async def test_a_deleted_file_can_be_written_again_from_the_editor(in_exercise, desk):
    async with in_exercise() as story:
        text = desk.workspace.read(ID)
        desk.workspace.file(ID).unlink()
        await story.sees("was deleted. The text is still in this editor.", "Write the file again")
        await story.press("enter")
        await story.until(lambda: desk.workspace.file(ID).exists(), "the file")
        assert desk.workspace.read(ID) == text


async def test_a_file_that_is_no_text_is_told_and_left_alone(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.file(ID).write_bytes(b"# \xff\n")
        await story.sees("Not checked:", "is not UTF-8 text (line 1)")
        assert desk.workspace.file(ID).read_bytes() == b"# \xff\n"
        desk.workspace.file(ID).write_text(RIGHT)
        await story.sees("Passed: everything holds")


async def test_leaving_with_unsaved_text_asks(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3")
        await story.types("mine")
        await story.press("escape", "escape")
        await story.sees("has changes that are not saved")
        await story.press("escape")
        await story.sees("F3 Code", "mine")
        await story.press("escape")
        await story.press("enter")
        await story.sees("0 of 4 passed")
        assert "mine" in desk.workspace.read(ID)


async def test_quitting_with_unsaved_text_asks_and_what_is_dropped_is_kept(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f3")
        await story.types("mine")
        await story.press("ctrl+q")
        await story.sees("has changes that are not saved")
        await story.press("down", "enter")
        await story.until(lambda: not story.app.is_running or story.app._exit, "the end")
        assert "mine" not in desk.workspace.read(ID)
        assert any("mine" in text for text in backups(desk))


async def test_text_that_was_never_saved_comes_back_after_a_kill(in_exercise, on_map, desk):
    drafts = desk.workspace.notes / "drafts"
    async with in_exercise() as story:
        await story.press("f3")
        await story.types("mine")
        await story.until(lambda: any("mine" in each.read_text() for each in drafts.glob("*.py")), "the draft")
        await story.until(lambda: recalled_text(desk.progress, OPEN) == ID, "a note of where the learner was")
    async with on_map() as story:  # which the exercise covers at once
        await story.sees("with text that was not saved", "Take it into the editor")
        await story.press("enter", "f3")
        await story.sees("mine", "not saved")
        await story.press("ctrl+s")
        await story.until(lambda: not list(drafts.glob("*.py")), "no draft any more")


async def test_reset_asks_and_keeps_a_backup(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed")
        await story.press("R")
        await story.sees("Start this exercise anew?")
        await story.press("enter")
        await story.sees("nothing here is written yet")
        assert backups(desk) == [RIGHT]
        assert desk.progress.state(ID) == "new"


async def test_the_solution_is_shown_after_a_question_or_a_pass(in_exercise, desk):
    async with in_exercise() as story:
        await story.press("f9")
        await story.sees("You have not passed lines/slope yet. Show its solution?")
        await story.press("escape")
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed")
        await story.press("f9")
        await story.sees("Solution of lines/slope", "return (y1 - y0) / (x1 - x0)")


async def test_an_error_leads_to_the_line(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, "\n\n" + HEAD + "    return nothing\n")
        await story.sees("Raised: 0 of 2 hold", "exercises/lines/slope.py, line 4 in slope", "return nothing")
        await story.press("g")
        await story.until(
            lambda: story.app.screen.query_one("#editor").cursor_location == (3, 4), "the cursor on line 4"
        )


async def test_what_code_prints_cannot_steer_the_terminal(in_exercise, desk):
    async with in_exercise(size=(80, 50)) as story:
        desk.workspace.write(ID, HEAD + "    print('[bold]\\x1b[2Jgone\\x07')\n    return x0\n")
        await story.sees("printed by your code", "[bold]", "gone")
        assert "\x1b" not in story.sight
        assert "\x07" not in story.sight


async def test_an_escape_sequence_in_the_file_itself_is_not_drawn(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, "# \x1b[2J\x1b]0;gone\x07\n" + RIGHT)
        await story.sees("Passed")
        await story.press("f3")
        await story.sees("gone")
        assert "\x1b" not in story.sight


async def test_a_grader_that_dies_is_our_fault_and_comes_back(in_exercise, desk):
    async with in_exercise() as story:
        desk.workspace.write(ID, HEAD + "    while True: pass\n")
        await story.sees("Checking")
        os.kill(story.grader._process.child.pid, signal.SIGKILL)
        await story.sees("Sorry: the grader broke, which is not your mistake.")
        desk.workspace.write(ID, RIGHT)
        await story.sees("Passed: everything holds")


async def test_coming_back_the_cursor_is_where_the_learner_was(in_exercise, on_map, desk):
    async with in_exercise(search="mean") as story:
        await story.press("escape")
        await story.sees("0 of 4 passed")
    async with on_map() as story:
        await story.sees("sums/running_mean", "0 of 4 passed")
        assert story.app.screen.query_one("#list").exercise == "sums/running_mean"


async def test_search_leaves_what_matches_and_escape_brings_all_back(on_map):
    async with on_map() as story:
        await story.press("slash")
        await story.types("line")
        await story.sees("The line through two points")
        assert "A running mean" not in story.sight
        await story.types("xyz")
        await story.sees("No exercise matches")
        await story.press("enter")
        await story.sees("No exercise matches")
        await story.press("escape")
        await story.sees("A running mean", "The slope between two points")


async def test_next_unfinished_goes_past_what_has_passed(on_map, desk, monkeypatch):
    states = {"lines/slope": "passed", "lines/line": "passed"}
    monkeypatch.setattr(Progress, "states", lambda self: states)
    async with on_map() as story:
        await story.press("n")
        await story.until(lambda: story.app.screen.query_one("#list").exercise == "sums/total", "sums/total")
        await story.press("n", "n")
        assert story.app.screen.query_one("#list").exercise == "sums/total"
        await story.press("left_square_bracket")
        assert story.app.screen.query_one("#list").exercise == "lines/slope"


async def test_help_and_palette_name_every_key(in_exercise):
    async with in_exercise(size=(100, 50)) as story:
        await story.press("question_mark")
        await story.sees("F6 or h", "Show one more hint", "^q", "Leave the program")
        await story.press("escape", "ctrl+p")
        await story.types("hint")
        await story.sees("Show one more hint")
        await story.press("enter")
        await story.sees("Hint 1 of 2")


async def test_every_key_with_an_id_says_what_it_does(in_exercise, on_map):
    for screen in (on_map, in_exercise):
        async with screen() as story:
            ours = [each for each in story.app.screen.active_bindings.values() if each.binding.id]
            assert len(ours) > 8
            assert all(each.tooltip and each.binding.description for each in ours)


async def test_any_size_of_terminal_is_survived(in_exercise, desk):
    sizes = [(1, 1), (2, 2), (10, 3), (20, 8), (40, 12), (109, 24), (110, 24), (250, 70)]
    async with in_exercise() as story:
        desk.workspace.write(ID, WRONG)
        await story.sees("Failed")
        for size in sizes:
            for keys in (["f2"], ["f3"], ["f4"], ["f1", "escape"], ["f6"], ["escape"], ["slash", "escape"]):
                await story.resize(*size)
                await story.press(*keys)
        await story.resize(80, 24)
        await story.sees("Toy course")


async def test_a_wide_terminal_shows_all_three_panes(in_exercise, desk):
    async with in_exercise(size=(140, 40)) as story:
        desk.workspace.write(ID, RIGHT)
        await story.sees("F2 Lesson", "How much y rises", "F3 Code", "return (y1 - y0)", "F4 Checks", "Passed")
        await story.press("z")
        await story.until(lambda: "How much y rises" not in story.sight, "one pane alone")
        await story.press("z")
        await story.sees("How much y rises")


async def test_a_terminal_without_unicode_gets_ascii_only(desk, on_map, monkeypatch):
    object.__setattr__(desk, "glyphs", ASCII)
    async with on_map(size=(120, 40)) as story:
        desk.workspace.write(ID, WRONG)
        await story.press("enter")
        await story.sees("x failed", "Recognised")
        assert story.sight.isascii()
        await story.press("f1")
        await story.sees("Show one more hint")
        assert story.sight.isascii()


async def test_without_colours_every_state_is_still_a_word(desk, on_map, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with on_map() as story:
        assert story.app.no_color
        desk.workspace.write(ID, WRONG)
        await story.press("enter", "f4")
        await story.sees("Failed: 1 of 2 hold", "✗ failed")
        await story.press("escape")
        await story.sees("started 5 min The slope")


async def test_light_and_dark_change_places(on_map):
    async with on_map() as story:
        before = story.app.current_theme.dark
        await story.press("ctrl+t")
        assert story.app.current_theme.dark is not before


async def test_a_course_without_the_exercises_of_a_picture_says_so(on_map):
    async with on_map(size=(120, 30)) as story:
        await story.press("p")
        await story.sees("Pictures ·", "Enter draws it")
        await story.press("enter")
        await story.sees("Toy course has no exercise micrograd/backward")
        await story.press("escape")
        await story.sees("0 of 4 passed")
