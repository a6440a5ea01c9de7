"""Runs side by side, and what their files say at a glance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.core.chips import find_chip, published_peak
from tutor.core.comparison import Loss, Measured, compare, comparison_lines
from tutor.core.figures import expected_band, figures, loss_line, progress_line, speed_lines
from tutor.core.metrics import Record
from tutor.core.presets import PRESETS
from tutor.core.run_config import DeviceRecord, RunConfig, TextRecord
from tutor.core.runs import RunState
from tutor.core.updates import farthest, histories, update_lines

CPU = PRESETS["cpu"]
CONFIG = RunConfig(
    "run",
    "cpu",
    CPU.shape,
    CPU.schedule,
    "shakespeare",
    text=TextRecord("tiny Shakespeare", "", "0" * 64, 1_115_394),
    vocab_size=65,
    device=DeviceRecord("cpu", "a chip", "float32", "", 1, peak=0.2, peak_source="measured here"),
)


def measured(name: str, *estimates: tuple[int, float, float], config: RunConfig = CONFIG) -> Measured:
    """A run with (step, seconds, validation loss)."""
    records = tuple(Record(step, seconds, train=val, val=val) for step, seconds, val in estimates)
    return Measured(name, config, records)


def test_losses_at_equal_steps_are_measured_or_lie_between_two_estimates():
    one = measured("one", (0, 0, 4.0), (100, 10, 3.0), (200, 20, 2.0))
    two = measured("two", (0, 0, 4.0), (150, 30, 2.5))
    found = compare([one, two])
    assert [row.mark for row in found.by_step] == [0, 100, 150], "as far as both have come"
    assert found.by_step[1].losses == (Loss(3.0, False), Loss(3.0, True))
    assert found.by_step[2].losses == (Loss(2.5, True), Loss(2.5, False))


def test_at_equal_times_the_slower_run_has_done_fewer_steps():
    fast = measured("fast", (0, 0, 4.0), (100, 10, 2.0))
    slow = measured("slow", (0, 0, 4.0), (100, 40, 2.0))
    found = compare([fast, slow])
    assert found.by_time[-1].mark == 10
    assert [each.value for each in found.by_time[-1].losses] == pytest.approx([2.0, 3.5])
    assert "fast has the lowest loss, by 1.5000." in "\n".join(comparison_lines(found))


def test_runs_that_cannot_be_compared_say_why():
    other = replace(CONFIG, text=replace(CONFIG.text, sha256="1" * 64))
    lines = comparison_lines(compare([measured("a", (0, 0, 4.0)), measured("b", (0, 0, 4.0), config=other)]))
    assert lines[0].startswith("They do not learn the same text")
    assert "more than one" in "\n".join(lines), "nobody is ahead of an equal loss"
    lines = comparison_lines(compare([measured("a", (0, 0, 4.0)), measured("b")]))
    assert lines == ["b: no loss was measured yet. Compare again in a while."]


def test_a_table_has_ten_rows_at_most_and_the_last_step():
    run = measured("a", *((step, step / 10, 4.0 - step / 1000) for step in range(0, 1001, 25)))
    rows = compare([run, run]).by_step
    assert len(rows) <= 10 and rows[-1].mark == 1000


def test_speed_is_set_against_the_stated_peak():
    records = [Record(10, 1.0, loss=3.0, tokens_per_second=10_000.0, learning_rate=1e-3, grad_norm=0.5, memory=10**8)]
    found = figures(CONFIG, RunState("training"), records)
    flops = 10_000 * CPU.shape.flops_per_token(65)
    assert found.teraflops == pytest.approx(flops / 1e12) and found.mfu == pytest.approx(flops / 0.2e12)
    first, second = speed_lines(CONFIG, found)
    assert first == "learning rate 1.00e-03 · gradient 0.50 · memory 100 MB"
    assert second == f"10,000 tokens/s · MFU {100 * found.mfu:.0f} % of 200 GFLOP/s (measured here)"
    unknown = replace(CONFIG, device=replace(CONFIG.device, peak=0.0, peak_source=""))
    assert "MFU" not in "".join(speed_lines(unknown, figures(unknown, RunState("training"), records)))


def test_a_run_of_which_nothing_is_known_yet_has_no_figures():
    found = figures(CONFIG, RunState("starting"), [])
    assert progress_line(found) == "starting, step 0 of 2,000 (0 %)"
    assert loss_line(found, None) == "" and speed_lines(CONFIG, found) == []


def test_a_band_holds_for_the_preset_as_it_is_and_its_own_text():
    assert expected_band(CONFIG) == CPU.band
    assert expected_band(replace(CONFIG, schedule=replace(CPU.schedule, steps=10))) is None
    assert expected_band(replace(CONFIG, text=replace(CONFIG.text, title="names"))) is None
    assert expected_band(replace(CONFIG, tokenizer="bpe")) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("NVIDIA A100-SXM4-80GB", "A100"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA H200", "H200"),
        ("NVIDIA GeForce RTX 3060", "RTX 3060"),
        ("NVIDIA GeForce RTX 3060 Ti", None),
        ("NVIDIA H100 PCIe", None),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", None),
        ("NVIDIA L40S", None),
        ("AMD EPYC 9654", None),
    ],
)
def test_a_peak_is_that_of_the_chip_itself_not_of_one_named_alike(label, name):
    assert (chip := find_chip(label)) is None and name is None or chip.name == name


def test_peaks_by_precision():
    assert published_peak("NVIDIA H200", "bfloat16") == 989 and published_peak("NVIDIA H200", "float32") == 494
    assert published_peak("NVIDIA GeForce GTX 1080 Ti", "bfloat16") is None


def test_updates_stand_on_a_scale_of_powers_of_ten():
    records = [Record(step, step, ratios={"wte.weight": ratio}) for step, ratio in ((100, 1e-2), (200, 1e-4))]
    heading, line = update_lines(records, 60, 10)
    start = len("wte".ljust(14)) + 7
    target, now, before = (line[start:].index(each) for each in ("|", "o", "-"))
    assert "-4.0" in line and now < before < target < line[start:].rindex("-")
    assert heading.index("-4") < start + now + 2 and abs(heading.index("-3") - (start + target)) <= 2


def test_where_not_all_updates_fit_the_worst_are_shown():
    ratios = {f"h.{number}.weight": 1e-3 for number in range(20)} | {"bad.weight": 1e-1, "dead.weight": 0.0}
    lines = update_lines([Record(100, 1.0, ratios=ratios)], 60, 5)
    assert len(lines) == 5 and lines[-1] == "and 19 more, nearer to the target"
    assert any(line.startswith("bad") for line in lines) and any(line.startswith("dead") for line in lines)


@pytest.mark.parametrize("size", [(1, 1), (20, 3), (33, 2)])
def test_updates_survive_any_size(size):
    assert update_lines([Record(100, 1.0, ratios={"a": 1e-3})], *size)


def test_each_matrix_has_its_history_and_a_long_one_is_thinned_to_its_end():
    records = [Record(step, step, ratios={"transformer.wte.weight": 1e-2, "dead": 0.0}) for step in (20, 40)]
    records.insert(1, Record(30, 30, loss=1.0))
    assert histories(records) == {"wte": [(20.0, -2.0), (40.0, -2.0)], "dead": [(20.0, -5.0), (40.0, -5.0)]}
    long = [Record(step, step, ratios={"a": 1e-3}) for step in range(1000)]
    points = histories(long)["a"]
    assert 200 < len(points) <= 300 and points[-1] == (999.0, -3.0) and points == sorted(points)
    assert histories([]) == {} and histories([Record(1, 1.0, loss=2.0)]) == {}


def test_the_farthest_from_the_target_come_first():
    assert farthest({"a": -3.1, "b": -1.0, "c": -4.0}, 2) == ["b", "c"]
