"""What backward must leave in the grad of every value.

The oracle runs the same program on dual numbers, forwards: each value carries its own slope with respect to every value
before it, so there is no graph, no order and no accumulation in it.
"""

import math
from dataclasses import dataclass, field
from itertools import product
from random import Random
from string import ascii_lowercase

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, probe, prop, same

NAMES = [*ascii_lowercase, *("".join(pair) for pair in product("xyz", ascii_lowercase))]
NUMBERS = (3.0, -2.0, 0.5, -1.0, 1.5)
NUMBER = st.sampled_from(NUMBERS)
BACK = (0, 0, 0, 1, 1, 2, 2, 3, 5, 9)
STEPS = ("+", "+", "*", "*", "tanh", "+ 2.0", "* -0.5")
LARGEST = 4.0
"""A result beyond it is scaled down by an operation of its own, so that numbers stay tame in long programs."""


def program_of(size, seed, root):
    """Lines joined by '; ': two leaves, operations that mostly use what was computed last, a call of backward.

    A smaller size with the same seed gives the beginning of the same program, so that a case shrinks well.
    """
    chance = Random(seed)
    texts = [f"Value({chance.choice(NUMBERS)})" for _ in "ab"]
    known = {name: eval(text, {"Value": Dual}) for name, text in zip("ab", texts, strict=True)}
    while len(texts) < size + 2:
        left, right = (NAMES[max(0, len(texts) - 1 - chance.choice(BACK))] for _ in range(2))
        step = chance.choice(STEPS)
        if abs(known[NAMES[len(texts) - 1]].number) > LARGEST:
            left, step = NAMES[len(texts) - 1], "* 0.25"
        texts.append(
            f"{left}.tanh()" if step == "tanh" else f"{left} {step}" if " " in step else f"{left} {step} {right}"
        )
        known[NAMES[len(texts) - 1]] = eval(texts[-1], {}, known)
    lines = [f"{name} = {text}" for name, text in zip(NAMES, texts, strict=False)]
    return "; ".join([*lines, f"{NAMES[max(0, len(texts) - 1 - root)]}.backward()"])


SEEDS = st.integers(0, 1 << 16)
ROOTS = st.sampled_from((0, 0, 0, 1, 3))
SHORT = st.builds(program_of, st.integers(1, 7), SEEDS, ROOTS)
LONG = st.builds(lambda size, *more: program_of(min(size, 40), *more), st.integers(1, 120), SEEDS, ROOTS)
"""Three in four have more than thirty operations; all can shrink to a few."""


@dataclass
class Dual:
    """A number and its slopes with respect to the named values before it."""

    number: float
    slopes: dict = field(default_factory=dict)

    def __add__(self, other):
        other = lifted(other)
        return Dual(self.number + other.number, weighted(1.0, self.slopes, 1.0, other.slopes))

    def __mul__(self, other):
        other = lifted(other)
        slopes = weighted(other.number, self.slopes, self.number, other.slopes)
        return Dual(self.number * other.number, slopes)

    def tanh(self):
        t = math.tanh(self.number)
        return Dual(t, weighted(1 - t * t, self.slopes, 0.0, {}))


def lifted(number):
    return number if isinstance(number, Dual) else Dual(number)


def weighted(factor, slopes, other_factor, other_slopes):
    names = {**slopes, **other_slopes}
    return {name: factor * slopes.get(name, 0.0) + other_factor * other_slopes.get(name, 0.0) for name in names}


@oracle
def slopes(program):
    """Name → slope of the value that backward is called on with respect to it; 0 for what it does not depend on."""
    *lines, last = program.split("; ")
    known = {}
    for name, text in (line.split(" = ") for line in lines):
        known[name] = eval(text, {"Value": Dual}, known)
        known[name].slopes[name] = 1.0
    root = known[last.removesuffix(".backward()")]
    return {name: root.slopes.get(name, 0.0) for name in known}


@probe
def run(you, program, before):
    nodes = {"Value": you.Value}
    *lines, last = program.split("; ")
    names = [line.split(" = ")[0] for line in lines]
    exec("; ".join(lines), nodes)
    for name in names[: len(before)]:
        nodes[name].grad = before[names.index(name)]
    exec(last, nodes)
    return {name: float(nodes[name].grad) for name in names}


@probe
def calls(you, program):
    nodes, count = {"Value": you.Value}, {}
    *lines, last = program.split("; ")
    exec("; ".join(lines), nodes)

    def counted(name, send):
        def _backward():
            count[name] += 1
            send()

        return _backward

    for name in [line.split(" = ")[0] for line in lines]:
        if nodes[name]._prev:
            count[name] = 0
            nodes[name]._backward = counted(name, nodes[name]._backward)
    exec(last, nodes)
    return count


@probe
def two_results(you, numbers):
    a, b, c = (you.Value(number) for number in numbers)
    first, second = a * b, (b + c).tanh()
    first.backward()
    second.backward()
    return {"a": a.grad, "b": b.grad, "c": c.grad}


def each(actual, expected):
    """Compare by name, so that the message starts with it."""
    found = actual if isinstance(actual, dict) else {}
    for name, right in expected.items():
        close(found.get(name), right, what=f"`{name}.grad`", rtol=1e-7, atol=1e-9)


@prop(a=NUMBER, b=NUMBER, cases=10)
def waits_for_a_value_that_is_used_twice(you, a, b):
    """In d = a * b; e = d + a; L = d * e the gradient of d is complete before it is passed on.

    Passing on a gradient before all of it has arrived loses the part that comes later, and every value below is wrong
    by that part.
    """
    program = f"a = Value({a}); b = Value({b}); d = a * b; e = d + a; L = d * e; L.backward()"
    each(run(you, program, ()), slopes(program))


@prop(program=SHORT, cases=60)
def asks_each_value_once(you, program):
    """_backward is called once on each result in the graph, and on nothing that the result was not computed from.

    A second call would add the same gradient a second time; work on other parts of the graph would change gradients
    nobody asked about.
    """
    reached = set(names_reached(program))
    right = {name: int(name in reached) for name in results(program)}
    found = calls(you, program)
    for name, number in right.items():
        same(
            found.get(name) if isinstance(found, dict) else None,
            number,
            what=f"the number of calls of `{name}._backward`",
        )


@prop(a=NUMBER, cases=10)
def a_value_may_be_used_twice_at_once(you, a):
    """For b = a + a the gradient of a is 2; for c = b * b it is 8a.

    x·x, residual connections and tied weights all use a value twice. It is the smallest graph in which assigning and
    adding differ.
    """
    program = f"a = Value({a}); b = a + a; c = b * b; "
    each(run(you, program + "b.backward()", ()), {"a": 2.0, "b": 1.0, "c": 0.0})
    each(run(you, program + "c.backward()", ()), {"a": 8 * a, "b": 4 * a, "c": 1.0})


@prop(program=LONG)
def gives_every_slope(you, program):
    """In graphs of more than thirty operations each value's grad is the slope of the result with respect to it.

    Small graphs forgive much. In a large one each rule meets each other rule, and a wrong order shows.
    """
    each(run(you, program, ()), slopes(program))


@prop(program=SHORT, before=st.tuples(NUMBER, NUMBER), cases=60)
def adds_to_what_is_there(you, program, before):
    """A gradient that a and b have already stays: the new one is added. Only the result's own grad is set, to 1.

    Batches too large for memory are computed in parts whose gradients add up: PyTorch's backward does the same, and
    zero_grad exists because of it.
    """
    right = dict(slopes(program))
    for name, number in zip("ab", before, strict=True):
        right[name] += 0.0 if program.endswith(f"; {name}.backward()") else number
    each(run(you, program, before), right)


@prop(numbers=st.tuples(*3 * [st.sampled_from((0.5, -0.25, 1.0, 2.0))]), cases=20)
def two_results_add_up(you, numbers):
    """After (a * b).backward() and (b + c).tanh().backward(), b has both gradients.

    A model with two losses calls backward twice; the shared weights need the sum of both slopes.
    """
    a, b, c = numbers
    steep = 1 - math.tanh(b + c) ** 2
    each(two_results(you, numbers), {"a": b, "b": a + steep, "c": steep})


def results(program):
    return [line.split(" = ")[0] for line in program.split("; ")[:-1] if "Value(" not in line]


@oracle
def names_reached(program):
    *lines, last = program.split("; ")
    texts = dict(line.split(" = ") for line in lines)
    waiting, found = [last.removesuffix(".backward()")], []
    while waiting:
        found.append(waiting.pop())
        waiting.extend(
            word for word in texts[found[-1]].removesuffix(".tanh()").split() if word in texts and word not in found
        )
    return found


HINTS = (
    "How much does L move when L moves by ε? That is the gradient to start with.",
    "topo_order(self) lists operands before results. The backward pass needs it the other way round: reversed(...).",
    "Three lines: self.grad = 1.0, then for each node of reversed(topo_order(self)) call node._backward().",
)

AHA = "One pass backward costs about as much as one pass forward, for all parameters at once."

# That the gradients of 3·L are three times those of L, and that values outside the graph stay untouched, is part of
# gives_every_slope: its programs multiply by numbers, and some call backward on a value before the last.
MISTAKES = (
    mistake(
        "You go back level by level (breadth first). In d = a * b; e = d + a; L = d * e this asks d before e has added its "
        "share, so that a and b receive too little. Use topo_order, reversed.",
        "        for node in reversed(topo_order(self)):\n            node._backward()",
        "        queue = [self]\n"
        "        for node in queue:\n"
        "            node._backward()\n"
        "            queue.extend(each for each in dict.fromkeys(node._prev) if each not in queue)",
    ),
    mistake(
        "You ask a node as soon as you first reach it (depth first, the node before its operands). In d = a * b; e = d + a; "
        "L = d * e this asks d before e has added its share. Use topo_order, reversed.",
        "        for node in reversed(topo_order(self)):\n            node._backward()",
        "        seen, stack = set(), [self]\n"
        "        while stack:\n"
        "            node = stack.pop()\n"
        "            if node not in seen:\n"
        "                seen.add(node)\n"
        "                node._backward()\n"
        "                stack.extend(reversed(node._prev))",
    ),
    mistake(
        "You call yourself for every operand of every node, so that a value that is used twice is asked twice, and passes on "
        "the first share again: with d = a * b; e = d + a; L = d * e the gradient of a is counted double. Ask each node once.",
        "        for node in reversed(topo_order(self)):\n            node._backward()",
        "        def ask(node, depth=0):\n"
        "            node._backward()\n"
        "            for operand in node._prev if depth < 12 else ():\n"
        "                ask(operand, depth + 1)\n\n"
        "        ask(self)",
    ),
    mistake(
        "The result's own gradient is never set. It starts as 0, and everything that is multiplied by it stays 0. Set "
        "self.grad = 1.0 first.",
        "        self.grad = 1.0\n",
        "",
    ),
    mistake(
        "You add 1 to the result's own gradient instead of setting it to 1: a second backward() then starts from 2.",
        "self.grad = 1.0",
        "self.grad += 1.0",
    ),
    mistake(
        "You set the gradient of every value to 1 before you begin. Only the result's own is known to be 1; the others are "
        "what we are looking for, and are added up.",
        "        self.grad = 1.0\n",
        "        for node in topo_order(self):\n            node.grad = 1.0\n",
    ),
    mistake(
        "You set the gradients of the leaves to 1. It is the result whose gradient is known: self.grad = 1.0.",
        "        self.grad = 1.0\n",
        "        for node in topo_order(self):\n            if not node._prev:\n                node.grad = 1.0\n",
    ),
    mistake(
        "You set all gradients to 0 before you begin. Gradients add up until the caller clears them: two results that share "
        "a value must both leave their share in it.",
        "        self.grad = 1.0\n",
        "        for node in topo_order(self):\n            node.grad = 0.0\n        self.grad = 1.0\n",
    ),
    mistake(
        "You ask the nodes from the inputs to the result, as in the forward pass. All but the result still have gradient 0 "
        "then. Walk the order in reverse.",
        "reversed(topo_order(self))",
        "topo_order(self)",
    ),
    mistake(
        "You ask only the node that backward was called on, and its operands never pass anything on. Call _backward of every "
        "node in the graph.",
        "        for node in reversed(topo_order(self)):\n            node._backward()",
        "        self._backward()",
    ),
    mistake(
        "You call each _backward twice, so that every share is added twice.",
        "            node._backward()",
        "            node._backward()\n            node._backward()",
    ),
    mistake(
        "You clear the gradient of each node once it has passed it on. The gradients are the answer: leave them there.",
        "            node._backward()",
        "            node._backward()\n            node.grad = 0.0 if node._prev else node.grad",
    ),
    mistake(
        "Your backward calls backward of its operands, and each call sets that operand's grad to 1, so that what it had "
        "received is lost. Set only your own grad, and call _backward (with the underscore) of each node in order.",
        "        for node in reversed(topo_order(self)):\n            node._backward()",
        "        self._backward()\n        for operand in self._prev:\n            operand.backward()",
    ),
    mistake(
        "No _backward is ever called. `node._backward` only names the function; `node._backward()` calls it.",
        "            node._backward()",
        "            node._backward",
    ),
    mistake(
        "You set self.grad to 1 after the walk, when everybody has been asked already and passed on nothing. Set it before.",
        "        self.grad = 1.0\n",
        "",
        "            node._backward()",
        "            node._backward()\n        self.grad = 1.0",
    ),
    mistake(
        "You leave out the node that backward was called on, so that its operands receive nothing. It is asked first.",
        "reversed(topo_order(self))",
        "topo_order(self)[-2::-1]",
    ),
)

FORBIDDEN = ("torch", "numpy")
