"""The order of names as a reader looks for them: the Kazakh alphabet, of which the Russian is a part.

Unicode puts Ә, Ғ, Қ and the other letters that only Kazakh has behind Я.
"""

from __future__ import annotations

LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {ord(letter): 0xE000 + place for place, letter in enumerate(LETTERS)}


def alphabetical(text: str) -> str:
    """A key to sort names by."""
    return text.casefold().translate(_PLACES)
