"""The command palette: what there is to do, found by the words that people have for it.

Command     one thing to do
Finder      what Textual asks for them (commands.py makes them)
score       how well a command answers what was typed
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

_LONGEST = 80
"""Characters that are looked at: somebody may paste a book."""


@dataclass(frozen=True)
class Command:
    """One thing to do."""

    title: str
    sentence: str
    run: Callable[[], object]
    keys: str = ""
    """As they are called on the keyboard."""
    words: str = ""
    """Other words that people have for it."""
    listed: bool = True
    """Whether it is listed before a word is typed."""
    weight: float = 1.0
    """Below 1 where another command that answers as well is likelier to be meant."""


class Commanded(Protocol):
    """An app that knows what there is to do."""

    def commands(self, screen: Screen[Any]) -> Iterable[Command]:
        """All of it, what the screen offers first."""


class Finder(Provider):
    """Finds whole words and beginnings of words, in titles, sentences and other words for them.

    Letters strewn over a title, by which Textual finds, answer every word with something, and mostly with the wrong.
    Where nothing is found, a slip of the fingers is taken to be why.
    """

    async def startup(self) -> None:
        """Imports what the commands are made of, beside the screen."""
        await asyncio.to_thread(__import__, "tutor.tui.commands")

    async def discover(self) -> Hits:
        """What can be done here, in the screen's order."""
        for each in self._commands():
            if each.listed:
                yield DiscoveryHit(_shown(each), each.run, text=each.title, help=each.sentence)

    async def search(self, query: str) -> Hits:
        """What answers the words of the query."""
        every, query = list(self._commands()), query[:_LONGEST]
        found = [(score(each, query), each) for each in every]
        if not any(points for points, _ in found):
            query = _meant(query, every)
            found = [(score(each, query), each) for each in every]
        for points, each in found:
            if points:
                yield Hit(points, _shown(each, query), each.run, text=each.title, help=each.sentence)

    def _commands(self) -> Iterable[Command]:
        return cast(Commanded, self.app).commands(self.screen)


def score(command: Command, query: str) -> float:
    """0 where a word of the query is nowhere in it, else up to 1: titles before other words before sentences."""
    found = [_found(command, word) for word in query.casefold().split()]
    return min(found) * command.weight if found else 0.0


def _found(command: Command, word: str) -> float:
    title = command.title.casefold()
    if title == word:
        return 1.0
    texts = ((title, 0.9), (command.words.casefold(), 0.8), (command.sentence.casefold(), 0.6))
    begun = max((points for text, points in texts if re.search(_begins(word), text)), default=0.0)
    return begun or (0.4 if len(word) > 2 and word in title else 0.0)


def _meant(query: str, commands: Iterable[Command]) -> str:
    """The query with the nearest known word for each of its words."""
    known = {word for each in commands for word in re.findall(r"\w+", f"{each.title} {each.words}".casefold())}
    return " ".join(next(iter(get_close_matches(word, known, 1, 0.75)), word) for word in query.casefold().split())


def _begins(word: str) -> str:
    return rf"(?<![^\W_]){re.escape(word)}"


def _shown(command: Command, query: str = "") -> Content:
    """The title, with what was found in it, and its keys."""
    title = Content(command.title)
    for word in query.split():
        for found in re.finditer(_begins(word), command.title, re.IGNORECASE):
            title = title.stylize("bold $text-accent", *found.span())
    return Content.assemble(title, (f"  {command.keys}", "$text-muted")) if command.keys else title
