"""Sentences on the screens name the keys that hold: those of a learner who has given every action another one too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import tutor.tui
from tutor.core.key_table import KeyTable
from tutor.tui.keymap import every_action, told
from tutor.tui.keys import DECLARED, named
from tutor.tui.screens.new_training import NewTraining
from tutor.tui.widgets.guide import GUIDE

ID = "lines/slope"
WRONG = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n"
RIGHT = WRONG.replace("abs", "")
REFERENCE = re.compile(r"<([a-z_]+(?:\.[a-z_]+)+)>")
SPELLED = re.compile(
    r"\bF\d{1,2}\b|ctrl\+|\^[a-z]\b|\besc(ape)?\b|\bspace bar\b|\bpress(es)? \w\b|\benter\b|\btab\b|\([a-z]\)", re.I
)
"""What a sentence looks like that spells a key."""
BY_OTHERS = ("<enter>", "<tab>")
"""Keys of the widgets that come with Textual; nobody remaps them."""


def sentences() -> Iterator[tuple[str, int, str]]:
    """Every text with a space in it that is no docstring and no binding: file, line, text."""
    for path in sorted(Path(tutor.tui.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        other = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("key", "pair", "Binding"):
                other |= {id(each) for each in call.args[:3]}
        for each in ast.walk(tree):
            text = each.value if isinstance(each, ast.Constant) and id(each) not in other else None
            if isinstance(text, str) and " " in text:
                yield path.name, each.lineno, text


@pytest.fixture
def own(desk) -> dict[str, str]:
    """Every action on a key that no action comes with."""
    modifiers = ("", "ctrl+", "shift+", "alt+", "super+")
    keys = (f"{first}{second}f{number}" for first, second, number in product(modifiers, modifiers, range(13, 25)))
    table = KeyTable(None, dict(zip(every_action(), keys, strict=False)))
    assert table.keys.keys() == every_action().keys() and told(table, every_action()) == ()
    object.__setattr__(desk, "own_keys", table)
    desk.progress.note(GUIDE, "")
    return table.keys


def test_no_sentence_spells_a_key():
    found = [each for each in sentences() if each[0] != "keymap.py" and SPELLED.search(_without_references(each[2]))]
    assert not found, "Name the action in <>, and show the sentence with `named`."


def _without_references(text: str) -> str:
    for each in BY_OTHERS:
        text = text.replace(each, "")
    return REFERENCE.sub("", text)


def test_every_action_that_a_sentence_names_exists():
    known = every_action()
    referred = {each for _, _, text in sentences() for each in REFERENCE.findall(text)}
    assert len(referred) > 15 and referred <= known.keys()
    assert {id: each.keys for id, each in known.items()} == DECLARED, "An action with an id is declared by `key`."


async def test_the_screens_name_the_learners_own_keys(own, on_map, desk):
    async with on_map(size=(160, 50)) as story:
        old = [_as_it_comes(story.app, text) for _, _, text in sentences() if REFERENCE.search(text)]
        assert "F6: a hint (" in old

        async def sees(*texts: str) -> None:
            """Sees these, and no sentence with a key that does not hold any more."""
            await story.sees(*texts)
            words = " ".join(re.sub("[│┃▌▐█]", " ", story.sight).split())
            assert not [each for each in old if each in words]
            if not story.app.screen.query("Toast"):  # which may cut a key of two figures in half
                assert re.findall(r".{30}(?:\bF(?:[1-9]|1[0-2])\b|\^[a-z]\b(?<!\^p)|\besc\b)", words) == []

        async def does(action: str) -> None:
            await story.press(own[action])

        await story.until(lambda: story.app.own_keys, "the learner's keys")
        await does("map.search")
        await story.types("xyz")
        await sees(f"{named(story.app, '<map.clear>')} clears the search.")
        await does("map.clear")
        await does("map.help")
        await sees(f"{named(story.app, '<map.open>')} opens it.", f"{named(story.app, '<reading.close>')} closes")
        await does("reading.close")
        await does("map.train")
        await sees(f"No training yet. {named(story.app, '<training.new>')} starts one")
        story.app.push_screen(NewTraining())
        await sees("Enter starts it.")
        await does("new_training.cancel")
        await does("training.back")
        await does("map.pictures")
        await sees(f"{named(story.app, '<pictures.change>')} computes it on something else")
        await does("pictures.back")
        await does("map.open")
        await sees(f"{named(story.app, '<exercise.code>')} goes to your code")
        desk.workspace.write(ID, WRONG)
        await sees(f"{named(story.app, '<exercise.hint>')}: a hint (2 left)", "1 of 2 hold.")
        await does("exercise.hint")
        await does("exercise.hint")
        await does("exercise.hint")
        await sees(f"That was the last hint. {named(story.app, '<exercise.solution>')}: the course's solution.")
        await does("exercise.why")
        await sees("Why does this matter?")
        await does("reading.close")
        await does("exercise.help")
        await sees(f"press {named(story.app, '<editor.leave>')} once")
        await does("reading.close")
        desk.workspace.write(ID, RIGHT)
        await sees(f"{named(story.app, '<exercise.next>')}: next exercise", "to check yourself")
        await does("exercise.quiz")
        await story.press("1")
        await sees(f"{named(story.app, '<quiz.next>')}: next question")


def _as_it_comes(app, sentence: str) -> str:
    """A sentence as somebody reads it who has no keys of their own; an end of a line counts as a space."""
    own, app.own_keys = app.own_keys, {}
    text = " ".join(named(app, sentence).split())
    app.own_keys = own
    return text


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, "F6 gives a hint. Escape leads back; h too."),
        ({"exercise.hint": "ctrl+g"}, "Ctrl+g gives a hint. Escape leads back; h too."),
        ({"exercise.check": "f6"}, "h gives a hint. Escape leads back; h too."),
        ({"exercise.check": "f6,h"}, "The command palette gives a hint. Escape leads back; the command palette too."),
        ({"exercise.hint.letter": "slash"}, "F6 gives a hint. Escape leads back; / too."),
    ],
)
async def test_a_key_that_another_action_took_is_not_named(on_map, own, said):
    async with on_map() as story:
        story.app.own_keys = own
        sentence = "<exercise.hint> gives a hint. <exercise.back> leads back; <exercise.hint.letter> too."
        assert named(story.app, sentence) == said
        assert named(story.app, "a < b and <b.c> stay") == "a < b and <b.c> stay"
