"""train, sample, runs and data as a learner calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import jsonschema
import pytest

from tutor.core import documents
from tutor.core.runs import find_run


@pytest.fixture
def tutor(lab, place):
    def run(*words: object, input: str = "") -> subprocess.CompletedProcess[str]:
        command = [*lab.python, "-m", "tutor", "--course", str(lab.course), *map(str, words)]
        return subprocess.run(command, cwd=place.root, input=input, capture_output=True, encoding="utf-8", check=False)

    return run


def test_train_sample_and_list(tutor, text, place):
    done = tutor("train", "--data", text, "--steps", 20, "--threads", 1, "--name", "mine")
    assert done.returncode == 0, done.stderr
    assert "step 20/20" in done.stdout and "for the preset as it is" in done.stdout

    sampled = tutor("sample", "--prompt", "-", "--tokens", 30, "--seed", 4, input="ab")
    assert sampled.returncode == 0, sampled.stderr
    assert sampled.stdout.startswith("ab") and len(sampled.stdout) == 2 + 30 + 1
    assert "mine, step 20" in sampled.stderr and "borrowed: gpt/get_batch" in sampled.stderr
    assert "30 tokens in " in sampled.stderr and sampled.stderr.endswith(" tokens/s.\n")

    several = tutor("sample", "--prompt=ab", "--tokens", 30, "--samples", 3, "--format", "json", "--top-p", 0.9)
    document = json.loads(several.stdout)
    assert [len(each) for each in document["samples"]] == [30, 30, 30] and document["prompt"] == "ab"
    assert document["tokens_per_second"] > 0
    jsonschema.validate(document, documents.schema())

    listed = tutor("runs", "--format", "json")
    (row,) = json.loads(listed.stdout)["runs"]
    assert (row["name"], row["status"], row["step"], row["steps"]) == ("mine", "finished", 20, 20)
    assert "mine" in tutor("runs").stdout

    full = json.loads(tutor("runs", "mine", "--format", "json").stdout)
    jsonschema.validate(full, documents.schema())
    (told,) = full["runs"]
    assert told["val"] == row["val"] and told["learning_rate"] > 0 and told["tokens_per_second"] > 0
    page = tutor("runs", "mine").stdout
    assert page.startswith("mine: finished, step 20 of 20 (100 %)") and "--- step 20 ---" in page
    assert f"val {told['val']:.4f}" in page and "borrowed: gpt/get_batch" in page


def test_runs_are_compared_in_text_and_json(tutor, text):
    for name, rate in (("slow", 1e-4), ("quick", 1e-2)):
        tutor("train", "--data", text, "--steps", 30, "--set", "eval_every=10", "--lr", rate, "--name", name)
    document = json.loads(tutor("runs", "--compare", "slow", "quick", "--format", "json").stdout)
    jsonschema.validate(document, documents.schema())
    assert document["runs"] == ["slow", "quick"] and document["same_text"]
    assert [each["step"] for each in document["at_equal_steps"]] == [0, 10, 20, 30]
    table = tutor("runs", "--compare", "slow", "quick").stdout
    assert "Validation loss at equal steps" in table and "At step 30, quick has the lowest loss" in table
    assert "quick" in tutor("runs", "--compare").stdout, "without names: the two newest"
    alone = tutor("runs", "--compare", "slow")
    assert alone.returncode == 2 and "Two runs at least" in alone.stderr


def test_a_run_is_paused_followed_and_goes_on_from_the_command_line(tutor, text, place, lab):
    tutor("train", "--data", text, "--steps", 10**6, "--threads", 1, "--name", "mine", "--background")
    run = find_run(place.root)
    until = time.monotonic() + 60

    def wait(status: str) -> None:
        while run.state().status != status:
            assert time.monotonic() < until, run.last_log()
            time.sleep(0.02)

    wait("training")
    assert tutor("runs", "--pause", "mine").returncode == 0
    wait("paused")
    assert "mine: paused, step " in tutor("runs", "mine").stdout
    again = tutor("runs", "--pause", "mine")
    assert again.returncode == 2 and "it is paused" in again.stderr
    longer = tutor("train", "--resume", "mine", "--steps", 10**7)
    assert longer.returncode == 2 and "Stop it first" in longer.stderr
    assert "goes on where it waits" in tutor("train", "--resume", "mine").stderr
    wait("training")
    command = [*lab.python, "-m", "tutor", "--course", str(lab.course), "runs", "--follow", "mine"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=place.root, stdout=pipe, stderr=pipe, encoding="utf-8") as follower:
        assert follower.stdout.readline().startswith("Run     mine")
        assert tutor("runs", "--stop", "mine").returncode == 0
        wait("stopped")
        out, err = follower.stdout.read(), follower.stderr.read()
    assert "Paused at step" in out and "tutor train --resume mine" in out and err == "mine is stopped.\n"


def test_a_finished_run_goes_on_with_more_steps_only(tutor, text):
    tutor("train", "--data", text, "--steps", 10, "--threads", 1, "--name", "mine")
    again = tutor("train", "--resume", "mine")
    assert again.returncode == 2 and "--steps 20" in again.stderr
    longer = tutor("train", "--resume", "mine", "--steps", 20)
    assert longer.returncode == 0 and "Resumed at step 10." in longer.stdout


def test_what_a_run_began_with_cannot_change(tutor, text):
    tutor("train", "--data", text, "--steps", 10, "--threads", 1, "--name", "mine")
    changed = tutor("train", "--resume", "mine", "--data", text, "--preset", "cpu")
    assert changed.returncode == 2
    assert "--data, --preset cannot change" in changed.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_ctrl_c_saves_and_says_how_to_go_on(lab, place, text):
    command = [*lab.python, "-m", "tutor", "--course", str(lab.course), "train", "--data", str(text), "--name", "mine"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=place.root, stdout=pipe, stderr=pipe, encoding="utf-8", start_new_session=True
    ) as process:
        metrics = place.root / "runs" / "mine" / "metrics.jsonl"
        while not metrics.exists() or metrics.read_bytes().count(b"\n") < 3:
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130, err
    assert "tutor train --resume mine" in out and "Traceback" not in err
    assert find_run(place.root).state().status == "stopped"


def test_bad_words_are_told(tutor):
    for words, sentence in [
        (("train", "--preset", "huge"), "huge"),
        (("train", "--set", "n_layers=3"), "Did you mean n_layer?"),
        (("train", "--batch", "0"), "batch_size must be at least 1; it is 0."),
        (("train", "--config", "none.toml"), "none.toml cannot be read"),
        (("train", "--data", "nothing.txt"), "There is no file"),
        (("train", "--resume", "nothing"), "no runs yet"),
        (("sample",), "no runs yet"),
        (("sample", "--top-p", "x"), "not a valid float"),
        (("runs", "--stop", "x"), "no runs yet"),
        (("data", "nothing"), "no text of that name"),
    ]:
        done = tutor(*words)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr, words


def test_the_commands_need_no_torch(lab):
    modules = "sys, tutor.train_commands, tutor.sample_commands"
    code = f"import {modules}; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([*lab.python, "-c", code], check=False).returncode == 0
