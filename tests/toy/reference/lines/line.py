"""What line must do."""

from fractions import Fraction

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, prop

SMALL = st.integers(-9, 9)


@oracle
def exact(x0, y0, x1, y1, x):
    return float(Fraction(y0) + Fraction(y1 - y0, x1 - x0) * (x - x0))


@prop(x0=SMALL, y0=SMALL, run=st.integers(1, 9), y1=SMALL, x=SMALL)
def agrees_with_fractions(you, x0, y0, run, y1, x):
    "It is the point of the line above x."
    close(you.line(float(x0), float(y0), float(x0 + run), float(y1), float(x)), exact(x0, y0, x0 + run, y1, x))


@prop(x0=SMALL, y0=SMALL, run=st.integers(1, 9), y1=SMALL)
def goes_through_the_first_point(you, x0, y0, run, y1):
    "At x0 it is y0."
    close(you.line(float(x0), float(y0), float(x0 + run), float(y1), float(x0)), float(y0))


HINTS = ("How high is it at x0?", "From x0 to x it rises slope times the way.")

MISTAKES = (
    mistake("The way starts at 0, not at x0.", "* (x - x0)", "* x"),
    mistake("The height at the start is missing.", "return y0 + slope", "return slope"),
)
