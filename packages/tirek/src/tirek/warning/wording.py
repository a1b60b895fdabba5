"""The words of a warning: slots filled in, the words of an exercise, what must be in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from tirek.places.models import LANGUAGES

Texts = dict[str, dict[str, str]]
PARTS = ("headline", "description", "instruction")
LONGEST = {"headline": 160, "description": 1200, "instruction": 1200}
SPOKEN = ("kk", "ru")
SLOTS = frozenset({"place", "area"})
# All but tab and line feed, and what is no character by itself.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SLOT = re.compile(r"\{(\w+)\}")

# Said before and after every exercise, so that whoever hears a part of it hears that it is one.
EXERCISE_WORDS = {
    "kk": "Оқу-жаттығу! Бұл оқу-жаттығу!",
    "ru": "Учение! Это учение!",
    "en": "Exercise! This is an exercise!",
}
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_KAZAKH = set("әғқңөұүһі")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` as it can be spoken and stand in a CAP message: line breaks of one kind, no control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fill(texts: Mapping[str, Mapping[str, str]], slots: Mapping[str, Mapping[str, str]]) -> Texts:
    """`texts` with `{place}` and `{area}` replaced, by language. A slot that has no value keeps its braces.

    `slots` is language -> slot -> value.
    """
    return {
        language: {part: _filled(words.get(part, ""), slots.get(language, {})) for part in PARTS}
        for language, words in texts.items()
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: clean(values.get(slot[1]) or "") or slot[0], clean(text))


def open_slots(texts: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Names of slots that stand unfilled somewhere in `texts`."""
    return {name for words in texts.values() for text in words.values() for name in _SLOT.findall(text)}


def unknown_slots(text: str) -> set[str]:
    """Slots of `text` that Tirek cannot fill."""
    return set(_SLOT.findall(text)) - SLOTS


def problems(texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Why these texts cannot be issued, as sentences; empty when they can."""
    found = []
    for language in LANGUAGES:
        name, words = LANGUAGE_NAMES[language], texts.get(language, {})
        for part in PARTS:
            text = words.get(part, "").strip()
            if not text:
                found.append(_("The text in %(language)s is not complete.") % {"language": name})
                break
            if len(text) > LONGEST[part]:
                found.append(
                    _("The text in %(language)s is too long: %(most)d characters are allowed.")
                    % {"language": name, "most": LONGEST[part]}
                )
                break
        else:
            if wrong_language(language, " ".join(words.get(part, "") for part in PARTS)):
                found.append(_("The text under %(language)s does not look like that language.") % {"language": name})
    for slot in sorted(open_slots(texts)):
        found.append(_("{%(slot)s} in the text is not filled in.") % {"slot": slot})
    return found


def wrong_language(language: str, text: str) -> bool:
    """Whether `text` is surely not in `language`: judged by its letters, so a short text passes."""
    letters = [c for c in text.lower() if c.isalpha()]
    if len(letters) < 40:
        return False
    cyrillic = sum(1 for c in letters if _CYRILLIC.match(c)) / len(letters)
    kazakh = sum(1 for c in letters if c in _KAZAKH) / len(letters)
    if language == "en":
        return cyrillic > 0.5
    if cyrillic < 0.5:
        return True
    # Kazakh uses its own letters in every sentence; in Russian they stand in names only.
    return kazakh < 0.01 if language == "kk" else kazakh > 0.06


def spoken(words: Mapping[str, str]) -> str:
    """What is said aloud in one language: headline, what happened, what to do."""
    sentences = (" ".join(clean(words.get(part, "")).split()) for part in PARTS)
    return " ".join(text if text[-1] in ".!?…" else f"{text}." for text in sentences if text)
