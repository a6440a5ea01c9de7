"""How training screen and playground look, compared with pictures that a person has looked at.

The runs are written down, so that the pictures depend on no machine.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, replace

import pytest

from tutor.core.metrics import Record
from tutor.core.playing import Done, Ready, Wrote
from tutor.core.presets import PRESETS
from tutor.core.run_config import DeviceRecord, RunConfig, TextRecord
from tutor.core.runs import Run, RunState
from tutor.tui.screens.playground import PlayerSaid, PlaygroundScreen

CPU = PRESETS["cpu"]
SAMPLE = "ROMEO:\nAnd what shall be the night the day,\nThat shall the sun and with the world.\n"
MATRICES = ["wte", "wpe"] + [
    f"h.{layer}.{part}" for layer in range(4) for part in ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
]


def written(workspace, name: str, shift: float, age: int) -> Run:
    """A run of the preset cpu that was stopped after three quarters."""
    run = Run(workspace.root / "runs" / name)
    run.path.mkdir(parents=True)
    run.save_config(
        RunConfig(
            name,
            "cpu",
            CPU.shape,
            CPU.schedule,
            "shakespeare",
            text=TextRecord("tiny Shakespeare", "", "0" * 64, 1_115_394),
            vocab_size=65,
            parameters=804_096,
            device=DeviceRecord("cpu", "a chip", "float32", "", 2, peak=0.2, peak_source="measured here"),
        )
    )
    os.utime(run.path / "config.json", (age, age))
    with run.metrics.open("w", encoding="utf-8") as file:
        for record in records(shift):
            file.write(json.dumps({name: each for name, each in asdict(record).items() if each is not None}) + "\n")
    run.samples.write_text(f"--- step 0 ---\nxq;K\n\n--- step 1500 ---\n{SAMPLE}\n", encoding="utf-8")
    run.save_state(
        RunState("stopped", 1500, message=f"Stopped and saved. Continue with `tutor train --resume {name}`.")
    )
    return run


def records(shift: float) -> list[Record]:
    """Losses that fall, a learning rate that rises and falls, updates that grow smaller."""
    found = []
    for step in range(0, 1501, 10):
        loss = 1.7 + shift + 2.4 * math.exp(-step / 200) + 0.05 * math.sin(step)
        rate = 1e-3 * min(1, step / 100) * (0.55 + 0.45 * math.cos(math.pi * step / 2000))
        ratios = {f"{name}.weight": rate * (0.5 + place / 9) for place, name in enumerate(MATRICES)}
        if step:
            found.append(Record(step, step / 20, loss, 20_000.0, rate, 0.5 + step / 3000, None, 412 * 10**6))
        if step and step % 100 == 0:
            found[-1] = replace(found[-1], ratios=ratios)
        if step % 250 == 0:
            found.append(Record(step, step / 20, train=loss - 0.05, val=loss + 0.1))
    return found


@pytest.fixture
def runs(workspace) -> list[Run]:
    """Two of them; the first is the newer."""
    return [written(workspace, "cpu-2", 0.0, 2), written(workspace, "cpu-1", 0.3, 1)]


async def test_the_training_screen(runs, on_map, check_snapshot):
    async with on_map() as story:
        await story.press("t")
        await story.sees("cpu-2 · stopped", "val 1.", "--- step 1500 ---")
        check_snapshot(story.app, "training-80x24")
        await story.press("2")
        await story.sees("log10 of update:data", "- - healthy: -3", "1 wte -3.9")
        check_snapshot(story.app, "training-updates-80x24")
        await story.press("4")
        await story.sees("log10 of update:data", "nearer to the target")
        check_snapshot(story.app, "training-matrices-80x24")
        await story.press("3")
        await story.sees("learning rate, now")
        check_snapshot(story.app, "training-rates-80x24")


async def test_the_training_screen_wide_with_two_runs_in_one_picture(runs, on_map, check_snapshot):
    async with on_map(size=(140, 40)) as story:
        await story.press("t")
        await story.sees("cpu-2 · stopped", "must end between 1.80 and 1.94", "log10 of update:data")
        check_snapshot(story.app, "training-140x40")
        await story.press("space", "down", "space")
        await story.sees("A cpu-2", "B cpu-1", "B╌╌╌ cpu-1")
        check_snapshot(story.app, "training-overlay-140x40")
        await story.press("c")
        await story.sees("Validation loss at equal times", "cpu-2 has the lowest loss")
        check_snapshot(story.app, "training-compared-140x40")


async def test_the_playground(runs, on_map, check_snapshot):
    """Its process says that there is no checkpoint; what a model would say is then told by hand."""
    async with on_map() as story:
        await story.pause()
        story.app.push_screen(PlaygroundScreen(runs[0]))
        await story.sees("cpu-2 has no checkpoint yet")
        screen = story.app.screen
        screen.query_one("#samples").choose(2)
        screen.query_one("#temperature").choose(0.8)
        await story.until(lambda: screen._asked.temperature == 0.8, "the wish")
        texts = (SAMPLE, "JULIET:\nO \x1b[2J the [b]night[/b].\n")
        for event in (
            Ready(1500, "your GPT (all of it yours), on cpu", 65, False, "", 64, "your gpt/generate"),
            Wrote(screen._ticket, tuple(each.replace("\x1b", "\\x1b") for each in texts), 300, 0.25),
            Done(screen._ticket, "Drawn by your gpt/generate without a cache."),
        ):
            screen.post_message(PlayerSaid(event))
        await story.sees("--- sample 2 ---", "1,200 tokens/s", "O \\x1b[2J the [b]night[/b].")
        check_snapshot(story.app, "playground-80x24")
        await story.resize(140, 40)
        await story.sees("--- sample 2 ---")
        check_snapshot(story.app, "playground-140x40")


async def test_the_playground_is_in_the_command_palette(on_map):
    async with on_map() as story:
        await story.pause()
        await story.press("ctrl+p")
        await story.types("playground")
        await story.sees("Let the model that was trained last write")
        await story.press("enter", "enter")
        await story.sees("No model has been trained yet.")
