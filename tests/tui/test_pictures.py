"""The screen of pictures as a learner uses it, on the course itself; only the process that computes loads torch."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.app import App
from textual.widgets import Static

from tutor.core.course import default_course_root, load_course
from tutor.core.picture import Lines, Picture, Series
from tutor.core.workspace import Workspace, init_workspace
from tutor.tui.desk import Desk
from tutor.tui.glyphs import ASCII, PlainLines
from tutor.tui.screens.pictures import PicturesScreen
from tutor.tui.widgets.picture_pane import PicturePane


@pytest.fixture
def workspace(home) -> Workspace:
    """A fresh workspace of the course, in place of the toy's."""
    course = load_course(default_course_root())
    init_workspace(home / "tutor", course)
    return Workspace.open(home / "tutor", course)


class Shell(App[None]):
    """Nothing but the screen, and below it a line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.plain = PlainLines(ascii_only=desk.glyphs is ASCII)

    def get_line_filters(self):
        return [*super().get_line_filters(), self.plain]

    def compose(self):
        yield Static("The screen below")

    def on_mount(self) -> None:
        self.push_screen(PicturesScreen(self.desk))


@pytest.fixture
def shown(desk, in_app):
    """`async with shown("graph", size=(80, 24)) as story`: the screen with that picture chosen."""

    @asynccontextmanager
    async def start(name, size=(80, 24), desk=desk):
        async with in_app(Shell(desk), desk.grader, size) as story:
            await story.sees("derivative", "Enter draws it")
            await choose(story, name)
            yield story

    return start


async def choose(story, name):
    names = story.app.screen.query_one("#names")
    names.highlighted = names.get_option_index(name)
    await story.pause()


async def test_a_graph_is_drawn_from_what_was_typed_and_saved(shown, desk):
    async with shown("graph") as story:
        await story.sees("Computation graph", "Each value with its data and its grad", "Enter draws it")
        await story.press("enter")
        await story.sees("a = 2 ─", "* = -8", "grad -2", "Computed by the course's solutions: micrograd/value")
        await story.press("e")
        story.app.screen.query_one("#on").value = "x=3; x*x"
        await story.press("enter")
        await story.sees("* = 9", "grad 6")
        await story.press("s")
        await story.sees("Saved as")
        assert "data 9" in (desk.workspace.root / "pictures/graph.svg").read_text(encoding="utf-8")
        await story.press("S")
        png = desk.workspace.root / "pictures/graph.png"
        await story.until(lambda: png.exists() or "No font for the words" in story.sight, "a PNG, or why there is none")
        assert not png.exists() or png.read_bytes()[1:4] == b"PNG"
        await story.press("e")
        story.app.screen.query_one("#on").value = "x/0"
        await story.press("enter")
        await story.sees("more than a Value knows")
        await story.press("escape")
        await story.sees("The screen below")


async def test_the_cursor_on_the_heat_map_says_its_entry(shown):
    async with shown("bigram", (80, 24)) as story:
        await story.press("enter")
        await story.sees("972 names", "Which letter follows which")
        await story.press("enter", "down", "right", "right")
        await story.sees("after a comes b:", "times")
        story.app.screen.query_one("#picture").action_move(100, 0)  # stops at the edge, and the map moves along
        await story.sees("after z comes b:")
        await story.resize(160, 50)
        await story.sees("after z comes b:", "Computed by the course's solutions: bigram/probs.")
        await story.resize(20, 6)
        await story.pause()
        await story.resize(80, 24)
        await story.press("escape", "escape")
        await story.sees("The screen below")


async def test_parts_are_turned_and_what_was_drawn_stays(shown):
    async with shown("derivative", (100, 30)) as story:
        await story.press("enter")
        await story.sees("part 1 of 3", "its tangent at x = 3")
        await story.press("right_square_bracket")
        await story.sees("part 2 of 3", "1e-08")
        await story.press("left_square_bracket", "left_square_bracket")
        await story.sees("part 3 of 3", "log10 error")
        await story.press("down")
        await story.sees("Each value with its data")
        await story.press("up")
        await story.sees("its tangent at x = 3")
        await story.resize(160, 50)
        await story.sees("its tangent at x = 3", "1e-08", "log10 error")
        assert "part" not in story.sight and "Next part" not in story.sight
        await story.resize(100, 30)
        await story.sees("part 1 of 3", "Next part")


async def test_enter_while_it_is_computed_does_not_begin_anew(shown):
    async with shown("moons") as story:
        await story.press("enter")
        first = story.app.screen._painting
        await story.press("enter", "enter")
        assert story.app.screen._painting in (first, None)
        await story.sees("40 of 40 points lie on their side")
        assert first._process.returncode is not None


async def test_stopping_and_leaving_end_the_process(shown):
    async with shown("attention") as story:
        await story.press("enter")
        await story.sees("computing attention")
        screen = story.app.screen
        first = screen._painting
        await story.until(lambda: first._process, "the process")
        await story.press("x")
        await story.sees("Stopped. Enter starts again.")
        await story.press("enter")
        second = screen._painting
        await story.until(lambda: second._process, "another process")
        await story.press("escape")
        await story.sees("The screen below")
        for each in (first, second):
            await story.until(lambda one=each: one._process.poll() is not None, "its end")


async def test_another_picture_may_be_looked_at_meanwhile(shown):
    async with shown("graph") as story:
        await story.press("enter", "down")
        await story.sees("Decision boundary of the moons", "Enter draws it")
        await story.until(lambda: "graph" in story.app.screen._drawn, "the graph")
        assert "a = 2" not in story.sight
        await story.press("up")
        await story.sees("a = 2 ─")


async def test_shades_are_ascii_characters_where_there_is_nothing_else(desk, shown, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with shown("bigram", (80, 30), replace(desk, glyphs=ASCII)) as story:
        await story.press("enter")
        await story.sees("comes .: 0.0000", "@@")
        assert story.sight.isascii()


class Alone(App[None]):
    """A drawing and nothing else."""

    def compose(self):
        yield PicturePane(ascii_only=False)


async def test_a_curve_fills_its_room_also_when_that_becomes_smaller(desk, in_app):
    lines = Lines("A curve", "x", "y", (Series("one", (0.0, 1.0), (0.0, 1.0)), Series("two", (0.0, 1.0), (1.0, 0.0))))
    async with in_app(Alone(), desk.grader, (100, 30)) as story:
        pane = story.app.query_one(PicturePane)
        pane.show(Picture("curve", "A curve", (), "", (lines,)))
        await story.sees("1 one", "2 two")
        for size in ((100, 29), (99, 28), (80, 24)):
            await story.resize(*size)
            await story.until(lambda size=size: pane.outer_size == size, "the smaller room")
            await story.pause()
            await story.sees("1 one", "2 two")
            assert not pane.show_horizontal_scrollbar and not pane.show_vertical_scrollbar
