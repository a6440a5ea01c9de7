"""The lesson of an exercise: what it is, where the lecture is, then the page itself."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from tutor.core.course import Exercise


class LessonPane(VerticalScroll):
    """The page, to be scrolled with arrows, j and k."""

    DEFAULT_CSS = """
    LessonPane {
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        #about { margin-bottom: 1; }
        Markdown { background: transparent; padding: 0; margin: 0; }
        MarkdownFence { margin: 0 0 1 0; }
        MarkdownFence > Label { padding: 0 2; }
    }
    """

    BINDINGS = [
        Binding("j", "scroll_down", "Scroll down", show=False),
        Binding("k", "scroll_up", "Scroll up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "End", show=False),
    ]

    def __init__(self, exercise: Exercise, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._exercise = exercise
        self._start = 0.0

    def compose(self) -> ComposeResult:
        """Title and facts, then the page."""
        yield Static(about(self._exercise), id="about")
        yield Markdown(self._exercise.lesson)

    @property
    def part(self) -> float:
        """How far the lesson is scrolled, 0 to 1."""
        return self._start or (self.scroll_offset.y / self.max_scroll_y if self.max_scroll_y else 0.0)

    def start_at(self, part: float) -> None:
        """Scrolls there once the page is laid out, which it is not yet."""
        self._start = part

    @on(Markdown.TableOfContentsUpdated)
    def _arrived(self, message: Markdown.TableOfContentsUpdated) -> None:
        """The whole page is there now; its height is known after the next layout."""
        message.stop()
        self.call_after_refresh(self._scroll_to_start)

    def _scroll_to_start(self) -> None:
        self.scroll_to(y=round(self._start * self.max_scroll_y), animate=False)
        self._start = 0.0


def about(exercise: Exercise) -> Content:
    """Title, lecture, minutes, and what the exercise builds on."""
    minutes = f"{exercise.minutes} minutes" if exercise.minutes else ""
    facts = " · ".join(part for part in (exercise.watch and f"Watch {exercise.watch}", minutes) if part)
    lines = [Content.styled(exercise.title, "bold $text-accent")]
    if facts:
        lines.append(Content.styled(facts, "$text-muted"))
    if exercise.needs:
        lines.append(Content.styled(f"Builds on {', '.join(exercise.needs)}", "$text-muted"))
    return Content("\n").join(lines)
