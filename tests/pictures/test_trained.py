"""Pictures of a GPT that was trained in the workspace, by the trainer itself."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.core import launch
from tutor.core.errors import PictureError, RunError
from tutor.core.gallery import find_subject
from tutor.core.painting import Painted, Painting, prepare
from tutor.core.presets import Schedule, Shape


class Nobody:
    """Progress in which nothing has passed."""

    def passed_sha(self, id: str, sha256: str) -> bool:
        return False


@pytest.fixture
def train(place, tmp_path):
    """Trains a tiny GPT for some steps on a text, and says where the run is."""

    def tiny(name: str, *, reference: bool = False, steps: int = 3) -> str:
        text = tmp_path / "text.txt"
        text.write_text("the cat sat on the mat. " * 40, encoding="utf-8")
        order = launch.Order(text=str(text), device="cpu", name=name, threads=1, reference=reference)
        run = launch.prepare_run(place, Nobody(), order)
        shape = Shape(block_size=8, n_layer=2, n_head=2, n_embd=8, dropout=0.1)
        schedule = Schedule(
            steps=steps, batch_size=2, eval_every=3, eval_batches=1, log_every=1, final_batches=1, samples=0
        )
        run.save_config(replace(run.config(), shape=shape, schedule=schedule))
        done = subprocess.run(launch.trainer_command(run), capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return str(run.path)

    return tiny


def test_the_latest_training_reads_the_sentence(place, train, paint):
    run = train("mine")
    *_, end = Painting(prepare(place, Nobody(), find_subject("attention"))).events()
    assert isinstance(end, Painted), end
    assert "".join(end.picture.panels[0].rows) == "the_moe_"  # nobody typed it: no d, and eight characters at most
    made = paint("attention", "layer=2; the cat", run=run)
    assert made.says[0].startswith("Your run mine. Layer 2 of 2")
    assert "gpt/model" in made.whose
    assert len(made.panels) == 2
    for grid in made.panels:
        for last, row in enumerate(grid.values):
            assert sum(row) == pytest.approx(1, abs=1e-5)
            assert not any(row[last + 1 :])
    with pytest.raises(PictureError, match="never seen 'dg'"):
        paint("attention", "dog", run=run)


def test_a_training_of_the_tutors_own_gpt_says_so(train, paint):
    made = paint("attention", "the cat", run=train("theirs", reference=True))
    assert made.whose == "Computed by the tutor's own GPT."
    assert all(sum(row) == pytest.approx(1, abs=1e-5) for grid in made.panels for row in grid.values)


def test_the_updates_of_a_training_are_drawn_by_kinds_of_matrices(train, paint):
    run = train("mine", steps=6)
    made = paint("run_updates", run=run)
    assert made.says[0].startswith("Your run mine, 10 matrices. Farthest from -3 at the end: ")
    assert "gpt/model" in made.whose
    singles, *layers = made.panels
    assert [each.name for each in singles.series] == ["wte", "wpe", "healthy: -3"]
    assert [each.title for each in layers] == [
        f"log10 of update over data: h.N.{part}"
        for part in ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
    ]  # fmt: skip
    measured = map(json.loads, Path(run, "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    ratios = {each["step"]: each["ratios"] for each in measured if each.get("ratios")}
    curve = layers[0].series[1]
    assert curve.name == "h.1.attn.c_attn" and curve.xs == (2.0, 4.0, 6.0) == tuple(ratios)
    (full,) = [name for name in ratios[2] if "h.1.attn.c_attn" in name]
    assert [10**each for each in curve.ys] == pytest.approx([each[full] for each in ratios.values()])


def test_updates_of_no_training_or_too_short_a_one_are_a_sentence(train, paint):
    with pytest.raises(PictureError, match="No training of yours has saved a checkpoint"):
        paint("run_updates")
    run = train("short")
    with pytest.raises(PictureError, match="short has measured too few updates"):
        paint("run_updates", run=run)
    with pytest.raises(RunError, match="There is no run 'nobody'. There are: short"):
        paint("run_updates", "nobody", run=run)
