"""Returns lists nested ten thousand deep."""


def running_mean(numbers):
    result = []
    for _ in range(10_000):
        result = [result]
    return result
