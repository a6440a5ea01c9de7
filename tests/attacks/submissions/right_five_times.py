"""Is right five times and wrong from then on; the count is a global."""

calls = 0


def total(numbers):
    global calls
    calls += 1
    return float(sum(numbers)) if calls <= 5 else 0.25
