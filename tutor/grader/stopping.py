"""What is said of a submission that had to be stopped, or that remembers."""

from __future__ import annotations

from typing import Any

from tutor.core.report import Verdict
from tutor.grader.explain import clean
from tutor.grader.run import Outcome

REMEMBERS = (
    "This case passed at first and failed when it was run again after the others: your code remembers something "
    "from one call to the next. Keep nothing in globals, class attributes or default arguments that calls change."
)
CPU_LIMIT_STATUS = -24
"""Ended by SIGXCPU."""


def stop_sentence(outcome: Outcome, status: int, settings: dict[str, Any]) -> str:
    """Why a worker is no more, in a sentence."""
    if outcome.verdict is Verdict.TIMEOUT:
        return (
            f"Your code was still running after {settings['call_seconds']:g} seconds on one small case and was "
            "stopped. Look for a loop that never ends at the line shown."
        )
    if status == CPU_LIMIT_STATUS:
        return f"Your code used its whole {settings['cpu_seconds']:g} seconds of processor time and was stopped."
    if status >= 0:
        return f"Your code ended its process with exit status {status} (os._exit?). Return a value instead."
    if outcome.message:
        return clean(outcome.message[:1].upper() + outcome.message[1:]) + f" The process was ended by signal {-status}."
    return (
        f"Your code crashed its process (signal {-status}): memory was used up, or C code was given something it "
        "cannot bear. Look at the line shown."
    )


def overtime_sentence(settings: dict[str, Any]) -> str:
    """Why a submission was stopped although no call was too long."""
    return (
        f"Your code took more than {settings['wall_seconds']:g} seconds in all and was stopped, though no single call "
        "took too long. Look for waiting (time.sleep) or for work that every call repeats."
    )
