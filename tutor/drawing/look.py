"""How a drawing may look, and the characters that stand in where a terminal has few."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

COLOURS = ("cyan", "yellow", "magenta", "green", "red", "blue", "white")
"""Of curves and groups; each has a sign too, so that no colour is needed."""


@dataclass(frozen=True)
class Look:
    """The room and the means of one drawing."""

    width: int = 80
    """Columns."""
    height: int = 20
    """Lines, for what can be drawn at any height."""
    colour: bool = True
    """False under NO_COLOR and where the output is no terminal: then shades are characters."""
    hues: bool = True
    """False where a terminal has no more than 16 colours: too few for shades, which then are characters."""
    ascii: bool = False
    cut: bool = False
    """Whether tall grids are cut to `height`, as on a screen; on paper they go on."""

    def shades(self, width: int) -> list[str]:
        """Cells of one or two characters, from empty to full; two characters make twice as many shades."""
        if self.ascii:
            return [each * width for each in " .:-=+*#%@"]
        signs = " ·░▒▓█"
        between = [signs[n] + signs[n - 1] for n in range(1, len(signs))]
        whole = [each * width for each in signs]
        return (
            whole
            if width == 1
            else [whole[0], *(each for pair in zip(between, whole[1:], strict=True) for each in pair)]
        )


def braille_to_ascii(character: str) -> str:
    """A sign of about the same ink: braille dots come from curves."""
    dots = ord(character) - 0x2800
    upper, lower = dots & 0b00011011, dots & 0b11100100
    if not dots:
        return " "
    if upper and lower:
        return ":"
    return "'" if upper else "."


BRAILLE = {chr(code): braille_to_ascii(chr(code)) for code in range(0x2800, 0x2900)}
STAND_INS = {
    **BRAILLE,
    **dict.fromkeys("─", "-"),
    **dict.fromkeys("│", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
    **dict.fromkeys("░·", "."),
    **dict.fromkeys("▒▓█", "#"),
    "…": "~",
    "▸": ">",
    "×": "x",
    "–": "-",
    "−": "-",
    "∂": "d",
    "‖": "|",
    "·": ".",
}


def in_ascii(text: Text) -> Text:
    """The same drawing in ASCII, cell by cell."""
    plain = "".join(each if each.isascii() else STAND_INS.get(each, "?") for each in text.plain)
    return Text(plain, spans=text.spans, no_wrap=True)
