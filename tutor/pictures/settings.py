"""What a picture is computed on, read from a line such as `gain=1.667 batchnorm=no`."""

from __future__ import annotations

import math

from tutor.core.errors import PictureError


def read_settings(text: str, defaults: dict[str, str]) -> dict[str, str]:
    """The defaults with what the line sets. Raises PictureError at a name that is none of them."""
    found = dict(defaults)
    for word in text.replace(",", " ").split():
        name, equals, value = word.partition("=")
        if not equals or name not in defaults:
            raise PictureError(f"{word!r} is no setting of this picture. Write it like this: {_line(defaults)}")
        found[name] = value
    return found


def number(name: str, text: str, least: float, most: float) -> float:
    """A number within limits. Raises PictureError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise PictureError(f"{name} must be a number from {least:g} to {most:g}; it is {text!r}.")
    return value


def whole(name: str, text: str, least: int, most: int) -> int:
    """A whole number within limits. Raises PictureError."""
    value = number(name, text, least, most)
    if value != int(value):
        raise PictureError(f"{name} must be a whole number; it is {text!r}.")
    return int(value)


def yes(name: str, text: str) -> bool:
    """Raises PictureError unless it is yes or no."""
    if text not in ("yes", "no"):
        raise PictureError(f"{name} must be yes or no; it is {text!r}.")
    return text == "yes"


def _line(defaults: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in defaults.items())
