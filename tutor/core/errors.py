"""What can go wrong, as one tree; every message ends with what to do next.

TutorError
├── CourseError          the course's own files are not as they must be
│   └── UnknownExercise  no exercise has that id
├── WorkspaceError       the learner's folder or progress cannot be used
├── SubmissionError      a file cannot be graded at all
├── GraderFailed         the grader broke; never the learner's fault
├── RunError             a training run cannot be started, read or resumed
└── PictureError         a picture cannot be computed or saved so
"""

from __future__ import annotations


class TutorError(Exception):
    """Root of the tree: its text is one or more sentences for a person."""


class CourseError(TutorError):
    """A course's manifest or one of its files is not as it must be."""


class UnknownExercise(CourseError):
    """No exercise has that id; the message names the nearest that exists."""


class WorkspaceError(TutorError):
    """A workspace cannot be found, read or written."""


class SubmissionError(TutorError):
    """A file cannot be graded: it is missing, too large, not text, or nobody knows which exercise it answers."""


class GraderFailed(TutorError):
    """The grader itself broke, so nothing is said about the submission."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
        """A traceback for the author of the course, or ''."""


class RunError(TutorError):
    """A training run cannot be started, read or resumed."""


class PictureError(TutorError):
    """A picture cannot be computed or saved as it was asked for."""
