"""The playground: a trained model writes while its prompt and the sliders are changed.

The model stays loaded in a process of its own. Any change starts the texts anew with the same seed, so that what
differs is what was changed.
"""

from __future__ import annotations

import contextlib
import threading
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Horizontal
from textual.message import Message
from textual.widgets import Input, Label, Static

from tutor.core.playing import Ask, Done, Event, Player, Ready, Refused, Wrote
from tutor.core.runs import Run
from tutor.tui.glyphs import clean
from tutor.tui.keys import key, named
from tutor.tui.paces import Paces
from tutor.tui.screens.once import Once
from tutor.tui.screens.reading import help_screen
from tutor.tui.widgets.key_line import KeyLine
from tutor.tui.widgets.one_line import OneLine
from tutor.tui.widgets.samples import Samples
from tutor.tui.widgets.slider import Slider, Value

_TEMPERATURES = [round(0.05 * n, 2) for n in range(41)]
_TOP_KS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 500, 1000, 5000, 20_000)
_TOP_PS: list[Value] = [*(round(0.05 * n, 2) for n in range(1, 20)), None]
_LENGTHS = (25, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000)
_SEEDS = range(1000)


class PlayerSaid(Message, bubble=False):
    """The sampling process said something."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class PlaygroundScreen(Once[None]):
    """A prompt, seven sliders, the texts."""

    DEFAULT_CSS = """
    PlaygroundScreen {
        #title { height: 1; padding: 0 1; background: $primary; color: $text; text-style: bold; }
        #line { height: 1; background: $panel; }
        #line Label { padding: 0 1 0 2; }
        #prompt { width: 1fr; height: 1; border: none; padding: 0; }
        #sliders { grid-size: 2; grid-rows: 1; grid-gutter: 0 1; height: 4; }
        &.-wide #sliders { grid-size: 3; height: 3; }
        #status { height: auto; max-height: 6; padding: 0 2; color: $text-muted; border-top: solid $primary; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("playground.next", "down", "go(1)", "Down", "To the slider below"),
        key("playground.previous", "up", "go(-1)", "Up", "To the slider above, or the prompt"),
        key("playground.seed", "f5", "another", "Another seed", "Other draws with the same settings", show=True),
        key("playground.stop", "f6", "stop", "Stop/again", "Stop writing, or write the same once more", show=True),
        key("playground.cache", "f7", "cache", "KV cache", "Keep keys and values of what was read, or not", show=True),
        key("playground.help", "f1", "help", "Help", "What this screen is, and its keys", show=True),
        key("playground.back", "escape", "back", "Back", "Leave; the model is unloaded", show=True),
    ]

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._player = Player(run)
        self._run = run
        self._about = "The model is being loaded: it takes some seconds."
        self._ticket = self._shown = 0
        """The newest wish, and the one whose texts are shown."""
        self._asked = Ask()
        self._texts: list[str] = []
        self._pace = self._means = ""
        self._ready: Ready | None = None
        self._paces = Paces()
        self._writing = False

    def compose(self) -> ComposeResult:
        """Prompt and sliders above, texts below."""
        yield Static("Playground", id="title", markup=False)
        with Horizontal(id="line"):
            yield Label("Prompt")
            prompt = "Text to go on from; \\n is the end of a line"
            yield OneLine(placeholder=prompt, id="prompt", compact=True, end="\\n")
        with Grid(id="sliders"):
            yield Slider("Temperature", _TEMPERATURES, 1.0, id="temperature")
            yield Slider("Length", _LENGTHS, 300, id="tokens")
            yield Slider("Top-k", [*_TOP_KS, None], None, id="top_k")
            yield Slider("Samples", range(1, 9), 1, id="samples")
            yield Slider("Top-p", _TOP_PS, None, id="top_p")
            yield Slider("Seed", _SEEDS, 1, id="seed")
            yield Slider("KV cache", [False, True], False, id="cache")
        yield Static(id="status", markup=False)
        yield Samples(id="texts")
        yield KeyLine()

    def on_mount(self) -> None:
        """Starts the process; the first texts come by themselves."""
        self.query_one("#temperature").focus()
        try:
            self._player.start()
        except OSError as error:
            self._about = f"The sampling process cannot be started ({error.strerror}). Try again."
        else:
            threading.Thread(target=self._read, name="sampling", daemon=True).start()
            self._ask()
        self._head()

    def on_unmount(self) -> None:
        """Nobody reads it any more."""
        self._player.close()

    def on_resize(self) -> None:
        """Three sliders in a row where there is room."""
        self.set_class(self.size.width >= 120, "-wide")

    @on(Slider.Changed)
    @on(Input.Changed)
    def _changed(self) -> None:
        self._ask()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one("#temperature").focus()

    def action_go(self, lines: int) -> None:
        """To the slider so many lines below; above the first ones is the prompt."""
        sliders, columns = list(self.query(Slider)), 3 if self.has_class("-wide") else 2
        place = sliders.index(self.focused) if isinstance(self.focused, Slider) else -columns
        place += lines * columns
        target = self.query_one("#prompt") if place < 0 else self.query_one("#texts")
        # At once, not by `focus`: the keys that follow are meant for it.
        self.set_focus(sliders[place] if 0 <= place < len(sliders) else target)

    def action_another(self) -> None:
        """The next seed."""
        self.query_one("#seed", Slider).action_move(1)

    def action_cache(self) -> None:
        """The same with keys and values kept, or without."""
        cache = self.query_one("#cache", Slider)
        cache.choose(not cache.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A model whose keys and values cannot be kept is offered no cache."""
        return action != "cache" or (self._ready is not None and not self._ready.no_cache)

    def action_stop(self) -> None:
        """Ends what is being written; or writes it again."""
        if self._writing:
            self._player.stop()
            self._writing = False
            self._head()
        else:
            self._ask()

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def action_back(self) -> None:
        """Leaves; the process is ended."""
        self.dismiss()

    def on_player_said(self, message: PlayerSaid) -> None:
        """Applies what the process says about the newest wish."""
        match message.event:
            case Ready() as ready:
                self._take_up(ready)
            case Wrote(ticket=ticket) as wrote if ticket == self._ticket:
                self._add(wrote)
            case Done(ticket=ticket, means=means) if ticket == self._ticket:
                self._means, self._writing = means, False
                self._paces.add(self._asked, cached=bool(self.query_one("#cache", Slider).value))
            case Refused(ticket=ticket, message=why) if ticket in (0, self._ticket):
                self._texts, self._writing, self._pace, self._means = [], False, "", ""
                self.query_one(Samples).say(why)
        self._head()

    def _take_up(self, ready: Ready) -> None:
        """The sliders offer what this model knows; the cache stands where it is used by itself."""
        cache = self.query_one("#cache", Slider)
        if self._ready is None:
            cache.show(ready.cached)
        self._ready, self._about = ready, ready.about
        cache.disabled = bool(ready.no_cache)
        self.query_one("#top_k", Slider).offer([*(each for each in _TOP_KS if each < ready.vocab_size), None])
        self.refresh_bindings()

    def _ask(self) -> None:
        values = {each.id: each.value for each in self.query(Slider)}
        if self._ready is None or self._ready.no_cache:  # it is not known yet, or there is no choice
            values["cache"] = None
        prompt = self.query_one("#prompt", Input).value.replace("\\n", "\n")
        self._asked = Ask(prompt=prompt, **values)  # type: ignore[arg-type]
        self._ticket, self._writing = self._player.ask(self._asked), True

    def _add(self, wrote: Wrote) -> None:
        """More of the texts; the first words on a wish take the place of the texts before."""
        if self._shown != wrote.ticket:
            self._shown, self._texts, self._means = wrote.ticket, [""] * len(wrote.added), ""
        self._texts = [before + more for before, more in zip(self._texts, wrote.added, strict=True)]
        pace = self._paces.now = wrote.tokens / wrote.seconds if wrote.seconds else 0.0
        self._pace = f"{wrote.tokens:,} tokens in {wrote.seconds:.2f} s: {pace:,.0f} tokens/s"
        self.query_one(Samples).show([self._sample(number) for number in range(len(self._texts))])

    def _sample(self, place: int) -> Text:
        text = Text(f"--- sample {place + 1} ---\n" if len(self._texts) > 1 else "")
        return text.append(clean(self._asked.prompt), "bold").append(self._texts[place]).append("\n")

    def _head(self) -> None:
        step = f" · step {self._ready.step:,}" if self._ready else ""
        self.query_one("#title", Static).update(f"Playground · {self._run.name}{step}")
        busy = "writing" if self._writing and self._ready else ""
        parts = [each for each in (busy, self._pace, self._paces.told(self._asked)) if each]
        lines = [self._about, " · ".join(parts), self._who_draws()]
        self.query_one("#status", Static).update("\n".join(each for each in lines if each))

    def _who_draws(self) -> str:
        """Who draws the tokens, and what there is to know about keys and values."""
        ready = self._ready
        if ready is None:
            return ""
        if self.query_one("#cache", Slider).value:
            full = ready.block_size and self._asked.tokens > ready.block_size
            more = f" Once its {ready.block_size} tokens are full, each token reads them all anew." if full else ""
            return f"Drawn by the tutor's loop with a KV cache.{more}"
        if ready.no_cache:
            return f"Drawn by {ready.draws}. There is no KV cache for this model: {ready.no_cache}."
        more = named(self, "<playground.cache> takes one.")
        return f"Drawn by {ready.draws}: no KV cache, so each token reads the whole context. {more}"

    def _read(self) -> None:
        """In a thread: hands on what the process says."""
        for event in self._player.events():
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                self.post_message(PlayerSaid(event))


HELP = """\
The model writes on from the prompt. Every change starts it anew with the same seed, so you see what that change does.
Temperature: below 1 safer, above 1 wilder, 0 always the likeliest token. Top-k: draw only from the so many likeliest. \
Top-p: only from the likeliest that together are so probable.
<slider.less> and <slider.more> change a slider, <playground.previous> and <playground.next> go to another.
KV cache: keys and values of what was read are kept, so that a token costs one token's work until the context is full.
While its training goes on, each change takes the weights that were saved last."""
