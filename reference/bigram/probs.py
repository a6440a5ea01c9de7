"""What row_probs must do."""

from fractions import Fraction

import torch
from hypothesis import strategies as st

from tutor.kit import close, counts, dim, indices, mistake, oracle, probe, prop, pure, vectorised

AMOUNTS = st.sampled_from((1.0, 0.5, 0.01, 3.0, 0.0, 20.0))
TABLE = counts("V V")


@oracle
def by_fractions(counts, smoothing):
    """Row by row, exactly."""
    extra = Fraction(smoothing)
    rows = []
    for row in counts.tolist():
        total = sum(row) + extra * len(row)
        rows.append([float((n + extra) / total) if total else 1 / len(row) for n in row])
    return torch.tensor(rows, dtype=torch.float64)


@probe
def row_sums(you, counts, smoothing):
    return you.row_probs(counts, smoothing=smoothing).sum(1)


@prop(counts=TABLE, V=dim(2, 6))
def divides_each_row_by_its_sum(you, counts):
    """Without smoothing, an entry is its count divided by the sum of its row.

    A row answers one question: what follows this character? Dividing by the sum of a column answers another one, and
    the table still looks plausible.
    """
    close(you.row_probs(counts), by_fractions(counts, 0.0))


@prop(counts=TABLE, smoothing=AMOUNTS, V=dim(1, 6))
def smoothing_adds_to_every_count(you, counts, smoothing):
    """With smoothing k, an entry is (n + k) / (row sum + k·V).

    A pair that was never seen gets probability 0, and one such pair in the text makes the loss infinite. A count more
    for all is the oldest cure.
    """
    close(you.row_probs(counts, smoothing), by_fractions(counts, smoothing))


@prop(counts=counts("V V", most=1000), smoothing=AMOUNTS, V=dim(2, 27), cases=30)
def rows_sum_to_one(you, counts, smoothing):
    """Each row of the result sums to 1, in large tables too.

    Sampling and the loss both take the rows for distributions. Sums that are a little off shift all probabilities
    silently.
    """
    close(
        row_sums(you, counts, smoothing),
        torch.ones(len(counts), dtype=torch.float64),
        "the sum of each row",
        rtol=1e-12,
        atol=0.0,
    )


@prop(counts=TABLE, empty=indices("", below="V"), V=dim(1, 5), cases=50)
def an_empty_row_is_uniform(you, counts, empty):
    """Without smoothing, a row of zeros becomes 1/V everywhere, and no other row changes; nan appears nowhere.

    0/0 is nan, and one nan turns the mean of all losses into nan. A character that was never seen tells nothing: all
    followers are equally likely.
    """
    table = counts.clone()
    table[int(empty)] = 0
    close(you.row_probs(table, 0.0), by_fractions(table, 0.0))


@prop(counts=TABLE, V=dim(2, 5), cases=20)
def much_smoothing_makes_all_rows_uniform(you, counts, V):
    """With smoothing 10¹² the counts do not matter any more: every entry is 1/V.

    Smoothing is regularisation: it pulls towards knowing nothing. In the network version of the same model a penalty on
    the weights does that.
    """
    even = torch.full((V, V), 1 / V, dtype=torch.float64)
    close(you.row_probs(counts, 1e12), even, rtol=1e-9, atol=0.0)


@prop(counts=TABLE, smoothing=AMOUNTS, V=dim(1, 5), cases=20)
def leaves_the_counts_alone(you, counts, smoothing):
    """The caller's table is not changed.

    The table of counts is used again, with other smoothing. A line such as `counts += k` would change it for everyone
    who holds it.
    """
    pure(you.row_probs, counts, smoothing)


@prop(small=counts("A A"), large=counts("B B"), A=dim(2, 2), B=dim(9, 12), cases=5)
def needs_no_loop(you, small, large):
    """It runs as many tensor operations for a large table as for a small one.

    Broadcasting divides the whole table in one operation. A loop over rows does the same thousands of times slower, on
    a GPU even more.
    """
    vectorised(you.row_probs, (small, 1.0), (large, 1.0))


HINTS = (
    "Which shape do you get from counts.sum(1)? And which from counts.sum(1, keepdim=True)? Write the shapes below each "
    "other, lined up on the right.",
    "Add the smoothing first and sum afterwards: then k·V is in the sum by itself.",
    "For the empty rows: torch.where(totals > 0, weights / totals, 1 / V) takes the second where the first is not wanted.",
)

AHA = "Broadcasting aligns from the right; a missing keepdim still runs, and even the loss stays right."

MISTAKES = (
    mistake(
        "Your row sums have the shape [V], which is stretched downwards: each column is divided by a sum of another row. "
        "With keepdim=True they are a column [V, 1], and each row is divided by its own. Look at the row sums of your result.",
        "totals = weights.sum(dim=1, keepdim=True)",
        "totals = weights.sum(dim=1)",
    ),
    mistake(
        "You divide each column by the sum of that column. Row i says what follows character i: sum over dim=1.",
        "weights.sum(dim=1, keepdim=True)",
        "weights.sum(dim=0, keepdim=True)",
    ),
    mistake(
        "You divide everything by the sum of the whole table. Each row is a distribution of its own: sum over dim=1.",
        "weights.sum(dim=1, keepdim=True)",
        "weights.sum()",
    ),
    mistake(
        "You add the smoothing after dividing. Then the rows sum to 1 + k·V. Add it to the counts, and divide after that.",
        "weights = counts.double() + smoothing",
        "weights = counts.double()",
        "weights / totals, 1 / counts.shape[1])",
        "weights / totals, 1 / counts.shape[1]) + smoothing",
    ),
    mistake(
        "You add k to each row's sum only once. Each of its V entries grew by k, so the sum grows by k·V; look at the row "
        "sums of your result.",
        "weights.sum(dim=1, keepdim=True)",
        "counts.double().sum(dim=1, keepdim=True) + smoothing",
    ),
    mistake(
        "You ignore the smoothing. Try smoothing = 1: no entry may be 0.",
        "counts.double() + smoothing",
        "counts.double()",
    ),
    mistake(
        "Your smoothing is 1 if none is given. The signature says 0.0.",
        "counts.double() + smoothing",
        "counts.double() + (smoothing or 1.0)",
    ),
    mistake(
        "Your result is float32, which has seven digits. Compute in float64: counts.double().",
        "weights = counts.double() + smoothing",
        "weights = counts.float() + smoothing",
    ),
    mistake(
        "A row without any count gives 0/0 = nan. Let it be uniform, 1/V; try a table of zeros.",
        "torch.where(totals > 0, weights / totals, 1 / counts.shape[1])",
        "weights / totals",
    ),
    mistake(
        "A row without any count gives zeros: its sum is 0, not 1. Let it be uniform, 1/V.",
        "torch.where(totals > 0, weights / totals, 1 / counts.shape[1])",
        "weights / totals.clamp(min=1e-300)",
    ),
    mistake(
        "You treat empty rows by writing ones into the caller's table, which is changed for good. Work on a copy.",
        "    weights = counts.double() + smoothing",
        "    if smoothing == 0:\n        counts[counts.sum(1) == 0] = 1\n    weights = counts.double() + smoothing",
    ),
    mistake(
        "You add the smoothing to the caller's table in place. Add it with `+`, which makes a new tensor.",
        "    weights = counts.double() + smoothing",
        "    weights = (counts.add_(int(smoothing)) + (smoothing - int(smoothing))).double()",
    ),
    mistake(
        "You go through the rows in a Python loop. One division serves the whole table, if the sums keep the shape [V, 1].",
        "return torch.where(totals > 0, weights / totals, 1 / counts.shape[1])",
        "rows = zip(weights, totals, strict=True)\n"
        "    even = torch.ones(counts.shape[1], dtype=torch.float64) / counts.shape[1]\n"
        "    return torch.stack([row / total if total > 0 else even for row, total in rows])",
    ),
    mistake(
        "You add k to the counts and divide by the sums without it. Each of the V entries of a row grew by k, so its sum "
        "grows by k·V; look at the row sums of your result.",
        "weights.sum(dim=1, keepdim=True)",
        "counts.double().sum(dim=1, keepdim=True)",
    ),
    mistake(
        "You divide by at least 1. That spares empty rows the 0/0 and leaves them zeros instead of 1/V, and with a small "
        "smoothing it changes other rows too.",
        "torch.where(totals > 0, weights / totals, 1 / counts.shape[1])",
        "weights / totals.clamp(min=1.0)",
    ),
    mistake(
        "You compute in float32 and convert to float64 at the end: seven digits are right, the others are made up. Convert "
        "before dividing: counts.double().",
        "counts.double() + smoothing",
        "counts.float() + smoothing",
        "1 / counts.shape[1])",
        "1 / counts.shape[1]).double()",
    ),
    mistake(
        "You add a small number to the sums, so that nothing is divided by 0. The rows then no longer sum to 1, and an empty "
        "row is zeros instead of 1/V. Choose by torch.where instead.",
        "torch.where(totals > 0, weights / totals, 1 / counts.shape[1])",
        "weights / (totals + 1e-8)",
    ),
)

FORBIDDEN = ("torch.nn.functional.normalize", "numpy")
