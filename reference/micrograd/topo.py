"""What an order must satisfy in which every value stands after its operands.

The definition is checked as it stands, by names: an order is a list of names, and the text of the program says which
names belong to the graph and who is whose operand. Short programs are for reading; long ones, where recent values are
used again and again, are those on which a wrong order cannot be right by luck.
"""

from itertools import product
from random import Random
from string import ascii_lowercase

from hypothesis import strategies as st

from tutor.kit import check, mistake, oracle, probe, prop, same

NAMES = [*ascii_lowercase, *("".join(pair) for pair in product("xyz", ascii_lowercase))]
NUMBERS = (2.0, -3.0, 0.5, -1.0)
BACK = (0, 0, 0, 1, 1, 2, 2, 3, 5, 9)


def program_of(size, seed):
    """Lines joined by '; ': two leaves, then sums and products that mostly use what was computed last.

    A smaller size with the same seed gives the beginning of the same program, so that a case shrinks well.
    """
    chance = Random(seed)
    lines = [f"{name} = Value({chance.choice(NUMBERS)})" for name in "ab"]
    for _ in range(size):
        left, right = (NAMES[max(0, len(lines) - 1 - chance.choice(BACK))] for _ in range(2))
        lines.append(f"{NAMES[len(lines)]} = {left} {chance.choice('++*')} {right}")
    return "; ".join(lines)


SEEDS = st.integers(0, 1 << 16)
SHORT = st.builds(program_of, st.integers(0, 7), SEEDS)
LONG = st.builds(lambda size, seed: program_of(min(size, 38), seed), st.integers(1, 120), SEEDS)
"""Three in four have more than thirty operations; all can shrink to a few."""


@oracle
def operands(program):
    """Name → names of its operands, for all that the last value was computed from."""
    lines = dict(line.split(" = ") for line in program.split("; "))
    waiting, found = [list(lines)[-1]], {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = () if lines[name].startswith("Value(") else tuple(lines[name].split()[::2])
            waiting.extend(found[name])
    return found


@probe
def order_of(you, program):
    from exercises.micrograd.value import Value

    nodes = {"Value": Value}
    exec(program, nodes)
    names = {id(nodes[line.split(" = ")[0]]): line.split(" = ")[0] for line in program.split("; ")}
    order = you.topo_order(nodes[program.split("; ")[-1].split(" = ")[0]])
    if not isinstance(order, list):
        raise Unusable(f"`topo_order` should return a list; yours returns something of type {type(order).__name__}.")
    if len(order) > 10 * len(names):
        raise Unusable(
            f"Your list has {len(order)} entries for {len(names)} values: values are listed again and again."
        )
    return [names.get(id(node), f"a stray {type(node).__name__}") for node in order]


@probe
def doubled(you, times):
    from exercises.micrograd.value import Value

    node = Value(1.0)
    for _ in range(times):
        node = node + node
    return len(you.topo_order(node))


@probe
def graph_before_and_after(you, program):
    from exercises.micrograd.value import Value

    nodes = {"Value": Value}
    exec(program, nodes)
    values = [node for node in nodes.values() if isinstance(node, Value)]

    def state():
        return [(sorted(vars(node)), node.data, node.grad, [id(each) for each in node._prev]) for node in values]

    before = state()
    you.topo_order(values[-1])
    return state() == before


def operands_come_first(order, program):
    graph = operands(program)
    place = {name: number for number, name in reversed(list(enumerate(order)))}
    late = [(name, each) for name in order for each in graph.get(name, ()) if place.get(each, -1) > place[name]]
    check(not late, f"`{late[0][1]}` stands after `{late[0][0]}`, which was computed from it." if late else "")


@prop(program=SHORT)
def every_value_stands_in_it_once(you, program):
    """All values that the last one was computed from are in the list, each once, and nothing else.

    What is missing gets no gradient, and what stands there twice sends its gradient back twice.
    """
    order, graph = order_of(you, program), operands(program)
    twice = next((name for name in order if order.count(name) > 1), "")
    check(not twice, f"`{twice}` stands in your list {order.count(twice)} times: {', '.join(order)}.")
    missing = next((name for name in graph if name not in order), "")
    check(not missing, f"`{missing}` is missing from your list: {', '.join(order)}.")
    foreign = next((name for name in order if name not in graph), "")
    check(not foreign, f"`{foreign}` is in your list, but the last value was not computed from it.")


@prop(a=st.sampled_from(NUMBERS), b=st.sampled_from(NUMBERS), cases=5)
def waits_for_a_value_that_is_used_later(you, a, b):
    """In d = a * b; e = d + a; L = d * e the value d stands before e, although L uses both.

    The gradient of d is complete only when both of its users have sent theirs. A plain depth-first or breadth-first
    walk visits it too early.
    """
    program = f"a = Value({a}); b = Value({b}); d = a * b; e = d + a; L = d * e"
    operands_come_first(order_of(you, program), program)


@prop(program=LONG)
def operands_come_before_results(you, program):
    """Each value stands after all of its operands, in graphs of more than thirty values too.

    This order, read backwards, is the order of backpropagation. PyTorch's engine keeps to it as well, by counting
    users.
    """
    operands_come_first(order_of(you, program), program)


@prop(program=SHORT, cases=50)
def the_root_comes_last(you, program):
    """The value that the question was about is the last of the list.

    Read backwards the list has to begin with the value whose slope is asked for: its gradient, 1, is the only one known
    at the start.
    """
    order = order_of(you, program)
    same(order[-1:], [program.split("; ")[-1].split(" = ")[0]], what="the end of the list")


@prop(number=st.sampled_from(NUMBERS), cases=5)
def equal_numbers_are_different_values(you, number):
    """Two values that hold the same number both stand in the list.

    Two weights may both be 0.5 and still need gradients of their own. Identity counts, not equality.
    """
    program = f"a = Value({number}); b = Value({number}); c = a + b"
    same(sorted(order_of(you, program)), ["a", "b", "c"], what="the list (sorted here)")


@prop(program=SHORT, cases=50)
def leaves_the_graph_as_it_is(you, program):
    """Nothing in the graph is changed, no mark is left on a node.

    The same graph is often walked again. A mark left on a node would make the second walk skip it.
    """
    check(
        graph_before_and_after(you, program),
        "After topo_order the nodes are not as they were. Keep your marks in a set.",
    )


@prop()
def visits_shared_values_once(you):
    """After x = x + x, done 40 times, it finds the 41 values at once: 2⁴⁰ ways lead back, but each value is visited once.

    In real networks nearly everything is shared. Following each path costs a time that doubles with each layer;
    following each value costs one visit.
    """
    same(doubled(you, 40), 41, what="the number of values")


HINTS = (
    "Write an inner function visit(node) that calls itself for each node of node._prev. When may the node itself go into "
    "the list: before or after these calls?",
    "Keep a set of the nodes you have visited, and return at once for one that is in it. Without it, values that are used "
    "twice are listed twice.",
    "visit: if node in seen, return; add it to seen; visit each operand; then append the node to the list. Call "
    "visit(root) and return the list.",
)

AHA = "A node may speak only when everyone who used it has spoken."

# The order of the lecture depends on the run because it walks a set; any order that satisfies the definition is right, so
# iterating over a set is no mistake here. Nor is recursion: chains stay below Python's limit.

MISTAKES = (
    mistake(
        "You walk back level by level (breadth first) and reverse the list. A value that is used by two levels then stands "
        "too early or too late: in d = a * b; e = d + a; L = d * e, `d` comes after `e`. Append a node only after all its "
        "operands are in the list.",
        "    visit(root)\n    return order",
        "    queue = [root]\n"
        "    for node in queue:\n"
        "        queue.extend(each for each in dict.fromkeys(node._prev) if each not in queue)\n"
        "    return queue[::-1]",
    ),
    mistake(
        "You append a node before you visit its operands and reverse the list at the end. That looks right on a tree, but in "
        "d = a * b; e = d + a; L = d * e the value `e` stands before `d`. Append after the loop over the operands.",
        "        seen.add(node)\n        for operand in node._prev:\n            visit(operand)\n        order.append(node)",
        "        seen.add(node)\n        order.append(node)\n        for operand in node._prev:\n            visit(operand)",
        "    return order",
        "    return order[::-1]",
    ),
    mistake(
        "You append a node before its operands, so that results come first. Append it after the loop over node._prev.",
        "        seen.add(node)\n        for operand in node._prev:\n            visit(operand)\n        order.append(node)",
        "        seen.add(node)\n        order.append(node)\n        for operand in node._prev:\n            visit(operand)",
    ),
    mistake(
        "Your list is the wrong way round: the root comes first. Do not reverse it; `backward` will do that.",
        "    return order",
        "    return order[::-1]",
    ),
    mistake(
        "You do not remember which nodes you have visited: a value that is used twice is listed twice, and 40 doublings take "
        "for ever. Keep a set of the visited nodes.",
        "        seen.add(node)\n",
        "",
    ),
    mistake(
        "You remember visited *numbers*. Two values may hold the same number and be two values: keep the nodes themselves in "
        "the set. Try a = Value(2.0), b = Value(2.0), a + b.",
        "if node in seen",
        "if node.data in seen",
        "seen.add(node)",
        "seen.add(node.data)",
    ),
    mistake(
        "You skip the leaves, the values without operands. They belong in the list: they are what we want the gradients of.",
        "        order.append(node)",
        "        if node._prev:\n            order.append(node)",
    ),
    mistake(
        "You visit only the operands of the root, not theirs. Each operand must be visited in the same way as the root.",
        "            visit(operand)\n        order.append(node)",
        "            if operand not in seen:\n"
        "                seen.add(operand)\n"
        "                order.append(operand)\n"
        "        order.append(node)",
    ),
    mistake(
        "You follow only the left operand of each value. Visit every node of node._prev.",
        "for operand in node._prev:",
        "for operand in node._prev[:1]:",
    ),
    mistake(
        "The root itself is missing from your list. It was computed from its operands like any other value: it stands last.",
        "    visit(root)\n    return order",
        "    visit(root)\n    return order[:-1]",
    ),
    mistake(
        "You mark visited nodes with an attribute. The mark stays on the node, and the next walk will skip it. Keep a set "
        "inside the function.",
        "if node in seen",
        'if getattr(node, "visited", False)',
        "seen.add(node)",
        "node.visited = True",
    ),
    mistake(
        "Your list lives longer than the call (a mutable default or a global), so that a second call finds it full. Make a "
        "new list in each call.",
        "def topo_order(root: Value) -> list[Value]:",
        "def topo_order(root: Value, order: list[Value] = []) -> list[Value]:",
        "    order: list[Value] = []\n",
        "",
    ),
)

FORBIDDEN = ("torch", "numpy", "graphlib")
