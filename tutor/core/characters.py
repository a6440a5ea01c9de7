"""Which characters a terminal can show, and what stands in for those that it cannot.

needs_ascii   whether the terminal has ASCII only
readable      a text in ASCII as people would type it: 'softmax(q k^T / sqrt(D))'
stand_in      an ASCII sign for one character, where a drawing must keep its columns

Both tables are here and nowhere else.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from collections.abc import Mapping

READABLE = "tutor.readable"
"""Name of the way to encode what an encoding lacks: as `readable` says it."""
ASCII = "tutor_ascii"
"""ASCII under another name: click takes a stream in ASCII for a mistake and writes UTF-8 to it."""


def needs_ascii(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's locale has no Unicode; TUTOR_ASCII (1 or 0) decides it by hand. A browser has all of it.

    Python itself sets LC_CTYPE to C.UTF-8 where it finds the C locale; that says nothing about the terminal.
    """
    by_hand = environ.get("TUTOR_ASCII")
    if by_hand:
        return by_hand != "0"
    if "WebDriver" in environ.get("TEXTUAL_DRIVER", ""):
        return False
    language, characters = environ.get("LANG", ""), environ.get("LC_CTYPE", "")
    if characters == "C.UTF-8" and language:
        characters = ""
    locale = environ.get("LC_ALL") or characters or language
    return bool(locale) and not re.search("utf-?8", locale, re.IGNORECASE)


def readable(text: str) -> str:
    """The text with its signs as words or ASCII signs; what no table knows stays. Columns stay aligned where they can.

    A sign that grows takes its room from the next gap of its line, down to two spaces.
    """
    if text.isascii():
        return text
    return "\n".join(line if line.isascii() else _readable_line(line) for line in text.split("\n"))


def _readable_line(line: str) -> str:
    said, grown, place = "", 0, 0
    for found in _PART.finditer(line):
        said += line[place : found.start()]
        place = found.end()
        if found["gap"]:
            room = max(2, len(found["gap"]) - grown)
            grown = max(0, grown - (len(found["gap"]) - room))
            said += " " * room
        else:
            word = _said(found, said[-1:], line[place : place + 1])
            grown += len(word) - len(found[0])
            said += word
    return said + line[place:]


def _said(found: re.Match[str], before: str, after: str) -> str:
    """What one sign, or one run of raised or lowered ones, is called between these two characters."""
    sign = found[0]
    if found["root"]:
        return f"sqrt({found['root']})"
    if found["raised"] or found["lowered"]:
        return ("^" if found["raised"] else "_") + unicodedata.normalize("NFKC", sign).replace("\u2212", "-")
    if sign in _SIGNS:
        return _SIGNS[sign]
    word = _WORDS.get(sign) or _greek(sign)
    if word:
        return f"{' ' * before.isalnum()}{word}{' ' * (after.isalpha() or after.isdecimal())}"
    return stand_in(sign) or sign


def _greek(character: str) -> str:
    """'alpha', 'Gamma', or ''."""
    name = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(character, ""))
    if not name:
        return ""
    return name[2].replace("LAMDA", "LAMBDA").lower() if name[1] == "SMALL" else name[2].title()


def stand_in(character: str) -> str:
    """An ASCII sign that takes one cell, like the character itself; '' where there is none that says anything."""
    if character in _STAND_INS:
        return _STAND_INS[character]
    if 0x2800 <= ord(character) < 0x2900:
        return _braille(character)
    letter = unicodedata.normalize("NFKD", character)[0]
    if letter.isascii() and unicodedata.east_asian_width(character) not in "WF":
        return letter
    return _greek(character)[:1]


def _braille(character: str) -> str:
    """A sign of about the same ink: braille dots come from curves."""
    dots = ord(character) - 0x2800
    upper, lower = dots & 0b00011011, dots & 0b11100100
    if not dots:
        return " "
    if upper and lower:
        return ":"
    return "'" if upper else "."


def _encode(error: UnicodeError) -> tuple[str, int]:
    """Encodes what an encoding lacks, a root together with what is under it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = _PART.match(error.object, error.start)
    if not found:
        return "?", error.start + 1
    text, end = error.object, found.end()
    said = _said(found, text[max(0, error.start - 1) : error.start], text[end : end + 1])
    return "".join(each if each.isascii() else "?" for each in said), end


def _find_codec(name: str) -> codecs.CodecInfo | None:
    ascii = codecs.lookup("ascii")
    if name != ASCII:
        return None
    return codecs.CodecInfo(
        ascii.encode, ascii.decode, ascii.streamreader, ascii.streamwriter,
        ascii.incrementalencoder, ascii.incrementaldecoder, name=ASCII,
    )  # fmt: skip


codecs.register_error(READABLE, _encode)
codecs.register(_find_codec)

_RAISED = (
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f\u2071\u02e3\u1d40\u1d57\u1d48\u1d4f"
)
_LOWERED = "\u2080-\u2089\u208a\u208b\u2090-\u209c\u1d62\u2c7c"
_PART = re.compile(
    rf"√(?P<root>[A-Za-z0-9_]+(?:\.[0-9]+)?)|(?P<raised>[{_RAISED}]+)|(?P<lowered>[{_LOWERED}]+)"
    r"|(?P<gap>(?<=\S) {2,})|[^\x00-\x7f]"
)
_SIGNS = {
    "√": "sqrt",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "⇒": "=>",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~=",
    "±": "+-",
    "…": "...",
    "∂": "d",
    "½": "1/2",
    "¼": "1/4",
    "⊤": "^T",
    "≡": "==",
    "≪": "<<",
    "≫": ">>",
}
"""What is written close to its neighbours."""
_WORDS = {
    "Σ": "sum",
    "∑": "sum",
    "Π": "product",
    "∏": "product",
    "ε": "eps",
    "∞": "inf",
    "∇": "grad",
    "∈": "in",
    "∉": "not in",
    "∫": "integral",
    "∝": "prop. to",
    "°": "deg",
}
"""What needs a space beside a letter or a figure; Greek letters are called by their names."""
_STAND_INS = {
    **dict.fromkeys("─━═╌╍┄┅╴╶▔▁▂▃⎺⎽", "-"),
    **dict.fromkeys("│┃║▌▐▎▏▕▊┆┊‖∣", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋╸╹╺╻", "+"),
    **dict.fromkeys("▀▄█▅▆▇▓▒■", "#"),
    **dict.fromkeys("░", ":"),
    **dict.fromkeys("•▪‣⭑◦·●◆∙⋅⊙", "*"),
    **dict.fromkeys("▶▸▷›»→≥", ">"),
    **dict.fromkeys("◀◂◁‹«←≤", "<"),
    **dict.fromkeys("▼▽↓", "v"),
    **dict.fromkeys("▲△↑", "^"),
    **dict.fromkeys("○–—−‐‑", "-"),
    **dict.fromkeys("’‘‛′", "'"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("…", "."),
    **dict.fromkeys("✓✔", "+"),
    **dict.fromkeys("✗✘×", "x"),
    **dict.fromkeys("◐≈±", "~"),
    **dict.fromkeys("÷", "/"),
    **dict.fromkeys("√", "V"),
    **dict.fromkeys("∂", "d"),
    **dict.fromkeys("∑∏", "S"),
    **dict.fromkeys("\u00a0\u2009\u202f", " "),
    **dict.fromkeys(_RAISED, "^"),
    **dict.fromkeys("↵⏎", "<"),
}
"""A raised figure is a '^': in code, which keeps its columns, 10² must not become 102."""
