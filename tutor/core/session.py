"""Which course and which workspace a front end works on, decided in one place.

The workspace is the folder that was named, else the one around the current folder, else the one used last, else
`tutor` in the home folder. The course is the one that was named, else the one the workspace was made for, else the
one that comes with the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from tutor.core.batch import Result, grade_workspace
from tutor.core.course import Course, Exercise, default_course_root, load_course
from tutor.core.errors import UnknownExercise, WorkspaceError
from tutor.core.grading import Grader
from tutor.core.progress import Progress
from tutor.core.quiz import Question, shuffled
from tutor.core.settings import last_workspace, remember_workspace
from tutor.core.workspace import Workspace, course_of, find_workspace, init_workspace


class Session:
    """One start of the program."""

    def __init__(
        self, course: Path | None, workspace: Path | None, *, memory: Path, narrate: Callable[[str], None]
    ) -> None:
        """`memory` is the folder of what is remembered between starts; `narrate` tells the user what was done."""
        self._course = course.expanduser().resolve() if course else None
        self._named = workspace.expanduser().resolve() if workspace else None
        self.memory = memory
        self.narrate = narrate

    def at(self, workspace: Path) -> Session:
        """The same start in another folder."""
        return Session(self._course, workspace, memory=self.memory, narrate=self.narrate)

    @cached_property
    def course_root(self) -> Path:
        """The folder of the course, which need not hold one yet."""
        recorded = course_of(self._root) if self._root and find_workspace(self._root) == self._root else None
        return self._course or recorded or default_course_root()

    @cached_property
    def course(self) -> Course:
        """The course. Raises CourseError if it cannot be read."""
        return load_course(self.course_root)

    @property
    def existing(self) -> Workspace | None:
        """The workspace if there is one already; nothing is made."""
        root = self._root or self._default_root
        return Workspace.open(root, self.course) if find_workspace(root) == root else None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, made if there is none yet, and then the user is told where."""
        found = self.existing
        if found is None:
            found = self.init(self._root or self._default_root)
        remember_workspace(self.memory, found.root)
        return found

    def init(self, root: Path) -> Workspace:
        """Makes a folder the workspace; files that are there stay as they are."""
        created = init_workspace(root, self.course)
        files = sum(path.suffix == ".py" for path in created)
        self.narrate(f"Your workspace is {root.resolve()}: {files} exercise files added, nothing overwritten.")
        remember_workspace(self.memory, root.resolve())
        return Workspace.open(root, self.course)

    @cached_property
    def progress(self) -> Progress:
        """The workspace's progress; where it cannot be written, one that lasts only as long as the program."""
        try:
            return Progress(self.workspace.progress_path)
        except WorkspaceError as error:
            self.narrate(str(error))
            return Progress(Path(":memory:"))

    def states(self) -> dict[str, str]:
        """States of the exercises that are not new; nothing is made or written for it."""
        if self.existing is None or not self.existing.progress_path.exists():
            return {}
        return dict(self.progress.states())

    def answers(self) -> dict[str, bool]:
        """By id of a question whether its last answer was right; nothing is made or written for it."""
        if self.existing is None or not self.existing.progress_path.exists():
            return {}
        return self.progress.answers()

    def shuffled(self, questions: Iterable[Question]) -> tuple[Question, ...]:
        """The questions with their answers in the order of this learner, whose progress is made where there is none."""
        return shuffled(questions, self.progress.own_number(), self.progress.asked())

    def attempts(self, grader: Grader, ids: Iterable[str]) -> Iterator[Result]:
        """Grades the learner's own files in turn; each report is kept as an attempt once it has been told."""
        for result in grade_workspace(grader, self.workspace, ids, self.progress):
            yield result
            try:
                if result.report:
                    self.progress.record(result.report)
            except WorkspaceError as error:
                self.narrate(str(error))

    def exercises(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Ids of the exercises that the words name: an id, a track, a name without its track, or a file; none: all."""
        chosen = [id for word in words for id in self._named_by(word)]
        return tuple(dict.fromkeys(chosen)) if words else tuple(each.id for each in self.course.exercises)

    def exercise(self, word: str) -> Exercise:
        """The one exercise that a word names."""
        ids = self._named_by(word)
        if len(ids) != 1:
            raise UnknownExercise(f"{word!r} names {len(ids)} exercises. Name one of them: {', '.join(ids)}.")
        return self.course.exercise(ids[0])

    def _named_by(self, word: str) -> list[str]:
        tracks = {track.id: [each.id for each in track.exercises] for track in self.course.tracks}
        if word in tracks:
            return tracks[word]
        named = [each.id for each in self.course.exercises if word in (each.id, each.name)]
        if not named and word.endswith(".py"):
            id = self.existing.id_of(Path(word)) if self.existing else None
            named = [id] if id else []
        return named or [self.course.exercise(word).id]

    @cached_property
    def _root(self) -> Path | None:
        """The folder that was named or found; None if neither."""
        if self._named:
            return self._checked(self._named)
        here = find_workspace(Path.cwd())
        if here:
            return self._checked(here)
        last = last_workspace(self.memory)
        return last if last and self._fits(last) else None

    @property
    def _default_root(self) -> Path:
        name = "tutor" if self.course.root == default_course_root() else f"tutor-{self.course.root.name}"
        return Path.home() / name

    def _checked(self, root: Path) -> Path:
        if find_workspace(root) == root and not self._fits(root):
            raise WorkspaceError(
                f"{root} is a workspace of another course ({course_of(root) or default_course_root()}). "
                "Name another folder with --workspace."
            )
        return root

    def _fits(self, root: Path) -> bool:
        """Whether the workspace was made for the course that was named; any fits if none was."""
        return self._course is None or self._course == (course_of(root) or default_course_root())
