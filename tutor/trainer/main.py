"""The trainer's process: `python -m tutor.trainer RUN_FOLDER [--device NAME] [--quiet]`, also under torchrun.

Exit codes: 0 the training is finished · 1 the learner's code raised · 2 it cannot be started so · 3 the trainer itself
broke, or a process that trains with it · 130 it was stopped (Ctrl-C, SIGTERM, the file `stop`) and can be resumed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

from tutor.core.errors import RunError, TutorError
from tutor.core.runlock import RunLock
from tutor.core.runs import Run, RunState
from tutor.trainer.voice import Voice

_GRACE = 15.0
"""Seconds in which many processes must agree to stop; torchrun kills them after 30."""
_LOOK_SECONDS = 0.1
"""Between two looks for the files `stop` and `pause`."""


class Stopping:
    """Becomes true when a signal or the run's `stop` file asks for it; a second Ctrl-C does not wait.

    Pausing is asked for by the file `pause` alone: it outlives whoever made it, and there is one on every system.
    """

    def __init__(self, run: Run, many: bool) -> None:
        self.run, self._many = run, many
        self.asked = False
        self._pause = False
        self._looked = 0.0
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, self._on_signal)

    def __call__(self) -> bool:
        """Whether to stop."""
        self._look()
        return self.asked

    def pausing(self) -> bool:
        """Whether to wait with the next step."""
        self._look()
        return self._pause

    def _look(self) -> None:
        if not self.asked and time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()
            self.asked, self._pause = self.run.stop.exists(), self.run.pause.exists()

    def _on_signal(self, number: int, _frame: object) -> None:
        if self.asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not self.asked and self._many:
            self._leave_later()
        self.asked = True

    def _leave_later(self) -> None:
        """Ends this process where a dead one keeps it waiting for ever."""

        def leave() -> None:
            print(_lost(self.run), file=sys.stderr, flush=True)
            os._exit(3)

        timer = threading.Timer(_GRACE, leave)
        timer.daemon = True
        timer.start()


def main(arguments: list[str]) -> int:
    """Trains one run until it is finished, stopped or broken; the exit code says which."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer")
    parser.add_argument("run", type=Path)
    parser.add_argument("--device")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    run = Run(options.run.resolve())
    first, many = os.environ.get("RANK", "0") == "0", int(os.environ.get("WORLD_SIZE", "1")) > 1
    try:
        run.config()
        if not first:
            return _train(run, options.device, Voice(None), Stopping(run, many), None)
        with RunLock(run.lock) as lock:
            return _train(run, options.device, Voice(run, quiet=options.quiet), Stopping(run, many), lock)
    except (TutorError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _train(run: Run, device: str | None, voice: Voice, stopping: Stopping, lock: RunLock | None) -> int:
    if lock is not None:
        run.stop.unlink(missing_ok=True)
        run.pause.unlink(missing_ok=True)
        run.save_state(RunState("starting", pid=os.getpid(), message="loading PyTorch"))
    from tutor.trainer import session  # takes seconds: the lock and the first word come before it

    try:
        finished = session.train(run, device, voice, stopping, lock, stopping.pausing)
    except KeyboardInterrupt:
        return _end(run, voice, "stopped", f"Stopped at once. {_again(run)}", 130)
    except RunError as error:
        return _end(run, voice, "failed", str(error), 2)
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        voice.note(traceback.format_exc())
        return _end(run, voice, "failed", *_explain(run, error))
    if finished:
        return _end(run, voice, "finished", "", 0)
    return _end(run, voice, "stopped", f"Stopped and saved. {_again(run)}", 130)


def _end(run: Run, voice: Voice, status: str, message: str, code: int) -> int:
    """Says how it ended and writes it down; of many processes the first one writes, and all tell their troubles."""
    if status == "failed":
        voice.note(message)
        print(message, file=sys.stderr)
    elif message:
        voice.say(message)
    if voice.run is not None:
        with contextlib.suppress(OSError):  # a full disk ends no training; the state is then that of a dead trainer
            run.save_state(RunState(status, run.state().step, message=message))  # type: ignore[arg-type]
    return code


def _explain(run: Run, error: Exception) -> tuple[str, int]:
    from tutor.trainer.learner import blame
    from tutor.trainer.memory import is_out_of_memory
    from tutor.trainer.ranks import is_a_lost_rank

    if is_a_lost_rank(error):
        return _lost(run), 3
    if is_out_of_memory(error):
        least = 16 * run.config().shape.parameters(100) / 1e9  # weights, gradients and AdamW's two averages
        return (
            f"Out of memory. The model alone needs {least:.1f} GB to train: take a smaller --preset or --set n_embd.",
            2,
        )
    if place := blame(error, run.config()):
        return f"{type(error).__name__}: {error}\n  {place}\nThe whole traceback is in {run.log}.", 1
    return f"The trainer broke: {type(error).__name__}: {error}. The traceback is in {run.log}; please report it.", 3


def _lost(run: Run) -> str:
    return (
        f"Another process of this training died, so it ends here; its own words stand above. The last checkpoint is of "
        f"step {run.state().step}: start the same torchrun line again to go on from it."
    )


def _again(run: Run) -> str:
    return f"Continue with `tutor train --resume {run.name}`."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
