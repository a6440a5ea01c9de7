"""Returns a list that contains itself."""


def running_mean(numbers):
    result = [0.0]
    result.append(result)
    return result
