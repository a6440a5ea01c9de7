"""Nothing is graded here."""

HINTS = ("A nudge.", "The answer.")
