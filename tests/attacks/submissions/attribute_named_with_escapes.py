"""Has an attribute of a class whose name a terminal would obey, where a tensor is expected."""


class BatchNorm1d:
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.running_mean = self.running_var = type("\x1b]0;owned\x07\x1b[2J\u202e", (), {})()

    def __call__(self, x):
        if len(x) == 1:
            raise ValueError("one example")
        return x

    def parameters(self):
        return []
