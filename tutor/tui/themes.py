"""Colours: a dark and a light theme, each text at least 4.5 to 1 against what lies behind it.

Words and signs carry every meaning, so that NO_COLOR takes nothing away.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="tutor-dark",
    primary="#7aa2f7",
    secondary="#5a7fd0",
    accent="#e0af68",
    warning="#e5b567",
    error="#f7768e",
    success="#8fce6f",
    foreground="#d8dce8",
    background="#14161d",
    surface="#1a1d26",
    panel="#232733",
    dark=True,
    variables={
        "text-muted": "#a0a7bb",
        "text-disabled": "#a0a7bb",
        "text-accent": "#e0af68",
        "text-success": "#8fce6f",
        "text-warning": "#e5b567",
        "text-error": "#ff8fa3",
        "scrollbar": "#4a5470",
        "scrollbar-hover": "#5f6b8c",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#1a1d26",
        "scrollbar-background-hover": "#1a1d26",
        "scrollbar-background-active": "#1a1d26",
        "scrollbar-corner-color": "#1a1d26",
        "border": "#7aa2f7",
        "border-blurred": "#3b4256",
        "footer-background": "#232733",
        "footer-key-foreground": "#e0af68",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#22386a",
        "block-cursor-blurred-foreground": "#e8ebf5",
        "block-cursor-blurred-background": "#2a3144",
        "input-selection-background": "#22386a",
    },
)

LIGHT = Theme(
    name="tutor-light",
    primary="#1f5fbf",
    secondary="#2a4f8f",
    accent="#8a5200",
    warning="#8a5200",
    error="#b3203f",
    success="#2b6e1e",
    foreground="#1d2230",
    background="#f4f4f1",
    surface="#fbfbf9",
    panel="#e7e7e2",
    dark=False,
    variables={
        "text-muted": "#565c6b",
        "text-disabled": "#565c6b",
        "text-accent": "#8a5200",
        "text-success": "#2b6e1e",
        "text-warning": "#8a5200",
        "text-error": "#b3203f",
        "scrollbar": "#a9acb8",
        "scrollbar-hover": "#8d91a0",
        "scrollbar-active": "#1f5fbf",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
        "border": "#1f5fbf",
        "border-blurred": "#b9bac0",
        "footer-background": "#e7e7e2",
        "footer-foreground": "#1d2230",
        "footer-description-foreground": "#1d2230",
        "footer-key-foreground": "#8a5200",
        "block-cursor-foreground": "#1d2230",
        "block-cursor-background": "#d3e0f7",
        "block-cursor-blurred-foreground": "#1d2230",
        "block-cursor-blurred-background": "#d5dbe8",
        "input-selection-background": "#d3e0f7",
    },
)


def _marked_in(theme: Theme, background: str, foreground: str) -> Theme:
    """The theme with what is under the cursor or marked in these colours."""
    behind = ("block-cursor-background", "block-cursor-blurred-background", "input-selection-background")
    text = ("block-cursor-foreground", "block-cursor-blurred-foreground", "input-selection-foreground")
    mine = dict.fromkeys(behind, background) | dict.fromkeys(text, foreground)
    return replace(theme, variables={**theme.variables, **mine})


IN_16_COLOURS = (_marked_in(DARK, "#000080", "#ffffff"), _marked_in(LIGHT, "#1d2230", "#ffffff"))
"""The same where the terminal has no shade between: the cursor's line would be grey on grey, or white on white."""


def _rgb(*colours: str) -> list[tuple[int, int, int]]:
    return [Color.parse(each).rgb for each in colours]


DARK_SIGNS = TerminalTheme(
    (0x14, 0x16, 0x1D),
    (0xD8, 0xDC, 0xE8),
    _rgb("#14161d", "#f7768e", "#8fce6f", "#e5b567", "#7aa2f7", "#c792ea", "#5fc9d8", "#d8dce8"),
    _rgb("#8b93a8", "#ff8fa3", "#a8e08a", "#f2cb85", "#9dbbff", "#dab0f5", "#86dde8", "#ffffff"),
)
"""The terminal's own colours, by which curves are called: each another one, each as bright as the texts."""
LIGHT_SIGNS = TerminalTheme(
    (0xFB, 0xFB, 0xF9),
    (0x1D, 0x22, 0x30),
    _rgb("#1d2230", "#b3203f", "#2b6e1e", "#8a5200", "#1f5fbf", "#8a2f8f", "#006b7d", "#565c6b"),
)
"""The same where the background is light."""


def terminal_theme(environ: Mapping[str, str] = os.environ) -> Theme:
    """The light theme where the terminal says that its background is light (COLORFGBG), else the dark one."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK
