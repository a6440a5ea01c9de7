"""Colours: every text can be read on what lies behind it, the cursor's line included."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from textual.color import Color
from textual.theme import Theme

from tutor.tui.themes import DARK, DARK_SIGNS, IN_16_COLOURS, LIGHT, LIGHT_SIGNS
from tutor.tui.widgets.editor import _DARK, _LIGHT

TEXTS = ("text-muted", "text-accent", "text-success", "text-warning", "text-error", "block-cursor-foreground")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("text", TEXTS)
def test_words_on_the_cursors_line_have_the_contrast_of_all_others(theme: Theme, text: str):
    lighter, darker = sorted(map(luminance, (theme.variables[text], theme.variables["block-cursor-background"])))[::-1]
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT, *IN_16_COLOURS], ids=["dark", "light", "dark in 16", "light in 16"])
@pytest.mark.parametrize("place", ["block-cursor", "block-cursor-blurred"])
def test_the_cursors_line_and_messages_can_be_read(theme: Theme, place: str):
    texts = [theme.variables[f"{place}-foreground"], theme.variables["text-success"], theme.variables["text-muted"]]
    behind = theme.variables[f"{place}-background"]
    for text in texts:
        pair = (luminance(each, few=theme in IN_16_COLOURS) for each in (text, behind))
        lighter, darker = sorted(pair, reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, text


@pytest.mark.parametrize(("theme", "code"), [(DARK, _DARK), (LIGHT, _LIGHT)], ids=["dark", "light"])
def test_marked_code_has_the_contrast_of_all_other_code(theme: Theme, code: dict[str, str]):
    for colour in code.values():
        behind = theme.variables["input-selection-background"]
        lighter, darker = sorted(map(luminance, (colour, behind)))[::-1]
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, colour


@pytest.mark.parametrize(("theme", "signs"), [(DARK, DARK_SIGNS), (LIGHT, LIGHT_SIGNS)], ids=["dark", "light"])
def test_curves_can_be_told_from_what_lies_behind_and_from_each_other(theme: Theme, signs: TerminalTheme):
    colours = [Color(*signs.ansi_colors[number]) for number in range(1, 8)]
    assert len(set(colours)) == len(colours)
    for each in colours:
        darker, lighter = sorted((luminance(theme.surface), luminance(each.hex)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str, *, few: bool = False) -> float:
    """Relative luminance, as WCAG 2 defines it; `few` takes the nearest of the 16 colours that xterm has."""
    if few:
        nearest = RichColor.parse(colour).downgrade(ColorSystem.STANDARD).get_truecolor(DEFAULT_TERMINAL_THEME)
        colour = nearest.hex
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in Color.parse(colour).normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
