"""What a training would cost, asked without leaving a run behind.

The run is laid out in a folder that is removed afterwards; a process measures on it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from tutor.core import launch
from tutor.core.order import CHOICES, Order, make_order
from tutor.core.presets import PRESETS
from tutor.core.session import Session
from tutor.terminal import form_option, run_here


@click.command()
@click.option("--preset", type=click.Choice(list(PRESETS)), help="Of the training.  [default: l7]")
@click.option("--data", metavar="FILE|DIR|NAME", help="Any UTF-8 text, or names, or shakespeare (the default).")
@click.option("--device", type=click.Choice(CHOICES["device"]), help="Where to compute; auto takes the best there is.")
@click.option("--precision", type=click.Choice(CHOICES["precision"]), help="Of matrix products; auto is the fastest.")
@click.option("--compile", type=click.Choice(CHOICES["compile"]), help="torch.compile; auto: where it pays.")
@click.option("--batch", "batch_size", type=int, help="Windows of text in one update.")
@click.option("--steps", type=int, help="Updates of the weights.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Any other value of the preset.")
@click.option("--reference", is_flag=True, default=None, help="The tutor's own GPT instead of yours.")
@click.option("--verify", is_flag=True, help="Train for a minute too, and compare.")
@click.option("--seconds", type=click.FloatRange(1), default=60.0, show_default=True, help="Of that training.")
@form_option
@click.pass_obj
def estimate(
    session: Session, /, settings: tuple[str, ...], verify: bool, seconds: float, form: str, **options: Any
) -> None:
    """Say how long a training takes here, and on devices that you do not have.

    This machine is measured; the others are estimated from published peaks, and each line says which.
    """
    order = make_order(None, settings, options)
    words = [f"--format={form}", f"--seconds={seconds}", *(["--verify"] * verify)]
    sys.exit(on_a_passing_run(session, order, "tutor.trainer.estimate", words))


def on_a_passing_run(session: Session, order: Order, module: str, words: list[str]) -> int:
    """Lays out a run that is removed afterwards, and starts the module with it; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="tutor-", ignore_cleanup_errors=True) as folder:
        run = launch.prepare_run(session.workspace, session.progress, order, Path(folder))
        return run_here([sys.executable, "-m", module, str(run.path), *words])
