"""`tutor runs`: the trainings of a workspace, one of them in full, or several side by side."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tutor.core import documents, launch
from tutor.core.comparison import Comparison, Measured, compare, comparison_lines, read
from tutor.core.errors import RunError
from tutor.core.figures import Figures, expected_band, figures, loss_line, progress_line, speed_lines
from tutor.core.render import clean
from tutor.core.runs import ALIVE, Run, find_run, list_runs
from tutor.core.session import Session
from tutor.core.updates import update_lines

_ENOUGH = 4000
"""Bytes of the log that are told at once."""
_LOOK_SECONDS = 0.3


@click.command()
@click.argument("names", metavar="[RUN]...", nargs=-1)
@click.option("--compare", "comparing", is_flag=True, help="Losses at equal steps and at equal times, side by side.")
@click.option("--follow", metavar="RUN", help="Print what this run's trainer says until it ends; Ctrl-C stops nothing.")
@click.option("--stop", metavar="RUN", help="Ask this run's trainer to save and stop.")
@click.option("--pause", metavar="RUN", help="Ask it to save and wait; `tutor train --resume RUN` lets it go on.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def runs(
    session: Session,
    /,
    names: tuple[str, ...],
    comparing: bool,
    follow: str | None,
    stop: str | None,
    pause: str | None,
    form: str,
) -> None:
    """List the trainings of your workspace, the latest first; or tell all about one RUN, or --compare some."""
    root = session.workspace.root
    if stop is not None:
        _stop(find_run(root, stop))
    if pause is not None:
        _pause(find_run(root, pause))
    if follow is not None:
        _follow(find_run(root, follow))
    if any(each is not None for each in (stop, pause, follow)):
        return
    found = [find_run(root, name) for name in names]
    if comparing:
        _compare(found or list_runs(root)[:2], form)
    elif found:
        _tell(found, form)
    else:
        _list(list_runs(root), form)


def _list(found: list[Run], form: str) -> None:
    rows = [_row(read(run), run) for run in found]
    if form == "json":
        click.echo(json.dumps(documents.document("runs", runs=rows), indent=2))
        return
    for row in rows:
        loss = f"val {row['val']:.4f}" if row["val"] is not None else "no loss yet"
        click.echo(f"{row['name']:20} {row['status']:12} {row['step']:>6}/{row['steps']:<6} {loss:12} {row['text']}")
    if not rows:
        click.echo("No runs yet. Start one with `tutor train`.", err=True)


def _tell(found: list[Run], form: str) -> None:
    all_measured = [read(run) for run in found]
    now = [figures(each.config, run.state(), each.records) for each, run in zip(all_measured, found, strict=True)]
    told = list(zip(found, all_measured, now, strict=True))
    if form == "json":
        rows = [_row(measured, run) | _more(measured, each) for run, measured, each in told]
        click.echo(json.dumps(documents.document("runs-in-full", runs=rows), indent=2))
    else:
        click.echo("\n\n".join("\n".join(_lines(run, measured, each)) for run, measured, each in told))


def _more(measured: Measured, now: Figures) -> dict[str, Any]:
    device, band = measured.config.device, expected_band(measured.config)
    return {
        **asdict(now),
        "peak_teraflops": device.peak if device and device.peak else None,
        "peak_source": device.peak_source if device else "",
        "expected": asdict(band) if band else None,
    }


def _lines(run: Run, measured: Measured, now: Figures) -> list[str]:
    config, state = measured.config, run.state()
    shape, device = config.shape, config.device
    lines = [f"{run.name}: {progress_line(now)}"]
    if state.message and state.status not in ("training", "finished"):
        lines += [f"  {each}" for each in state.message.split("\n")]
    about = {
        "Loss": loss_line(now, expected_band(config)),
        "Text": f"{config.text.title}, {config.text.characters:,} characters" if config.text else config.asked_text,
        "Model": f"{config.parameters:,} parameters: {shape.n_layer} layers, {shape.n_head} heads, "
        f"{shape.n_embd} channels, {shape.block_size} tokens at once",
        "Code": _code(measured),
        "Device": f"{device.name}, {device.label}, {device.precision}" if device else "",
        "Folder": str(run.path),
    }
    lines += [f"  {name:8}{clean(text)}" for name, text in about.items() if text]
    lines += [f"  {'Now' if number == 0 else '':8}{text}" for number, text in enumerate(speed_lines(config, now))]
    if now.ratios:
        lines += ["", *(f"  {each}" for each in update_lines(measured.records, 76, 60))]
    if sample := run.last_sample():
        lines += ["", *(f"  {each}" for each in clean(sample).rstrip("\n").split("\n"))]
    return lines


def _code(measured: Measured) -> str:
    if measured.config.reference:
        return "the tutor's own GPT, for comparison"
    borrowed = [each.exercise for each in measured.config.code if each.borrowed]
    return f"borrowed: {', '.join(borrowed)}" if borrowed else "made of your files alone"


def _compare(found: list[Run], form: str) -> None:
    if len(found) < 2:
        raise RunError("Two runs at least can be compared. Name them: `tutor runs --compare RUN RUN`.")
    result = compare([read(run) for run in found])
    if form == "json":
        click.echo(json.dumps(documents.document("runs-compared", **_compared(result)), indent=2))
    else:
        click.echo("\n".join(comparison_lines(result)))


def _compared(result: Comparison) -> dict[str, Any]:
    return {
        "runs": [each.name for each in result.runs],
        "same_text": result.same_text,
        "at_equal_steps": [{"step": row.mark, "val": [each.value for each in row.losses]} for row in result.by_step],
        "at_equal_times": [{"seconds": row.mark, "val": [each.value for each in row.losses]} for row in result.by_time],
    }


def _follow(run: Run) -> None:
    """The end of the log, and each line that comes; what the learner's model wrote is in it, so it is made clean."""
    try:
        with run.log.open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - _ENOUGH))
            rest, alive = b"", True
            while alive:
                alive = run.state().status in ALIVE
                whole, end, rest = (rest + log.read()).rpartition(b"\n")
                click.echo(clean((whole + end).decode("utf-8", errors="replace")), nl=False)
                time.sleep(_LOOK_SECONDS if alive else 0)
    except OSError as error:
        raise RunError(f"{run.log} cannot be read ({error.strerror}). Has {run.name} been started?") from error
    except KeyboardInterrupt:
        click.echo(f"{run.name} goes on. Come back with `tutor runs --follow {run.name}`.", err=True)
    else:
        click.echo(f"{run.name} is {run.state().status}.", err=True)


def _stop(run: Run) -> None:
    state = run.state()
    if state.status not in ALIVE:
        raise RunError(f"{run.name} is not being trained: it is {state.status}.")
    launch.request_stop(run)
    click.echo(f"{run.name} saves and stops. Continue with `tutor train --resume {run.name}`.", err=True)


def _pause(run: Run) -> None:
    state = run.state()
    if state.status != "training":
        raise RunError(f"{run.name} is not being trained: it is {state.status}. Only a training can be paused.")
    launch.request_pause(run)
    click.echo(f"{run.name} saves and waits. Let it go on with `tutor train --resume {run.name}`.", err=True)


def _row(measured: Measured, run: Run) -> dict[str, str | int | float | None]:
    config, state = measured.config, run.state()
    return {
        "name": run.name,
        "status": state.status,
        "preset": config.preset,
        "step": measured.records[-1].step if measured.records else 0,
        "steps": config.schedule.steps,
        "val": measured.estimates[-1].val if measured.estimates else None,
        "text": config.text.title if config.text else Path(config.asked_text).name,
        "path": str(run.path),
    }
