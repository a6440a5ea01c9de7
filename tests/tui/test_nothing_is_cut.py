"""Every screen at the sizes people have: what must be seen lies inside, and no key covers another.

The same walk on a terminal without Unicode: nothing there but ASCII, and no '?' where a sign was.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from textual.screen import Screen
from textual.widget import Widget

from tutor.core.runs import Run
from tutor.tui.glyphs import ASCII, readable_course, to_ascii
from tutor.tui.screens.playground import PlaygroundScreen
from tutor.tui.widgets.key_line import KeyLine

ID = "lines/slope"
WRONG = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)  # √2 ≤ 10²\n"
SIGNS = "The weight is 1/√D ≤ 10⁻³ for q·kᵀ ± ε, “roughly” ∂L/∂x → Σσ…\n"
SIZES = [(80, 24), (100, 30), (160, 50)]


@pytest.fixture
def desk(desk):
    """A desk with a lesson full of signs."""
    tracks = tuple(
        replace(track, exercises=tuple(replace(each, lesson=SIGNS + each.lesson) for each in track.exercises))
        for track in desk.course.tracks
    )
    object.__setattr__(desk, "course", replace(desk.course, tracks=tracks))
    return desk


async def walk(story, desk) -> AsyncIterator[str]:
    """Goes through the screens and stops at each."""
    for keys, sign in {
        "": "Quiz", "slash": "Clear", "escape f1": "Keys", "escape s": "attempts", "escape i": "Check all of these",
        "escape o": "Two points", "escape ctrl+p": "what to do", "escape u": "Below 0", "1": "next question",
        "escape t": "No training yet", "n": "Which training", "escape escape p": "draws it",
    }.items():  # fmt: skip
        await story.press(*keys.split())
        await story.sees(sign)
        yield f"after {keys}"
    await story.press("escape")
    story.app.push_screen(PlaygroundScreen(Run(desk.workspace.root / "runs" / "none")))
    await story.sees("Temperature")
    yield "the playground"
    await story.press("escape")
    desk.workspace.write(ID, WRONG)
    await story.press("enter", "f2")
    await story.sees("How much")
    yield "the lesson"
    await story.press("f4")
    await story.sees("1 of 2 hold")
    yield "a failure"
    for keys, sign in {
        "h": "Hint 1", "z": "F2 Lesson", "z f1": "Show one more hint", "escape R": "anew",
        "escape s": "Show its solution", "escape w": "Why does", "escape f3 ctrl+f": "not found",
    }.items():  # fmt: skip
        await story.press(*keys.split())
        if keys.endswith("ctrl+f"):
            await story.types("zzz")
        await story.sees(sign)
        yield f"after {keys}"
    await story.press("escape")
    await story.types("zzz")
    await story.sees("not saved")
    desk.workspace.file(ID).write_text("# another program wrote this\n" + WRONG)
    await story.sees("changed by another program")
    yield "a conflict"


async def test_nothing_that_must_be_seen_is_cut(on_map, desk):
    async with on_map(size=SIZES[0]) as story:
        async for place in walk(story, desk):
            for size in SIZES:
                await story.resize(*size)
                await story.pause()
                screen = story.app.screen
                assert not list(outside(screen)), (place, size)
                assert not list(covered(screen)), (place, size)
            await story.resize(*SIZES[0])
            await story.pause()


async def test_without_unicode_every_sign_can_be_read(on_map, desk, monkeypatch):
    monkeypatch.setenv("TUTOR_ASCII", "1")
    object.__setattr__(desk, "glyphs", ASCII)
    object.__setattr__(desk, "course", readable_course(desk.course))
    async with on_map(size=SIZES[0]) as story:
        async for place in walk(story, desk):
            sight = story.sight
            assert sight.isascii(), place
            assert not re.findall(r"(?m)^.*(?:\?\?|(?<![\w' )])\?(?!\w)).*$", sight.replace("or ?", "")), place
            if place == "the lesson":
                await story.sees("1/sqrt(D) <= 10^-3 for q*k^T +- eps", "dL/dx -> sum sigma...")


def outside(screen: Screen[object]) -> list[Widget]:
    """Widgets that reach beyond the screen, unless they lie in something that scrolls."""
    return [
        each
        for each in screen.query("*")
        if each.display and each.region and not _scrolls(each) and not screen.region.contains_region(each.region)
    ]


def _scrolls(widget: Widget) -> bool:
    return any(isinstance(each, Widget) and (each.max_scroll_y or each.max_scroll_x) for each in widget.ancestors)


def covered(screen: Screen[object]) -> list[str]:
    """Keys in the lowest line that do not stand there whole."""
    lowest = screen._compositor.render_strips()[-1].text
    return [key for each in screen.query(KeyLine) for key in each.shown if f" {to_ascii(key)} " not in to_ascii(lowest)]
