"""Attention maps of a GPT that was trained in the workspace, by the trainer itself."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from tutor.core import launch
from tutor.core.gallery import find_subject
from tutor.core.painting import Failed, Painted, Painting, prepare
from tutor.core.presets import Schedule, Shape


class Nobody:
    """Progress in which nothing has passed."""

    def passed_sha(self, id: str, sha256: str) -> bool:
        return False


@pytest.fixture
def train(place, tmp_path):
    """Trains a tiny GPT for three steps on a text."""

    def tiny(name: str, *, reference: bool = False) -> None:
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

    return tiny


@pytest.mark.parametrize("reference", [False, True])
def test_the_latest_training_reads_the_sentence(place, train, reference):
    train("mine", reference=reference)
    *_, end = Painting(prepare(place, Nobody(), find_subject("attention"), "layer=2; the cat")).events()
    assert isinstance(end, Painted), end
    assert end.picture.says[0].startswith("Your run mine. Layer 2 of 2")
    assert ("the tutor's own GPT" in end.picture.whose) is reference
    assert len(end.picture.panels) == 2
    for grid in end.picture.panels:
        for place_of_row, row in enumerate(grid.values):
            assert sum(row) == pytest.approx(1, abs=1e-5)
            assert not any(row[place_of_row + 1 :])


def test_the_sentence_that_nobody_typed_is_fitted_to_the_model_and_a_typed_one_is_refused(place, train):
    train("mine")
    *_, end = Painting(prepare(place, Nobody(), find_subject("attention"))).events()
    assert isinstance(end, Painted), end
    assert "".join(end.picture.panels[0].rows) == "the_moe_"  # no d, and eight characters at most
    *_, end = Painting(prepare(place, Nobody(), find_subject("attention"), "dog")).events()
    assert isinstance(end, Failed) and end.why == "order" and "never seen 'dg'" in end.message
