"""The learner's file in our editor, kept in step with the disk; all that can happen to a text is settled here.

The pane says what happened by messages: DiskChanged (the file has a new text: check it), Unreadable (it cannot be
read, in a sentence), Edited (whether there is text that is not saved).
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from tutor.core.errors import SubmissionError, WorkspaceError
from tutor.core.submission import is_gone, read_source
from tutor.core.workspace import Workspace
from tutor.tui import questions
from tutor.tui.differences import difference
from tutor.tui.drafts import Drafts
from tutor.tui.glyphs import clean
from tutor.tui.line_ends import for_editor
from tutor.tui.open_file import Change, OpenFile
from tutor.tui.screens.choice import NOTHING, ChoiceScreen
from tutor.tui.threads import FileChanged, FileWatch
from tutor.tui.widgets.editor_pane import EditorPane

_REPLACING_SECONDS = 0.4
"""Programs that save by delete and rename leave no file for a moment."""
_DRAFT_SECONDS = 3.0


class CodePane(EditorPane):
    """One exercise's file."""

    class DiskChanged(Message):
        """The file on disk has a new text, saved here or elsewhere."""

    class Unreadable(Message):
        """The file cannot be read; the sentence says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    class Edited(Message):
        """The editor came to hold text that is not saved, or no longer does."""

        def __init__(self, modified: bool) -> None:
            super().__init__()
            self.modified = modified

    def __init__(self, workspace: Workspace, exercise: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._workspace = workspace
        self._file = OpenFile(workspace, exercise)
        self._drafts = Drafts(workspace, exercise)
        self._asking = False
        self._said_modified = False
        self._watch: FileWatch | None = None

    def on_mount(self) -> None:
        """Reads the file and starts to watch it."""
        self._read()
        self._editor.start()
        self._offer_draft()
        self._watch = FileWatch(self._file.path, self)
        self._watch.start()
        self.set_interval(_DRAFT_SECONDS, self._keep_draft)

    def on_unmount(self) -> None:
        """Stops watching."""
        if self._watch:
            self._watch.stop()

    @property
    def modified(self) -> bool:
        """Whether there is text that is not saved."""
        return not self._editor.read_only and self._file.modified(self._editor.text)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Saves the text, after asking if another program changed the file; `then` is called once it is saved."""
        change = self._file.change(self._editor.text)
        if self._editor.read_only:
            self._warn("There is nothing to save: the file cannot be read, so it is not shown here.")
        elif change in (Change.BOTH, Change.UNREADABLE):
            self._ask_whose(then)
        elif change is Change.THEIRS:
            self._settle(change)
        else:
            self._write(then)

    def leave(self, then: Callable[[], object]) -> None:
        """Calls `then` once no text can be lost any more; the learner may decide to stay."""
        if not self.modified:
            then()
            return

        def decided(answer: str | None) -> None:
            if answer == "save":
                self.save(then)
            elif answer == "drop":
                self._leave_unsaved(then)

        self._ask(f"{self._file.path.name} has changes that are not saved.", questions.LEAVING, decided)

    def _leave_unsaved(self, then: Callable[[], object]) -> None:
        if self._kept(self._editor.text):
            self._drafts.drop()
            then()
            return

        def decided(answer: str | None) -> None:
            if answer == "again":
                self.leave(then)
            elif answer == "lose":
                then()

        self._ask("What is not saved cannot be kept either.", questions.LOSING, decided)

    def reset(self, then: Callable[[], object]) -> None:
        """Puts the stub back after asking; what was there is kept as a backup."""

        def decided(answer: str | None) -> None:
            if answer == "reset" and (not self.modified or self._kept(self._editor.text)):
                self._try(self._reset)
                then()

        self._ask("Start this exercise anew?", questions.RESETTING, decided)

    def look(self) -> None:
        """Looks at the disk now, as after another program had the screen."""
        self._settle(self._file.change(self._editor.text))

    def on_file_changed(self, message: FileChanged) -> None:
        """Looks at what another program did to the file; or it was our own save."""
        message.stop()
        change = self._file.change(self._editor.text)
        if change is Change.GONE:
            self.set_timer(_REPLACING_SECONDS, self.look)
        else:
            self._settle(change)

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Tells when the text comes to differ from the saved one."""
        message.stop()
        if self.modified != self._said_modified:
            self._said_modified = self.modified
            self.post_message(self.Edited(self._said_modified))

    def _settle(self, change: Change) -> None:
        match change:
            case Change.EQUAL:
                self.post_message(self.DiskChanged())
            case Change.THEIRS:
                self._read()
                self.post_message(self.DiskChanged())
            case Change.BOTH:
                self.post_message(self.DiskChanged())
                self._ask_whose()
            case Change.UNREADABLE:
                self._say_unreadable()
            case Change.GONE:
                self.post_message(self.Unreadable(f"{self._file.path} does not exist."))
                self._ask_restore()

    def _read(self) -> None:
        """Shows what the disk holds."""
        editor = self._editor
        try:
            text = self._file.read()
        except SubmissionError as error:
            self.post_message(self.Unreadable(str(error)))
            if is_gone(self._file.path):
                self._ask_stub()
            editor.read_only = True
            return
        editor.read_only = False
        if text != editor.text:
            editor.show(text)
        self._said_modified = False
        self.post_message(self.Edited(False))

    def _write(self, then: Callable[[], object] | None = None) -> None:
        if self._try(lambda: self._file.save(self._editor.text)):
            self._saved(then)

    def _saved(self, then: Callable[[], object] | None = None) -> None:
        self._drafts.drop()
        self._said_modified = False
        self.post_message(self.Edited(False))
        self.post_message(self.DiskChanged())
        if then:
            then()

    def _ask_whose(self, then: Callable[[], object] | None = None) -> None:
        def decided(answer: str | None) -> None:
            settle = {"mine": self._keep_mine, "theirs": self._take_theirs}.get(answer or "")
            if settle and self._try(settle):
                self._saved(then)

        question = questions.WHOSE.format(path=self._file.path)
        self._ask(question, questions.WHOSE_ANSWERS, decided, self._both_sides())

    def _both_sides(self) -> Content:
        """How the file and the editor differ; empty where the file is no text."""
        try:
            disk, _ = read_source(self._file.path)
        except SubmissionError:
            return Content()
        return difference(for_editor(disk), self._editor.text, ("the file", "this editor"))

    def _keep_mine(self) -> None:
        self._file.keep_mine(self._editor.text)

    def _take_theirs(self) -> None:
        text, _ = self._file.take_theirs(self._editor.text)
        self._editor.show(text)

    def _ask_restore(self) -> None:
        def decided(answer: str | None) -> None:
            if answer == "restore":
                self._write()

        self._ask(f"{self._file.path} was deleted. The text is still in this editor.", questions.RESTORING, decided)

    def _ask_stub(self) -> None:
        def decided(answer: str | None) -> None:
            if answer == "stub":
                self._try(self._reset)

        self._ask(f"{self._file.path} does not exist.", questions.STUB, decided)

    def _reset(self) -> None:
        self._workspace.reset(self._file.id)
        self._drafts.drop()
        self._read()
        self._editor.start()
        self.post_message(self.DiskChanged())

    def _offer_draft(self) -> None:
        draft = self._drafts.found(self._editor.text)
        if draft is None or self._editor.read_only:
            return

        def decided(answer: str | None) -> None:
            if answer == "take":
                self._editor.text = draft
            elif answer == "drop" and self._kept(draft):
                self._drafts.drop()

        self._ask("The program ended last time with text that was not saved.", questions.DRAFT, decided)

    def keep(self) -> None:
        """Keeps what is not saved for the next start; it is on the disk when this returns."""
        if self.modified:
            self._drafts.keep(self._editor.text)

    def _keep_draft(self) -> None:
        if self.modified:
            self._drafts.keep_soon(self._editor.text)

    def _say_unreadable(self) -> None:
        try:
            self._workspace.read(self._file.id)
        except SubmissionError as error:
            self.post_message(self.Unreadable(str(error)))

    def _ask(
        self, question: str, answers: dict[str, str], decided: Callable[[str | None], None], seen: Content = NOTHING
    ) -> None:
        """Asks, one question at a time; while one is open, what would be asked comes up again at the next save."""
        if self._asking:
            return
        self._asking = True

        def answered(answer: str | None) -> None:
            self._asking = False
            decided(answer)

        self.app.push_screen(ChoiceScreen(question, answers, seen), answered)

    def _kept(self, text: str) -> bool:
        """Puts a text among the backups and says where; False if that failed."""
        return self._try(lambda: self.notify(f"Kept in {self._file.keep(text)}", markup=False))

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except (SubmissionError, WorkspaceError) as error:
            self._warn(str(error))
            return False
        return True

    def _warn(self, sentence: str) -> None:
        self.notify(clean(sentence), severity="error", timeout=15, markup=False)
