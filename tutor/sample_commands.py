"""What a trained GPT is for: let it write, hand it on.

The commands start processes that do; torch is loaded there, never here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tutor.core.runs import Run, find_run, list_runs
from tutor.core.session import Session
from tutor.terminal import form_option, run_here

FORMATS = ("huggingface", "safetensors")
"""What a model can be exported to."""

device_option = click.option(
    "--device",
    type=click.Choice(["auto", "cuda", "mps", "cpu"]),
    default="auto",
    show_default=True,
    help="Where to compute; auto takes the best there is.",
)


@click.command()
@click.argument("run", required=False)
@click.option("--prompt", default="", metavar="TEXT|-", help="Text to go on from; - reads it from stdin.")
@click.option("--tokens", type=click.IntRange(0), default=500, show_default=True, help="To add to each sample.")
@click.option("--samples", type=click.IntRange(1), default=1, show_default=True, help="Written side by side.")
@click.option("--temperature", type=float, default=1.0, show_default=True, help="Below 1 safer; 0: the likeliest.")
@click.option("--top-k", type=click.IntRange(1), help="Draw only from the so many likeliest tokens.")
@click.option("--top-p", type=float, help="Draw only from the likeliest that together are so probable.")
@click.option("--seed", type=int, help="For the same text again.")
@click.option(
    "--cache/--no-cache",
    default=None,
    help="Keep keys and values.  [default: unless your own gpt/generate writes]",
)
@click.option(
    "--stride",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Tokens forgotten at once when the context is full; more is faster with a cache.",
)
@device_option
@form_option
@click.pass_obj
def sample(session: Session, /, run: str | None, cache: bool | None, form: str, **options: object) -> None:
    """Write text with the trained RUN (default: the latest that has a checkpoint).

    The text goes to stdout; who wrote it, with which seed and how fast, to stderr.
    """
    command = [sys.executable, "-m", "tutor.trainer.sample", str(_trained(session, run).path), f"--format={form}"]
    command += [f"--{key.replace('_', '-')}={value}" for key, value in options.items() if value is not None]
    command += [] if cache is None else ["--cache" if cache else "--no-cache"]
    sys.exit(run_here(command))


@click.command()
@click.argument("run", required=False)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.pass_obj
def export(session: Session, run: str | None, path: Path | None, form: str) -> None:
    """Write the trained RUN (default: the latest) to PATH for other programs.

    huggingface: a folder that `transformers` loads as a GPT-2. safetensors: one file of the weights as they are.
    Stdout is the path.
    """
    found = _trained(session, run)
    target = path or Path(f"{found.name}-huggingface" if form == "huggingface" else f"{found.name}.safetensors")
    sys.exit(run_here([sys.executable, "-m", "tutor.trainer.export", str(found.path), form, str(target)]))


def _trained(session: Session, name: str | None) -> Run:
    """The run of that name; without one, the latest that has a checkpoint."""
    root = session.workspace.root
    trained = [each for each in list_runs(root) if each.checkpoint.exists()]
    return trained[0] if trained and name is None else find_run(root, name)
