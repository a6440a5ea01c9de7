"""The trainer's process: `python -m tutor.trainer.main RUN_FOLDER [--device NAME] [--quiet]`.

Exit codes: 0 the training is finished · 1 the learner's code raised · 2 it cannot be started so · 3 the trainer itself
broke · 130 it was stopped (Ctrl-C, SIGTERM, the file `stop`) and can be resumed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from pathlib import Path

from tutor.core.errors import RunError, TutorError
from tutor.core.runlock import RunLock
from tutor.core.runs import Run, RunState
from tutor.trainer.voice import Voice


class Stopping:
    """Becomes true when a signal or the run's `stop` file asks for it; a second Ctrl-C does not wait."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.asked = False
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, self._on_signal)

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.asked or self.run.stop.exists()

    def _on_signal(self, number: int, _frame: object) -> None:
        if self.asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.asked = True


def main(arguments: list[str]) -> int:
    """Trains one run until it is finished, stopped or broken; the exit code says which."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.main")
    parser.add_argument("run", type=Path)
    parser.add_argument("--device")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    run = Run(options.run.resolve())
    try:
        run.config()
        with RunLock(run.lock):
            return _train(run, options.device, Voice(run, quiet=options.quiet))
    except (TutorError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _train(run: Run, device: str | None, voice: Voice) -> int:
    stopping = Stopping(run)
    run.stop.unlink(missing_ok=True)
    run.save_state(RunState("starting", pid=os.getpid(), message="loading PyTorch"))
    from tutor.trainer import session  # takes seconds: the lock and the first word come before it

    try:
        finished = session.train(run, device, voice, stopping)
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
    step = run.state().step
    if status == "failed":
        voice.note(message)
        print(message, file=sys.stderr)
    elif message:
        voice.say(message)
    run.save_state(RunState(status, step, message=message))  # type: ignore[arg-type]
    return code


def _explain(run: Run, error: Exception) -> tuple[str, int]:
    from torch import OutOfMemoryError

    from tutor.trainer.learner import blame

    if isinstance(error, OutOfMemoryError):
        return "The GPU's memory is too small. Start a new run with half the --batch, or with --device cpu.", 2
    if place := blame(error, run.config()):
        return f"{type(error).__name__}: {error}\n  {place}\nThe whole traceback is in {run.log}.", 1
    return f"The trainer broke: {type(error).__name__}: {error}. The traceback is in {run.log}; please report it.", 3


def _again(run: Run) -> str:
    return f"Continue with `tutor train --resume {run.name}`."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
