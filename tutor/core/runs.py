"""Training runs as they lie on disk: what was asked for, how far it is, what it measured.

<workspace>/runs/<name>/
    config.json              what was asked for and what was found: RunConfig
    code/<track>/<name>.py   the model's sources as they were when the run began
    text.txt                 the text it learns; or, where the tutor turned it into numbers,
    tokens.bin, tokenizer.json   those numbers, and what they mean
    state.json               how far it is: RunState, replaced as a whole
    metrics.jsonl            one Record a line, only ever appended (cut back to the checkpoint on resume)
    checkpoint.safetensors   weights, optimizer and random numbers; checkpoint.previous.safetensors is the one before
    samples.txt, log.txt     what it wrote on the way, what it said
    lock                     held by the living trainer; the file `stop` asks it to stop, `pause` to wait

The trainer writes, everyone else reads. Nothing here needs torch.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from tutor.core.atomic import write_atomically
from tutor.core.errors import RunError
from tutor.core.run_config import RunConfig, config_from
from tutor.core.runlock import is_held

FORMAT_VERSION = 2
"""Version of the shape of a run's folder."""

Status = Literal["starting", "training", "paused", "finished", "stopped", "failed", "interrupted"]

ALIVE = ("starting", "training", "paused")
"""What a run is while a trainer works on it, or waits."""


@dataclass(frozen=True)
class RunState:
    """How far a run is, in its trainer's own words."""

    status: Status
    step: int = 0
    pid: int = 0
    message: str = ""
    """What it is doing, or why it ended and what to do next."""


@dataclass(frozen=True)
class Run:
    """A run's folder."""

    path: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def lock(self) -> Path:
        """The file that a living trainer holds."""
        return self.path / "lock"

    @property
    def stop(self) -> Path:
        """The file whose presence asks the trainer to stop."""
        return self.path / "stop"

    @property
    def pause(self) -> Path:
        """The file in whose presence the trainer waits between two steps."""
        return self.path / "pause"

    @property
    def metrics(self) -> Path:
        """The file of records."""
        return self.path / "metrics.jsonl"

    @property
    def checkpoint(self) -> Path:
        """The file of weights, optimizer and random numbers."""
        return self.path / "checkpoint.safetensors"

    @property
    def samples(self) -> Path:
        """The file of texts written on the way."""
        return self.path / "samples.txt"

    @property
    def log(self) -> Path:
        """The file of what the trainer said."""
        return self.path / "log.txt"

    @property
    def text(self) -> Path:
        """The text that it learns."""
        return self.path / "text.txt"

    @property
    def tokens(self) -> Path:
        """That text as numbers, where the tutor encoded it."""
        return self.path / "tokens.bin"

    @property
    def tokenizer(self) -> Path:
        """What those numbers mean: a tokenizer.json of the library tokenizers."""
        return self.path / "tokenizer.json"

    def code(self, exercise: str) -> Path:
        """The copy of an exercise's source."""
        return self.path / "code" / f"{exercise}.py"

    def config(self) -> RunConfig:
        """What was asked for. Raises RunError if the file is missing or of another version."""
        path = self.path / "config.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            version = data.pop("format_version")
            if version != FORMAT_VERSION:
                raise RunError(
                    f"{path} is in format {version}; this tutor reads {FORMAT_VERSION}. Use the tutor that made it."
                )
            return config_from(data)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunError(f"{path} cannot be read ({error}). Start a new run with `tutor train`.") from error

    def save_config(self, config: RunConfig) -> None:
        """Replaces config.json as a whole."""
        data = {"format_version": FORMAT_VERSION, **asdict(config)}
        write_atomically(self.path / "config.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")

    def state(self) -> RunState:
        """How far it is; a trainer that died without a word leaves 'interrupted'."""
        try:
            state = RunState(**json.loads((self.path / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            state = RunState("starting")
        if state.status not in ALIVE or is_held(self.lock):
            return state
        if not state.pid and self._young():
            return state
        message = f"The trainer died without a word. Continue with `tutor train --resume {self.name}`."
        return RunState("interrupted", state.step, 0, message)

    def save_state(self, state: RunState) -> None:
        """Replaces state.json as a whole."""
        write_atomically(self.path / "state.json", json.dumps(asdict(state)) + "\n")

    def last_samples(self, characters: int = 4000) -> str:
        """The end of what was written on the way."""
        return _end(self.samples, characters)

    def last_sample(self, characters: int = 1200) -> str:
        """The newest text from its first line on."""
        text = self.last_samples(characters)
        return text[max(0, text.rfind("--- step")) :]

    def last_log(self, characters: int = 10_000) -> str:
        """The end of what the trainer said."""
        return _end(self.log, characters)

    def _young(self) -> bool:
        """A trainer needs some seconds from its start to its first word."""
        try:
            return time.time() - (self.path / "config.json").stat().st_mtime < 15
        except OSError:
            return False


def folder_of_runs(workspace: Path) -> Path:
    """Where a workspace keeps its runs."""
    return workspace / "runs"


def list_runs(workspace: Path) -> list[Run]:
    """All runs of a workspace, the newest first."""
    folder = folder_of_runs(workspace)
    found = [(path.stat().st_mtime, str(path.parent)) for path in folder.glob("*/config.json")]
    return [Run(Path(path)) for _, path in sorted(found, reverse=True)]


def find_run(workspace: Path, name: str | None = None) -> Run:
    """The run of that name (or folder), the newest without a name. Raises RunError that names those there are."""
    runs = list_runs(workspace)
    if name is None and runs:
        return runs[0]
    if name is not None:
        for path in (folder_of_runs(workspace) / name, Path(name).expanduser()):
            if (path / "config.json").is_file():
                return Run(path.resolve())
    if not runs:
        raise RunError(f"{workspace} has no runs yet. Start one with `tutor train`.")
    raise RunError(f"There is no run {name!r}. There are: {', '.join(run.name for run in runs[:8])}.")


def _end(path: Path, characters: int) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 4 * characters))
            return file.read().decode("utf-8", errors="replace")[-characters:]
    except OSError:
        return ""
