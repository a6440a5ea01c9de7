"""An SVG as pixels, by resvg-py, a library that needs nothing installed on the system but a font."""

from __future__ import annotations

import struct
import zlib

import resvg_py

from tutor.core.errors import PictureError
from tutor.drawing.svg import PNG_MARK

_ZOOM = 2.0
"""Pixels for each of the SVG, so that it is sharp on paper."""
FONTS = ("", "DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono", "Cousine", "FreeMono", "Courier New", "Courier")
"""Tried in turn for `monospace`; the first is the library's own choice. Text in a font that is missing is left out."""
_HEAD = 33
"""Bytes of the signature and the first chunk of every PNG."""


def png(svg: str) -> bytes:
    """The picture in pixels. Raises PictureError where no font can draw its text."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, zoom=_ZOOM, monospace_family=_font(svg), background="#ffffff")
    return drawn[:_HEAD] + _chunk(b"tEXt", PNG_MARK) + drawn[_HEAD:]


def _font(svg: str) -> str | None:
    """The first font that draws a letter in the style of the document."""
    style = svg[svg.index("<style>") : svg.index("</style>") + len("</style>")]
    for family in FONTS:
        full, bare = (_probe(f"{style}{text}", family or None) for text in ('<text y="12">M</text>', ""))
        if full != bare:
            return family or None
    raise PictureError("No font for the words of a PNG is installed here, such as DejaVu Sans Mono. Save it as an SVG.")


def _probe(body: str, family: str | None) -> bytes:
    document = f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">{body}</svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=document, monospace_family=family))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
