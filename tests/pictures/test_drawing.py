"""Drawings as text: what must be seen in them, at any width, without colour, in ASCII."""

from __future__ import annotations

import base64
import math
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import resvg_py
from rich.text import Text

from tutor.core.errors import PictureError
from tutor.core.picture import Graph, Grid, Lines, Node, Picture, Point, Scatter, Series, Table
from tutor.drawing import png
from tutor.drawing.graph import draw_graph
from tutor.drawing.grid import draw_grid, entry
from tutor.drawing.lines import draw_lines
from tutor.drawing.look import Look
from tutor.drawing.picture import draw_panel, draw_picture, draw_together
from tutor.drawing.saving import check_name, save
from tutor.drawing.scatter import score_at
from tutor.drawing.svg import dot, svg

PLAIN = Look(80, 20, colour=False)


def drawn_in(family: str) -> bytes:
    text = f'<text y="12" style="font-family: {family}">M</text>'
    return resvg_py.svg_to_bytes(
        svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">{text}</svg>'
    )


FONT = any(drawn_in(f"'{each}'") != drawn_in("'no such font'") for each in png.FONTS if each)
"""Whether this machine has one for words; a bare one has not, and then a sentence is what must come."""
GRAPH = Graph(
    (
        Node(0, "a", "", 2.0, 6.0, ()),
        Node(1, "b", "", -3.0, -4.0, ()),
        Node(2, "", "*", -6.0, -2.0, (0, 1)),
        Node(3, "L", "+", -12.0, 1.0, (2, 2)),
    )
)
GRID = Grid(
    "shares",
    tuple(tuple((row * 30 + column) / 900 for column in range(30)) for row in range(30)),
    tuple(f"{n:02}" for n in range(30)),
    tuple("abcdefghijklmnopqrstuvwxyzABCD"),
    0.0,
    1.0,
    "after",
    "comes",
)
LINES = Lines(
    "waves",
    "time",
    "height",
    (
        Series("sine", tuple(n / 10 for n in range(60)), tuple(math.sin(n / 10) for n in range(60))),
        Series("line", (0.0, 6.0), (-1.0, 1.0)),
        Series("gap", (0.0, 1.0, 2.0, 3.0), (0.5, 0.5, None, 0.5)),
    ),
)
SCATTER = Scatter(
    "points", "x", "y", (Point(0.1, 0.1, "o"), Point(0.9, 0.9, "x")), (0.0, 1.0), (0.0, 1.0),
    ((-1.0, 1.0), (-1.0, None)),
)  # fmt: skip
TABLE = Table("words", ("name", "number"), (("one", "1"), ("eleven", "11")))
PANELS = [GRAPH, GRID, LINES, SCATTER, TABLE]


def picture(*panels) -> Picture:
    return Picture("name", "A title", ("What there is to see.",), "Computed by your code: a.", panels)


def lines_of(text: Text) -> list[str]:
    return text.plain.split("\n")


def test_a_graph_joins_operands_to_their_result():
    assert lines_of(draw_graph(GRAPH, PLAIN)) == [
        "a = 2 ───┐",
        "grad 6   ├─ * = -6 ──┐",
        "b = -3 ──┘  grad -2  ├─ + L = -12",
        "grad -4              │  grad 1",
        "* = -6 (above) ──────┘",
    ]


def test_a_graph_that_is_too_wide_becomes_a_tree():
    assert lines_of(draw_graph(GRAPH, Look(30))) == [
        "+ L = -12  grad 1",
        "├─ * = -6  grad -2",
        "│  ├─ a = 2  grad 6",
        "│  └─ b = -3  grad -4",
        "└─ * = -6  grad -2 (above)",
    ]


def test_a_deep_graph_is_drawn():
    nodes = [Node(0, "a", "", 1.0, 1.0, ()), *(Node(n, "", "+", float(n), 1.0, (n - 1, 0)) for n in range(1, 60))]
    assert "= 59" in lines_of(draw_graph(Graph(tuple(nodes)), PLAIN))[0]


@pytest.mark.parametrize("panel", PANELS, ids=lambda each: each.kind)
@pytest.mark.parametrize("width", [24, 40, 62, 80, 200])
@pytest.mark.parametrize("ascii", [True, False])
def test_no_line_is_wider_than_the_room(panel, width, ascii):
    look = Look(width, 18, colour=False, ascii=ascii, cut=True)
    text = draw_panel(panel, look, (29, 29) if panel is GRID else None)
    assert max(map(len, lines_of(text))) <= width or panel is GRID and max(map(len, lines_of(text)[:-1])) <= width
    assert not ascii or text.plain.isascii()
    assert not text.spans or panel.kind == "lines"


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (12, 5)])
@pytest.mark.parametrize("panel", PANELS, ids=lambda each: each.kind)
def test_too_little_room_ends_nothing(panel, size):
    assert draw_panel(panel, Look(*size, cut=True), (0, 0) if panel is GRID else None).plain


def test_shades_grow_with_the_value_without_any_colour():
    for look in (PLAIN, Look(80, 20, colour=False, ascii=True), Look(80, 20, hues=False)):
        row = Grid("", (tuple(n / 10 for n in range(11)),), ("r",), tuple("abcdefghijk"), 0.0, 1.0)
        cells = lines_of(draw_grid(row, look))[1][2:]
        shown = [cells[n : n + 2] for n in range(0, 22, 2)]
        shades = look.shades(2)
        places = [shades.index(each) for each in shown]
        assert places == sorted(places) and places[0] == 0 and places[-1] == len(shades) - 1
        assert len(set(places)) >= 9


def test_with_colours_lightness_tells_the_value():
    text = draw_grid(Grid("", ((0.0, 0.5, 1.0),), ("r",), ("a", "b", "c"), 0.0, 1.0), Look(80, 20))
    cells = text[: text.plain.rindex("\n")]
    colours = [span.style.bgcolor.triplet for span in cells.spans if getattr(span.style, "bgcolor", None)]
    light = [0.3 * red + 0.6 * green + 0.1 * blue for red, green, blue in colours]
    assert light == sorted(light) and len(light) == 3


def test_the_cursor_says_its_entry_and_is_marked():
    rows = lines_of(draw_grid(GRID, PLAIN, (2, 3)))
    assert rows[3].startswith("02       []")
    assert rows[-2] == "after 02 comes d: 0.0700"
    noted = Grid("", ((None,),), ("a",), ("b",), 0.0, 1.0, notes=(("3 times",),))
    assert entry(noted, (0, 0)) == "row a column b: nan (3 times)"


def test_a_cut_grid_says_which_part_it_shows_and_follows_the_cursor():
    small = Look(25, 12, colour=False, cut=True)
    assert draw_grid(GRID, small).plain.endswith("rows 1 to 10 of 30, columns 1 to 11 of 30")
    rows = lines_of(draw_grid(GRID, small, (29, 29)))
    assert len(rows) == 12
    assert rows[0].endswith("D") and rows[-3].startswith("29") and rows[-3].endswith("[]")
    assert rows[-2] == "after 29 comes D: 0.9989" and rows[-1].endswith("rows 22 to 30 of 30, columns 20 to 30 of 30")


def test_curves_carry_their_sign_and_a_legend():
    rows = lines_of(draw_lines(LINES, PLAIN))
    drawn = "\n".join(row.partition("│")[2] for row in rows[1:-3])
    assert all(drawn.count(sign) >= 2 for sign in "123")
    assert "1 sine   2 line   3 gap" in rows[-1]
    assert " time " in rows[-3] and "height" in rows[0]


def test_a_rising_line_rises():
    rows = lines_of(draw_lines(Lines("", "x", "y", (Series("", (0.0, 1.0), (0.0, 1.0)),)), PLAIN))
    inked = [[x for x, sign in enumerate(row[11:]) if sign not in "⠀ "] for row in rows[1:-3]]
    starts = [each[0] for each in inked if each]
    assert starts == sorted(starts, reverse=True) and starts[-1] <= 2 and starts[0] > 60


def test_curves_without_a_finite_value_are_told():
    assert "no value is finite" in draw_lines(Lines("", "x", "y", (Series("", (0.0,), (None,)),)), PLAIN).plain


def test_points_stand_where_they_are_and_the_side_is_filled():
    rows = lines_of(draw_panel(SCATTER, PLAIN))
    o, x = (next((n, row.index(sign)) for n, row in enumerate(rows[2:]) if sign in row[9:]) for sign in "ox")
    assert o[0] > x[0] and o[1] < x[1]
    assert "·" in rows[3][45:] and "·" not in rows[3][10:40]
    assert "?" in rows[-4][45:]  # a score that is no number


def test_a_table_is_set_to_the_right():
    assert lines_of(draw_panel(TABLE, PLAIN)) == ["words", "  name  number", "   one       1", "eleven      11"]


def test_a_whole_picture_says_what_and_whose():
    rows = lines_of(draw_picture(picture(TABLE, TABLE), PLAIN))
    assert rows[:3] == ["A title", "What there is to see.", "Computed by your code: a."]
    assert "   one       1      one       1" in rows  # side by side where two fit
    assert draw_picture(picture(GRAPH), Look(80, 20, ascii=True)).plain.isascii()


@pytest.mark.parametrize("panel", PANELS, ids=lambda each: each.kind)
def test_an_svg_is_whole_and_needs_nothing_from_elsewhere(panel):
    text = svg(picture(panel))
    root = ElementTree.fromstring(text)
    words = "".join(root.itertext())
    assert "What there is to see." in words and "Computed by your code: a." in words
    assert text.count("http") == 1  # the name space
    assert "nan" not in text.replace("nan</title>", "")


def test_an_svg_of_a_graph_has_a_box_a_value_and_a_line_an_operand():
    root = ElementTree.fromstring(svg(picture(GRAPH)))
    classes = [each.get("class") for each in root.iter()]
    assert classes.count("box") == 4 and classes.count("op") == 2 and classes.count("line") == 6
    assert {"data -12", "grad 6", "L"} <= set(root.itertext())


def test_hostile_names_are_text_in_svg_and_dot():
    hostile = Graph((Node(0, '</text><script>"|}{\\', "", 1.0, 1.0, ()),))
    assert ElementTree.fromstring(svg(picture(hostile))).find(".//{*}script") is None
    assert "\\<\\/text" not in (dot(picture(hostile)) or "") and '\\<script\\>\\"\\|\\}\\{\\\\' in (
        dot(picture(hostile)) or ""
    )


def test_only_a_graph_has_a_dot():
    assert dot(picture(TABLE)) is None
    assert "v2 -> o3;" in (dot(picture(GRAPH)) or "")


@pytest.mark.parametrize("name", ["a.gif", "a", "a.pdf"])
def test_what_cannot_be_drawn_names_what_can(tmp_path, name):
    with pytest.raises(PictureError, match=r"Save it as a\.svg"):
        check_name(tmp_path / name)


def test_a_png_is_the_svg_in_pixels_with_its_words(tmp_path):
    file = tmp_path / "a.PNG"
    if not FONT:
        with pytest.raises(PictureError, match="No font for the words of a PNG"):
            save(picture(GRAPH), file)
        return
    save(picture(GRAPH), file)
    data = file.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    root = ElementTree.fromstring(svg(picture(GRAPH)))
    assert (width, height) == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert data.startswith(b"\x89PNG") and resvg_py.svg_to_bytes(svg_string=_showing(file))
    wordless = re.sub("<text.*?</text>", "", svg(picture(GRAPH)))
    assert len(data) > 1.2 * len(resvg_py.svg_to_bytes(svg_string=wordless, zoom=2.0))


def _showing(file: Path) -> str:
    """An SVG that shows the PNG, so that the library reads what it wrote, and our note in it."""
    data = base64.b64encode(file.read_bytes()).decode()
    link = f'<image width="9" height="9" href="data:image/png;base64,{data}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{link}</svg>'


def test_where_no_font_is_installed_no_wordless_png_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(png, "FONTS", ("a font that nobody has",))
    broken = svg(picture(GRAPH)).replace("'DejaVu Sans Mono', ", "").replace("ui-monospace, Menlo, Consolas, ", "")
    with pytest.raises(PictureError, match="No font for the words of a PNG is installed here"):
        png.png(broken)


def test_without_the_library_for_png_both_ways_out_are_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(PictureError, match=r"`pip install resvg-py`\)\. Or: Save it as a\.svg"):
        check_name(tmp_path / "a.png")


def test_panels_stand_beside_each_other_in_an_svg_and_sentences_are_broken():
    two = Picture("p", "Two", ("word " * 60,), "mine", (TABLE, TABLE, LINES))
    root = ElementTree.fromstring(svg(two))
    places = [re.findall(r"[\d.]+", each.get("transform")) for each in root.findall("{*}g")]
    assert places[0][1] == places[1][1] != places[2][1] and places[0][0] != places[1][0]
    assert int(root.get("width")) < 1100


def test_saving_twice_is_fine_but_nothing_of_others_is_overwritten(tmp_path):
    for name in ("ours.svg", "ours.dot", *(["ours.png"] if FONT else [])):
        save(picture(GRAPH), tmp_path / name)
        save(picture(GRAPH), tmp_path / name)
    mine = tmp_path / "mine.svg"
    mine.write_text("<svg/>", encoding="utf-8")
    with pytest.raises(PictureError, match="no picture of tutor's"):
        save(picture(GRAPH), mine)
    assert mine.read_text(encoding="utf-8") == "<svg/>"
    with pytest.raises(PictureError, match="no folder"):
        save(picture(GRAPH), tmp_path / "none/a.svg")
    with pytest.raises(PictureError, match="no graph, so there is no DOT of it"):
        save(picture(TABLE), tmp_path / "table.dot")


SQUARE = Grid("shares", ((0.0, 0.5), (0.5, 1.0)), ("a", "b"), ("a", "b"), 0.0, 1.0, "after", "comes")


def test_panels_that_fit_are_drawn_together():
    text = draw_together((LINES, TABLE), Look(80, 30, colour=False))
    assert text is not None and len(lines_of(text)) == 30
    assert "waves" in text.plain and "eleven" in lines_of(text)[-1]
    heads = draw_together((SQUARE, SQUARE, SQUARE), Look(90, 8, colour=False), (1, 0))
    assert heads is not None and heads.plain.count("after b comes a: 0.5000") == 3
    assert lines_of(heads)[0].split() == ["shares"] * 3


def test_curves_are_never_pressed_into_too_little_room():
    assert draw_together((LINES, TABLE), Look(60, 15, colour=False)) is None
    assert draw_together((LINES, LINES), Look(80, 20, colour=False)) is None
    beside = draw_together((LINES, LINES), Look(100, 20, colour=False))
    assert beside is not None and lines_of(beside)[0].split() == ["waves", "waves"]


@pytest.mark.parametrize("width", [60, 100, 141])
@pytest.mark.parametrize("height", [14, 30, 44])
def test_panels_together_stay_in_the_room(width, height):
    text = draw_together((LINES, SQUARE, SCATTER, TABLE, LINES), Look(width, height, colour=False))
    assert text is None or len(lines_of(text)) <= height and max(map(len, lines_of(text))) <= width
    assert text is not None or height < 44 or width < 100


def test_a_boundary_lies_between_cells_where_the_score_is_zero():
    scores = ((-3.0, 1.0), (-3.0, 1.0))
    assert score_at(scores, 0.25, 0.5) == -3 and score_at(scores, 0.75, 0.1) == 1
    assert score_at(scores, 0.625, 0.5) == 0
    assert score_at(scores, 0.0, 1.0) == -3 and score_at(((2.0,),), 0.3, 0.9) == 2
    assert score_at(((1.0, None),), 0.9, 0.5) is None and score_at(((1.0, None),), 0.4, 0.5) == 1
