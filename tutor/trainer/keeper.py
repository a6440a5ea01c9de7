"""Keeping a run on disk while it trains: lines, checkpoints and the folder itself.

Nothing here ends a training. What the disk refuses is told and tried again; a folder that is removed is laid out anew.
Checkpoints are copied at once, so that the training can go on, and written by a second thread.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable

import torch
from torch import Tensor

from tutor.core.run_config import RunConfig
from tutor.core.runlock import RunLock
from tutor.core.runs import Run, RunState
from tutor.trainer import checkpoint
from tutor.trainer.checkpoint import Position
from tutor.trainer.journal import Journal


class Keeper:
    """Writes one run's folder."""

    def __init__(self, run: Run, tell: Callable[[str], object], lock: RunLock | None = None) -> None:
        self.run, self._tell, self._lock = run, tell, lock
        self.metrics, self.samples = Journal(run.metrics), Journal(run.samples)
        self._config, self._code = run.config(), {each: run.code(each).read_bytes() for each in _exercises(run)}
        kept = (run.text, run.tokens, run.tokenizer)
        self._files = {path: path.open("rb") for path in kept if path.exists()}  # still there when a name is gone
        self._copies: dict[str, Tensor] = {}
        self._thread: threading.Thread | None = None
        self._of_lines = self._of_checkpoint = self._told = ""

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets the checkpoint that is being written come to its end."""
        self.finish()
        for file in self._files.values():
            file.close()

    def append(self, journal: Journal, text: str) -> None:
        """Adds to one of the two journals, now or when there is room again."""
        try:
            try:
                journal.append(text)
            except FileNotFoundError:
                self._lay_out()
                journal.write()
            self._of_lines = ""
        except OSError as error:
            self._of_lines = f"{journal.path} cannot be written ({error})."
        self.report()

    def save_config(self, config: RunConfig) -> None:
        """Replaces what was asked for."""
        self._config = config
        with contextlib.suppress(OSError):  # the folder that is laid out anew has it
            self.run.save_config(config)

    @property
    def busy(self) -> bool:
        """Whether a checkpoint is being written."""
        return self._thread is not None and self._thread.is_alive()

    def save(self, tensors: dict[str, Tensor], position: Position) -> None:
        """Copies the tensors and begins to write them. Waits for the checkpoint before, if that is not done."""
        self.finish()
        for name, tensor in tensors.items():
            self._copy(name, tensor)
        copies = {name: self._copies[name] for name in tensors}
        thread = threading.Thread(target=self._write, args=(copies, position))
        try:
            thread.start()
        except RuntimeError:  # no memory for a thread: the training waits for the disk instead
            self._write(copies, position)
        else:
            self._thread = thread

    def finish(self) -> bool:
        """Waits until the checkpoint is written; False if it could not be."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        return not self._of_checkpoint

    def report(self) -> None:
        """Tells of trouble and of its end, once each."""
        before, self._told = self._told, self.trouble
        if self.trouble and not before:
            self._tell(f"{self.trouble} The training goes on and tries again. Make room, or stop it with Ctrl-C.")
        if before and not self.trouble:
            self._tell("Writing works again: nothing was lost.")

    @property
    def trouble(self) -> str:
        """Why the last try to write did not work, '' if it did."""
        return self._of_checkpoint or self._of_lines

    def _copy(self, name: str, tensor: Tensor) -> None:
        old = self._copies.get(name)
        if old is None or old.shape != tensor.shape or old.dtype != tensor.dtype:
            pinned = tensor.device.type == "cuda"
            old = self._copies[name] = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=pinned)
        old.copy_(tensor.detach())

    def _write(self, tensors: dict[str, Tensor], position: Position) -> None:
        try:
            self._lay_out()
            self.metrics.sync()
            self.samples.sync()
            checkpoint.save(self.run, tensors, position)
            self.run.save_state(RunState("training", position.step, os.getpid()))
        except OSError as error:
            self._of_checkpoint = f"Checkpoint {position.step} was not written ({error}); the last one stays."
        else:
            self._of_checkpoint = ""

    def _lay_out(self) -> None:
        """Makes the folder anew if it was removed, with all that a run needs to go on."""
        if (self.run.path / "config.json").exists():
            return
        self.run.path.mkdir(parents=True, exist_ok=True)  # the log is in it
        self._tell(f"The folder {self.run.path} was removed. It is written anew, with all that was measured so far.")
        for exercise, text in self._code.items():
            path = self.run.code(exercise)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        for path, kept in self._files.items():
            kept.seek(0)
            with path.open("wb") as file:
                shutil.copyfileobj(kept, file)
        self.run.save_config(self._config)
        self.run.save_state(RunState("training", 0, os.getpid()))
        if self._lock is not None:
            self._lock.renew()
        self.metrics.write()
        self.samples.write()


def _exercises(run: Run) -> list[str]:
    return [each.exercise for each in run.config().code]
