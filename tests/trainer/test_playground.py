"""The playground: a real model in its process, first by its lines, then on the screen."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from rich.text import Text
from textual.app import App
from textual.widgets import Input, Static

from tutor.core import launch
from tutor.core.playing import Ask, Done, Player, Ready, Refused, Wrote
from tutor.tui.paces import Paces
from tutor.tui.screens.playground import PlaygroundScreen
from tutor.tui.screens.training import TrainingScreen
from tutor.tui.widgets.samples import Samples
from tutor.tui.widgets.slider import Slider

ASK = Ask(prompt="ab", tokens=40, samples=2, temperature=0.7, top_k=4, seed=3)


@pytest.fixture
def trained(lab, solve):
    """A tiny model with the learner's own generate."""
    solve("gpt/generate")
    run = lab.run("tiny")
    lab.train(run)
    return run


class Told:
    """What a player says, kept."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self._events = player.events()

    def texts(self, ticket: int) -> tuple[list[str], Done | Refused, float]:
        """What was written for a wish, the last word on it, and after how long the first one came."""
        texts: list[str] = []
        start, first = time.monotonic(), 0.0
        for event in self._events:
            match event:
                case Wrote(ticket=found) if found == ticket:
                    first = first or time.monotonic() - start
                    texts = [a + b for a, b in zip(texts or [""] * len(event.added), event.added, strict=True)]
                case Done(ticket=found) | Refused(ticket=found) if found in (0, ticket):
                    return texts, event, first
        raise AssertionError("the process ended")

    def end(self) -> None:
        """Closes the player and hears it out."""
        self.player.close()
        assert not [each for each in self._events if isinstance(each, Refused) and each.ticket == 0]


def test_a_model_stays_loaded_and_writes_what_tutor_sample_writes(trained, lab, tutor):
    player = Player(trained, "cpu")
    player.start()
    told = Told(player)
    try:
        ready = next(told._events)
        assert (ready.step, ready.vocab_size) == (60, trained.config().vocab_size) and "your GPT" in ready.about
        assert ready.draws == "your gpt/generate" and "not made of GPT-2's parts" in ready.no_cache
        one, done, _ = told.texts(player.ask(ASK))
        again, _, _ = told.texts(player.ask(ASK))
        other, _, _ = told.texts(player.ask(replace(ASK, seed=4)))
        assert one == again != other
        assert [len(each) for each in one] == [40, 40]
        assert isinstance(done, Done) and "your gpt/generate" in done.means
        refused = told.texts(player.ask(replace(ASK, prompt="☃")))[1]
        assert isinstance(refused, Refused) and "Allowed are" in refused.message
        assert told.texts(player.ask(ASK))[0] == one, "a refusal ends nothing"
        old = player.ask(replace(ASK, tokens=100_000))
        new = player.ask(ASK)
        texts, _, _ = told.texts(new)
        assert texts == one and new > old, "a newer wish ends the older one"
    finally:
        told.end()
    words = ("--prompt", "ab", "--tokens", 40, "--samples", 2, "--temperature", 0.7, "--top-k", 4, "--seed", 3)
    done = tutor("--workspace", lab.place.root, "sample", "tiny", *words, "--device", "cpu", course=lab.course)
    assert done.stdout.split("\n----------------\n")[0] == "ab" + one[0]


NOISY = """
_before = generate
print("loaded")


def generate(model, idx, *more):
    print("noise")
    return undefined_name if len(idx) == 3 else _before(model, idx, *more)
"""


def test_what_the_learners_code_prints_or_raises_is_no_text(lab, solve):
    solve("gpt/generate")
    trained = lab.run("noisy")
    trained.code("gpt/generate").write_text(trained.code("gpt/generate").read_text() + NOISY)
    lab.train(trained)
    player = Player(trained, "cpu")
    player.start()
    told = Told(player)
    try:
        written, _, _ = told.texts(player.ask(ASK))
        texts, refused, _ = told.texts(player.ask(replace(ASK, samples=3)))
    finally:
        told.end()
    assert [len(each) for each in written] == [40, 40] and not any("noise" in each for each in written)
    assert texts == [] and isinstance(refused, Refused)
    assert "NameError" in refused.message and "(your file)" in refused.message


def test_a_run_without_a_checkpoint_is_a_sentence(lab):
    player = Player(lab.run("new"), "cpu")
    player.start()
    (only,) = list(player.events())
    assert only == Refused(0, "This run has not begun yet, so it knows no characters. Train it first.")


class Shell(App[None]):
    """An app that holds nothing but the screens."""

    def __init__(self, lab) -> None:
        super().__init__()
        self.lab = lab

    def on_mount(self) -> None:
        self.push_screen(TrainingScreen(self.lab.place.root, self.lab.course))


async def until(condition) -> None:
    end = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_the_screen_writes_anew_with_every_change(lab, trained):
    async with Shell(lab).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("w")
        await until(lambda: isinstance(pilot.app.screen, PlaygroundScreen))
        screen = pilot.app.screen
        await until(lambda: screen._means)

        def written() -> str:
            return screen.query_one(Samples).plain

        async def settled() -> str:
            await pilot.pause()
            await until(lambda: screen._means and not screen._writing and screen._shown == screen._ticket)
            return written()

        first = await settled()
        assert len(first.rstrip("\n")) > 200 and "tokens/s" in str(screen.query_one("#status", Static).visual)
        await pilot.press(*["left"] * 20)
        cold = await settled()
        assert screen.query_one("#temperature", Slider).value == 0.0 and cold != first
        await pilot.press("f5")
        assert await settled() == cold, "at temperature 0 the seed changes nothing"
        await pilot.press("end", "f5")
        assert await settled() not in (first, cold)
        await pilot.press("down", "right", "right")  # top-k is off already; samples lie beside it
        screen.query_one("#samples", Slider).focus()
        await pilot.press("right", "right")
        assert (await settled()).count("--- sample ") == 3
        screen.query_one("#prompt", Input).focus()
        await pilot.press("a", "b", "backslash", "n")
        assert (await settled()).startswith("--- sample 1 ---\nab\n")
        await pilot.press("x")
        await until(lambda: "Allowed are" in written())
        await pilot.press("backspace")
        assert (await settled()).count("--- sample ") == 3
        status = str(screen.query_one("#status", Static).visual)
        assert "Drawn by your gpt/generate. There is no KV cache for this model" in status
        await pilot.press("f7")
        assert screen.query_one("#cache", Slider).value is False and screen._asked.cache is None
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen))
    await until(lambda: screen._player._process.stdout.closed)  # the process ends with the screen


async def test_the_cache_is_switched_and_what_it_buys_is_told(lab):
    """The tutor's own model, which has what a cache needs."""
    order = launch.Order(text=str(lab.text), device="cpu", name="ours", threads=1, reference=True)
    lab.train(lab.shrink(launch.prepare_run(lab.place, lab.progress, order), steps=10))
    async with Shell(lab).run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("w")
        await until(lambda: isinstance(pilot.app.screen, PlaygroundScreen))
        screen = pilot.app.screen
        cache = screen.query_one("#cache", Slider)

        async def settled() -> str:
            await pilot.pause()
            await until(lambda: screen._means and not screen._writing and screen._shown == screen._ticket)
            return str(screen.query_one("#status", Static).visual)

        told = await settled()
        assert cache.value is True and screen._asked.cache is None, "it is kept by itself"
        assert "Drawn by the tutor's loop with a KV cache. Once its 6 tokens are full" in told
        assert "times as fast" not in told
        await pilot.press("f7")
        told = await settled()
        assert cache.value is False and screen._asked.cache is False
        assert "Drawn by the tutor's plain loop: no KV cache" in told and "times as fast" in told
        cache.focus()
        await pilot.press("right")
        assert "with a KV cache" in await settled() and screen._asked.cache is True
        assert isinstance(screen._ready, Ready)


async def test_a_slider_follows_keys_and_mouse():
    class One(App[None]):
        def compose(self):
            yield Slider("Top-k", [1, 2, 5, None], 5, id="one")

    async with One().run_test(size=(60, 3)) as pilot:
        slider = pilot.app.query_one(Slider)
        slider.focus()
        await pilot.press("right", "right")
        assert slider.value is None and "off" in slider.render().plain
        await pilot.press("home", "left")
        assert slider.value == 1
        await pilot.click(slider, offset=(57, 0))
        assert slider.value is None
        await pilot.click(slider, offset=(22, 0))
        assert slider.value == 1
        slider.offer([1, 2])
        assert slider.value == 1


async def test_samples_stand_beside_each_other_where_there_is_room():
    class One(App[None]):
        def compose(self):
            yield Samples()

    def columns(samples: Samples) -> int:
        return len({each.region.x for each in samples.query(Static)})

    async with One().run_test(size=(160, 40)) as pilot:
        samples = pilot.app.query_one(Samples)
        samples.show([Text(f"sample {number} " * 30) for number in range(4)])
        await pilot.pause()
        assert columns(samples) == 3
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert columns(samples) == 1 and len(samples.query(Static)) == 4
        samples.say("[b]none[/b]")
        await pilot.pause()
        assert samples.plain == "[b]none[/b]" and len(samples.query(Static)) == 1


def test_paces_are_compared_where_all_else_is_equal():
    paces = Paces()
    for cached, pace in ((True, 900.0), (False, 300.0)):
        assert paces.told(ASK) == ""
        paces.now = pace
        paces.add(ASK, cached=cached)
    assert paces.told(ASK) == "with the cache 900, without 300 tokens/s: 3.0 times as fast"
    assert paces.told(replace(ASK, samples=8)) == ""
