"""The lesson of an exercise: what it is, where the lecture is, then the page itself."""

from __future__ import annotations

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
    }
    """

    BINDINGS = [
        Binding("j", "scroll_down", "Scroll down", show=False),
        Binding("k", "scroll_up", "Scroll up", show=False),
    ]

    def __init__(self, exercise: Exercise, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._exercise = exercise

    def compose(self) -> ComposeResult:
        """Title and facts, then the page."""
        yield Static(about(self._exercise), id="about")
        yield Markdown(self._exercise.lesson)


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
