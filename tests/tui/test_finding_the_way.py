"""Ways through the screens without the mouse and without knowing a key: the palette, and keys as in vim."""

from __future__ import annotations

from tutor.tui.palette import Finder
from tutor.tui.screens.reading import ReadingScreen
from tutor.tui.widgets.editor import CodeEditor
from tutor.tui.widgets.key_line import KeyLine


async def test_the_palette_opens_any_exercise_from_another_one(in_exercise, desk):
    async with in_exercise(size=(100, 40)) as story:
        await story.press("ctrl+p")
        await story.types("running")
        await story.sees("A running mean (sums/running_mean)")
        await story.press("enter")
        await story.until(lambda: story.app.screen.query(CodeEditor), "an exercise")
        await story.sees("sums/running_mean", "saved")
        assert len(story.app.screen_stack) == 2
        await story.press("f3")
        await story.types("mine")
        await story.press("ctrl+p")
        await story.types("total")
        await story.sees("(sums/total)")
        await story.press("enter")
        await story.sees("has changes that are not saved")
        await story.press("k", "j", "j", "enter")
        await story.sees("sums/total")
        assert any("mine" in each.read_text() for each in (desk.workspace.notes / "backups").glob("*.py"))


async def test_g_and_shift_g_go_to_the_ends_of_a_list(on_map):
    async with on_map() as story:
        courses = story.app.screen.query_one("#list")
        await story.press("G")
        assert courses.exercise == "sums/running_mean"
        await story.press("k")
        assert courses.exercise == "sums/total"
        await story.press("g")
        assert courses.exercise == "lines/slope"


async def test_a_picture_of_the_screen_is_saved_beside_the_notes(on_map, desk):
    async with on_map() as story:
        await story.press("ctrl+p")
        await story.types("Screenshot")
        await story.press("enter")
        pictures = desk.workspace.notes / "screenshots"
        await story.until(lambda: any("</svg>" in each.read_text() for each in pictures.glob("*.svg")), "the picture")
        (picture,) = (each.read_text() for each in pictures.glob("*.svg"))
        assert "Pictures" in picture and "Search:" not in picture


async def test_the_palette_lists_what_can_be_done_before_a_word_is_typed(on_map):
    async with on_map() as story:
        await story.pause()
        await story.press("ctrl+p")
        await story.sees("Search: what to do, or an exercise", "Check a whole track in one go")
        assert "Open this exercise" not in story.sight
        await story.types("slope")
        await story.sees("The slope between two points (lines/slope)", "Open this exercise")


async def test_the_lowest_line_names_no_key_that_is_a_letter_now(on_map):
    async with on_map() as story:
        await story.press("slash")
        await story.until(lambda: "esc Clear" in story.sight.splitlines()[-1], "how to leave the search")
        assert "/ Search" not in story.sight.splitlines()[-1]
        await story.press("down")
        await story.until(lambda: "/ Search" in story.sight.splitlines()[-1], "the list's keys")


async def test_the_lowest_line_shows_what_helps_now(in_exercise, desk):
    def keys(story) -> str:
        return story.sight.splitlines()[-1]

    async with in_exercise() as story:
        assert "F6 Hint" in keys(story) and "w Why" not in keys(story)
        desk.workspace.write("lines/slope", "def slope(x0, y0, x1, y1):\n    return 1 / 0\n")
        await story.until(lambda: "w Why" in keys(story), "what helps with an error")
        assert "g To the error" in keys(story) and "F1 Help" in keys(story)
        desk.workspace.write("lines/slope", "def slope(\n")
        await story.until(lambda: "w Why" not in keys(story), "a file that cannot even be read has no case")
        assert "g To the error" in keys(story)
        desk.workspace.write("lines/slope", "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n")
        await story.until(lambda: "d Compare" in keys(story), "what leads on")
        assert "F7 Next" in keys(story) and "F10 Quiz" in keys(story) and "w Why" not in keys(story)
        await story.press("f3")
        await story.until(lambda: "d Compare" not in keys(story), "letters are text in the code")
        assert "F6 Hint" in keys(story)


FOUND = {
    "reset": "Start anew",
    "SOLUTION": "Solution",
    "vim": "Editor",
    "keys": "Change keys",
    "gpu": "Train",
    "sample": "Playground",
    "font": "Font",
    "dracula": "Theme: dracula",
    "picture attention": "Picture: Who listens to whom (attention)",
    "sums/running": "A running mean (sums/running_mean)",
    "lines place": "I know this: Straight lines",
    "solutoin": "Solution",
    "training a run": "Training: a run",
    "qxzzy": None,
}
"""What people type, and what must then stand first."""


async def test_the_palette_finds_by_the_words_that_people_have(on_map, desk):
    (desk.workspace.root / "runs" / "a run").mkdir(parents=True)
    (desk.workspace.root / "runs" / "a run" / "config.json").write_text("{}")
    async with on_map() as story:
        finder, first = Finder(story.app.screen), {}
        for typed in FOUND:
            hits = sorted([each async for each in finder.search(typed)], key=lambda hit: -hit.score)
            first[typed] = hits[0].text if hits else None
        assert first == FOUND
        assert not [each async for each in finder.search("a book that was pasted " * 50_000)]


async def test_the_palette_does_what_the_map_does_and_asks_for_the_text_first(in_exercise):
    async with in_exercise() as story:
        await story.press("f3")
        await story.types("mine")
        await story.press("ctrl+p")
        await story.types("put in")
        await story.sees("On the course map. What you have put in")
        await story.press("enter")
        await story.sees("has changes that are not saved")
        await story.press("enter")
        await story.sees("What you have put in", "attempts")
        await story.press("escape")
        await story.sees("Toy course")


async def test_the_palette_says_where_a_key_of_another_screen_works(on_map):
    async with on_map() as story:
        await story.press("ctrl+p")
        await story.types("give up")
        await story.sees("Solution F9")
        await story.press("enter")
        await story.sees("In an exercise: F9. Show the course's solution.")


async def test_a_narrow_terminal_keeps_the_keys_that_lead_out_and_to_the_help(on_map):
    async with on_map(size=(60, 24)) as story:
        await story.until(lambda: "F1 Help" in story.sight.splitlines()[-1], "the keys")
        lowest = story.sight.splitlines()[-1]
        assert "enter Open" in lowest and "q Quit" in lowest and "u Quiz" not in lowest
        await story.resize(80, 24)
        await story.until(lambda: "u Quiz" in story.sight.splitlines()[-1], "all of them")


async def test_the_keys_in_the_lowest_line_are_buttons(in_exercise):
    async with in_exercise() as story:
        line, lowest = story.app.screen.query_one(KeyLine), story.sight.splitlines()[-1]
        await story.hover(line, offset=(lowest.index("Help"), 0))
        assert line.tooltip == "What this screen is, and its keys"
        await story.click(line, offset=(lowest.index("Help"), 0))
        await story.sees("Read the lesson, write the code")
        await story.press("escape")
        await story.click(line, offset=(lowest.index("^p") + 1, 0))
        await story.sees("Search: what to do")


async def test_other_keys_in_the_lowest_line_lay_nothing_out(in_exercise):
    async with in_exercise(size=(120, 40)) as story:
        laid_out = []
        await story.until(lambda: not story.app.screen._layout_required, "rest")
        line = story.app.screen.query_one(KeyLine)
        story.app.screen.screen_layout_refresh_signal.subscribe(line, laid_out.append, immediate=True)
        for pane, sign in (("f3", "esc Leave"), ("f2", "esc Map"), ("f3", "esc Leave")):
            await story.press(pane)
            await story.until(lambda sign=sign: sign in story.sight.splitlines()[-1], sign)
        assert not laid_out


async def test_a_question_mark_explains_every_screen(on_map):
    async with on_map() as story:
        for way in ("", "u", "i", "t", "p", "enter"):
            if way:
                await story.press(way)
            await story.until(lambda way=way: len(story.app.screen_stack) == 1 + bool(way), f"the screen of {way!r}")
            await story.press("question_mark")
            await story.sees("Help", "Keys")
            assert isinstance(story.app.screen, ReadingScreen)
            await story.press("escape", *["escape"] * bool(way))


async def test_j_and_k_go_through_what_placing_out_offers(on_map):
    async with on_map() as story:
        await story.press("i")
        offers = story.app.screen.query_one("#what")
        await story.press("j")
        assert offers.highlighted == 1
        await story.press("k")
        assert offers.highlighted == 0
