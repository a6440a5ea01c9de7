"""A course on disk: its tracks and exercises in order, read without running any of it.

    Course     the folder with exercises/, solutions/ and reference/
    Track      exercises that belong together, with an introduction, a place in history, numbers to reach
    Exercise   one thing to write; 'attention/softmax' is its id and its place in all three folders

`tutor.core.manifest` has the file that names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.core import source
from tutor.core.errors import CourseError, UnknownExercise
from tutor.core.manifest import checked_track, read_manifest
from tutor.core.nearest import nearest
from tutor.core.weights import checked_weights


@dataclass(frozen=True)
class Exercise:
    """One thing to write."""

    id: str
    """'attention/softmax': its track and its name."""
    track: str
    """Id of its track."""
    title: str
    """First line of its lesson page."""
    watch: str
    """Lecture and time, '' if there is none."""
    minutes: int
    """How long it takes, 0 if the page does not say."""
    lesson: str
    """The rest of the page, Markdown."""
    stub: Path
    """The file the learner starts from."""
    solution: Path
    """A file that is right."""
    reference: Path
    """The file that says what is right."""
    needs: tuple[str, ...]
    """Ids of the exercises that the stub imports, in the order it does."""
    weight: float = 1.0
    """The points it is worth where points are given."""

    @property
    def name(self) -> str:
        """The id without its track."""
        return self.id.partition("/")[2]

    @property
    def module(self) -> str:
        """The name under which other exercises import it: 'exercises.attention.softmax'."""
        return "exercises." + self.id.replace("/", ".")


@dataclass(frozen=True)
class Milestone:
    """A number to reach, or to compare with."""

    what: str
    """What is measured, with its unit."""
    number: float = 0.0
    """0 where a preset knows it."""
    preset: str = ""
    """Name of the preset whose trainings should reach it; '' where no training does."""


@dataclass(frozen=True)
class Track:
    """Exercises that belong together, in order."""

    id: str
    """Its folder's name."""
    title: str
    """The first heading of its README.md, else its id in words."""
    introduction: str
    """Text of its README.md, '' if there is none."""
    exercises: tuple[Exercise, ...]
    """In the order of the manifest."""
    year: int = 0
    """When its idea came up, 0 if the manifest does not say."""
    paper: str = ""
    """Where it came up, '' if the manifest does not say."""
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Course:
    """A course that was read from disk."""

    root: Path
    """The folder that holds exercises/, solutions/ and reference/."""
    title: str
    format_version: int
    packages: tuple[str, ...]
    """Imported before grading starts; what learner code may import beyond the standard library."""
    tracks: tuple[Track, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all exercises, in order."""
        return tuple(exercise.id for exercise in self.exercises)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """All exercises, in order."""
        return tuple(exercise for track in self.tracks for exercise in track.exercises)

    def exercise(self, id: str) -> Exercise:
        """The exercise of that id. Raises UnknownExercise that names the nearest one."""
        by_id = {exercise.id: exercise for exercise in self.exercises}
        if id in by_id:
            return by_id[id]
        raise UnknownExercise(f"There is no exercise {id!r}. {nearest(id, by_id)}")

    def all_needs(self, exercise: Exercise) -> tuple[Exercise, ...]:
        """What the exercise needs and what those need in turn, in the order of the course."""
        wanted: set[str] = set()
        queue = list(exercise.needs)
        while queue:
            id = queue.pop()
            if id not in wanted and id != exercise.id:
                wanted.add(id)
                queue.extend(self.exercise(id).needs)
        return tuple(each for each in self.exercises if each.id in wanted)


def default_course_root() -> Path:
    """The course that comes with the program: package data of a wheel, else the checkout around the package."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_course"
    return packaged if packaged.is_dir() else package.parent


def load_course(root: Path) -> Course:
    """The course in a folder. Raises CourseError if the manifest or a stub cannot be read."""
    root = root.expanduser().resolve()
    manifest = root / "exercises" / "course.toml"
    data = read_manifest(manifest)
    tracks = tuple(_track(root, manifest, each) for each in data["track"])
    course = Course(root, data["title"], data["format_version"], tuple(data["packages"]), tracks)
    _refuse_twins(manifest, (track.id for track in tracks))
    _refuse_twins(manifest, (exercise.id for exercise in course.exercises))
    _refuse_unknown_needs(course)
    return _weighted(course, checked_weights(f"{manifest}, [weights]", data["weights"], course.ids))


def hints(exercise: Exercise) -> tuple[str, ...]:
    """Hints from the first nudge to nearly the answer."""
    return source.sentences(source.parse(exercise.reference), "HINTS")


def aha(exercise: Exercise) -> str:
    """The sentence to take away once the exercise has passed, '' if there is none."""
    return str(source.literal(source.parse(exercise.reference), "AHA", ""))


def whys(exercise: Exercise) -> dict[str, str]:
    """By the name of a property, why it matters: those of the reference that say so."""
    return source.whys(source.parse(exercise.reference))


def _track(root: Path, manifest: Path, data: object) -> Track:
    data = checked_track(manifest, data)
    id = data["id"]
    introduction = _text(root / "exercises" / id / "README.md")
    exercises = tuple(_exercise(root, id, name) for name in data["exercises"])
    milestones = tuple(Milestone(**each) for each in data["milestone"])
    title = _heading(introduction) or id.replace("_", " ")
    return Track(id, title, introduction, exercises, data["year"], data["paper"], milestones)


def _exercise(root: Path, track: str, name: str) -> Exercise:
    stub, solution, reference = (root / folder / track / f"{name}.py" for folder in FOLDERS)
    tree = source.parse(stub)
    page = source.page(tree)
    return Exercise(
        id=f"{track}/{name}",
        track=track,
        title=page.title or name.replace("_", " "),
        watch=page.watch,
        minutes=page.minutes,
        lesson=page.lesson,
        stub=stub,
        solution=solution,
        reference=reference,
        needs=source.needs(tree),
    )


def _weighted(course: Course, weights: Mapping[str, float]) -> Course:
    tracks = (
        replace(track, exercises=tuple(replace(each, weight=weights.get(each.id, 1.0)) for each in track.exercises))
        for track in course.tracks
    )
    return replace(course, tracks=tuple(tracks))


def _refuse_twins(manifest: Path, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise CourseError(f"{manifest} names {id!r} twice. Remove one of them.")
        seen.add(id)


def _refuse_unknown_needs(course: Course) -> None:
    known = {exercise.id for exercise in course.exercises}
    for exercise in course.exercises:
        for need in exercise.needs:
            if need not in known:
                raise CourseError(
                    f"{exercise.stub} imports {need!r}, which course.toml does not name. {nearest(need, known)}"
                )


def _heading(markdown: str) -> str:
    return next((line[2:].strip() for line in markdown.splitlines() if line.startswith("# ")), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


FOLDERS = ("exercises", "solutions", "reference")
"""The three folders of a course: stub, solution and reference of an exercise, under the same name."""
