"""Terminals without Unicode: what stands there can be read, and says what the signs say."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from tutor.core.characters import READABLE, needs_ascii, readable, stand_in
from tutor.core.course import aha, default_course_root, hints, load_course, whys
from tutor.core.quiz import read_quiz


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ("softmax(q kᵀ / √D)", "softmax(q k^T / sqrt(D))"),
        ("√(2/π), √8.667, 1/√n", "sqrt(2/pi), sqrt(8.667), 1/sqrt(n)"),
        ("2⁴⁰ ways, 10⁻³⁰, a² + b²", "2^40 ways, 10^-30, a^2 + b^2"),
        ("by 4ε, b·ε = -3ε", "by 4 eps, b*eps = -3 eps"),
        ("∂L/∂x ≤ ±1 → Σx", "dL/dx <= +-1 -> sum x"),
        ("x·σ(2u), μσ²", "x*sigma(2u), mu sigma^2"),
        ("[3 × 4] “naïve” – 1 − h²…", '[3 x 4] "naive" - 1 - h^2...'),
        ("漢", "漢"),
    ],
)
def test_signs_become_what_people_type(signs, words):
    assert readable(signs) == words


def test_columns_stay_aligned_where_there_is_room():
    table = "q·k0 = 4     / √4 = 2       weight 0.665\nq·k1 = 0     / 4 = 0        weight 0.090"
    first, second = readable(table).split("\n")
    assert first.index("weight") == second.index("weight")
    assert readable("√4  b\n4    b") == "sqrt(4)  b\n4    b"


def test_one_sign_for_one_character_never_makes_another_number():
    assert [stand_in(each) for each in "√×·≤→Σ∂²é⠁⠀─漢"] == [
        "V",
        "x",
        "*",
        "<",
        ">",
        "S",
        "d",
        "^",
        "e",
        "'",
        " ",
        "-",
        "",
    ]


def test_the_course_can_be_read_without_unicode():
    """Whatever is written into it: a sign that no table knows would be a '?' in every lesson that has it."""
    course = load_course(default_course_root())
    texts = [
        course.title,
        *(text for track in course.tracks for text in (track.title, track.introduction, track.paper)),
    ]
    for each in course.exercises:
        texts += [each.title, each.lesson, *hints(each), aha(each), *whys(each).values()]
        texts += [each.stub.read_text(encoding="utf-8"), each.reference.read_text(encoding="utf-8")]
    for track in course.tracks:
        for question in read_quiz(course, track):
            texts += [question.text, *question.answers, question.why]
    assert len(texts) > 200
    assert not {sign for text in texts for sign in readable(text) if not sign.isascii()}
    assert not {sign for text in texts for sign in text if not sign.isascii() and not stand_in(sign)}


@pytest.mark.parametrize(
    ("environ", "lacking"),
    [
        ({}, False),
        ({"LC_ALL": "C"}, True),
        ({"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "de_DE.utf8", "LC_ALL": "C", "TUTOR_ASCII": "0"}, False),
        ({"LC_ALL": "C", "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}, False),
    ],
)
def test_which_terminals_lack_signs(environ, lacking):
    assert needs_ascii(environ) == lacking


def test_what_an_encoding_lacks_is_written_in_words():
    assert "1/√n ≤ 10⁻³ “漢”".encode("ascii", READABLE) == b'1/sqrt(n) <= 10^-3 "?"'
    assert "é ≤ 2".encode("latin-1", READABLE) == b"\xe9 <= 2"


def test_a_command_on_an_ascii_terminal_writes_words(tmp_path):
    ours, theirs = pty.openpty()
    environ = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "tutor", "show", "attention/scaled_scores"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, stdin=theirs, env=environ, cwd=tmp_path)
    os.close(theirs)
    written = b""
    while more := _read(ours):
        written += more
    assert done.returncode == 0, done.stderr
    assert b"softmax(q k^T / sqrt(D))" in written and written.isascii()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # everything is read, and the other end is closed
        return b""
