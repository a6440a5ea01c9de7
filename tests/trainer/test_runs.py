"""Laying out runs, and reading them while they grow."""

from __future__ import annotations

import os
from dataclasses import asdict

import pytest

from tutor.core import launch
from tutor.core.errors import RunError
from tutor.core.metrics import Record, Tail, duration, seconds_left
from tutor.core.order import Order
from tutor.core.runs import Run, RunState, find_run, list_runs


def test_a_run_is_made_of_what_has_passed_and_borrows_the_rest(place, progress, solve):
    solve("gpt/block")
    solve("gpt/generate")
    place.write("gpt/generate", place.read("gpt/generate") + "# changed since\n")
    place.file("gpt/get_batch").unlink()
    run = launch.prepare_run(place, progress, Order())
    borrowed = {each.exercise: each.borrowed for each in run.config().code}
    assert borrowed == {"gpt/get_batch": True, "gpt/block": False, "gpt/model": True, "gpt/generate": True}
    assert run.code("gpt/block").read_text() == place.read("gpt/block")
    assert "MINE" not in run.code("gpt/generate").read_text()


def test_a_course_without_a_gpt_has_nothing_to_train(workspace, progress):
    with pytest.raises(RunError, match="no GPT to train"):
        launch.prepare_run(workspace, progress, Order())


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "a b"])
def test_names_that_are_no_folder_names_are_refused(place, progress, name):
    with pytest.raises(RunError, match="cannot be a run's name"):
        launch.prepare_run(place, progress, Order(name=name))


def test_names_are_taken_once_and_numbers_go_on(place, progress):
    assert launch.prepare_run(place, progress, Order(name="mine")).name == "mine"
    with pytest.raises(RunError, match="--resume mine"):
        launch.prepare_run(place, progress, Order(name="mine"))
    names = [launch.prepare_run(place, progress, Order(preset="cpu")).name for _ in range(2)]
    assert names == ["cpu-1", "cpu-2"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(place, progress):
    place.root.chmod(0o500)
    with pytest.raises(RunError, match="cannot be started"):
        launch.prepare_run(place, progress, Order())


def test_a_run_is_found_by_name_by_folder_or_as_the_latest(place, lab):
    with pytest.raises(RunError, match="no runs yet"):
        find_run(place.root)
    one, two = lab.run("one"), lab.run("two")
    os.utime(one.path / "config.json", (1, 1))
    assert find_run(place.root) == two and [run.name for run in list_runs(place.root)] == ["two", "one"]
    assert find_run(place.root, "one") == one == find_run(place.root, str(one.path))
    with pytest.raises(RunError, match="There are: two, one"):
        find_run(place.root, "three")


def test_a_config_of_a_newer_version_or_torn_is_a_sentence(lab):
    run = lab.run("run")
    path = run.path / "config.json"
    text = path.read_text()
    path.write_text(text.replace('"format_version": 2', '"format_version": 9'))
    with pytest.raises(RunError, match="format 9"):
        run.config()
    path.write_text(text[:100])
    with pytest.raises(RunError, match="cannot be read"):
        run.config()


def test_a_trainer_that_died_leaves_an_interrupted_run(lab):
    run = lab.run("run")
    assert run.state().status == "starting"
    os.utime(run.path / "config.json", (1, 1))
    assert run.state().status == "interrupted"
    run.save_state(RunState("training", 12, pid=1))
    assert run.state().status == "interrupted" and run.state().step == 12
    run.save_state(RunState("finished", 20))
    assert run.state() == RunState("finished", 20)


def write(path, *records, mode="w"):
    import json

    with path.open(mode) as file:
        file.writelines(json.dumps(asdict(each)) + "\n" for each in records)


def test_a_tail_reads_each_line_once_and_waits_for_half_ones(tmp_path):
    path = tmp_path / "metrics.jsonl"
    tail = Tail(path)
    assert tail.read() is False
    write(path, Record(1, 0.1))
    with path.open("a") as file:
        file.write('{"step": 2, ')
    assert tail.read() is True and tail.read() is False
    with path.open("a") as file:
        file.write('"seconds": 0.2}\nnonsense\n')
    assert tail.read() is True
    assert [each.step for each in tail.records] == [1, 2]


def test_a_tail_starts_again_where_the_file_was_cut_back(tmp_path):
    path = tmp_path / "metrics.jsonl"
    tail = Tail(path)
    write(path, *(Record(step, 0.1) for step in range(10)))
    tail.read()
    write(path, *(Record(step, 0.1) for step in range(5)))
    tail.read()
    assert [each.step for each in tail.records] == list(range(5))
    write(path, *(Record(step, 0.123456789) for step in range(3)))
    write(path, *(Record(step, 0.123456789) for step in range(3, 9)), mode="a")  # cut, and longer than before
    tail.read()
    tail.read()
    assert [each.step for each in tail.records][-1] == 8


def test_the_rest_takes_as_long_as_the_last_steps_did():
    assert seconds_left([Record(0, 0.0)], 100) is None
    assert seconds_left([Record(0, 0.0), Record(10, 5.0)], 100) == pytest.approx(45)


def test_durations_read_well():
    assert [duration(each) for each in (4.4, 75, 3700)] == ["4 s", "1:15 min", "1:01 h"]


def test_a_folder_without_a_config_is_no_run(place):
    (place.root / "runs" / "stray").mkdir(parents=True)
    assert list_runs(place.root) == []
    assert Run(place.root / "runs" / "stray").last_log() == ""
