"""A model that writes while it is asked: one process keeps it loaded, and answers each wish as it writes.

    Ask ──stdin──> python -m tutor.trainer.playground RUN ──stdout──> Ready, Wrote … Done | Refused

A newer wish ends the one before. Learner code runs in the process, so nothing it says is trusted.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tutor.core.launch import spoken_to
from tutor.core.render import clean
from tutor.core.runs import Run

MOST_CHARACTERS = 4_000_000
"""Of one line."""


@dataclass(frozen=True)
class Ask:
    """What to write; None leaves a limit out."""

    prompt: str = ""
    tokens: int = 300
    """To add to each sample."""
    samples: int = 1
    temperature: float = 1.0
    """0: the likeliest."""
    top_k: int | None = None
    top_p: float | None = None
    seed: int = 1
    cache: bool | None = None
    """Whether to keep keys and values; None: as `tutor sample` does by itself."""


@dataclass(frozen=True)
class Ready:
    """A model is loaded: at the start, and again where the training has saved a newer one."""

    step: int
    """Updates that its weights have seen."""
    about: str
    """Whose it is and where it computes, in a sentence."""
    vocab_size: int
    cached: bool = False
    """Whether keys and values are kept where a wish leaves it open."""
    no_cache: str = ""
    """Why they cannot be kept, '' if they can."""
    block_size: int = 0
    """Tokens that it reads at once; 0 where that is not known."""
    draws: str = ""
    """Who draws the tokens where no keys and values are kept: 'your gpt/generate'."""


@dataclass(frozen=True)
class Wrote:
    """More of each sample."""

    ticket: int
    added: tuple[str, ...]
    """By sample, with nothing in it that could steer a terminal."""
    tokens: int
    """Drawn so far, of all samples together."""
    seconds: float
    """Spent on them."""


@dataclass(frozen=True)
class Done:
    """The last word on a wish: it is written."""

    ticket: int
    means: str
    """Who drew the tokens, in a sentence."""


@dataclass(frozen=True)
class Refused:
    """The last word on a wish that cannot be met; ticket 0: on all of them, the process has ended."""

    ticket: int
    message: str


Event = Ready | Wrote | Done | Refused


class Player:
    """One start of the process; `events` may be read in a thread, `ask` and `close` called from another."""

    def __init__(self, run: Run, device: str | None = None) -> None:
        self.run = run
        self._command = [sys.executable, "-P", "-m", "tutor.trainer.playground", str(run.path)]
        self._command += ["--device", device] if device else []
        self._tickets = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def ask(self, wish: Ask) -> int:
        """Asks for texts in place of those asked for before; answers carry the ticket."""
        ticket = next(self._tickets)
        self._send({"ticket": ticket, "wish": asdict(wish)})
        return ticket

    def stop(self) -> None:
        """Ends what is being written; the model stays loaded."""
        self._send({"ticket": next(self._tickets), "wish": None})

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._closed = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def start(self) -> None:
        """Starts the process; what is asked for before it has loaded waits. Raises OSError."""
        with self._lock:
            self._process = spoken_to(self._command)

    def events(self) -> Iterator[Event]:
        """What the process says, until it ends."""
        process = self._process
        assert process is not None and process.stdout is not None and process.stdin is not None
        told = False
        while line := process.stdout.readline(MOST_CHARACTERS):
            with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                event = _event(json.loads(line))
                told = told or (isinstance(event, Refused) and event.ticket == 0)
                yield event
        wanted = self._closed
        self.close()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        if not wanted and not told:
            yield Refused(0, f"The sampling process ended (exit code {code}). Open the playground again.")

    def _send(self, request: dict[str, Any]) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):  # it died: its reader says so
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()


def _event(data: dict[str, Any]) -> Event:
    match data["event"]:
        case "ready":
            about, no_cache, draws = (clean(str(data[each])) for each in ("about", "no_cache", "draws"))
            step, vocab_size, block_size = (int(data[each]) for each in ("step", "vocab_size", "block_size"))
            return Ready(step, about, vocab_size, bool(data["cached"]), no_cache, block_size, draws)
        case "wrote":
            added = tuple(clean(str(each)) for each in data["added"])
            return Wrote(int(data["ticket"]), added, int(data["tokens"]), float(data["seconds"]))
        case "done":
            return Done(int(data["ticket"]), clean(str(data["means"])))
        case "refused":
            return Refused(int(data["ticket"]), clean(str(data["message"])))
    raise KeyError(data["event"])
