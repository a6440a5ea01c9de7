"""What a Value must do in the forward direction.

A case is a short Python program over `Value`, run in the worker as it stands, so that a learner can paste it. The oracle
runs the same text on plain floats, or reads operands and operations off it.
"""

from random import Random
from string import ascii_lowercase

from hypothesis import strategies as st

from tutor.kit import mistake, oracle, probe, prop, same

NUMBERS = st.sampled_from((3.0, 2.0, 0.5, -1.0, 1.5, -3.0))
OTHERS = st.sampled_from((-2.0, 3.0, 2.0, 0.5, -1.5))
LEAVES = (2.0, -3.0, 0.5, -1.0, 1.5, 3.0)
BACK = (0, 0, 1, 1, 2, 3, 5, 8)


def program_of(size, seed):
    """Lines joined by '; ': two leaves, then sums and products that mostly use what was computed last."""
    chance = Random(seed)
    lines = [f"{name} = Value({chance.choice(LEAVES)})" for name in "ab"]
    for _ in range(size):
        left, right = (ascii_lowercase[max(0, len(lines) - 1 - chance.choice(BACK))] for _ in range(2))
        right = right if chance.random() < 0.8 else chance.choice(LEAVES)
        lines.append(f"{ascii_lowercase[len(lines)]} = {left} {chance.choice('+*')} {right}")
    return "; ".join(lines)


PROGRAMS = st.builds(program_of, st.integers(1, 8), st.integers(0, 1 << 16))


def parts(program):
    """(name, [left, operation, right]) for each line; leaves have one part."""
    return [(name, text.split()) for name, text in (line.split(" = ") for line in program.split("; "))]


@oracle
def numbers(program):
    known = {"Value": float}
    exec(program, known)
    return {name: known[name] for name, _ in parts(program)}


@oracle
def operands(program):
    return {name: tuple(text[::2]) if len(text) == 3 else () for name, text in parts(program)}


@oracle
def operations(program):
    return {name: text[1] if len(text) == 3 else "" for name, text in parts(program)}


@probe
def nodes_of(you, program):
    known, nodes = {"Value": you.Value}, {}
    for line in program.split("; "):
        exec(line, known)
        name = line.split(" = ")[0]
        nodes[name] = is_value(you, known[name], line)
    return nodes


@probe
def is_value(you, result, what):
    if not isinstance(result, you.Value):
        forgot = "None. Did you forget a `return`?" if result is None else f"something of type {type(result).__name__}."
        raise Unusable(f"`{what}` should give a Value; yours gives {forgot}")
    if not isinstance(result._prev, tuple):
        raise Unusable(f"After `{what}`, `_prev` should be a tuple; yours is of type {type(result._prev).__name__}.")
    return result


@probe
def numbers_of(you, program):
    return {name: node.data for name, node in nodes_of(you, program).items()}


@probe
def operations_of(you, program):
    return {name: node._op for name, node in nodes_of(you, program).items()}


@probe
def operands_of(you, program):
    nodes = nodes_of(you, program)
    names = {id(node): name for name, node in nodes.items()}
    return {
        name: tuple(names.get(id(each), str(getattr(each, "data", each))) for each in node._prev)
        for name, node in nodes.items()
    }


@probe
def inside(value, name):
    found = {f"{name}.{key}": getattr(value, key) for key in ("data", "grad", "_prev", "_op", "label")}
    for key in ("data", "grad"):  # a whole number may be kept as it came, or as a float
        if isinstance(getattr(value, key), int):
            found[f"{name}.{key}"] = float(getattr(value, key))
    return found


@probe
def operands_after_use(you, a, b, gradients):
    left, right = you.Value(a, label="left"), you.Value(b, label="right")
    left.grad, right.grad = gradients
    left + right, left * right, right + 2.0, right * left  # noqa: B018  the results are not looked at
    return {**inside(left, "a"), **inside(right, "b")}


@probe
def gradients_at_first(you, a, b):
    left, right = you.Value(a), you.Value(b)
    total = is_value(you, left + right, "a + b")
    left.grad = 7.0
    product = is_value(you, left * right, "a * b")
    found = {"a.grad": left.grad, "b.grad": right.grad, "(a + b).grad": total.grad, "(a * b).grad": product.grad}
    return {name: float(grad) if isinstance(grad, int) else grad for name, grad in found.items()}


@probe
def sent_back_by_a_leaf(you, a):
    leaf = you.Value(a)
    leaf.grad = 7.0
    return {"a._backward()": leaf._backward(), "a.data": leaf.data, "a.grad": leaf.grad}


@probe
def number_as_node(you, a, number):
    right = {}
    for what, result in {"a + number": you.Value(a) + number, "a * number": you.Value(a) * number}.items():
        operands = is_value(you, result, what)._prev
        if len(operands) != 2 or not isinstance(operands[1], you.Value):
            raise Unusable(f"`({what})._prev` should hold two Values; yours is {operands!r:.100}.")
        right.update(inside(operands[1], f"({what})._prev[1]"))
    return right


@probe
def classes(you, a, b):
    class Extended(you.Value):
        pass

    left, right = Extended(a), Extended(b)
    results = {"type(a + b)": left + right, "type(a * b)": left * right, "type(a + 2.0)": left + 2.0}
    return {name: type(result).__name__ for name, result in results.items()}


@probe
def shown(you, a, b):
    return {"repr(a)": repr(you.Value(a)), "repr(a + b)": repr(you.Value(a) + you.Value(b))}


def each(actual, expected, attribute=""):
    """Compare by name, so that the message starts with it."""
    found = actual if isinstance(actual, dict) else {}
    for name, right in expected.items():
        same(found.get(name), right, what=f"`{name}.{attribute}`" if attribute else f"`{name}`")


@prop(program=PROGRAMS, cases=60)
def computes_what_floats_compute(you, program):
    """A sum or product of values holds the number that Python's floats give.

    The graph is only bookkeeping beside ordinary arithmetic: if the number is wrong, every slope that is computed from
    it is the slope of something else.
    """
    each(numbers_of(you, program), numbers(program), "data")


@prop(program=PROGRAMS, cases=60)
def remembers_its_operands(you, program):
    """_prev is a tuple of the operands, left one first; the same value twice if it was used twice; () for a leaf.

    Backpropagation walks from the result to what it came from. Without the operands there is no way back, and without
    their order a product cannot tell which factor is which.
    """
    each(operands_of(you, program), operands(program), "_prev")


@prop(program=PROGRAMS, cases=40)
def remembers_its_operation(you, program):
    """_op is '+' or '*' for a result and '' for a leaf.

    The drawn graph labels its nodes with it, and when a gradient is wrong the label tells you which rule to look at.
    """
    each(operations_of(you, program), operations(program), "_op")


@prop(a=NUMBERS, number=st.sampled_from((3.0, 2, -1, 0.5)), cases=20)
def turns_a_plain_number_into_a_node(you, a, number):
    """In a + 3.0 and a * 3.0 the right operand becomes a value of its own.

    People write 2 * x + 1, not Value(2) * x + Value(1). A number that becomes a node of its own needs no special case
    on the way back.
    """
    node = {"data": float(number), "grad": 0.0, "_prev": (), "_op": "", "label": ""}
    right = {f"({what})._prev[1].{key}": each for what in ("a + number", "a * number") for key, each in node.items()}
    each(number_as_node(you, a, number), right)


@prop(a=NUMBERS, b=OTHERS, gradients=st.tuples(NUMBERS, NUMBERS), cases=20)
def leaves_its_operands_alone(you, a, b, gradients):
    """Computing with a value changes nothing in it.

    A value may be used by many others. If computing with it changed it, the order in which you write your lines would
    decide the result.
    """
    left = {"a.data": a, "a.grad": gradients[0], "a._prev": (), "a._op": "", "a.label": "left"}
    right = {"b.data": b, "b.grad": gradients[1], "b._prev": (), "b._op": "", "b.label": "right"}
    each(operands_after_use(you, a, b, gradients), {**left, **right})


@prop(a=NUMBERS, b=OTHERS, cases=20)
def starts_without_a_gradient(you, a, b):
    """Each new value has a grad of its own, 0.0; setting a.grad to 7.0 changes no other.

    Gradients are added up. A sum has to start at 0, and each value needs a sum of its own: a shared default would mix
    the slopes of all values.
    """
    each(gradients_at_first(you, a, b), {"a.grad": 7.0, "b.grad": 0.0, "(a + b).grad": 0.0, "(a * b).grad": 0.0})


@prop(a=NUMBERS, cases=20)
def has_a_harmless_backward(you, a):
    """_backward can be called without arguments; on a new value it does nothing and returns None.

    Backpropagation calls _backward on everything, leaves included. A leaf that does nothing saves a question at every
    node.
    """
    each(sent_back_by_a_leaf(you, a), {"a._backward()": None, "a.data": a, "a.grad": 7.0})


@prop(a=NUMBERS, b=OTHERS, cases=20)
def keeps_the_class_of_its_left_operand(you, a, b):
    """Sums and products of an extended Value are of the extended class, and so are numbers that join them.

    The next exercise extends Value. A result that fell back to the plain class would have lost whatever the extension
    added.
    """
    each(classes(you, a, b), {"type(a + b)": "Extended", "type(a * b)": "Extended", "type(a + 2.0)": "Extended"})


@prop(a=NUMBERS, b=OTHERS, cases=20)
def shows_its_number(you, a, b):
    """repr gives Value(data=2.0).

    You will print hundreds of them while you look for a mistake: the number must be readable at a glance.
    """
    each(shown(you, a, b), {"repr(a)": f"Value(data={a})", "repr(a + b)": f"Value(data={a + b})"})


HINTS = (
    "Start with __init__: store what comes in, and add the attributes that nobody passes (grad, _backward).",
    "In __add__ there are two cases for `other`: a Value, or a plain number that must become one. Settle that first, "
    "with isinstance; after that there is only one case.",
    'The sum is type(self)(self.data + other.data, (self, other), "+"): the number, the operands, the operation.',
)

AHA = "The graph costs nothing extra: it is a by-product of computing."

# A class-level `grad = 0.0` that __init__ does not set behaves like one that it sets, because `a.grad = 7.0` makes an
# attribute of the instance: it is no mistake. A class-level list of operands is one.
MISTAKES = (
    mistake(
        "Your __add__ returns a plain float: the number is right, but it has forgotten a and b. Return a new node that "
        "holds the number; look at type(Value(2.0) + Value(3.0)).",
        'return type(self)(self.data + other.data, (self, other), "+")',
        "return self.data + other.data",
    ),
    mistake(
        "Your __add__ writes the sum into self and returns self, so that a is changed by a + b. Make a new node; print a "
        "before and after.",
        'return type(self)(self.data + other.data, (self, other), "+")',
        'self.data += other.data; self._prev, self._op = (self, other), "+"; return self',
    ),
    mistake(
        "Your operands are kept in a set: it holds a only once for a + a, and does not know which operand was left. Keep "
        "the tuple as it comes; look at len((a + a)._prev), which should be 2.",
        "self._prev = _children",
        "self._prev = set(_children)",
    ),
    mistake(
        "All your nodes share one list of operands, because it belongs to the class. Set self._prev in __init__; make two "
        "values and look whether a._prev is b._prev.",
        '"""A number in a graph of computations."""',
        '"""A number in a graph of computations."""\n\n    _prev: list[Value] = []',
        "self._prev = _children",
        "self._prev += _children",
    ),
    mistake(
        "A product does not keep its operands, so the graph breaks off there. Pass (self, other) as the second argument; "
        "look at (a * b)._prev.",
        'other.data, (self, other), "*")',
        'other.data, (), "*")',
    ),
    mistake(
        "A product keeps its operands in the wrong order. The left operand, self, comes first; look at (a * b)._prev[0].",
        'other.data, (self, other), "*")',
        'other.data, (other, self), "*")',
    ),
    mistake(
        "Your __mul__ adds the numbers instead of multiplying them; try Value(2.0) * Value(5.0).",
        "self.data * other.data",
        "self.data + other.data",
    ),
    mistake(
        "Your __add__ wraps `other` even if it is a Value already, so that there is a Value inside a Value. Wrap plain "
        "numbers only, as isinstance(other, Value) tells; try Value(2.0) + Value(3.0).",
        "other = other if isinstance(other, Value) else type(self)(other)\n"
        "        return type(self)(self.data + other.data",
        "other = type(self)(other)\n        return type(self)(self.data + other.data",
    ),
    mistake(
        "Your __add__ keeps the plain number itself as operand, instead of a node made of it. The backward pass will want "
        "to write to its grad; look at type((Value(2.0) + 3.0)._prev[1]).",
        "other = other if isinstance(other, Value) else type(self)(other)\n"
        "        return type(self)(self.data + other.data, (self, other)",
        "number = other.data if isinstance(other, Value) else other\n"
        "        return type(self)(self.data + number, (self, other)",
    ),
    mistake(
        "The result of your __add__ is always a Value, also where self is of a class that extends Value. Make it with "
        "type(self)(...).",
        "return type(self)(self.data + other.data",
        "return Value(self.data + other.data",
    ),
    mistake(
        "Your sum says that it was made by '*'. Its _op should be '+'; look at (a + b)._op.",
        'self.data + other.data, (self, other), "+"',
        'self.data + other.data, (self, other), "*"',
    ),
    mistake(
        "grad starts at 1. Nothing is known yet, and contributions will be added to it: it should start at 0.0.",
        "self.grad = 0.0",
        "self.grad = 1.0",
    ),
    mistake(
        "A new value has no _backward that can be called. Give it one that does nothing: lambda: None.",
        "self._backward = lambda: None",
        "self._backward = None",
    ),
    mistake(
        "repr shows the bare number. It should say what it is: Value(data=2.0).",
        'return f"Value(data={self.data})"',
        "return str(self.data)",
    ),
    mistake(
        "Sums and products are always a Value, also where self is of a class that extends Value. Make them with "
        "type(self)(...) instead of Value(...), the nodes for plain numbers too.",
        "other = other if isinstance(other, Value) else type(self)(other)\n        return type(self)(self.data + other.data",
        "other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data + other.data",
        "other = other if isinstance(other, Value) else type(self)(other)\n        return type(self)(self.data * other.data",
        "other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data * other.data",
    ),
    mistake(
        "You take other.data without asking what other is, and a plain number has no .data. Turn it into a node first: "
        "other = other if isinstance(other, Value) else type(self)(other).",
        "other = other if isinstance(other, Value) else type(self)(other)\n        return type(self)(self.data + other.data",
        "return type(self)(self.data + other.data",
        "other = other if isinstance(other, Value) else type(self)(other)\n        return type(self)(self.data * other.data",
        "return type(self)(self.data * other.data",
    ),
    mistake(
        "Your __mul__ keeps the plain number itself as operand, instead of a node made of it. The backward pass will want "
        "to write to its grad; look at type((Value(2.0) * 3.0)._prev[1]).",
        "other = other if isinstance(other, Value) else type(self)(other)\n"
        "        return type(self)(self.data * other.data, (self, other)",
        "number = other.data if isinstance(other, Value) else other\n"
        "        return type(self)(self.data * number, (self, other)",
    ),
    mistake(
        "Sums and products keep the plain number itself as operand, instead of a node made of it. The backward pass will "
        "want to write to its grad; look at type((Value(2.0) + 3.0)._prev[1]).",
        "other = other if isinstance(other, Value) else type(self)(other)\n"
        "        return type(self)(self.data + other.data, (self, other)",
        "number = other.data if isinstance(other, Value) else other\n"
        "        return type(self)(self.data + number, (self, other)",
        "other = other if isinstance(other, Value) else type(self)(other)\n"
        "        return type(self)(self.data * other.data, (self, other)",
        "number = other.data if isinstance(other, Value) else other\n"
        "        return type(self)(self.data * number, (self, other)",
    ),
    mistake(
        'Sums and products do not say which operation made them. Pass it as the third argument, "+" or "*"; look at '
        "(a + b)._op.",
        '(self, other), "+")',
        "(self, other))",
        '(self, other), "*")',
        "(self, other))",
    ),
)

FORBIDDEN = ("torch", "numpy")
