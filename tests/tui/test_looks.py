"""How the screens look, compared with pictures that a person has looked at."""

from __future__ import annotations

from dataclasses import replace

from tutor.core.events import Finished
from tutor.core.report import Counterexample, Need, PropertyResult, Report, Shown, Verdict
from tutor.tui.glyphs import ASCII
from tutor.tui.threads import GraderSaid

ID = "lines/slope"
X = (0.0, -1.5, 2.0, 0.5, 0.0, -1.0)


def tensor(values: tuple[float, ...], shape: tuple[int, ...], marks: tuple[int, ...] = ()) -> Shown:
    return Shown("tensor", "", "float64", shape, marks, values)


FOUND = Counterexample(
    arguments={"x": tensor(X, (2, 3)), "dim": Shown("int", "1")},
    call="softmax(x, dim=1)",
    what="the result",
    expected=tensor((0.1160, 0.0259, 0.8581, 0.5466, 0.3315, 0.1220), (2, 3)),
    actual=tensor((0.1160, 0.0259, 0.8581, 0.1220, 0.0739, 0.0272), (2, 3), marks=(3, 4, 5)),
    difference="3 of 6 entries differ",
    shrunk=True,
)
REPORT = Report(
    ID,
    Verdict.FAILED,
    "exercises/lines/slope.py",
    "0" * 64,
    properties=(
        PropertyResult("sums", "Each row sums to one.", Verdict.FAILED, 3, "3 of 6 entries differ.", FOUND),
        PropertyResult("pure", "The x that it is given stays as it is.", Verdict.PASSED, 100),
        PropertyResult("shape", "The shape is that of x, whatever x and dim are.", Verdict.PASSED, 100),
    ),
    mistake="The maximum is taken over the whole tensor, not over each row.",
    needs=(Need("sums/total", borrowed=True),),
)
"""What a grader might say; written down, so that the pictures do not depend on what it draws."""


async def shows_the_report(story) -> None:
    screen = story.app.screen
    screen.post_message(GraderSaid(Finished(screen._board.ticket, REPORT)))
    await story.sees("Failed: 2 of 3 hold")


async def test_the_course_map(on_map, check_snapshot):
    async with on_map() as story:
        await story.sees("Watch", "toy lecture 1", "F1 Help")
        await story.until(lambda: story.app.screen.query_one("#card").show_vertical_scrollbar, "all of the card")
        check_snapshot(story.app, "map-80x24")


async def test_the_course_map_wide(on_map, check_snapshot):
    async with on_map(size=(140, 40)) as story:
        await story.sees("Two points make a line.", "q Quit")
        check_snapshot(story.app, "map-140x40")


async def test_a_failure(in_exercise, check_snapshot):
    async with in_exercise() as story:
        await shows_the_report(story)
        check_snapshot(story.app, "failure-80x24")


async def test_many_failures_leave_room_for_the_case_of_one(in_exercise, check_snapshot):
    names = [f"Each sum of {place} entries is right, whatever they are and in whatever order." for place in range(2, 9)]
    failed = [replace(REPORT.properties[0], name=each[12:13], sentence=each) for each in names]
    async with in_exercise() as story:
        screen = story.app.screen
        screen.post_message(GraderSaid(Finished(screen._board.ticket, replace(REPORT, properties=tuple(failed)))))
        await story.sees("Failed: 0 of 7 hold", "The maximum is taken", "expected float64", "0.122*")
        check_snapshot(story.app, "failures-80x24")
        await story.press("right_square_bracket")
        await story.sees("▸✗ failed Each sum of 3 entries is right, whatever they are and in")
        assert "expected" in story.sight and "0.122*" in story.sight


async def test_a_failure_wide(in_exercise, check_snapshot):
    async with in_exercise(size=(140, 40)) as story:
        await shows_the_report(story)
        check_snapshot(story.app, "failure-140x40")


async def test_a_failure_in_the_light_theme(in_exercise, check_snapshot):
    async with in_exercise(size=(140, 40)) as story:
        await shows_the_report(story)
        await story.press("ctrl+t")
        await story.pause()
        check_snapshot(story.app, "failure-light-140x40")


async def test_a_pass_wide(in_exercise, desk, check_snapshot):
    async with in_exercise(size=(140, 40)) as story:
        desk.workspace.write(ID, "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n")
        await story.sees("Passed: everything holds")
        check_snapshot(story.app, "passed-140x40")


async def test_a_question(in_exercise, check_snapshot):
    async with in_exercise() as story:
        await story.press("R")
        await story.sees("Start this exercise anew?")
        check_snapshot(story.app, "question-80x24")


async def test_the_help_page(in_exercise, check_snapshot):
    async with in_exercise() as story:
        await story.press("f1")
        await story.sees("Show one more hint")
        check_snapshot(story.app, "help-80x24")


async def test_placing_out(on_map, desk, check_snapshot):
    async with on_map() as story:
        desk.workspace.write(ID, "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n")
        await story.press("i", "enter")
        await story.sees("passed The slope between", "unwritten The line through")
        check_snapshot(story.app, "placing-80x24")


async def test_the_statistics(on_map, desk, check_snapshot):
    async with on_map() as story:
        desk.progress.record(replace(REPORT, needs=()))
        await story.press("s")
        await story.sees("0 of 4 exercises passed.", "lines/slope")
        check_snapshot(story.app, "stats-80x24")


async def test_a_failure_on_a_terminal_without_unicode(in_exercise, desk, monkeypatch, check_snapshot):
    monkeypatch.setenv("TUTOR_ASCII", "1")
    object.__setattr__(desk, "glyphs", ASCII)
    async with in_exercise() as story:
        await shows_the_report(story)
        check_snapshot(story.app, "failure-ascii-80x24")


async def test_a_new_training(on_map, check_snapshot):
    async with on_map() as story:
        await story.press("t", "n")
        await story.sees("Which training?", "shakespeare")
        check_snapshot(story.app, "new-training-80x24")
