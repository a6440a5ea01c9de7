"""What is drawn: signs, values, sentences; and that nothing of a learner's can steer the terminal."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tutor.core.characters import needs_ascii
from tutor.core.report import Counterexample, LearnerError, Line, PropertyResult, Shown, Verdict
from tutor.tui.glyphs import ASCII, UNICODE, PlainLines, to_ascii
from tutor.tui.themes import DARK, LIGHT, terminal_theme
from tutor.tui.widgets.telling import detail, error_text
from tutor.tui.widgets.values import arguments, grid, pair

BLACK = Color(0, 0, 0)


def tensor(*values: float, shape: tuple[int, ...], marks: tuple[int, ...] = ()) -> Shown:
    return Shown("tensor", "", "float64", shape, marks, values)


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # Python sets LC_CTYPE so by itself
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "en_US.ISO-8859-1"}, True),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "C", "TUTOR_ASCII": "0"}, False),
        ({"LANG": "C.UTF-8", "TUTOR_ASCII": "1"}, True),
    ],
)
def test_ascii_where_the_locale_knows_no_unicode(environ, ascii_only):
    assert needs_ascii(environ) is ascii_only


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_bar_looks_full_only_when_all_is_done(glyphs):
    assert glyphs.bar(0, 100, 10) == glyphs.empty * 10
    assert glyphs.bar(1, 100, 10).count(glyphs.full) == 1
    assert glyphs.bar(99, 100, 10).count(glyphs.full) == 9
    assert glyphs.bar(100, 100, 10) == glyphs.full * 10
    assert glyphs.bar(0, 0, 10) == glyphs.full * 0 + glyphs.empty * 10


def test_verdicts_have_signs_of_their_own():
    for glyphs in (UNICODE, ASCII):
        signs = {glyphs.verdict(word) for word in ("passed", "failed", "new", "started", "error")}
        assert len(signs) == 5
        assert all(cell_len(sign) == 1 for sign in signs)


def drawn(text: str, *, ascii_only: bool) -> str:
    return "".join(each.text for each in PlainLines(ascii_only=ascii_only).apply([Segment(text)], BLACK))


@pytest.mark.parametrize("evil", ["\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "a\u202eb", "\x00", "\u2028"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_nothing_that_steers_a_terminal_is_drawn(evil, ascii_only):
    assert drawn(f"x{evil}y", ascii_only=ascii_only).isprintable()


def test_unicode_is_left_alone_and_ascii_is_as_wide():
    text = "√ 日本 ✓ ─ émigré 🙂"
    assert drawn(text, ascii_only=False) == text
    assert drawn(text, ascii_only=True).isascii()
    assert cell_len(to_ascii(text)) == cell_len(text)


def test_differing_entries_carry_a_star():
    text = grid(tensor(1.0, 2.5, -3.0, 0.25, shape=(2, 2), marks=(1, 2))).plain
    assert text.split("\n") == ["dim 0 \\ 1    [0]    [1]", "      [0]     1    2.5*", "      [1]    -3*  0.25 "]


def test_three_dimensions_are_one_grid_each():
    text = grid(tensor(*map(float, range(8)), shape=(2, 2, 2))).plain
    assert text.split("\n")[4:] == ["[1]", "dim 1 \\ 2  [0]  [1]", "      [0]    4    5", "      [1]    6    7"]


def test_one_entry_takes_one_line_and_one_slice_needs_no_index():
    assert grid(tensor(5.0, shape=(1, 1, 1), marks=(0,))).plain == "[[[5*]]]"
    assert grid(tensor(1.0, 2.0, shape=(1, 2, 1))).plain == "dim 1 \\ 2  [0]\n      [0]    1\n      [1]    2"


def test_drawn_values_stand_side_by_side_where_they_fit():
    values = {"a": tensor(1.0, 2.0, shape=(2, 1)), "b": tensor(3.0, shape=(1, 1))}
    beside, below = arguments(values, 60), arguments(values, 20)
    assert [each.plain.rstrip() for each in beside] == [
        "a float64 (2, 1)   b float64 (1, 1)  [[3]]", "dim 0 \\ 1  [0]", "      [0]    1", "      [1]    2",
    ]  # fmt: skip
    assert len(below) == 5


def test_values_that_are_no_numbers_are_shown_as_such():
    assert grid(Shown("tensor", "", "float64", (2,), (0,), ("nan", 1.0))).plain == "[nan*,   1 ]"
    assert grid(Shown("tensor", "9999 entries, from 0 to 1", "float64", (99, 101))).plain.startswith("9999 entries")
    assert grid(tensor(shape=(0, 3))).plain == "(no entries)"
    assert grid(tensor(5.0, shape=())).plain == "5"


def test_expected_and_actual_stand_side_by_side_where_they_fit():
    left, right = tensor(1.0, 2.0, shape=(2, 1)), tensor(1.0, 3.0, shape=(2, 1), marks=(1,))
    wide, narrow = pair(left, right, 60).plain.split("\n"), pair(left, right, 20).plain.split("\n")
    assert "expected" in wide[0]
    assert "yours" in wide[0]
    assert len(narrow) == 2 * len(wide)
    assert max(map(len, narrow)) <= 60


def test_plain_numbers_share_a_line():
    values = {"n": Shown("int", "3"), "x": tensor(1.0, shape=(1,)), "name": Shown("str", "'a'")}
    lines = [each.plain for each in arguments(values, 80)]
    assert lines == ["n = 3   name = 'a'", "x float64 (1,)  [1]"]


def failure(**more: object) -> PropertyResult:
    return PropertyResult("agrees", "It agrees.", Verdict.FAILED, 3, **more)


def test_a_failure_says_why_on_what_and_with_which_values():
    found = Counterexample({"x": tensor(1.0, shape=(1,))}, "f(x)", "the result", tensor(1.0, shape=(1,)),
                           tensor(2.0, shape=(1,), marks=(0,)), "1 of 1 entries differs", shrunk=True)  # fmt: skip
    result = failure(message="The result differs.", counterexample=found, printed="hello\n")
    text = detail(result, 80).plain
    for part in ("smallest case", "f(x)", "expected", "yours", "[2*]", "hello"):
        assert part in text


def test_markup_and_escapes_in_what_a_learner_printed_are_text():
    text = detail(failure(printed="[bold red]\x1b[31mred\x1b]0;title\x07[/]"), 80)
    assert "[bold red]" in text.plain
    assert "\x1b" not in text.plain
    assert "\x07" not in text.plain


def test_an_error_shows_the_learners_line_and_says_nothing_twice():
    error = LearnerError(
        "ValueError", "no such thing", (Line("exercises/a/b.py", 7, "f", "raise ValueError"),), "Do this."
    )
    text = error_text(error, told="Your code raised ValueError: no such thing").plain
    assert "exercises/a/b.py, line 7 in f" in text
    assert "raise ValueError" in text
    assert text.count("no such thing") == 0
    assert "Do this." in text


def test_a_terminal_that_says_it_is_light_gets_the_light_theme():
    assert terminal_theme({"COLORFGBG": "0;15"}) is LIGHT
    assert terminal_theme({"COLORFGBG": "15;0"}) is DARK
    assert terminal_theme({}) is DARK


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_text_can_be_read_on_every_background(theme):
    texts = [theme.foreground, *(value for name, value in theme.variables.items() if name.startswith("text-"))]
    for background in (theme.background, theme.surface, theme.panel):
        for text in texts:
            assert contrast(Color.parse(text), Color.parse(background)) >= 4.5, (text, background)


def contrast(one: Color, other: Color) -> float:
    """The ratio of the Web Content Accessibility Guidelines."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
