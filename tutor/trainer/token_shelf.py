"""Texts that were turned into numbers before, kept in the cache: byte pairs of a large text take minutes.

An entry is three files; the one that describes it is written last. Where the cache lies on the run's disk a file is
there once, under two names.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.run_config import RunConfig, TokensRecord
from tutor.core.runs import Run
from tutor.trainer.byte_pairs import USUAL
from tutor.trainer.encoding import file_sha256
from tutor.trainer.text import default_cache

_VERSION = 1
"""Raised when the same text would be turned into other numbers."""


@dataclass(frozen=True)
class Shelf:
    """The place of one text in one kind of tokens."""

    folder: Path
    key: str

    @classmethod
    def of(cls, config: RunConfig) -> Shelf:
        """The place of a run's text, which is known already."""
        assert config.text is not None
        kind = f"bpe{config.asked_vocab or USUAL}" if config.tokenizer == "bpe" else config.tokenizer
        return cls(default_cache() / "tokens", f"{config.text.sha256[:32]}-{kind}-{_VERSION}")

    def take(self, run: Run) -> TokensRecord | None:
        """Puts what is kept into the run's folder; None if there is nothing, or nothing whole."""
        try:
            record = TokensRecord(**json.loads(self._path("json").read_text(encoding="utf-8")))
            _link(self._path("bin"), run.tokens)
            _link(self._path("tokenizer"), run.tokenizer)
            whole = file_sha256(run.tokens) == record.sha256
            return record if whole and file_sha256(run.tokenizer) == record.tokenizer_sha256 else None
        except (OSError, ValueError, TypeError):
            return None

    def give(self, run: Run, record: TokensRecord) -> None:
        """Keeps the run's tokens; a cache that cannot be written only costs the next run its time."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            _link(run.tokens, self._path("bin"))
            _link(run.tokenizer, self._path("tokenizer"))
            write_atomically(self._path("json"), json.dumps(asdict(record)) + "\n")

    def _path(self, ending: str) -> Path:
        return self.folder / f"{self.key}.{ending}"


def _link(source: Path, target: Path) -> None:
    """The file under a second name, or a copy; what was there is replaced. Raises OSError."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            os.link(source, part)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
