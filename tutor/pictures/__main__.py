"""The process that computes a picture: `python -m tutor.pictures`, an order on stdin, events as JSON lines on stdout.

Learner code runs here, as in a training. What it prints goes nowhere: stdout is kept aside before it is loaded.
"""

from __future__ import annotations

import json
import math
import os
import sys
import traceback
from dataclasses import replace
from typing import Any, TextIO

from tutor.core.errors import TutorError
from tutor.core.gallery import find_subject
from tutor.core.painting import whose_code


class Voice:
    """What the front end hears."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def progress(self, text: str) -> None:
        """How far it is."""
        self._say(event="progress", text=text)

    def picture(self, data: dict[str, Any]) -> None:
        """The picture: the last word."""
        self._say(event="picture", picture=data)

    def failed(self, message: str, why: str) -> None:
        """Why there is none: the last word."""
        self._say(event="failed", message=message, why=why)

    def _say(self, **fields: Any) -> None:
        self._out.write(json.dumps(_finite(fields), allow_nan=False) + "\n")
        self._out.flush()


def main() -> int:
    """Computes one picture; 0 if it was made."""
    voice = Voice(_stdout_kept_aside())
    order = json.loads(sys.stdin.readline())
    try:
        _paint(order, voice)
    except TutorError as error:
        voice.failed(str(error), "order")
    except Exception as error:  # noqa: BLE001 (a process boundary: learner code may raise anything)
        voice.failed(*_explain(error, order["sources"]))
    else:
        return 0
    return 1


def _paint(order: dict[str, Any], voice: Voice) -> None:
    subject = find_subject(order["picture"])
    voice.progress("Loading PyTorch")
    import torch  # takes seconds: the first word comes before it

    from tutor.pictures.painters import PAINTERS
    from tutor.worker import finder

    torch.set_num_threads(1)  # matrices so small that threads would only wait for each other
    finder.install(
        {f"exercises.{id.replace('/', '.')}": (text, path) for id, path, text, _ in order["sources"]},
    )
    picture = PAINTERS[subject.name](order, voice.progress)
    voice.picture(replace(picture, whose=picture.whose or _whose(order["sources"])).to_json())


def _whose(sources: list[Any]) -> str:
    """Of those texts that were needed: the others were at hand and did nothing."""
    loaded = [(id, borrowed) for id, _, _, borrowed in sources if f"exercises.{id.replace('/', '.')}" in sys.modules]
    return whose_code([id for id, borrowed in loaded if not borrowed], [id for id, borrowed in loaded if borrowed])


def _stdout_kept_aside() -> TextIO:
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return out


def _explain(error: Exception, sources: list[Any]) -> tuple[str, str]:
    """The sentence for a person, and whether code of the course or of the learner raised."""
    borrowed = {path: is_borrowed for _, path, _, is_borrowed in sources}
    what = traceback.format_exception_only(error)[-1].strip()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in borrowed]
    if not frames:
        return (
            f"The picture could not be computed: {what}. Ask for it on something else, or see what your code returns.",
            "broken",
        )
    frame = frames[-1]
    whose = "the course's solution" if borrowed[frame.filename] else "your file"
    return f"{frame.filename}, line {frame.lineno} ({whose}) raised {what}: {frame.line} (mend it there)", "code"


def _finite(value: Any) -> Any:
    """The same data with None for what is not finite, which JSON does not know."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value


if __name__ == "__main__":
    sys.exit(main())
