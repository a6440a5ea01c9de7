"""Which exercises a training is made of, for those who start none: cheap to import before a first frame."""

from __future__ import annotations

from tutor.core.course import Course

PARTS = ("gpt/model", "gpt/get_batch", "gpt/generate")
"""The exercises that a training calls; what they import comes with them."""


def needed_for_training(course: Course) -> frozenset[str]:
    """Ids of the exercises that a training cannot do without; none where the course has no GPT."""
    known = {each.id for each in course.exercises}
    if not known.issuperset(PARTS):
        return frozenset()
    return frozenset(PARTS) | {each.id for part in PARTS for each in course.all_needs(course.exercise(part))}
