"""A trained model for other programs: `python -m tutor.trainer.export RUN_FOLDER huggingface|safetensors PATH`.

huggingface    a folder that `transformers` loads: config.json, model.safetensors, tokenizer.json
safetensors    one file: the weights under the model's own names, with what is needed to use them in its header

What is written appears as a whole or not at all, and nothing is replaced.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import save_file

from tutor.core.errors import RunError, TutorError
from tutor.core.runs import Run
from tutor.trainer import learner
from tutor.trainer.checkpoint import unique_tensors
from tutor.trainer.gpt2_format import as_gpt2
from tutor.trainer.tokenizer_file import tokenizer_json
from tutor.trainer.trained import Trained, load_trained


def to_huggingface(trained: Trained, path: Path) -> float:
    """Writes the folder; returns the largest difference of logits. Raises RunError if no GPT-2 equals the model."""
    gpt2, gap = as_gpt2(trained.model, trained.config.shape, trained.tokenizer.size)
    with _new(path) as folder:
        folder.mkdir()
        _write_json(folder / "config.json", gpt2.config)
        _write_json(folder / "tokenizer.json", tokenizer_json(trained.tokenizer))
        _write_json(folder / "tokenizer_config.json", _tokenizer_config(trained))
        save_file(gpt2.tensors, folder / "model.safetensors", {"format": "pt"})
        (folder / "README.md").write_text(_card(trained), encoding="utf-8")
    return gap


def to_safetensors(trained: Trained, path: Path) -> None:
    """Writes the file. Raises RunError."""
    header = {
        "shape": json.dumps(asdict(trained.config.shape)),
        "tokenizer": json.dumps(tokenizer_json(trained.tokenizer), ensure_ascii=False),
        "step": str(trained.step),
    }
    tensors = {name: each.detach().cpu().contiguous() for name, each in unique_tensors(trained.model).items()}
    with _new(path) as file:
        save_file(tensors, file, header)


def main(arguments: list[str]) -> int:
    """Writes the path to stdout; exit code 0, 1 if the learner's code raised, 2 if it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.export")
    parser.add_argument("run", type=Path)
    parser.add_argument("format", choices=["huggingface", "safetensors"])
    parser.add_argument("path", type=Path)
    options = parser.parse_args(arguments)
    run = Run(options.run.resolve())
    try:
        _refuse_taken(options.path)
        trained = load_trained(run, "cpu")
        print(_export(trained, options.format, options.path), file=sys.stderr)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        print(learner.told(error, run.config()), file=sys.stderr)
        return 1
    print(options.path)
    return 0


def _export(trained: Trained, form: str, path: Path) -> str:
    """A sentence about what was written."""
    what = f"{trained.run.name}, step {trained.step}, {trained.owner}"
    if form == "safetensors":
        to_safetensors(trained, path)
        return f"{what}: weights by their own names; shape and tokenizer are in the file's header."
    gap = to_huggingface(trained, path)
    equal = "equal logits" if gap == 0 else f"logits equal to {gap:.1g}"
    return f"{what}: a GPT-2 with {equal}. Load it with transformers, as its README.md says."


def _refuse_taken(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise RunError(f"{path} is there already. Name another place, or remove it first.")


@contextlib.contextmanager
def _new(path: Path) -> Iterator[Path]:
    """A place to write to that becomes `path` at the end. Raises RunError if it cannot be written."""
    _refuse_taken(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        for file in [part] if part.is_file() else part.iterdir():
            file.chmod(0o644)  # safetensors' own are for their writer only
        if path.is_dir():
            path.rmdir()
        part.rename(path)
    except (OSError, SafetensorError) as error:
        raise RunError(f"{path} cannot be written ({error}). Name another place.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink(missing_ok=True)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _tokenizer_config(trained: Trained) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": trained.config.shape.block_size,
        "clean_up_tokenization_spaces": False,
    }


def _card(trained: Trained) -> str:
    text = trained.config.text.title if trained.config.text else trained.config.asked_text
    return f"""\
A GPT trained on {text} with `tutor`: {trained.config.parameters:,} parameters, {trained.step} updates.

```python
from transformers import AutoTokenizer, GPT2LMHeadModel

tokenizer = AutoTokenizer.from_pretrained("PATH OF THIS FOLDER")
model = GPT2LMHeadModel.from_pretrained("PATH OF THIS FOLDER")
tokens = tokenizer("\\n", return_tensors="pt").input_ids
print(tokenizer.decode(model.generate(tokens, do_sample=True, max_length={trained.config.shape.block_size})[0]))
```
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
