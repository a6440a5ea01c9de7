"""Between text and tokens: characters, or byte pairs."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.core.errors import RunError
from tutor.trainer.byte_pairs import BytePairs


class Characters:
    """A token for each character of the text that was learnt."""

    def __init__(self, vocabulary: str) -> None:
        """All characters in the order of their numbers."""
        self.vocabulary = vocabulary
        self._numbers = {character: number for number, character in enumerate(vocabulary)}

    @property
    def size(self) -> int:
        """How many characters there are."""
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """The characters' numbers. Raises RunError that names the unknown ones and those allowed."""
        if unknown := sorted(set(text) - self._numbers.keys()):
            named = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in unknown[:5])
            allowed = self.vocabulary[:200].replace("\n", "↵")
            raise RunError(f"The prompt has characters that the run's text never had: {named}. Allowed are: {allowed}")
        return [self._numbers[each] for each in text]

    def decode(self, tokens: Iterable[int]) -> str:
        """The numbers' characters."""
        return "".join(self.vocabulary[number] for number in tokens)


Tokenizer = Characters | BytePairs
"""Turns text into numbers and back: `size`, `encode(text)`, `decode(tokens)`."""


class Decoder:
    """Text from tokens that come one by one: a character of several tokens comes out once it is whole."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._held: list[int] = []

    def add(self, token: int) -> str:
        """What can be said now, '' while a character is incomplete."""
        self._held.append(token)
        text = self._tokenizer.decode(self._held)
        if text.endswith("\ufffd") and len(self._held) < _LONGEST:
            return ""
        self._held = []
        return text

    def end(self) -> str:
        """What was held back."""
        held, self._held = self._held, []
        return self._tokenizer.decode(held)


def line_start(tokenizer: Tokenizer) -> int:
    """The token that a text without a prompt goes on from: the end of a line, or any where lines have none."""
    try:
        return tokenizer.encode("\n")[-1]
    except RunError:
        return 0


_LONGEST = 4
"""Bytes, and so tokens, of a UTF-8 character at most; more are no character that could become whole."""
