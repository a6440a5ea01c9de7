"""Answers that a learner is asked to choose from: id and text. The last one changes nothing, and escape means it."""

from __future__ import annotations

WHOSE = "{path} was changed by another program, and this editor holds text that is not saved. Which one shall stay?"
WHOSE_ANSWERS = {
    "mine": "Mine: save what is in this editor; the file's text goes to the backups",
    "theirs": "The file: show it here; what is in this editor goes to the backups",
    "later": "Decide later: nothing is saved until then",
}
LEAVING = {
    "save": "Save them",
    "drop": "Leave without saving: they go to the backups",
    "stay": "Stay here",
}
LOSING = {
    "again": "Try again, once there is room",
    "lose": "Leave all the same: what is not saved is lost",
    "stay": "Stay here",
}
RESETTING = {
    "reset": "Put the stub back: what you wrote is kept as a backup",
    "stay": "Keep what is here",
}
RESTORING = {
    "restore": "Write the file again",
    "leave": "Leave it deleted",
}
REMAKING = {
    "again": "Make it again: your progress goes there",
    "leave": "Leave it so: progress ends with this program",
}
STUB = {
    "stub": "Put the stub there",
    "leave": "Leave it so",
}
DRAFT = {
    "take": "Take it into the editor",
    "drop": "Take the file: the unsaved text goes to the backups",
    "later": "Decide later",
}
SOLUTION = {
    "show": "Show it",
    "stay": "Not yet",
}
