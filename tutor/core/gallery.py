"""Which pictures there are, in the order of the course: what each shows, from which exercises it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.core.errors import PictureError
from tutor.core.nearest import nearest


@dataclass(frozen=True)
class Subject:
    """One picture that can be asked for."""

    name: str
    title: str
    parts: tuple[str, ...]
    """Exercises whose code computes it; what they import comes with them."""
    shows: str
    """What there is to see, in a sentence."""
    on: str = ""
    """What it is computed on where nothing is asked for; '' where nothing can be."""
    means: str = ""
    """What `on` is, in words."""


_SETTINGS = "gain=1.667 batchnorm=no"
_NETWORK = "the gain of the first weights (0.2 to 5), and whether your BatchNorm stands before each tanh"
_DIAGNOSED = ("bigram/cross_entropy", "diagnostics/batchnorm_layer")

SUBJECTS = (
    Subject(
        "derivative",
        "Nudging: a slope from two values",
        ("micrograd/backward",),
        "A slope is what a small nudge does. Too large a nudge misses the curve, too small a one drowns in rounding.",
        "x=3; 3*x*x - 4*x + 5",
        "one number with a name, then an expression of it with + - * and tanh()",
    ),
    Subject(
        "graph",
        "Computation graph",
        ("micrograd/backward",),
        "Each value with its data and its grad: what the result would gain if that value grew by a little.",
        "a=2; b=-3; c=10; f=-2; (a*b + c)*f",
        "numbers with names, then an expression of them with + - * and tanh()",
    ),
    Subject(
        "moons",
        "Decision boundary of the moons",
        ("micrograd/backward",),
        "A net of single numbers learns to tell two moons apart; its boundary is where its score changes sign.",
        "steps=80",
        "how many steps of training (0 to 200)",
    ),
    Subject(
        "bigram",
        "Which letter follows which",
        ("bigram/probs",),
        "Each row is the letter that stands first, and sums to 1; . is the start and the end of a name.",
        "0",
        "the smoothing: a count added everywhere",
    ),
    Subject(
        "embedding",
        "Letters in the plane",
        ("bigram/cross_entropy",),
        "What a network of names made of each letter, as a point: letters that are used alike lie side by side.",
    ),
    Subject(
        "learning_rate",
        "Finding the learning rate",
        ("bigram/cross_entropy",),
        "The rate grows with each step. Left of the valley the loss hardly moves, right of it training breaks.",
    ),
    Subject(
        "activations",
        "Activations of each layer",
        _DIAGNOSED,
        "How often each output of a tanh occurs. Heaps at -1 and 1 are saturated; a peak at 0 has shrunk away.",
        _SETTINGS,
        _NETWORK,
    ),
    Subject(
        "gradients",
        "Gradients of each layer's activations",
        _DIAGNOSED,
        "The same for the gradients: the layers should agree, else those far from the loss learn too fast or not.",
        _SETTINGS,
        _NETWORK,
    ),
    Subject(
        "parameters",
        "Gradients of each layer's weights",
        _DIAGNOSED,
        "The gradients of the weights, and their spread over that of the weights themselves.",
        _SETTINGS,
        _NETWORK,
    ),
    Subject(
        "updates",
        "Update over data, step by step",
        _DIAGNOSED,
        "How large a step is beside what it changes. About 1/1000 (log10 of -3) is a healthy rate.",
        _SETTINGS,
        _NETWORK,
    ),
    Subject(
        "run_updates",
        "Update over data in your training",
        (),
        "The same for your own GPT, as its training measured it: a curve for each matrix, layers of a kind together.",
        "latest",
        "the name of a run, or latest",
    ),
    Subject(
        "saturation",
        "Saturated tanh",
        _DIAGNOSED,
        "Each row is an example, each column a neuron: full where |tanh| > 0.99. A full column is a dead neuron.",
        "gain=5 batchnorm=no",
        _NETWORK,
    ),
    Subject(
        "vanishing",
        "How far back a gradient reaches",
        ("recurrent/lstm_cell",),
        "How strongly the last state depends on an input so many steps ago, for a plain RNN and for your LSTM.",
        "lags=40",
        "how many steps back (2 to 200)",
    ),
    Subject(
        "attention",
        "Who listens to whom",
        ("gpt/model", "gpt/get_batch"),
        "Each row is a character and sums to 1: how much it takes from itself and from those before it.",
        "the model reads the text",
        "a sentence, or layer=2; and a sentence",
    ),
)


def find_subject(name: str) -> Subject:
    """The picture of that name. Raises PictureError, which names the nearest."""
    by_name = {each.name: each for each in SUBJECTS}
    if name not in by_name:
        raise PictureError(f"There is no picture {name!r}. {nearest(name, by_name)}")
    return by_name[name]
