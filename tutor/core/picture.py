"""A computed picture as plain data: what the process that runs learner code prints, and what drawing starts from.

Graph    nodes of a computation with data and grad
Grid     a table of numbers to be drawn as shades
Lines    curves over one axis
Scatter  named points in the plane, perhaps over a map of scores
Table    words and numbers in columns
Picture  panels of these with a title, sentences, and whose code computed it

`to_json` and `picture_from` are inverses. What `picture_from` reads is not trusted: learner code ran where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tutor.core.errors import PictureError
from tutor.core.render import one_line

Number = float | None
"""None where a value is not finite or was not computed."""
Row = tuple[Number, ...]


@dataclass(frozen=True)
class Node:
    """One value of a computation."""

    id: int
    name: str
    """'' for what the learner gave no name."""
    op: str
    """The operation that made it; '' for an input."""
    data: Number
    grad: Number
    operands: tuple[int, ...]
    """Ids; one that is used twice stands twice."""


@dataclass(frozen=True)
class Graph:
    """A computation: operands before results, the result last."""

    nodes: tuple[Node, ...]
    kind: str = "graph"


@dataclass(frozen=True)
class Grid:
    """Numbers in rows and columns."""

    title: str
    values: tuple[Row, ...]
    rows: tuple[str, ...]
    """A short name of each row."""
    columns: tuple[str, ...]
    low: float
    """Drawn empty."""
    high: float
    """Drawn full."""
    row_name: str = "row"
    """With `column_name` and the names of a row and a column it says an entry: after a comes b."""
    column_name: str = "column"
    notes: tuple[tuple[str, ...], ...] = ()
    """What a cursor on an entry says beside its number; () if there is nothing to say."""
    kind: str = "grid"


@dataclass(frozen=True)
class Series:
    """One curve."""

    name: str
    xs: tuple[float, ...]
    ys: Row


@dataclass(frozen=True)
class Lines:
    """Curves over one axis."""

    title: str
    x_name: str
    y_name: str
    series: tuple[Series, ...]
    kind: str = "lines"


@dataclass(frozen=True)
class Point:
    """A point, drawn as its sign."""

    x: float
    y: float
    sign: str


@dataclass(frozen=True)
class Scatter:
    """Points in the plane."""

    title: str
    x_name: str
    y_name: str
    points: tuple[Point, ...]
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    scores: tuple[Row, ...] = ()
    """Of an even grid over the limits, first row at the top; where they change sign is the boundary."""
    kind: str = "scatter"


@dataclass(frozen=True)
class Table:
    """Columns of words and numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


Panel = Graph | Grid | Lines | Scatter | Table


@dataclass(frozen=True)
class Picture:
    """What `tutor picture` shows."""

    name: str
    title: str
    says: tuple[str, ...]
    """Sentences: what there is to see."""
    whose: str
    """A sentence: whose code computed it."""
    panels: tuple[Panel, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def picture_from(data: Any) -> Picture:
    """The picture of plain data. Raises PictureError if it is none."""
    try:
        return Picture(
            _word(data["name"]),
            _word(data["title"]),
            _words(data["says"]),
            _word(data["whose"]),
            tuple(_PANELS[each["kind"]](each) for each in data["panels"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        what = f"{type(error).__name__}: {one_line(str(error))}"
        raise PictureError(f"What was computed cannot be drawn ({what}). Does your code return NaN?") from error


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return one_line(value)


def _words(values: Any) -> tuple[str, ...]:
    return tuple(map(_word, values))


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e300:
        raise ValueError("no finite number")
    return float(value)


def _number(value: Any) -> Number:
    return None if value is None else _float(value)


def _row(values: Any) -> Row:
    return tuple(map(_number, values))


def _pair(values: Any) -> tuple[float, float]:
    low, high = map(_float, values)
    if not low < high:
        raise ValueError("no limits")
    return low, high


def _equally_long(*parts: Sequence[object]) -> None:
    if len({len(each) for each in parts}) > 1:
        raise ValueError("parts that do not fit")


def _graph(data: Mapping[str, Any]) -> Graph:
    nodes: list[Node] = []
    for place, each in enumerate(data["nodes"]):
        operands = tuple(map(int, each["operands"]))
        if each["id"] != place or not all(0 <= operand < place for operand in operands):
            raise ValueError("operands must stand before results")
        values = _number(each["data"]), _number(each["grad"])
        nodes.append(Node(place, _word(each["name"]), _word(each["op"]), *values, operands))
    if not nodes:
        raise ValueError("no nodes")
    return Graph(tuple(nodes))


def _grid(data: Mapping[str, Any]) -> Grid:
    values = tuple(map(_row, data["values"]))
    rows, columns = _words(data["rows"]), _words(data["columns"])
    notes = tuple(map(_words, data["notes"]))
    _equally_long(values, rows, *([notes] if notes else []))
    _equally_long(columns, *values, *notes)
    low, high = _pair((data["low"], data["high"]))
    names = _word(data["row_name"]), _word(data["column_name"])
    return Grid(_word(data["title"]), values, rows, columns, low, high, *names, notes)


def _lines(data: Mapping[str, Any]) -> Lines:
    series = tuple(_series(each) for each in data["series"])
    return Lines(_word(data["title"]), _word(data["x_name"]), _word(data["y_name"]), series)


def _series(data: Mapping[str, Any]) -> Series:
    found = Series(_word(data["name"]), tuple(map(_float, data["xs"])), _row(data["ys"]))
    _equally_long(found.xs, found.ys)
    return found


def _scatter(data: Mapping[str, Any]) -> Scatter:
    points = tuple(Point(_float(each["x"]), _float(each["y"]), _word(each["sign"])) for each in data["points"])
    scores = tuple(map(_row, data["scores"]))
    _equally_long(*scores)
    names = _word(data["title"]), _word(data["x_name"]), _word(data["y_name"])
    return Scatter(*names, points, _pair(data["x_limits"]), _pair(data["y_limits"]), scores)


def _table(data: Mapping[str, Any]) -> Table:
    columns, rows = _words(data["columns"]), tuple(map(_words, data["rows"]))
    _equally_long(columns, *rows)
    return Table(_word(data["title"]), columns, rows)


_PANELS: dict[str, Callable[[Mapping[str, Any]], Panel]] = {
    "graph": _graph,
    "grid": _grid,
    "lines": _lines,
    "scatter": _scatter,
    "table": _table,
}
