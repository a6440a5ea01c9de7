"""The training screen as a learner uses it: start, watch, leave, come back, stop, resume."""

from __future__ import annotations

import asyncio
import time

import pytest
from textual.app import App
from textual.widgets import Input, OptionList, Static

from tutor.core.metrics import Record
from tutor.core.presets import PRESETS
from tutor.core.runs import Run, find_run, list_runs
from tutor.tui.screens.training import TrainingScreen
from tutor.tui.widgets import update_curves as updates
from tutor.tui.widgets.loss_curve import LossCurve, curve, overlay
from tutor.tui.widgets.run_facts import RunFacts


class Shell(App[None]):
    """An app that holds nothing but the screen."""

    def __init__(self, lab) -> None:
        super().__init__()
        self.lab = lab

    def on_mount(self) -> None:
        self.push_screen(TrainingScreen(self.lab.place.root, self.lab.course))


def text(app: App, selector: str) -> str:
    found = app.screen.query_one(selector, Static)
    return str(found.visual if not isinstance(found.content, str) else found.content)


async def until(condition, run: Run | None = None) -> None:
    end = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < end, run.last_log() if run else "it did not come true"
        await asyncio.sleep(0.05)


async def test_an_empty_workspace_says_what_to_do(lab):
    async with Shell(lab).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "n starts one" in text(pilot.app, "#text")
        await pilot.press("s", "r", "p", "z", "l", "t", "c", "w", "space", "2", "3", "1", "left_square_bracket", "down")
        assert list_runs(lab.place.root) == []


async def test_start_leave_come_back_stop_and_resume(lab):
    async with Shell(lab).run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        field = pilot.app.screen.query_one("#text", Input)
        field.value = str(lab.text)
        await pilot.press("enter")
        await until(lambda: list_runs(lab.place.root))
        run = find_run(lab.place.root)
        await until(lambda: len(lab.losses(run)) > 5, run)
        await until(lambda: "training, step" in text(pilot.app, "#facts"))
        assert "borrowed: gpt/get_batch" in text(pilot.app, "#facts") or pilot.app.size.width < 115

    assert run.state().status == "training"  # closing the screen stopped nothing

    async with Shell(lab).run_test(size=(80, 24)) as pilot:
        await until(lambda: f"{run.name} · training" in text(pilot.app, "#title"))
        await pilot.press("p")
        await until(lambda: f"{run.name} · paused" in text(pilot.app, "#title"))
        step = run.state().step
        await pilot.press("p")
        await until(lambda: f"{run.name} · training" in text(pilot.app, "#title"))
        await until(lambda: lab.losses(run)[-1][0] > step + 20, run)
        await pilot.press("s")
        await until(lambda: "stopped, step" in text(pilot.app, "#facts"))
        step = run.state().step
        await pilot.press("r")
        await until(lambda: "training, step" in text(pilot.app, "#facts"))
        await until(lambda: lab.losses(run)[-1][0] > step + 20, run)
        await pilot.press("s")
        await until(lambda: "stopped, step" in text(pilot.app, "#facts"))
    assert run.state().status == "stopped"


async def test_the_chosen_run_is_shown_with_its_losses_and_samples(lab):
    one, two = lab.run("one"), lab.run("two", steps=40)
    lab.train(one)
    lab.train(two)
    val = lab.losses(one)[-1][3]
    async with Shell(lab).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        runs = pilot.app.screen.query_one("#runs", OptionList)
        assert [runs.get_option_at_index(number).id for number in range(2)] == ["two", "one"]
        await pilot.press("down")
        await pilot.pause()
        assert "step 60 of 60 (100 %)" in text(pilot.app, "#facts")
        assert f"val {val:.4f}" in text(pilot.app, "#facts")
        assert "--- step 60 ---" in text(pilot.app, "#text")
        await pilot.press("l")
        await pilot.pause()
        assert "Done. Validation loss" in text(pilot.app, "#text")


async def test_runs_are_drawn_together_and_compared_in_a_table(lab):
    lab.train(lab.run("one"))
    lab.train(lab.run("two", learning_rate=3e-3))
    async with Shell(lab).run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("space", "down", "space")
        await pilot.pause()
        runs = pilot.app.screen.query_one("#runs", OptionList)
        assert [str(runs.get_option_at_index(number).prompt) for number in range(2)] == ["A two", "B one"]
        drawn = text(pilot.app, "#curve")
        assert "A─── two" in drawn and "B╌╌╌ one" in drawn and "step" in drawn
        await pilot.press("t")
        await pilot.pause()
        assert "time" in text(pilot.app, "#curve")
        await pilot.press("c")
        await pilot.pause()
        table = str(pilot.app.screen.query_one(Static).visual)
        assert "Validation loss at equal steps" in table and "Validation loss at equal times" in table
        await pilot.press("escape", "space")
        await pilot.pause()
        assert "o validation loss" in text(pilot.app, "#curve"), "a single one is drawn alone"


async def test_the_other_pictures_and_earlier_samples(lab):
    run = lab.run("one", log_every=1)
    lab.train(run)
    with run.samples.open("a") as file:
        file.write("--- step 61 ---\nred \x1b[31m text\n")
    async with Shell(lab).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "red \\x1b[31m text" in text(pilot.app, "#text"), "escape sequences are shown, not obeyed"
        await pilot.press("left_square_bracket")
        assert text(pilot.app, "#text").startswith("--- step 60 ---  (3 of 4")
        await pilot.press("2")
        await pilot.pause()
        ratios = [each.ratios for each in lab.records(run) if each.ratios]
        assert len(ratios) == 30
        drawn = text(pilot.app, "#updates").split("\n")
        assert "healthy: -3" in " ".join(drawn)
        await pilot.press("4")
        await pilot.pause()
        drawn = text(pilot.app, "#matrices").split("\n")
        assert drawn[-1] == "o now, - where it has been, | healthy: -3"
        assert "log10 of update:data" in drawn[0]
        assert {line.split()[0] for line in drawn[1:-1]} == {each.removesuffix(".weight") for each in ratios[-1]}
        await pilot.press("3")
        await pilot.pause()
        assert f"learning rate, now {lab.records(run)[-2].learning_rate:.2e}" in text(pilot.app, "#rates")


async def test_a_run_whose_config_is_torn_is_told_not_fatal(lab):
    run = lab.run("torn")
    (run.path / "config.json").write_text("{")
    async with Shell(lab).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "cannot be read" in text(pilot.app, "#facts")


async def test_a_text_that_is_not_there_is_told_and_starts_nothing(lab):
    async with Shell(lab).run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await pilot.pause()
        pilot.app.screen.query_one("#text", Input).value = "/no/such/file"
        await pilot.press("enter")
        await pilot.pause()
        assert any("There is no file" in each.message for each in pilot.app._notifications)
    assert list_runs(lab.place.root) == []


async def test_it_survives_any_size(lab):
    lab.train(lab.run())
    for size in [(1, 1), (20, 5), (40, 10), (300, 100)]:
        async with Shell(lab).run_test(size=size) as pilot:
            await pilot.pause()
            assert pilot.app.screen.query_one("#facts", RunFacts)
            assert pilot.app.screen.query_one("#curve", LossCurve)


def test_the_curve_falls_from_left_to_right():
    records = [Record(step, step, loss=4 - step / 100) for step in range(0, 300, 10)]
    rows = curve(records, 50, 15).plain.split("\n")[:12]
    inked = [[x for x, character in enumerate(row.partition("│")[2]) if character != " "] for row in rows]
    starts = [min(row) for row in inked if row]
    assert starts == sorted(starts) and starts[0] <= 1 and starts[-1] >= 35
    labels = [float(row.partition("│")[0]) for row in rows if row.partition("│")[0].strip()]
    assert labels == [4.0, 3.0, 2.0]


def test_the_band_is_drawn_where_the_loss_must_end():
    records = [Record(step, step, loss=3 - step / 100) for step in range(0, 100, 10)]
    without, within = (curve(records, 50, 15, band=band).plain.split("\n") for band in (None, PRESETS["cpu"].band))
    assert "must end between 1.80 and 1.94" in within[-1] and "must end" not in without[-1]
    lowest = [
        min(float(row.split("│")[0]) for row in rows if row.split("│")[0].strip() and "│" in row)
        for rows in (without, within)
    ]
    assert lowest[0] > 2.0 >= lowest[1], "the axis reaches down to it"


def test_curves_of_several_runs_differ_without_colour():
    runs = {
        name: [Record(step, step, val=3 - step / 100 + shift) for step in range(0, 101, 10)]
        for name, shift in (("a", 0.0), ("b", 0.5))
    }
    picture = overlay(runs, 70, 20, colour=False)
    rows = picture.plain.split("\n")
    assert not picture.spans
    assert rows[-1].split() == ["A───", "a", "2.0000", "B╌╌╌", "b", "2.5000"]
    assert sum(row.count("A") for row in rows[:-1]) > 3 and sum(row.count("B") for row in rows[:-1]) > 3
    first = overlay({"a": runs["a"], "x": []}, 70, 20, colour=False).plain
    second = overlay({"x": [], "a": runs["a"]}, 70, 20, colour=False).plain
    assert _ink(first) > 1.3 * _ink(second), "the second run's line is dashed"


def _ink(drawn: str) -> int:
    return sum(bin(ord(each) - 0x2800).count("1") for each in drawn if 0x2800 <= ord(each) < 0x2900)


def test_the_curve_marks_validation_losses_by_a_letter_not_by_colour_alone():
    records = [Record(step, step, loss=3.0) for step in range(0, 100, 10)]
    records += [Record(50, 50, train=3.0, val=2.0), Record(100, 100, train=3.0, val=2.5)]
    picture = curve(records, 50, 15, colour=False)
    assert sum(row.count("o") for row in picture.plain.split("\n")[:12]) == 2
    assert not picture.spans
    assert "now 2.5000" in picture.plain


def steps_of(names: int, steps: int = 6) -> list[Record]:
    """The further a matrix stands in the model, the larger its updates."""
    rows = [{f"h.{n}.weight": 10 ** (n / 10 - 5) for n in range(names)} for _ in range(steps)]
    return [Record(20 * step, step, ratios=ratios) for step, ratios in enumerate(rows, 1)]


def test_the_updates_have_a_curve_for_each_matrix_the_target_and_the_farthest_named():
    drawn = updates.curves(steps_of(3), 60, 16, colour=False).plain
    assert "50" in drawn and "100" in drawn and "- - healthy: -3" in drawn
    assert all(f"{place} h.{n} {n / 10 - 5:.1f}" in drawn for place, n in enumerate((0, 1, 2), 1))
    assert "other" not in drawn
    rows = drawn.split("\n")
    assert rows[0].count("-  -") > 3, "the target is seen, and nothing stands above it here"


def test_more_matrices_than_lines_are_drawn_as_their_edges():
    drawn = updates.curves(steps_of(30), 60, 16, colour=False).plain
    assert "1 h.0 -5.0" in drawn and "4 h.3 -4.7" in drawn and "the other 26: -4.6 to -2.1" in drawn
    filled = [row for row in drawn.split("\n")[:11] if row.partition("│")[2].strip("- ")]
    assert len(filled) <= 5, "the upper edge, and below it the lower one with those that are named"


@pytest.mark.parametrize("size", [(1, 1), (17, 9), (30, 6), (200, 70)])
def test_the_updates_survive_any_size_and_too_little_to_draw(size):
    assert updates.curves(steps_of(30), *size).plain
    assert updates.curves(steps_of(3, steps=1), *size).plain.startswith("The curves begin")
    assert updates.curves([], *size).plain.startswith("The curves begin")
