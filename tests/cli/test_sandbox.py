"""What is enforced is shown, and with --require-sandbox nothing is run below a level."""

from __future__ import annotations

import json

import pytest

ORDER = ("rlimits", "landlock", "seccomp")
LEVELS = {"process": (), "rlimits": ORDER[:1], "landlock": ORDER[:2], "full": ORDER}


@pytest.mark.parametrize("layer", ORDER)
def test_doctor_shows_a_layer_that_is_switched_off(tutor, monkeypatch, layer):
    monkeypatch.setenv("TUTOR_SANDBOX_WITHOUT", layer)
    told = {each["name"]: each for each in json.loads(tutor("doctor", "--format", "json").stdout)["findings"]}
    assert told[f"sandbox: {layer}"]["text"] == "absent: switched off by TUTOR_SANDBOX_WITHOUT in the environment"
    assert all(told[f"sandbox: {each}"]["ok"] for each in ORDER if each != layer)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("without", ORDER)
def test_below_the_level_nothing_is_run(tutor, solved, monkeypatch, level, without):
    monkeypatch.setenv("TUTOR_SANDBOX_WITHOUT", without)
    done = tutor("check", "sums/total", "--require-sandbox", level, cwd=solved.root)
    if without in LEVELS[level]:
        assert done.returncode == 3
        told = " ".join(done.stdout.split())
        assert f"--require-sandbox {level} asks for layers that are not active here ({without}: " in told
    else:
        assert done.returncode == 0, done.stderr


def test_with_all_layers_the_highest_level_grades(tutor, solved):
    done = tutor("grade", solved.root, "--require-sandbox", "full", "--format", "json")
    assert done.returncode == 0, done.stdout
    layers = json.loads(done.stdout)["results"][0]["report"]["layers"]
    assert all(each["active"] for each in layers)
