"""The commands of the course's end: train your GPT, look at texts.

They lay out folders and start processes; torch is loaded there, never here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from tutor.core import launch
from tutor.core.errors import RunError
from tutor.core.order import CHOICES, make_order
from tutor.core.presets import PRESETS
from tutor.core.runs import Run, find_run
from tutor.core.session import Session
from tutor.estimate_commands import on_a_passing_run
from tutor.terminal import formats, run_here

_device = click.option(
    "--device",
    type=click.Choice(["auto", "cuda", "mps", "cpu"]),
    help="Where to compute; auto takes the best there is.",
)


@click.command()
@click.option("--preset", type=click.Choice(list(PRESETS)), help="Size and length of the training.  [default: l7]")
@click.option("--data", metavar="FILE|DIR|NAME", help="Any UTF-8 text, or names, or shakespeare (the default).")
@click.option("--tokenizer", type=click.Choice(CHOICES["tokenizer"]), help="Characters, or byte pairs of the text.")
@click.option("--vocab", type=int, help="Byte pairs to find.  [default: 1024]")
@_device
@click.option("--steps", type=int, help="Updates of the weights.")
@click.option("--batch", "batch_size", type=int, help="Windows of text in one update, on all devices together.")
@click.option("--accumulation", type=int, help="Parts that a batch is computed in; more need less memory.")
@click.option("--auto-batch", is_flag=True, default=None, help="Take more parts by itself where memory is too small.")
@click.option("--lr", "learning_rate", type=float, help="The highest learning rate.")
@click.option("--dropout", type=float, help="Probability of dropping an activation.")
@click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Any other value of the preset; repeatable."
)
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="A TOML file of such values.")
@click.option("--seed", type=int, help="Of all random numbers.  [default: 1337]")
@click.option("--threads", type=click.IntRange(1), help="Of the processor; else the fastest number is tried out.")
@click.option("--precision", type=click.Choice(CHOICES["precision"]), help="Of matrix products; auto is the fastest.")
@click.option("--compile", type=click.Choice(CHOICES["compile"]), help="torch.compile; auto: where it pays.")
@click.option("--reference", is_flag=True, default=None, help="Train the tutor's own GPT, to compare yours with.")
@click.option("--name", metavar="RUN", help="Of the new run.  [default: the preset and a number]")
@click.option("--resume", metavar="RUN", help="Go on with a run from its checkpoint.")
@click.option("--background", is_flag=True, help="Return at once; the training outlives this terminal.")
@click.option("--prepare", is_flag=True, help="Only lay out the run and print its folder, for torchrun.")
@click.option("--compare", is_flag=True, help="Train nothing; time your GPT and the tutor's, and what makes it fast.")
@click.option("--seconds", type=click.FloatRange(0.1), default=5.0, show_default=True, help="Of each in --compare.")
@formats("text", "json")
@click.pass_obj
def train(
    session: Session,
    /,
    resume: str | None,
    settings: tuple[str, ...],
    config: Path | None,
    background: bool,
    prepare: bool,
    compare: bool,
    seconds: float,
    form: str,
    **options: Any,
) -> None:
    """Train the GPT that your files make, on the device you have.

    Ctrl-C saves and stops. Exit codes: 0 finished, 1 your code raised, 2 it cannot be started so, 3 the trainer broke,
    130 stopped.
    """
    device = options["device"]
    if compare:
        words = [f"--seconds={seconds}", f"--format={form}"]
        order = make_order(config, settings, options)
        sys.exit(on_a_passing_run(session, order, "tutor.trainer.compare", words))
    if resume is not None and _goes_on(session, resume, options["steps"]):
        return
    if resume is not None:
        run = _resumed(session, resume, options | {"set": settings or None, "config": config})
    else:
        run = launch.prepare_run(session.workspace, session.progress, make_order(config, settings, options))
    if prepare:
        click.echo(str(run.path))
    elif background:
        launch.start_in_background(run, device)
        click.echo(f"{run.name} trains in the background. Watch it in `tutor` or `tutor runs`.", err=True)
        click.echo(str(run.path))
    else:
        sys.exit(run_here(launch.trainer_command(run, device)))


@click.command()
@click.argument("name", required=False)
def data(name: str | None) -> None:
    """List the texts known by name, or write the one of that NAME (or file, or folder) to stdout."""
    sys.exit(run_here([sys.executable, "-m", "tutor.trainer.text", *([name] if name else [])]))


def _goes_on(session: Session, name: str, steps: int | None) -> bool:
    """Ends a pause; False if the run is not paused. Raises RunError for a change that a living trainer cannot make."""
    run = find_run(session.workspace.root, name)
    if run.state().status != "paused":
        return False
    if steps is not None:
        raise RunError(
            f"{run.name} waits with its plan. Stop it first (`tutor runs --stop {run.name}`), then resume it."
        )
    launch.end_pause(run)
    click.echo(f"{run.name} goes on where it waits. Watch it in `tutor` or with `tutor runs {run.name}`.", err=True)
    return True


def _resumed(session: Session, name: str, options: dict[str, Any]) -> Run:
    run, steps = find_run(session.workspace.root, name), options["steps"]
    fixed = [key for key, value in options.items() if value is not None and key not in ("steps", "device")]
    if fixed:
        named = ", ".join("--" + _FLAGS.get(key, key).replace("_", "-") for key in fixed)
        raise RunError(f"{named} cannot change in a run that has begun. Leave it out, or start a new run.")
    config, state = run.config(), run.state()
    if state.status == "finished" and (steps or config.schedule.steps) <= state.step:
        raise RunError(
            f"{run.name} is finished at step {state.step}. Sample it with `tutor sample {run.name}`, "
            f"or go on with `tutor train --resume {run.name} --steps {2 * state.step}`."
        )
    launch.lengthen(run, steps)
    return run


_FLAGS = {"batch_size": "batch", "learning_rate": "lr"}
"""Options that are not named as their keys."""
