"""The time that counts as learning: neither more nor less than somebody was there."""

from __future__ import annotations

import time

import pytest

from tutor.tui.time_spent import IDLE_SECONDS, TimeSpent


@pytest.fixture
def clock(monkeypatch):
    """A clock to be set by hand: it returns what TimeSpent counts while the signs of life come at these seconds."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    spent = TimeSpent()

    def counted(until: float, signs: tuple[float, ...] = (), looks: tuple[float, ...] | None = None) -> float:
        start, total = now[0], 0.0
        looks = tuple(range(15, int(until), 15)) if looks is None else looks
        for at in sorted({*signs, *looks, until}):
            now[0] = start + at
            if at in signs:
                spent.alive()
            total += spent.take()
        return total

    return counted


def test_all_counts_while_keys_are_pressed(clock):
    assert clock(900, signs=tuple(range(10, 900, 20))) == 900


def test_nobody_there_counts_no_more_than_a_pause_for_thought(clock):
    assert clock(7200, signs=(20,)) == 20 + IDLE_SECONDS
    assert clock(3600) == 0
    assert clock(100, signs=(50,)) == 50


def test_a_stopped_program_and_a_machine_asleep_do_not_learn(clock):
    assert clock(130, signs=(10, 125), looks=(15, 120)) == 15 + 10
    assert clock(3600, signs=(10,), looks=(15,)) == 15


async def test_letters_and_the_mouse_are_signs_of_life_and_so_are_those_in_a_question(in_exercise):
    async with in_exercise() as story:
        await story.press("f3")
        spent = story.app.screen._time

        async def revived(act) -> bool:
            spent._last_sign -= 1000
            await act
            return time.monotonic() - spent._last_sign < 500

        assert await revived(story.press("a"))
        assert await revived(story.press("enter"))
        assert await revived(story.press("f4"))
        assert await revived(story.click(offset=(10, 5)))
        await story.press("R")
        await story.sees("Start this exercise anew?")
        assert await revived(story.press("down"))
