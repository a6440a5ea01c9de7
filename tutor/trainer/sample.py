"""Text from a trained GPT: `python -m tutor.trainer.sample RUN_FOLDER [--prompt TEXT|-] …`.

Stdout is the text (or one JSON document), stderr tells who writes, with which seed, and how fast.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tutor.core.documents import document
from tutor.core.errors import RunError, TutorError
from tutor.core.runs import Run
from tutor.trainer import devices, learner
from tutor.trainer.tokenizer import Decoder
from tutor.trainer.trained import load_trained
from tutor.trainer.wish import Wish
from tutor.trainer.writing import Writer, make_writer

SEPARATOR = "-" * 16
"""The line between two samples."""

_LARGE = 256
"""Channels from which a token's work is worth more than one thread of the processor."""


@dataclass
class Telling:
    """Turns what a writer draws into texts."""

    writer: Writer
    seconds: float = 0.0
    """Time spent so far; the texts are complete when all was told."""
    tokens: int = 0
    """Tokens drawn so far, of all samples together."""
    others: list[str] = field(default_factory=list)
    """All samples but the first."""

    def first(self) -> Iterator[str]:
        """What the first sample adds to the prompt, as it comes; the others are written beside it."""
        decoders = [Decoder(self.writer.trained.tokenizer) for _ in range(self.writer.wish.samples)]
        self.others = [""] * (len(decoders) - 1)
        started = time.perf_counter()
        for drawn in self.writer.write():
            self.tokens += len(drawn)
            self.seconds = time.perf_counter() - started
            yield self._add([decoder.add(token) for decoder, token in zip(decoders, drawn, strict=True)])
        yield self._add([decoder.end() for decoder in decoders])

    def _add(self, texts: list[str]) -> str:
        self.others = [before + more for before, more in zip(self.others, texts[1:], strict=True)]
        return texts[0]

    @property
    def pace(self) -> str:
        """Tokens and tokens a second, as a sentence."""
        each = f" in {self.writer.wish.samples} samples" if self.writer.wish.samples > 1 else ""
        return f"{self.tokens} tokens{each} in {self.seconds:.2f} s: {self.per_second:,.0f} tokens/s."

    @property
    def per_second(self) -> float:
        """Tokens a second, of all samples together."""
        return self.tokens / self.seconds if self.seconds else 0.0


def main(arguments: list[str]) -> int:
    """Streams to stdout; exit code 0, 1 if the learner's code raised, 2 if it cannot be done."""
    options = _options(arguments)
    run = Run(options.run.resolve())
    try:
        wish = _wish(options)
        device = devices.choose(options.device, run.config().shape.n_embd)
        devices.set_up(device, threads=1 if run.config().shape.n_embd < _LARGE else 0)
        writer = make_writer(load_trained(run, device.name), wish)
        _narrate(writer)
        return _print(Telling(writer), options.format)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print()
        return 130
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        print(learner.told(error, run.config()), file=sys.stderr)
        return 1


def _narrate(writer: Writer) -> None:
    trained = writer.trained
    text = trained.config.text.title if trained.config.text else trained.config.asked_text
    print(
        f"{trained.run.name}, step {trained.step}, {trained.owner}, trained on {text}; {trained.device}; "
        f"--seed {writer.wish.seed}\n{writer.means}",
        file=sys.stderr,
    )


def _print(telling: Telling, form: str) -> int:
    wish = telling.writer.wish
    try:
        if form == "json":
            texts = ["".join(telling.first()), *telling.others]
            _put(json.dumps(_document(telling, texts), indent=2, ensure_ascii=False) + "\n")
        else:
            for text in chain([wish.prompt], telling.first(), "\n"):
                _put(text)
            _put("".join(f"{SEPARATOR}\n{wish.prompt}{text}\n" for text in telling.others))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else the interpreter complains once more while it ends
    print(telling.pace, file=sys.stderr)
    return 0


def _put(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _document(telling: Telling, texts: list[str]) -> dict[str, object]:
    trained, wish = telling.writer.trained, telling.writer.wish
    return document(
        "samples",
        run=trained.run.name,
        step=trained.step,
        device=trained.device,
        seed=wish.seed,
        prompt=wish.prompt,
        cache=telling.writer.cached,
        tokens_per_second=round(telling.per_second, 1),
        samples=texts,
    )


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(
        prompt=_from_stdin() if options.prompt == "-" else options.prompt,
        tokens=options.tokens,
        samples=options.samples,
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        seed=random.randrange(10**6) if options.seed is None else options.seed,
        stride=options.stride,
        cache=options.cache,
    )


def _from_stdin() -> str:
    """All of stdin as it is, but for Windows' line ends. Raises RunError if it is not UTF-8."""
    if sys.stdin.isatty():
        print("Type the prompt; Ctrl-D (on Windows Ctrl-Z and Enter) ends it.", file=sys.stderr)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RunError(f"The prompt on stdin is not UTF-8 text (byte {error.start}). Pass UTF-8.") from error


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.sample")
    parser.add_argument("run", type=Path)
    parser.add_argument("--prompt", default="")
    parser.add_argument("--tokens", type=int, default=500)
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--top-k", type=int)
    parser.add_argument("--top-p", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--cache", action=argparse.BooleanOptionalAction)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
