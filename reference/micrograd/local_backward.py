"""What one node must send back to its operands.

The oracle knows no closures: it takes the slope of a float function by the complex step, Im f(x + εi) / ε, which is exact
to rounding and has no idea of sums, products or tanh.
"""

import cmath

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, probe, prop

NUMBERS = st.sampled_from((3.0, -2.0, 0.5, -0.25, 1.5, 0.0, -1.0, 2.5))
GRADS = st.sampled_from((2.0, -3.0, 0.5, 4.0, -1.5))
BEFORE = st.tuples(*2 * [st.sampled_from((0.0, 5.0, -1.0, 0.25))])
OPERATIONS = {"+": lambda a, b: a + b, "*": lambda a, b: a * b}


@oracle
def slope(function, x):
    return function(x + 1e-30j).imag / 1e-30


@oracle
def shares(op, a, b, upstream):
    function = OPERATIONS[op]
    return slope(lambda x: function(x, b), a) * upstream, slope(lambda x: function(a, x), b) * upstream


@probe
def combined(op, left, right):
    return left + right if op == "+" else left * right


@probe
def send_back(you, op, a, b, upstream, before):
    left, right = you.Value(a), you.Value(b)
    left.grad, right.grad = before
    out = combined(op, left, right)
    out.grad = upstream
    out._backward()
    return {"a.grad": left.grad, "b.grad": right.grad}


@probe
def send_back_twice(you, op, a, b, upstream):
    left, right = you.Value(a), you.Value(b)
    out = combined(op, left, right)
    out.grad = upstream
    out._backward()
    out._backward()
    return {"a.grad": left.grad, "b.grad": right.grad}


@probe
def send_back_to_one(you, op, a, upstream):
    value = you.Value(a)
    out = combined(op, value, value)
    out.grad = upstream
    out._backward()
    return value.grad


@probe
def send_back_from_number(you, op, a, number, upstream):
    value = you.Value(a)
    out = combined(op, value, number)
    out.grad = upstream
    out._backward()
    return {"a.grad": value.grad, "number.grad": out._prev[1].grad}


@probe
def send_back_through_tanh(you, x, upstream, before):
    value = you.Value(x)
    value.grad = before
    out = value.tanh()
    out.grad = upstream
    out._backward()
    return {"out.data": out.data, "x.grad": value.grad}


@probe
def everything(you, op, a, b, upstream):
    left, right = you.Value(a), you.Value(b)
    asked = []
    left._backward = right._backward = lambda: asked.append(1)
    out = left.tanh() if op == "tanh" else combined(op, left, right)
    out.grad = upstream
    returned = out._backward()
    return {
        "a.data": left.data, "b.data": right.data, "out.data": out.data, "out.grad": out.grad, "out._op": out._op,
        "out._prev is (a, b)": [id(node) for node in out._prev] == [id(left), id(right)][: 1 if op == "tanh" else 2],
        "type(out) is Value": type(out) is you.Value, "out._backward()": returned,
        "The calls of a._backward and b._backward": len(asked),
    }  # fmt: skip


def each(actual, expected):
    """Compare by name, so that the message starts with it."""
    found = actual if isinstance(actual, dict) else {}
    for name, right in expected.items():
        close(found.get(name), right, what=f"`{name}`")


@probe
def late(you, a, b, c, upstream):
    values = [you.Value(a), you.Value(b), you.Value(c)]
    results = [values[0] * values[1], values[1] * values[2], values[0] + values[2], values[1].tanh()]
    for result in results:
        result.grad = upstream
    results[0]._backward()
    return {name: value.grad for name, value in zip(("a.grad", "b.grad", "c.grad"), values)}  # noqa: B905


@prop(a=NUMBERS, b=NUMBERS, upstream=GRADS, before=BEFORE, cases=60)
def a_sum_hands_the_gradient_on(you, a, b, upstream, before):
    """out = a + b adds out.grad to a.grad and to b.grad.

    Raise one summand by a little and the sum rises by as much: the slope is 1. In a residual network these sums are
    what carries gradients through a hundred layers.
    """
    left, right = shares("+", a, b, upstream)
    got = send_back(you, "+", a, b, upstream, before)
    each(got, {"a.grad": before[0] + left, "b.grad": before[1] + right})


@prop(a=NUMBERS, b=NUMBERS, upstream=GRADS, before=BEFORE, cases=60)
def a_product_hands_on_the_other_operand(you, a, b, upstream, before):
    """out = a * b adds b · out.grad to a.grad, and a · out.grad to b.grad.

    Raise a by a little and a·b rises b times as much. Each weight of a network receives its gradient through this rule:
    its slope is the input it was multiplied with.
    """
    left, right = shares("*", a, b, upstream)
    got = send_back(you, "*", a, b, upstream, before)
    each(got, {"a.grad": before[0] + left, "b.grad": before[1] + right})


@prop(x=st.one_of(NUMBERS, st.floats(-4, 4)), upstream=GRADS, before=GRADS, cases=60)
def tanh_scales_by_its_slope(you, x, upstream, before):
    """out = x.tanh() holds tanh(x), and adds (1 - out²) · out.grad to x.grad.

    Where tanh is flat its slope is near 0, and nothing gets through to the layers before: the saturation that lecture 4
    looks for.
    """
    right = {"out.data": cmath.tanh(x).real, "x.grad": before + slope(cmath.tanh, x) * upstream}
    each(send_back_through_tanh(you, x, upstream, before), right)


@prop(op=st.sampled_from("+*"), a=NUMBERS, upstream=GRADS, cases=40)
def a_value_used_twice_receives_twice(you, op, a, upstream):
    """In a + a and a * a both operands are a: it receives both shares.

    Both paths contribute to the slope. Whoever assigns instead of adding keeps one path only, the most famous mistake
    of lecture 1.
    """
    close(send_back_to_one(you, op, a, upstream), sum(shares(op, a, a, upstream)), "`a.grad`")


@prop(op=st.sampled_from("+*"), a=NUMBERS, b=NUMBERS, upstream=GRADS, cases=40)
def a_second_call_adds_the_same_again(you, op, a, b, upstream):
    """Calling _backward twice gives twice the gradient: it adds, it does not overwrite.

    Adding is what makes shared weights and accumulated batches work; it is also why a training loop has to set
    gradients to zero.
    """
    left, right = shares(op, a, b, upstream)
    each(send_back_twice(you, op, a, b, upstream), {"a.grad": 2 * left, "b.grad": 2 * right})


@prop(op=st.sampled_from("+*"), a=NUMBERS, number=NUMBERS, upstream=GRADS, cases=40)
def numbers_may_be_operands(you, op, a, number, upstream):
    """a + 3.0 and a * 3.0 send the right gradient back to a, and to the node made of the number.

    Constants get gradients nobody looks at; it costs less than asking at each node whether it is one.
    """
    left, right = shares(op, a, number, upstream)
    each(send_back_from_number(you, op, a, number, upstream), {"a.grad": left, "number.grad": right})


@prop(op=st.sampled_from(("+", "*", "tanh")), a=NUMBERS, b=NUMBERS, upstream=GRADS, cases=40)
def nothing_else_changes(you, op, a, b, upstream):
    """Sending back goes one step and changes only the operands' grad; the result, its _prev and its _op are right.

    One pass back may visit thousands of nodes. If a visit changed anything but gradients, the next pass would start
    from other numbers.
    """
    number = cmath.tanh(a).real if op == "tanh" else OPERATIONS[op](a, b)
    right = {
        "a.data": a, "b.data": b, "out.data": number, "out.grad": upstream, "out._op": op,
        "out._prev is (a, b)": True, "type(out) is Value": True, "out._backward()": None,
        "The calls of a._backward and b._backward": 0,
    }  # fmt: skip
    each(everything(you, op, a, b, upstream), right)


@prop(a=NUMBERS, b=NUMBERS, c=NUMBERS, upstream=GRADS, cases=40)
def each_result_keeps_its_own_operands(you, a, b, c, upstream):
    """After many more operations, the first result still sends back to its own two operands.

    A function made in a loop or method sees its variables as they are later. If all results shared them, every node
    would send its gradient to the last pair.
    """
    left, right = shares("*", a, b, upstream)
    each(late(you, a, b, c, upstream), {"a.grad": left, "b.grad": right, "c.grad": 0.0})


@prop(x=st.sampled_from((1000.0, -1000.0, 400.0, -400.0, 20.0)), upstream=GRADS, cases=10)
def tanh_bears_large_numbers(you, x, upstream):
    """tanh of 1000.0 is 1.0, of -1000.0 is -1.0, and no gradient passes.

    exp(1000) overflows. Activations get that large when weights start too large, and one nan then spreads to every
    weight.
    """
    right = {"out.data": cmath.tanh(x).real, "x.grad": 0.0}
    each(send_back_through_tanh(you, x, upstream, 0.0), right)


HINTS = (
    "For a sum both operands move the result as much as they move themselves. So what does each of them receive?",
    "For a product ask: if `left` grows by ε, by how much does left.data * right.data grow? Multiply that by out.grad, "
    "and add it to left.grad.",
    "In tanh compute t = math.tanh(self.data) and make the node with type(self)(t, (self,), 'tanh'). Its _backward is "
    "one line: self.grad += (1 - t * t) * out.grad.",
)

AHA = "The node must add: a variable used twice has two reasons to change the output."

MISTAKES = (
    mistake(
        "Your sum serves each *different* operand once, so that in a + a the value receives one share instead of two. Serve "
        "left and right separately, even if they are the same node.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "for node in {left, right}:\n                node.grad += out.grad",
    ),
    mistake(
        "Your sum overwrites the gradient with `=`. A value that is used twice receives two shares, and the first is lost: "
        "use `+=`. With out = a + a, a.grad should become twice out.grad.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad = out.grad\n            right.grad = out.grad",
    ),
    mistake(
        "Your product overwrites the gradient with `=`. Use `+=`, so that several uses of one value add up; try "
        "out = a * a.",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad = right.data * out.grad\n            right.grad = left.data * out.grad",
    ),
    mistake(
        "Your tanh overwrites the gradient with `=`. Use `+=`: x may be used elsewhere too. Set x.grad to 5.0 first and see "
        "that it is gone.",
        "self.grad += (1 - t**2)",
        "self.grad = (1 - t**2)",
    ),
    mistake(
        "Your sum adds 1 to its operands, whatever out.grad is. It should add out.grad: the slope of the sum, 1, times the "
        "gradient of its result. Set out.grad to 4.0 to see the difference.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad += 1.0\n            right.grad += 1.0",
    ),
    mistake(
        "Your product leaves out.grad out. It should add the other operand times out.grad (the chain rule). Set out.grad to "
        "4.0 to see the difference.",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad += right.data\n            right.grad += left.data",
    ),
    mistake(
        "Your tanh leaves out.grad out: the slope 1 - t² must be multiplied by it.",
        "(1 - t**2) * out.grad",
        "(1 - t**2)",
    ),
    mistake(
        "Your product gives each operand its own number. If a grows by ε, a·b grows by b·ε: each operand needs the *other* "
        "one's number. Try a = 2, b = -3.",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad += left.data * out.grad\n            right.grad += right.data * out.grad",
    ),
    mistake(
        "Your sum multiplies by the other operand, as a product would. If a grows by ε, a + b grows by ε: the slope is 1.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
    ),
    mistake(
        "Your slope of tanh is 1 - x², computed from the input. It is 1 - t², with t = tanh(x), the output. At x = 2 the "
        "first gives -3, the second 0.07.",
        "(1 - t**2)",
        "(1 - self.data**2)",
    ),
    mistake(
        "Your slope of tanh is 1 - t; the square is missing. At x = 0 both are 1; at x = -2 yours gives 1.96 instead of 0.07.",
        "(1 - t**2)",
        "(1 - t)",
    ),
    mistake(
        "Your product reads out.grad during the forward pass, when it is still 0.0. Read it inside _backward, which is "
        "called later.",
        "out = super().__mul__(other)\n        left, right = out._prev\n",
        "out = super().__mul__(other)\n        left, right = out._prev\n        upstream = out.grad\n",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad += right.data * upstream\n            right.grad += left.data * upstream",
    ),
    mistake(
        "Your sum sends its gradient back at once, in the forward pass, when out.grad is still 0.0, and never again. Put the "
        "two lines into _backward and store the function, without calling it.",
        "left.grad += out.grad\n            right.grad += out.grad\n\n        out._backward = _backward",
        "left.grad += out.grad\n            right.grad += out.grad\n\n        _backward()",
    ),
    mistake(
        "Your tanh uses (e²ˣ - 1) / (e²ˣ + 1), which raises OverflowError from x = 355 on. math.tanh gives the same number "
        "and never overflows.",
        "t = math.tanh(self.data)",
        "t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)",
    ),
    mistake(
        "Your product makes its functions in a loop. All of them see the loop's variables as they are at the end, so the "
        "second operand receives both shares. Write one function that serves both, or bind the variables as default "
        "arguments.",
        "def _backward() -> None:\n"
        "            left.grad += right.data * out.grad\n"
        "            right.grad += left.data * out.grad",
        "steps = []\n"
        "        for node, other in ((left, right), (right, left)):\n"
        "            steps.append(lambda: setattr(node, 'grad', node.grad + other.data * out.grad))\n\n"
        "        def _backward() -> None:\n"
        "            for step in steps:\n"
        "                step()",
    ),
    mistake(
        "Your product sets out.grad back to 0 after sending. It should leave out as it is; who calls _backward decides when "
        "gradients are cleared.",
        "right.grad += left.data * out.grad",
        "right.grad += left.data * out.grad\n            out.grad = 0.0",
    ),
    mistake(
        "Your functions remember their operands in one place, the class, so that the next operation overwrites them. Use "
        "local variables: each call of __mul__ has its own.",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "cls = type(out)\n"
        "            cls.left.grad += cls.right.data * out.grad\n"
        "            cls.right.grad += cls.left.data * out.grad\n\n"
        "        type(out).left, type(out).right = left, right",
    ),
    mistake(
        "Your gradients overwrite what is there with `=`, in sum, product and tanh. Use `+=`: a value that is used twice "
        "receives two shares, and the first is lost. With out = a + a, a.grad should become twice out.grad.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad = out.grad\n            right.grad = out.grad",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad = right.data * out.grad\n            right.grad = left.data * out.grad",
        "self.grad += (1 - t**2)",
        "self.grad = (1 - t**2)",
    ),
    mistake(
        "Your sum and your product overwrite the gradient with `=`. Use `+=`: a value that is used twice receives two "
        "shares, and the first is lost. With out = a + a, a.grad should become twice out.grad.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad = out.grad\n            right.grad = out.grad",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad = right.data * out.grad\n            right.grad = left.data * out.grad",
    ),
    mistake(
        "Your sum stores _backward(), which calls the function at once and stores what it returns: None. Store the function "
        "itself, without parentheses: out._backward = _backward.",
        "right.grad += out.grad\n\n        out._backward = _backward\n",
        "right.grad += out.grad\n\n        out._backward = _backward()\n",
    ),
    mistake(
        "You store _backward(), which calls the function at once and stores what it returns: None. Store the function "
        "itself, without parentheses: out._backward = _backward.",
        "right.grad += out.grad\n\n        out._backward = _backward\n",
        "right.grad += out.grad\n\n        out._backward = _backward()\n",
        "left.data * out.grad\n\n        out._backward = _backward\n",
        "left.data * out.grad\n\n        out._backward = _backward()\n",
        "self.grad += (1 - t**2) * out.grad\n\n        out._backward = _backward\n",
        "self.grad += (1 - t**2) * out.grad\n\n        out._backward = _backward()\n",
    ),
    mistake(
        "Neither your sum nor your product multiplies by out.grad. Both should: the slope of the operation times the "
        "gradient of its result (the chain rule). Set out.grad to 4.0 to see the difference.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad += 1.0\n            right.grad += 1.0",
        "left.grad += right.data * out.grad\n            right.grad += left.data * out.grad",
        "left.grad += right.data\n            right.grad += left.data",
    ),
    mistake(
        "The slope of your tanh has the wrong sign before t²: it is 1 - t². tanh becomes flatter away from 0, so the slope "
        "is never above 1.",
        "(1 - t**2)",
        "(1 + t**2)",
    ),
    mistake(
        "Your tanh gives its result no _backward of its own, so nothing flows back through it. Write the inner function, and "
        "store it: out._backward = _backward.",
        "self.grad += (1 - t**2) * out.grad\n\n        out._backward = _backward\n",
        "self.grad += (1 - t**2) * out.grad\n\n",
    ),
    mistake(
        "Your sum goes on to call _backward of its operands. One step back is all that is asked: an operand's own gradient "
        "may not be complete yet, so it is asked later, by `backward`.",
        "left.grad += out.grad\n            right.grad += out.grad",
        "left.grad += out.grad\n            right.grad += out.grad\n            left._backward()\n            right._backward()",
    ),
)

FORBIDDEN = ("torch", "numpy", "exercises.micrograd.backward")
