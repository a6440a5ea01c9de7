"""Attention maps of a GPT that was trained in the workspace, by the trainer itself."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from tutor.core import launch
from tutor.core.errors import PictureError
from tutor.core.gallery import find_subject
from tutor.core.painting import Painted, Painting, prepare
from tutor.core.presets import Schedule, Shape


class Nobody:
    """Progress in which nothing has passed."""

    def passed_sha(self, id: str, sha256: str) -> bool:
        return False


@pytest.fixture
def train(place, tmp_path):
    """Trains a tiny GPT for three steps on a text, and says where the run is."""

    def tiny(name: str, *, reference: bool = False) -> str:
        text = tmp_path / "text.txt"
        text.write_text("the cat sat on the mat. " * 40, encoding="utf-8")
        order = launch.Order(text=str(text), device="cpu", name=name, threads=1, reference=reference)
        run = launch.prepare_run(place, Nobody(), order)
        shape = Shape(block_size=8, n_layer=2, n_head=2, n_embd=8, dropout=0.1)
        schedule = Schedule(
            steps=3, batch_size=2, eval_every=3, eval_batches=1, log_every=1, final_batches=1, samples=0
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
