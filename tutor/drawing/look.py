"""How a drawing may look, and the characters that stand in where a terminal has few."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from tutor.core.characters import stand_in

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


def in_ascii(text: Text) -> Text:
    """The same drawing in ASCII, cell by cell."""
    plain = "".join(each if each.isascii() else stand_in(each) or "?" for each in text.plain)
    return Text(plain, spans=text.spans, no_wrap=True)
