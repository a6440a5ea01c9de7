"""What an LSTM cell must do."""

from __future__ import annotations

import functools

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, convention, gradient, mistake, oracle, probe, prop, pure, same, tensor, vectorised

ARGS = dict(x=tensor("B C"), h=tensor("B H"), c=tensor("B H"), W=tensor("C+H 4*H"), b=tensor("4*H"))
FAR = 50.0
"""A bias whose sigmoid is 1 to the last digit of float64, and that of its negative 2e-22."""


@oracle
def lstm(x, h, c, W, b):
    """torch's own cell; it keeps its weights transposed and in two parts, in the same order of gates."""
    C = x.shape[-1]
    return torch.lstm_cell(x, (h, c), W[:C].mT, W[C:].mT, b, torch.zeros_like(b))


@oracle
def with_block(b, block, value):
    """b with one of its four blocks set to a value."""
    changed = b.clone()
    changed.view(4, -1)[block] = value
    return changed


@oracle
def small(W):
    return W / 8


@oracle
def usual_start(seed):
    """Inputs of 20 steps, first state, weights and bias of 64 units as torch initialises them, and an upstream gradient."""
    random = torch.Generator().manual_seed(seed)
    draw = functools.partial(torch.randn, generator=random, dtype=torch.float64)
    W, b = (torch.rand(size, generator=random, dtype=torch.float64) / 4 - 1 / 8 for size in ((72, 256), (256,)))
    return draw(20, 1, 8), draw(1, 64), draw(1, 64), W, b, draw(1, 64)


@probe
def carry(you, xs, h, c, W, b):
    """The memory after all steps of xs [T,B,C]."""
    for x in xs:
        h, c = you.lstm_cell(x, h, c, W, b)
    return c


@probe
def carry_with_forget_bias(you, xs, h, c, W, b, value):
    """The memory after all steps, from a forget bias that the learner's code sets."""
    b = b.detach().clone()
    you.init_forget_bias_(b, value)
    for x in xs:
        h, c = you.lstm_cell(x, h, c, W, b)
    return c


@probe
def initialised(you, b, value):
    """What the call returns, and b after it; b is a parameter, as in a module."""
    b = torch.nn.Parameter(b.clone())
    returned = you.init_forget_bias_(b) if value is None else you.init_forget_bias_(b, value)
    return returned, b.detach()


@prop(**ARGS)
def agrees_with_lstm_cell(you, x, h, c, W, b):
    """It returns (h', c') as torch's LSTMCell computes them with the same weights.

    The order of the four gates inside the one matrix is a convention. Weights trained elsewhere work only with the same
    order.
    """
    close(you.lstm_cell(x, h, c, W, b), lstm(x, h, c, W, b))


@prop(**ARGS, wh=tensor("B H"), wc=tensor("B H"), cases=60)
def has_the_right_gradient(you, x, h, c, W, b, wh, wc):
    """Backpropagation through it gives the right gradient for x, h, c, W and b.

    The cell was invented for its gradient: the path along c, through a product with the forget gate and a sum, is the
    one to get right.
    """
    mine = gradient(you.lstm_cell, x, h, c, W, b, weights=(wh, wc))
    right = gradient(lstm, x, h, c, W, b, weights=(wh, wc))
    for name, each, expected in zip(("x", "h", "c", "W", "b"), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}")


@prop(**ARGS, cases=30)
def leaves_its_inputs_alone(you, x, h, c, W, b):
    """The tensors that it is given stay as they are.

    h and c of one step are inputs of the next, and are needed on the way back through time.
    """
    pure(you.lstm_cell, x, h, c, W, b)


@prop(
    x=tensor("B C", dtype="float32"),
    h=tensor("B H", dtype="float32"),
    c=tensor("B H", dtype="float32"),
    W=tensor("C+H 4*H", dtype="float32"),
    b=tensor("4*H", dtype="float32"),
    cases=20,
)
def keeps_float32(you, x, h, c, W, b):
    """float32 in, float32 out.

    One float64 constant would turn the whole unrolled sequence into float64, at half the speed or less.
    """
    close(you.lstm_cell(x, h, c, W, b), lstm(x, h, c, W, b))


@prop(
    x=tensor("2 C"), h=tensor("2 H"), c=tensor("2 H"), W=tensor("C+H 4*H"), b=tensor("4*H"),
    xs=tensor("7 C"), hs=tensor("7 H"), cs=tensor("7 H"), cases=3,
)  # fmt: skip
def has_no_loop_over_the_batch(you, x, h, c, W, b, xs, hs, cs):
    """A batch of 7 takes as many tensor operations as a batch of 2.

    Time has to be a loop in a recurrent network; the batch has not. It is all the parallelism that there is.
    """
    vectorised(you.lstm_cell, (x, h, c, W, b), (xs, hs, cs, W, b))


@prop(
    xs=tensor("30 B C"), h=tensor("B H"), c=tensor("B H", kinds=("normal",)), W=tensor("C+H 4*H"), b=tensor("4*H"),
    w=tensor("B H"), cases=3,
)  # fmt: skip
def keeps_its_memory_with_an_open_forget_gate(you, xs, h, c, W, b, w):
    """With the forget gate open and the input gate shut, the memory and its gradient pass 30 steps unchanged.

    A plain RNN multiplies by a matrix at each step, and its memory shrinks or explodes. Here 30 steps change nothing:
    the reason for the LSTM.
    """
    b = with_block(with_block(b, 0, -FAR), 1, FAR)
    close(carry(you, xs, h, c, small(W), b), c, what="the memory after 30 steps")
    found = gradient(carry, you, xs, h, c, small(W), b, weights=w)
    close(found[2], w, what="the gradient of the first memory, after 30 steps back")


@prop(**ARGS, other=tensor("B H"), cases=30)
def forgets_with_a_shut_forget_gate(you, x, h, c, W, b, other):
    """With the forget gate shut, the old memory makes no difference.

    Remembering everything is as useless as nothing: at the end of a name the cell has to be able to start afresh.
    """
    b = with_block(b, 1, -FAR)
    mine, again = you.lstm_cell(x, h, c, small(W), b), you.lstm_cell(x, h, other, small(W), b)
    close(again, mine, what="the result with another old memory")


@prop(**ARGS, cases=30)
def hides_its_memory_with_a_shut_output_gate(you, x, h, c, W, b):
    """With the output gate shut, h' is 0, and the memory is what it is with that gate open.

    The cell may hold what it does not need to say now, an open bracket for instance.
    """
    shut = you.lstm_cell(x, h, c, small(W), with_block(b, 3, -FAR))
    opened = you.lstm_cell(x, h, c, small(W), with_block(b, 3, FAR))
    close(shut[0], torch.zeros_like(h), what="h' with the output gate shut")
    close(shut[1], opened[1], what="the memory with the output gate shut")


@prop(
    x=tensor("B C"), h=tensor("B H"), c=tensor("B H", low=-40, high=40), W=tensor("C+H 4*H"), b=tensor("4*H"), cases=30
)
def shows_numbers_below_one(you, x, h, c, W, b):
    """Entries of h' lie between -1 and 1, while the memory may hold numbers of any size.

    tanh keeps what the next layer sees in bounds, while the memory behind it can count.
    """
    shown, memory = you.lstm_cell(x, h, c, W, with_block(b, 1, FAR))
    check((shown.abs() <= 1).all(), "An entry of h' is larger than 1: it should be a gate times a tanh of the memory.")
    close(memory, lstm(x, h, c, W, with_block(b, 1, FAR))[1], what="the memory")


@prop(
    b=tensor("4*H", kinds=("normal",)), value=st.floats(-4, 4).map(lambda value: round(value, 2)) | st.none(), cases=30
)
def sets_the_forget_bias_only(you, b, value):
    """init_forget_bias_ sets the second block of a parameter (to 1 if no value is given), and nothing else.

    Gates that start half shut forget half at each step. One added constant, found in 2000 and again in 2015, mends it;
    in another block it would do harm.
    """
    returned, changed = initialised(you, b, value)
    same(changed, with_block(b, 1, 1.0 if value is None else value), what="b after the call")
    check(returned is None, "init_forget_bias_ changes b and should return None; yours returns something.")


@prop(seed=st.integers(0, 9999), cases=2)
def remembers_longer_with_a_larger_forget_bias(you, seed):
    """Of the gradient, 20 steps back leave less than 1/1000 with forget bias 0, 1/1000 to 3/10 with 1, more with 3.

    sigmoid(0) = 0.5 leaves a millionth after 20 steps; sigmoid(3) = 0.95 leaves more than a third. That is what the
    bias buys.
    """
    *start, w = usual_start(seed)
    left = []
    for value in (0.0, 1.0, 3.0):
        found = gradient(carry_with_forget_bias, you, *start, value, weights=w)
        left.append(float(found[2].norm() / w.norm()))
    told = ", ".join(f"{each:.1g} with forget bias {value}" for each, value in zip(left, (0, 1, 3), strict=True))
    check(
        left[0] < 1e-3 < left[1] < 0.3 < left[2],
        f"After 20 steps back this much of the gradient is left: {told}. "
        "It should be less than 0.001, from 0.001 to 0.3, and more than 0.3.",
    )


HINTS = (
    "Join x and h side by side, multiply by W once, add b. Then cut the result into four equal blocks of columns.",
    "`torch.cat([x, h], dim=1)` joins and `z.chunk(4, dim=1)` cuts, in the order i, f, g, o. Three blocks go through "
    "a sigmoid, g through tanh. For the bias: entries H to 2H of b, changed under `torch.no_grad()`.",
    "c' is sigmoid(f) * c + sigmoid(i) * tanh(g), and h' is sigmoid(o) * tanh(c'), with the new c'. Return (h', c'). "
    "In init_forget_bias_, `size = b.shape[0] // 4`, then assign to `b[size : 2 * size]`.",
)

AHA = (
    "The LSTM's secret is one +: a residual connection through time, guarded by a gate, and the usual bias of 0 "
    "leaves that gate half shut."
)

MISTAKES = (
    convention(
        "You cut z in the order i, f, o, g. Here the third block is the candidate g and the fourth is the gate o. "
        "Both have the same shape, so only the numbers show it: with the last H biases at -50, h' should be 0.",
        "i, f, g, o = z",
        "i, f, o, g = z",
    ),
    convention(
        "You cut z in the order f, i, g, o. Here the input gate comes first and the forget gate second: with biases "
        "-50 in block 0 and +50 in block 1 the memory should stay as it is; yours is replaced.",
        "i, f, g, o = z",
        "f, i, g, o = z",
    ),
    mistake(
        "Your h' is the output gate times c' itself. It should be the gate times tanh(c'): with a memory of 10 you "
        "show up to 10, and h' should stay below 1.",
        "torch.tanh(c_next)",
        "c_next",
    ),
    mistake(
        "Your candidate g goes through a sigmoid, so it can only add to the memory, never take away. It should go "
        "through tanh: with z all zero, c' should be half of c, and yours is more.",
        "torch.tanh(g)",
        "torch.sigmoid(g)",
    ),
    mistake(
        "Your h' is computed from the old memory c. It should come from the new one, c': what is written in this step "
        "should already be seen in this step's h'.",
        "torch.tanh(c_next)",
        "torch.tanh(c)",
    ),
    mistake(
        "Your memory keeps 1 - f of the old one: the forget gate works backwards. In spite of its name an open forget "
        "gate (1) keeps, and a shut one (0) forgets.",
        "torch.sigmoid(f) * c",
        "(1 - torch.sigmoid(f)) * c",
    ),
    mistake(
        "Your memory keeps 1 - i of the old one, so that keeping and writing share one gate, as in a GRU. An LSTM has "
        "a forget gate of its own: your result does not depend on f at all.",
        "torch.sigmoid(f) * c",
        "(1 - torch.sigmoid(i)) * c",
    ),
    convention(
        "You join h before x. The first C rows of W belong to x: try C = 1, H = 2 with a W whose first row is zero; "
        "then x should make no difference.",
        "[x, h]",
        "[h, x]",
    ),
    mistake(
        "You return tanh(c') as the new memory. Only h' gets the tanh; the memory itself goes on unsquashed. With the "
        "forget gate open a memory of 2 should still be 2 after a step; yours is 0.96.",
        "    return h_next, c_next",
        "    return h_next, torch.tanh(c_next)",
    ),
    convention(
        "You return (c', h'). The order is (h', c'), as torch's LSTMCell has it.",
        "return h_next, c_next",
        "return c_next, h_next",
    ),
    mistake(
        "You leave out the bias b. It should be added to z; with x and h all zero, the gates should still follow b.",
        " @ W + b",
        " @ W",
    ),
    mistake(
        "Your gates do not see h: z is made from x alone. Half of W, its last H rows, should be multiplied with h.",
        "torch.cat([x, h], dim=1) @ W + b",
        "x @ W[: x.shape[1]] + b",
    ),
    mistake(
        "You cut off the gradient of the old memory with detach (or .data): the values are right, but no error "
        "reaches earlier steps, which is what an LSTM is for. The gradient of c should be the forget gate.",
        "torch.sigmoid(f) * c",
        "torch.sigmoid(f) * c.detach()",
    ),
    mistake(
        "You update the memory in place, so the caller's c is changed, and an earlier step's memory is lost before "
        "backpropagation needs it. Compute a new tensor instead of using `*=`, `+=` or `mul_`.",
        "c_next = torch.sigmoid(f) * c +",
        "c_next = c.mul_(torch.sigmoid(f)) +",
    ),
    mistake(
        "Your result is always float64. A cell computes in the dtype of what it gets: float32 in, float32 out. Leave "
        "the dtype alone.",
        "torch.cat([x, h], dim=1) @ W + b",
        "torch.cat([x, h], dim=1).double() @ W.double() + b.double()",
    ),
    mistake(
        "Your result is always float32. A cell computes in the dtype of what it gets; float64 is needed to check "
        "gradients.",
        "    return h_next, c_next",
        "    return h_next.float(), c_next.float()",
    ),
    mistake(
        "You compute the rows of the batch one by one in a Python loop. One matrix product does all of them: the "
        "number of operations should not grow with B.",
        "torch.cat([x, h], dim=1) @ W + b",
        "torch.stack([torch.cat([one, shown]) @ W + b for one, shown in zip(x, h)])",
    ),
    mistake(
        "init_forget_bias_ sets the first block of b, the input gate's. In the order i, f, g, o the forget gate is "
        "the second: entries H to 2H.",
        "b[size : 2 * size] = value",
        "b[:size] = value",
    ),
    mistake(
        "init_forget_bias_ sets all of b. Only entries H to 2H are the forget gate's; the other blocks should stay.",
        "b[size : 2 * size] = value",
        "b[:] = value",
    ),
    mistake(
        "init_forget_bias_ adds the value to what was there. It should set the entries to the value: calling it twice "
        "should be the same as once.",
        "b[size : 2 * size] = value",
        "b[size : 2 * size] += value",
    ),
    mistake(
        "init_forget_bias_ always sets 1, whatever value it is given.",
        "b[size : 2 * size] = value",
        "b[size : 2 * size] = 1.0",
    ),
    mistake(
        "init_forget_bias_ changes a parameter while torch is recording gradients, which torch refuses. Put the "
        "assignment under `with torch.no_grad():`.",
        "with torch.no_grad():",
        "if True:",
    ),
    mistake(
        "init_forget_bias_ makes a changed copy and leaves the caller's b as it was. The underscore in its name says "
        "that it works in place.",
        "size = b.shape[0] // 4",
        "size, b = b.shape[0] // 4, b.clone()",
    ),
    mistake(
        "Your candidate g goes through nothing. It should go through tanh, which keeps it between -1 and 1.",
        "torch.tanh(g)",
        "g",
    ),
)

FORBIDDEN = (
    "torch.nn.LSTM",
    "torch.nn.LSTMCell",
    "torch.nn.modules.rnn",
    "torch.lstm",
    "torch.lstm_cell",
    "torch.ops.aten",
    "torch._VF",
    "torch._C",
)
