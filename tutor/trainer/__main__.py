"""Runs the trainer: `python -m tutor.trainer RUN_FOLDER`, or `torchrun … -m tutor.trainer RUN_FOLDER`."""

import sys

from tutor.trainer.main import main

sys.exit(main(sys.argv[1:]))
