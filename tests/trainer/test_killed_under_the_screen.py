"""A trainer that is killed while a learner watches it: a sentence, and one key goes on from where it was saved."""

from __future__ import annotations

import os
import signal
import time

from textual.app import App
from textual.widgets import Static

from tutor.core import launch
from tutor.tui.screens.training import TrainingScreen


async def until(pilot, condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        await pilot.pause(0.1)


async def test_a_trainer_that_is_killed_is_told_and_resumed(lab):
    class Shell(App[None]):
        def on_mount(self) -> None:
            self.push_screen(TrainingScreen(lab.place.root, lab.course))

    run = lab.run("killed", steps=100_000)
    launch.start_in_background(run)
    async with Shell().run_test(size=(140, 40)) as pilot:

        def facts() -> str:
            return " ".join(str(pilot.app.screen.query_one("#facts", Static).visual).split())

        await until(pilot, lambda: run.state().status == "training" and run.state().step > 40)
        os.kill(run.state().pid, signal.SIGKILL)
        await until(pilot, lambda: "The trainer died without a word" in facts())
        before = run.state().step
        await pilot.press("r")
        await until(pilot, lambda: run.state().status == "training" and run.state().step > before + 20)
        launch.request_stop(run)
        await until(pilot, lambda: run.state().status == "stopped")
