"""A track's place in history and its numbers: read from the manifest, linted, compared with the learner's trainings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.core.course import Milestone, default_course_root, load_course
from tutor.core.errors import CourseError
from tutor.core.milestones import Target, best_losses, milestone_problems, targets
from tutor.core.parts import PARTS, needed_for_training
from tutor.core.presets import PRESETS
from tutor.core.run_config import RunConfig, TextRecord
from tutor.core.runs import Run

FACTS = """
year = 1913
paper = "Somebody, Something"

[[track.milestone]]
what = "A loss"
number = 3

[[track.milestone]]
what = "Yours"
preset = "l7"
"""


@pytest.fixture
def with_facts(toy_root):
    """The toy course with these lines under its last track."""

    def load(facts: str):
        manifest = toy_root / "exercises/course.toml"
        manifest.write_text(manifest.read_text(encoding="utf-8") + facts, encoding="utf-8")
        return load_course(toy_root)

    return load


def test_facts_of_a_track_are_read(with_facts):
    lines, sums = with_facts(FACTS).tracks
    assert (lines.year, lines.paper, lines.milestones) == (0, "", ())
    assert (sums.year, sums.paper) == (1913, "Somebody, Something")
    assert sums.milestones == (Milestone("A loss", 3.0), Milestone("Yours", preset="l7"))
    assert list(milestone_problems(with_facts(""))) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("year = 1913", 'year = "1913"', "'year' must be there and be a number"),
        ("number = 3", "number = true", "'number' must be there and be a number"),
        ("number = 3", "reach = 3", "unknown key 'reach'"),
        ('what = "A loss"\n', "", "'what' must be there and be a text"),
        ("[[track.milestone]]", "[track.milestones]", "unknown key 'milestones'. Did you mean 'milestone'"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused(with_facts, old, new, told):
    with pytest.raises(CourseError, match=told.replace(".", "[.]")):
        with_facts(FACTS.replace(old, new, 1) if "milestones" not in new else FACTS.partition("[[")[0] + new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("year = 1913", "", "year and paper go together"),
        ("year = 1913", "year = 19", "19 is no year"),
        ('"l7"', '"l8"', "there is no preset 'l8'. Did you mean 'l7'?"),
        ('preset = "l7"', "", "needs a number or the preset"),
        ("number = 3", "number = inf", "no finite number"),
        ('"A loss"', '" "', "does not say what is measured"),
    ],
)
def test_the_linter_names_facts_that_cannot_be_shown(with_facts, old, new, told):
    (problem,) = milestone_problems(with_facts(FACTS.replace(old, new)))
    assert told in problem and "track sums" in problem


def a_run(workspace: Path, name: str, val: float, *, text: str = "tiny Shakespeare", **more: object) -> None:
    preset = PRESETS["l7"]
    record = TextRecord(**{**dict.fromkeys(TextRecord.__dataclass_fields__, ""), "title": text, "characters": 1})
    config = RunConfig(name, "l7", preset.shape, preset.schedule, text, text=record, **more)
    folder = workspace / "runs" / name
    folder.mkdir(parents=True)
    Run(folder).save_config(config)
    lines = [{"step": step, "seconds": 1.0, "val": loss} for step, loss in ((0, 4.2), (10, val), (20, val + 0.5))]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")


def test_the_lowest_loss_of_the_learners_own_gpt_on_that_text_counts(tmp_path):
    assert best_losses(tmp_path) == {}
    a_run(tmp_path, "good", 2.05)
    a_run(tmp_path, "worse", 2.4)
    a_run(tmp_path, "names", 1.9, text="32,033 names")
    a_run(tmp_path, "course", 1.8, reference=True)
    a_run(tmp_path, "pairs", 1.7, tokenizer="bpe")
    (tmp_path / "runs/broken").mkdir()
    (tmp_path / "runs/broken/config.json").write_text("{", encoding="utf-8")
    assert best_losses(tmp_path) == {"l7": 2.05}


def test_a_target_is_reached_where_the_loss_is_as_low_as_the_preset_promises(with_facts):
    track = with_facts(FACTS).tracks[1]
    band = PRESETS["l7"].band
    assert targets(track, {}) == (Target("A loss", 3.0), Target("Yours", band.expected))
    assert targets(track, {"l7": band.high})[1].reached
    assert not targets(track, {"l7": band.high + 0.01})[1].reached


def test_the_gpt_needs_what_its_parts_import(toy):
    assert needed_for_training(toy) == frozenset()
    needed = needed_for_training(load_course(default_course_root()))
    assert needed.issuperset(PARTS) and "attention/scaled_scores" in needed
    assert not any(id.startswith(("micrograd/", "recurrent/")) for id in needed)


def test_every_track_of_the_course_has_its_place_in_history():
    course = load_course(default_course_root())
    assert list(milestone_problems(course)) == []
    assert all(track.year and track.paper for track in course.tracks)
