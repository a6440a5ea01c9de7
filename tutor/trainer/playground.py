"""A trained GPT that stays loaded and writes as it is asked: `python -m tutor.trainer.playground RUN_FOLDER`.

Wishes come as JSON lines on stdin, texts go as JSON lines to stdout (tutor.core.playing has both); a newer wish ends
the one before. What learner code prints goes nowhere. The end of stdin is the end.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from tutor.core.errors import TutorError
from tutor.core.runs import Run

_WORD_SECONDS = 0.05
"""Between two words to the front end: it draws no faster."""
_LARGE = 256
"""Channels from which a token's work is worth more than one thread of the processor."""

Say = Callable[..., None]


class Wishes:
    """What was asked for and not yet begun: the last wish alone counts."""

    def __init__(self, lines: TextIO) -> None:
        self._queue: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(lines,), name="wishes", daemon=True).start()

    @property
    def waiting(self) -> bool:
        """Whether there is a newer one."""
        return not self._queue.empty()

    def next(self) -> dict[str, Any] | None:
        """The newest wish, as soon as there is one; None at the end."""
        wish = self._queue.get()
        while wish is not None and not self._queue.empty():
            wish = self._queue.get()
        return wish

    def _read(self, lines: TextIO) -> None:
        for line in lines:
            self._queue.put(json.loads(line))
        self._queue.put(None)


class Playground:
    """Answers wishes about one run."""

    def __init__(self, run: Run, device: str, wishes: Wishes, say: Say) -> None:
        from tutor.trainer import devices  # loads torch, which takes seconds

        self._run, self._wishes, self._say = run, wishes, say
        channels = run.config().shape.n_embd
        self._device = devices.choose(device, channels)
        devices.set_up(self._device, threads=1 if channels < _LARGE else 0)
        self._saved = 0.0
        self._load()

    def answer(self, request: dict[str, Any]) -> None:
        """Writes what was asked for, until it is written or a newer wish is there."""
        from tutor.trainer.learner import blame
        from tutor.trainer.wish import Wish

        try:
            if request["wish"] is not None:
                self._load()
                self._write(request["ticket"], Wish(**request["wish"]))
        except TutorError as error:
            self._say(event="refused", ticket=request["ticket"], message=str(error))
        except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
            place = blame(error, self._trained.config)
            message = f"{type(error).__name__}: {error}" + (f"\n{place}" if place else "")
            self._say(event="refused", ticket=request["ticket"], message=message)

    def _load(self) -> None:
        """The model as it was saved last; a training that goes on saves better ones."""
        from tutor.trainer.trained import load_trained
        from tutor.trainer.writing import cache_of, whose_generate

        saved = self._run.checkpoint.stat().st_mtime if self._run.checkpoint.exists() else 0.0
        if saved == self._saved and saved:
            return
        trained = self._trained = load_trained(self._run, self._device.name)
        self._saved = saved
        about = f"{_owner(trained)}, on {trained.device}"
        cached, no_cache = cache_of(trained)
        self._say(
            event="ready",
            step=trained.step,
            about=about,
            vocab_size=trained.tokenizer.size,
            cached=cached,
            no_cache=no_cache,
            block_size=trained.config.shape.block_size,
            draws=whose_generate(trained),
        )

    def _write(self, ticket: int, wish: Any) -> None:
        from tutor.trainer.tokenizer import Decoder
        from tutor.trainer.writing import make_writer

        writer = make_writer(self._trained, wish)
        decoders = [Decoder(self._trained.tokenizer) for _ in range(wish.samples)]
        added, tokens = [""] * wish.samples, 0
        start = said = time.perf_counter()
        for drawn in writer.write():
            if self._wishes.waiting:
                return
            tokens += len(drawn)
            added = [text + each.add(token) for text, each, token in zip(added, decoders, drawn, strict=True)]
            now = time.perf_counter()
            if now - said > _WORD_SECONDS:
                self._say(event="wrote", ticket=ticket, added=added, tokens=tokens, seconds=now - start)
                added, said = [""] * wish.samples, now
        added = [text + each.end() for text, each in zip(added, decoders, strict=True)]
        self._say(event="wrote", ticket=ticket, added=added, tokens=tokens, seconds=time.perf_counter() - start)
        self._say(event="done", ticket=ticket, means=writer.means)


def _owner(trained: Any) -> str:
    """Whose model it is, in a line that leaves room for texts."""
    if trained.config.reference or not trained.borrowed:
        return str(trained.owner)
    return f"your GPT ({len(trained.borrowed)} exercises borrowed)"


def main(arguments: list[str]) -> int:
    """Answers until stdin ends; 0, or 2 if the run has no model that can be loaded."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.playground")
    parser.add_argument("run", type=Path)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args(arguments)
    say = _voice()
    wishes = Wishes(sys.stdin)
    try:
        playground = Playground(Run(options.run.resolve()), options.device, wishes, say)
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        say(event="refused", ticket=0, message=str(error) or type(error).__name__)
        return 2
    while (request := wishes.next()) is not None:
        playground.answer(request)
    return 0


def _voice() -> Say:
    """Writes to what stdout was; what learner code prints goes nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def say(**fields: Any) -> None:
        out.write(json.dumps(fields) + "\n")
        out.flush()

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
