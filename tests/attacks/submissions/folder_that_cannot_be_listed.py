"""Makes a folder that may be written and not be read, with a file in it."""

import os
from pathlib import Path


def total(numbers):
    os.umask(0)
    os.mkdir("closed", 0o300)
    Path("closed/file").touch()
    os.mkdir("closed/shut", 0)
    return 0.25
