"""How fast and how well `tutor train` trains: `python tests/benchmarks/training.py [--preset P] [--device D] …`.

Everything is measured in one run on one machine, in turns, and printed as JSON.

    (nothing)    tokens a second of `--reference` and of the learner's GPT (the course's solutions), each over those of
                 a plain loop by hand (plain_loop.py) with the same shape, batch, precision, threads and torch.compile;
                 and what measuring and writing costs of a step
    --reach      trains the preset to its end through the command line: loss beside its band, seconds, MFU, a sample
    --kill       the same, killed with SIGKILL half-way and resumed
    --dashboard  what it costs a training to be watched (watching.py), in processor time

On a GPU: `python tests/benchmarks/training.py --device cuda --preset baby --reach --reference`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from plain_loop import PlainLoop
from reaching import reach

from tutor.core import launch
from tutor.core.course import default_course_root, load_course
from tutor.core.order import CHOICES, make_order
from tutor.core.presets import PRESETS
from tutor.core.progress import Progress
from tutor.core.workspace import Workspace, init_workspace
from tutor.trainer import devices, session
from tutor.trainer.loop import Training
from tutor.trainer.voice import Voice

LOG_EVERY = 10
"""Steps between two lines of metrics, as in all presets; a turn has so many, or a multiple."""


def main() -> None:
    options = parse()
    presets = options.preset or ["l7", "cpu"]
    if options.reach or options.kill:
        results = [
            reach(each, options.data, options.device, options.reference, options.kill, options.settings)
            for each in presets
        ]
    elif options.dashboard:
        from watching import watch  # it needs a pseudo-terminal

        results = [watch(each, options.data, options.device, options.seconds) for each in presets]
    else:
        results = [compare(preset, options) for preset in presets]
    print(json.dumps(results, indent=1))


def compare(preset: str, options: argparse.Namespace) -> dict[str, object]:
    """Trains all three in turns of some steps; the first turns warm up."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        ours, naive = (
            stack.enter_context(prepared(Path(folder), preset, options, reference=each)) for each in (True, False)
        )
        setting = ours.setting
        device, record = setting.device, setting.config.device
        assert record is not None
        plain = PlainLoop(
            setting.config.shape,
            setting.config.schedule,
            setting.train,
            len(setting.config.vocabulary),
            device.name,
            device.precision_name,
            record.compiled,
        )
        loops: dict[str, Callable[[int], object]] = {
            "plain": plain.steps,
            "reference": lambda count: [ours.advance() for _ in range(count)],
            "learner": lambda count: [naive.advance() for _ in range(count)],
        }
        turns = take_turns(loops, options, device)
        overhead = cost_of_measuring(ours, options, device)
    tokens = setting.config.schedule.batch_size * setting.config.shape.block_size * options.steps
    paces = {name: tokens / statistics.median(wall for wall, _ in each) for name, each in turns.items()}
    work = {name: statistics.median(processor for _, processor in each) for name, each in turns.items()}
    return {
        "preset": preset,
        "device": record.label,
        "precision": record.precision,
        "threads": record.threads,
        "compiled": record.compiled,
        "batch": setting.config.schedule.batch_size,
        "tokens_per_second": {name: round(pace) for name, pace in paces.items()},
        "ratio_to_plain": {name: round(pace / paces["plain"], 3) for name, pace in paces.items()},
        "ratio_of_processor_time": {name: round(work["plain"] / each, 3) for name, each in work.items()},
        "spread_of_turns": {name: spread([wall for wall, _ in each]) for name, each in turns.items()},
        "measuring_share_of_step": round(overhead, 5),
        "teraflops": round(paces["reference"] * setting.config.shape.flops_per_token(65) / 1e12, 3),
    }


def take_turns(
    loops: dict[str, Callable[[int], object]], options: argparse.Namespace, device: devices.Device
) -> dict[str, list[tuple[float, float]]]:
    """Seconds of wall clock and of processor of each turn, by loop."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in loops}
    for turn in range(options.turns + 2):
        for name in sorted(loops, key=lambda each: hash((each, turn))):
            device.wait()
            wall, processor = time.perf_counter(), time.process_time()
            loops[name](options.steps)
            device.wait()
            if turn >= 2:
                times[name].append((time.perf_counter() - wall, time.process_time() - processor))
    return times


def cost_of_measuring(training: Training, options: argparse.Namespace, device: devices.Device) -> float:
    """Share of a step that goes into lines of metrics, the ratios of update to data among them.

    On a processor it is of processor time, so that other work on the machine hardly matters.
    """
    clock = time.process_time if device.name == "cpu" else time.perf_counter
    spent, inside = [0.0], training._log

    def timed(ratios: dict[str, float] | None) -> None:
        device.wait()
        start = clock()
        inside(ratios)
        spent[0] += clock() - start

    training._log = timed  # type: ignore[method-assign]
    plain, measured = [], []
    start = clock()
    for _ in range(options.turns * LOG_EVERY * 2):
        device.wait()
        before, logged = clock(), spent[0]
        training.advance()
        device.wait()
        took = clock() - before - (spent[0] - logged)
        (measured if training.step % (LOG_EVERY * 10) == 0 else plain).append(took)
    whole = clock() - start
    ratios = max(0.0, statistics.median(measured) - statistics.median(plain)) * len(measured) if measured else 0.0
    return (spent[0] + ratios) / whole


@contextlib.contextmanager
def prepared(folder: Path, preset: str, options: argparse.Namespace, *, reference: bool) -> Iterator[Training]:
    """A training before its first step, that will neither measure the losses nor save while it is timed."""
    course = load_course(default_course_root())
    root = folder / ("reference" if reference else "learner")
    init_workspace(root, course)
    workspace = Workspace.open(root, course)
    progress = Progress(workspace.progress_path)
    settings = [f"log_every={LOG_EVERY}", "eval_every=1000000000", "checkpoint_seconds=1e9", "steps=1000000000"]
    settings += [f"decay_steps={PRESETS[preset].schedule.steps}", f"warmup={PRESETS[preset].schedule.warmup}"]
    given = {"preset": preset, "data": options.data, "device": options.device, "reference": reference}
    given |= {"threads": options.threads, "precision": options.precision, "compile": options.compile}
    try:
        run = launch.prepare_run(workspace, progress, make_order(None, [*settings, *options.settings], given))
    finally:
        progress.close()
    config = run.config()
    device = devices.choose(config.asked_device, config.shape.n_embd, config.asked_precision)
    with session.prepared(run, device, Voice(run, quiet=True), lambda: False) as training:
        yield training


def spread(times: list[float]) -> float:
    """Half the range between the quartiles, over the median."""
    low, middle, high = statistics.quantiles(times, n=4)
    return round((high - low) / 2 / middle, 3)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=list(PRESETS), action="append", help="repeatable; default: l7 and cpu")
    parser.add_argument("--data", default="shakespeare")
    parser.add_argument("--device", default="auto", choices=CHOICES["device"])
    parser.add_argument("--precision", default="auto", choices=CHOICES["precision"])
    parser.add_argument("--compile", default="off", choices=CHOICES["compile"], help="when loops are compared")
    parser.add_argument("--threads", type=int, default=1 if not torch.cuda.is_available() else 0)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--steps", type=int, default=LOG_EVERY, help="in a turn")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--reach", action="store_true")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--dashboard", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0, help="of a turn, with --dashboard")
    parser.add_argument("--reference", action="store_true", help="with --reach: the tutor's own GPT")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
