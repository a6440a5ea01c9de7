"""Returns an object whose class is named with what a terminal obeys, and raises one that is."""


def running_mean(numbers):
    name = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066x"
    if len(numbers) % 2:
        raise type(name, (Exception,), {})(name)
    return type(name, (), {"__module__": name, "__qualname__": name})()
