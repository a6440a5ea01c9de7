"""Returns an object whose end never comes: it computes for ever when it is thrown away."""


class Clinging:
    def __del__(self):
        while True:
            pass


def running_mean(numbers):
    return Clinging()
