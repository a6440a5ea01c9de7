"""What slope must do."""

from fractions import Fraction

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, prop

SMALL = st.integers(-9, 9)


@oracle
def exact(x0, y0, x1, y1):
    return float(Fraction(y1 - y0, x1 - x0))


@prop(x0=SMALL, y0=SMALL, run=st.integers(1, 9), y1=SMALL)
def agrees_with_fractions(you, x0, y0, run, y1):
    "It is the rise over the run."
    close(you.slope(float(x0), float(y0), float(x0 + run), float(y1)), exact(x0, y0, x0 + run, y1))


@prop(x0=SMALL, y0=SMALL, run=st.integers(1, 9), y1=SMALL)
def does_not_depend_on_the_order_of_the_points(you, x0, y0, run, y1):
    """The two points may be given in either order.

    A slope that forgets which way it was walked would send gradient descent uphill.
    """
    there = you.slope(float(x0), float(y0), float(x0 + run), float(y1))
    back = you.slope(float(x0 + run), float(y1), float(x0), float(y0))
    close(back, there)


HINTS = ("How far up, and how far along?", "Subtract the ys, subtract the xs, divide the first by the second.")

AHA = "A slope is a rate: how much the output moves for a small move of the input."

MISTAKES = (
    mistake(
        "The run is divided by the rise: turn the fraction over.", "(y1 - y0) / (x1 - x0)", "(x1 - x0) / (y1 - y0)"
    ),
    mistake("The sign of the run is lost: a slope can fall.", "/ (x1 - x0)", "/ abs(x1 - x0)"),
    mistake("The division drops the fraction: use / and not //.", ") / (", ") // ("),
)

FORBIDDEN = ("statistics.linear_regression",)
