"""Line ends and their like: as the editor can hold them, and as the file has them.

Textual's editor takes each of these as the end of a line and gives all of them back as one kind. Saved like that, a
file from Windows would change in every line, and a form feed or U+2028 inside of a string would break it in two. So
line ends are \\n in the editor and what the file had on disk; characters that only look like line ends are swapped for
ones of a private area, which mean nothing to anyone.
"""

from __future__ import annotations

_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PRIVATE = 0xF0000
_AWAY = {ord(each): chr(_PRIVATE + ord(each)) for each in _BREAKS}
_BACK = {_PRIVATE + ord(each): each for each in _BREAKS}


def line_end(text: str) -> str:
    """What ends most lines of a file's text."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def for_editor(text: str) -> str:
    """A file's text as the editor gives it back unchanged."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_AWAY)


def for_file(text: str, end: str = "\n") -> str:
    """The editor's text with the file's line ends, and every character as it was."""
    text = text.translate(_BACK)
    return text if end == "\n" else text.replace("\n", end)
