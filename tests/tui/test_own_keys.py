"""A learner's own keys: a table in a file; what is wrong in it is told, and never stops a start."""

from __future__ import annotations

import tomllib

import pytest

from tutor.core.key_table import KeyTable, read_key_table
from tutor.tui.keymap import every_action, told, usable


@pytest.fixture
def own(desk, tmp_path):
    """Puts a file with these lines on the desk."""

    def write(text: str) -> KeyTable:
        file = tmp_path / "settings.toml"
        file.write_text(text)
        table = read_key_table(file)
        object.__setattr__(desk, "own_keys", table)
        return table

    return write


def test_quoted_and_dotted_ids_are_the_same(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\n"exercise.check" = ["f5", "ctrl+r"]\nexercise.hint.letter = "y"\nmap.quit = 3\n')
    table = read_key_table(file)
    assert table.keys == {"exercise.check": "f5,ctrl+r", "exercise.hint.letter": "y"}
    assert len(table.problems) == 1 and table.problems[0].startswith(f"map.quit in {file} is no key.")


@pytest.mark.parametrize("damage", [b"[keys", b"\xff\xfe", b"keys = 3", b"\x00" * 100])
def test_a_damaged_file_is_one_sentence(tmp_path, damage):
    file = tmp_path / "settings.toml"
    file.write_bytes(damage)
    table = read_key_table(file)
    assert not table.keys and len(table.problems) == 1 and str(file) in table.problems[0]


@pytest.mark.parametrize(
    ("id", "key", "sentence"),
    [
        ("exercise.chek", "f5", "No action is called 'exercise.chek' (F). Did you mean 'exercise.check'?"),
        ("exercise.check", "f55", "'f55' is no key (exercise.check in F)."),
        ("exercise.check", "x", "'x' could no longer be typed in the editor if it were 'exercise.check'."),
        ("exercise.check", "/", "'slash' could no longer be typed in the editor if it were 'exercise.check'."),
        ("app.quit", "enter", "'enter' could no longer be typed in the editor if it were 'app.quit'."),
        ("exercise.code", "Ctrl+I", "'ctrl+i' comes from a terminal as 'tab' (exercise.code in F). Take another one."),
        ("editor.leave", "ctrl+[", "'ctrl+left_square_bracket' comes from a terminal as 'escape'"),
        ("app.quit", "x", "'x' could no longer be typed in the editor if it were 'app.quit'. Take a function key"),
        ("exercise.check", "f6", "'f6' is now 'exercise.check', but 'exercise.hint' has it too."),
        ("map.next", "ctrl+t", "'ctrl+t' is now 'map.next', but 'app.light' has it too."),
    ],
)
def test_what_is_wrong_is_told_with_the_remedy(id, key, sentence):
    (found,) = told(KeyTable("F", {id: key}), every_action())
    assert found.startswith(sentence)


def test_two_actions_that_change_places_do_not_clash():
    table = KeyTable("F", {"exercise.check": "f6", "exercise.hint": "f5"})
    assert told(table, every_action()) == ()
    assert usable(table, every_action()) == table.keys


def test_keys_may_be_spelled_as_people_do():
    typed = {"map.help": "?, F1", "map.quit": "Q,Esc", "exercise.check": "Ctrl+R,ctrl++", "map.next": "%,slash"}
    meant = {
        "map.help": "question_mark,f1",
        "map.quit": "Q,escape",
        "exercise.check": "ctrl+r,ctrl+plus",
        "map.next": "percent_sign,slash",
    }
    table = KeyTable("F", typed)
    assert usable(table, every_action()) == meant
    assert not [each for each in told(table, every_action()) if "is no key" in each]


async def test_many_mistakes_do_not_cover_the_screen(on_map, own):
    own("[keys]\n" + "".join(f'"map.nothing{number}" = "x"\n' for number in range(9)))
    async with on_map() as story:
        await story.sees("No action is called 'map.nothing0'", "8 more things are wrong with your keys. `tutor keys`")
        assert "nothing1" not in story.sight


async def test_an_own_key_works_and_is_shown_and_what_is_wrong_is_told(on_map, desk, own):
    own('[keys]\n"exercise.hint" = "ctrl+g"\n"exercise.lesson" = "f11"\n"exercise.checcks" = "f8"\n')
    async with on_map(size=(140, 40)) as story:
        await story.sees("No action is called 'exercise.checcks'", "Did you mean 'exercise.checks'?")
        await story.press("enter")
        await story.sees("F11 Lesson", "^g Hint")
        await story.press("ctrl+g")
        await story.sees("Hint 1 of 2")


def test_the_command_lists_a_file_that_can_be_used_and_judges_the_present_one(tutor, home):
    done = tutor("keys")
    assert done.returncode == 0, done.stderr
    listed = tomllib.loads(done.stdout)["keys"]
    assert listed == {each.id: each.keys for each in every_action().values()}
    file = home / ".config" / "tutor" / "settings.toml"
    assert str(file) in done.stdout
    file.parent.mkdir(parents=True)
    file.write_text('[keys]\n"map.nxt" = "x"\n"map.quit" = "ctrl+q"\n')
    done = tutor("keys")
    assert done.returncode == 2
    assert "Did you mean 'map.next'?" in done.stderr
    assert tomllib.loads(done.stdout)["keys"]["map.quit"] == "ctrl+q"


async def test_an_own_key_stands_where_the_action_stood(in_exercise, own):
    own('[keys]\n"exercise.check" = "ctrl+g"\n"exercise.zoom" = "f5"\n')
    async with in_exercise(size=(140, 40)) as story:
        await story.until(lambda: "^g Check" in story.sight.splitlines()[-1], "the own key in the lowest line")
        line = story.sight.splitlines()[-1]
        assert line.index("^s Save") < line.index("^g Check") < line.index("F6 Hint") < line.index("^p Palette")
        await story.press("f1")
        await story.sees("^g or c", "F5 or z")
        assert story.sight.index("^g or c") < story.sight.index("F6 or h")
