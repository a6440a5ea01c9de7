"""Which characters a terminal can show."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping


def needs_ascii(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's locale has no Unicode; TUTOR_ASCII (1 or 0) decides it by hand.

    Python itself sets LC_CTYPE to C.UTF-8 where it finds the C locale; that says nothing about the terminal.
    """
    by_hand = environ.get("TUTOR_ASCII")
    if by_hand:
        return by_hand != "0"
    language, characters = environ.get("LANG", ""), environ.get("LC_CTYPE", "")
    if characters == "C.UTF-8" and language:
        characters = ""
    locale = environ.get("LC_ALL") or characters or language
    return bool(locale) and not re.search("utf-?8", locale, re.IGNORECASE)
