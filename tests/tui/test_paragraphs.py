"""Text in parts: what is drawn of a change is what would be drawn of all, and the mouse finds its parts."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from tutor.tui.themes import DARK, LIGHT
from tutor.tui.widgets.paragraphs import Paragraph, Paragraphs

WORDS = "a sentence that is longer than the pane is wide and therefore takes two lines"


class Bare(App[None]):
    """Nothing but paragraphs."""

    CSS = "Paragraphs { width: 40; height: 10; border: round red; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.clicked: list[str] = []

    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)

    def compose(self) -> ComposeResult:
        yield Paragraphs()

    def on_paragraphs_clicked(self, message: Paragraphs.Clicked) -> None:
        self.clicked.append(message.name)


def part(name: str, text: str = WORDS, **looks) -> Paragraph:
    return Paragraph(name, Content(text), **looks)


SHOWN = [
    [part("one", "short")],
    [part("one", "other"), part("two", above=1, bar="$primary")],
    [part("one", "other"), part("none", ""), part("two", above=2, bar="$accent")],
    [part("one", "other"), part("row", beside=Content("left"), chosen_by_click=True), part("two", bar="$accent")],
    [part("row", beside=Content("right"), chosen_by_click=True), part("two", "x\n\ny", above=1)],
    [part("row", beside=Content.styled("right", "red"), single=True, chosen_by_click=True)],
    [part(str(number)) for number in range(20)],
    [part(str(number), bar="$accent" if number == 8 else "") for number in range(20)],
    [],
    [part("one", "short")],
]
"""One after the other; each differs from the one before in something."""


def frame(app: Bare) -> list[list[tuple[str, object]]]:
    return [[(each.text, each.style) for each in strip] for strip in app.screen._compositor.render_strips()]


async def test_what_changes_is_drawn_and_what_does_not_is_kept():
    app = Bare()
    async with app.run_test(size=(50, 12)) as pilot:
        view = app.query_one(Paragraphs)

        async def same(what: object) -> None:
            await pilot.pause()
            kept = frame(app)
            view._drawn.clear()
            view._draw()
            view.refresh()
            view._styles_cache.clear()
            await pilot.pause()
            assert frame(app) == kept, what

        for number, paragraphs in enumerate(SHOWN):
            view.put(paragraphs)
            await same(number)
        view.put(SHOWN[6])
        view.scroll_to(y=7, animate=False)
        await same("scrolled")
        view.put(SHOWN[7])
        await same("changed where it is not in view")
        view.put(SHOWN[3])
        await same("too short to stay scrolled")
        assert view.scroll_offset.y == 0
        await pilot.hover(view, offset=(6, 2))
        await same("under the mouse")
        for theme in (DARK, LIGHT):
            app.theme = theme.name
            await same(theme.name)
        view.styles.width = 22
        await same("narrower")
        assert view.virtual_size.width == view.scrollable_content_region.width == 17


async def test_the_mouse_chooses_lights_up_and_selects():
    app = Bare()
    async with app.run_test(size=(50, 12)) as pilot:
        view = app.query_one(Paragraphs)
        view.put(SHOWN[3])
        await pilot.click(view, offset=(20, 1))
        assert not app.clicked
        await pilot.click(view, offset=(20, 3))
        assert app.clicked == ["row"]
        await pilot.hover(view, offset=(20, 8))
        before = frame(app)
        await pilot.hover(view, offset=(20, 3))
        lit = [number for number, (old, new) in enumerate(zip(before, frame(app), strict=True)) if old != new]
        assert lit == [2, 3, 4, 5]
        await pilot.mouse_down(view, offset=(2, 1))
        await pilot.hover(view, offset=(16, 2))
        await pilot.mouse_up(view, offset=(16, 2))
        selected = app.screen.get_selected_text()
        assert selected == "other\nleft         a "


@pytest.mark.parametrize("name", ["7", "19", "0"])
async def test_a_paragraph_is_brought_into_view(name):
    app = Bare()
    async with app.run_test(size=(50, 12)) as pilot:
        view = app.query_one(Paragraphs)
        view.put(part(str(number), f"number {number}") for number in range(20))
        view.reveal(name)
        await pilot.pause()
        assert f"number {name} " in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
