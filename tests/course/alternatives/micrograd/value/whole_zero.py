"""grad starts as the whole number 0, and nothing is done to make numbers floats."""


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0
        self._prev = tuple(_children)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data})"

    def _joined(self, other, number, op):
        return type(self)(number, (self, other), op)

    def _node(self, other):
        return other if isinstance(other, Value) else type(self)(other)

    def __add__(self, other):
        other = self._node(other)
        return self._joined(other, self.data + other.data, "+")

    def __mul__(self, other):
        other = self._node(other)
        return self._joined(other, self.data * other.data, "*")
