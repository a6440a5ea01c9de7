"""`tutor picture` as a learner uses it: in a subprocess, on the course."""

from __future__ import annotations

import pytest


@pytest.fixture
def picture(tutor, tmp_path):
    """Runs the command on the course, in a workspace of its own."""
    return lambda *words, **more: tutor("picture", *words, "--workspace", tmp_path / "mine", course=None, **more)


def test_the_list_names_all_and_what_they_take(picture, validate):
    rows = validate(picture("--format", "json").stdout)["pictures"]
    text = picture().stdout
    assert len(rows) == 14
    assert all(row["name"] in text and row["title"] in text for row in rows)
    assert '--on "a=2; b=-3; c=10; f=-2; (a*b + c)*f": numbers with names' in text


def test_a_graph_is_drawn_and_says_whose_code_it_was(picture):
    done = picture("graph", "--on", "a=3; a+a")
    assert done.returncode == 0, done.stderr
    assert "a = 3 ─" in done.stdout and "+ = 6" in done.stdout and "grad 2" in done.stdout
    assert "Computed by the course's solutions: micrograd/value" in done.stdout
    assert "\x1b" not in done.stdout  # no terminal, no colours


def test_in_an_ascii_locale_it_is_drawn_in_ascii(picture, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    done = picture("bigram")
    assert done.returncode == 0 and done.stdout.isascii() and "?" not in done.stdout


def test_as_json(picture, validate):
    found = validate(picture("graph", "--format", "json").stdout)["picture"]
    assert found["panels"][0]["nodes"][-1]["data"] == -8


def test_saved_as_svg_png_and_dot_but_not_as_pdf(picture, tmp_path):
    for name in ("g.svg", "g.png", "g.dot"):
        done = picture("graph", "--save", tmp_path / name)
        if name == "g.png" and "No font" in done.stderr:
            continue  # a bare machine has none, and the sentence says so
        assert done.returncode == 0 and done.stdout == "" and "Saved as" in done.stderr
    assert (tmp_path / "g.svg").read_text().startswith("<svg")
    refused = picture("graph", "--save", tmp_path / "g.pdf")
    assert refused.returncode == 2 and "Save it as g.svg" in refused.stderr and not (tmp_path / "g.pdf").exists()


def test_printed_as_svg_or_as_a_graph_for_graphviz(picture):
    svg, graph = picture("graph", "--svg"), picture("graph", "--dot")
    assert svg.stdout.startswith("<svg") and svg.stdout.rstrip().endswith("</svg>")
    assert "digraph {" in graph.stdout and graph.stdout.rstrip().endswith("}")
    assert all("Computed by the course's solutions" in each.stderr for each in (svg, graph))
    none = picture("bigram", "--dot")
    assert none.returncode == 2 and none.stdout == "" and "is no graph" in none.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["graph", "--svg", "--save", "a.svg"], "Take one of"),
        (["grph"], "Did you mean 'graph'?"),
        (["graph", "--on", "a+b"], "'a' has no value"),
        (["moons", "--on", "steps=-1"], "steps must be a number from 0 to 200"),
    ],
)
def test_what_cannot_be_asked_for_is_a_sentence_and_exit_code_2(picture, words, told):
    done = picture(*words)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_another_course_has_no_such_exercises(tutor):
    done = tutor("picture", "graph")
    assert done.returncode == 2 and "has no exercise micrograd/backward" in done.stderr
