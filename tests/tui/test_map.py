"""What the map tells about tracks: history, what they are for, numbers to reach, what was put in."""

from __future__ import annotations

import pytest

from tutor.core.course import Milestone, load_course
from tutor.core.milestones import Target
from tutor.tui.glyphs import ASCII, UNICODE
from tutor.tui.widgets.track_facts import plain, target_line

FACTS = """
year = 1913
paper = "Somebody, Something"

[[track.milestone]]
what = "A loss to reach"
number = 2.454
"""


@pytest.fixture
def toy(toy_root):
    """The toy course with facts of its last track."""
    manifest = toy_root / "exercises/course.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + FACTS, encoding="utf-8")
    course = load_course(toy_root)
    assert course.tracks[1].milestones == (Milestone("A loss to reach", 2.454),)
    return course


async def test_a_track_tells_its_history_its_use_and_its_numbers(on_map):
    async with on_map(size=(130, 40)) as story:
        await story.sees(
            "1913 ────── 0/2 Sums 13 min left", "23 min left", "For lines/line", "Quiz (u): 0 of 3 answered"
        )
        await story.press("right_square_bracket")
        await story.sees("1913: Somebody, Something", "2.454 A loss to reach", "For sums/running_mean")


async def test_a_key_shows_all_that_is_known_of_a_track(on_map):
    async with on_map() as story:
        await story.press("right_square_bracket", "o")
        await story.sees("1913: Somebody, Something", "2.454 A loss to reach", "Escape closes")
        await story.press("escape")
        await story.sees("0 of 4 passed")


async def test_a_key_shows_what_was_put_in(on_map, desk):
    desk.progress.show_hint("lines/slope")
    async with on_map() as story:
        await story.press("s")
        await story.sees(
            "What you have put in", "state attempts", "lines/slope new 1", "Nothing here is needed to go on"
        )


async def test_the_list_ends_where_the_terminal_ends(on_map):
    async with on_map(size=(60, 12)) as story:
        await story.until(lambda: story.app.screen.query_one("#list").show_vertical_scrollbar, "more than fits")
        assert story.app.screen.query_one("#list").outer_size.width == 60
        await story.resize(120, 12)
        await story.until(lambda: story.app.screen.query_one("#list").outer_size.width == 72, "three fifths")


def test_an_introduction_is_read_as_paragraphs():
    text = "# Title\n\nOne way\n**costs** little,\n*one* more.\n\n- a\n- b\n1. c\n"
    assert plain(text) == "One way costs little, one more.\n\n- a\n- b\n1. c"


def test_a_number_that_is_reached_is_said_in_words_and_signs():
    open_, reached = Target("Loss", 2.1, 2.5), Target("Loss", 2.1, 2.05, reached=True)
    assert target_line(Target("Loss", 4.17), UNICODE).plain == "4.17  Loss"
    assert target_line(open_, UNICODE).plain == "2.10  Loss, yours 2.50"
    assert target_line(reached, UNICODE).plain == "2.10  Loss, yours 2.05 ✓ reached"
    assert target_line(reached, ASCII).plain.isascii()


async def test_a_search_finds_tracks_states_and_years(on_map, desk):
    desk.progress.skip(["sums/total"])
    async with on_map() as story:
        for words, there, gone in (("1913 new", "running mean", "A total"), ("skipped", "A total", "running mean")):
            await story.press("slash")
            await story.types(words)
            await story.until(lambda there=there, gone=gone: there in story.sight and gone not in story.sight, words)
            await story.press("escape")
        await story.press("slash")
        await story.types("straight")
        await story.until(lambda: "A total" not in story.sight and "The line through" in story.sight, "straight")


def test_an_introduction_is_told_without_its_marks():
    markdown = """# Title

A line that
goes **on** with `code` and a [link](https://example.org).

| what | why |
|---|---|
| **this** | for that |

- one
  item
"""
    assert plain(markdown) == "A line that goes on with code and a link.\n\nwhat · why\nthis · for that\n\n- one item"


async def test_every_page_of_the_map_survives_any_size(on_map):
    async with on_map() as story:
        for page in ("u", "i", "s", "o"):
            await story.press(page)
            await story.until(lambda: len(story.app.screen_stack) == 2, page)
            for size in ((1, 1), (10, 3), (40, 12), (250, 70)):
                await story.resize(*size)
                await story.pause()
            await story.press("escape")
            await story.until(lambda: len(story.app.screen_stack) == 1, "the map")
        await story.resize(80, 24)
        await story.sees("0 of 4 passed")


async def test_the_next_exercise_and_the_next_track_are_reached_from_a_search_that_hides_them(on_map):
    async with on_map() as story:
        courses = story.app.screen.query_one("#list")
        for key, found in (("n", "lines/line"), ("right_square_bracket", "sums/total")):
            await story.press("slash")
            await story.types("slope")
            await story.press("down", key)
            await story.sees("Sums")
            assert courses.exercise == found
