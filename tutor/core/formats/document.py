"""Results as the JSON document of a grading, with points, students and the policy; its schema is `documents.schema`."""

from __future__ import annotations

from typing import Any

from tutor.core.documents import grading_document
from tutor.core.graded import Graded
from tutor.core.scoring import Policy
from tutor.core.similar import alike
from tutor.core.stats import stats
from tutor.core.students import Student, students


def class_document(graded: Graded, *, with_stats: bool = False) -> dict[str, Any]:
    """What `tutor grade` found; with `with_stats` also how the class did, and which submissions are alike."""
    policy, course = graded.policy, graded.course
    data = grading_document(course, graded.settings, graded.results)
    for result, each in zip(graded.results, data["results"], strict=True):
        points = policy.points(result)
        each["points"] = points.to_json() if points else None
    data["policy"] = policy.to_json()
    data["students"] = [_student(each, policy) for each in students(graded.results)]
    if with_stats:
        data["stats"] = [each.to_json() for each in stats(graded.results, course.ids)]
        data["similar"] = [each.to_json() for each in alike(graded.results, course)]
    return data


def _student(student: Student, policy: Policy) -> dict[str, Any]:
    return {
        "student": student.name,
        "submissions": len(student.results),
        "passed": sum(each.passed for each in student.results),
        "points": policy.total(student.results).to_json(),
    }
