"""Texts that the page's scripts say. `t("key")` in TypeScript finds them here; a test holds both together.

Apps add theirs with `registry.strings({...})`. A plural is a function from a number to the text with that number's form.
"""

from __future__ import annotations

import json
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from tirek.ui import registry

# For each plural category that browsers know in the language (Intl.PluralRules), a number that falls into it. Fractions in
# Russian ("other") take the form of two.
SAMPLES: dict[str, dict[str, int]] = {
    "en": {"one": 1, "other": 2},
    "kk": {"one": 1, "other": 2},
    "ru": {"one": 1, "few": 2, "many": 5, "other": 2},
}

MESSAGES: dict[str, registry.Message] = {
    "yes": _("Yes"),
    "cancel": _("Cancel"),
    "close": _("Close"),
    "ago.now": _("just now"),
    "ago.minute": _("{count} min ago"),
    "ago.hour": _("{count} h ago"),
    "ago.day": lambda n: ngettext("{count} day ago", "{count} days ago", n),
    "ago.month": _("{count} mo. ago"),
    "ago.year": lambda n: ngettext("{count} year ago", "{count} years ago", n),
    "in.minute": _("in {count} min"),
    "in.hour": _("in {count} h"),
    "in.day": lambda n: ngettext("in {count} day", "in {count} days", n),
    "in.month": _("in {count} mo."),
    "in.year": lambda n: ngettext("in {count} year", "in {count} years", n),
    "keys.title": _("Keys of this page"),
    "keys.this": _("This list"),
    "keys.escape": _("Close, or leave a field"),
    "error.forbidden": _("You may not do this. Nothing was changed."),
    "error.server": _("The server could not do this (error {status}). Nothing was changed. Try again."),
    "error.link": _("The server does not answer. Nothing was sent. Check the network and try again."),
    "error.slow": _("The server takes too long. It is not known whether this was done: look at the page again."),
    "link.connecting": _("linking"),
    "link.on": _("link"),
    "link.lost": _("link lost"),
    "link.paused": _("resting"),
    "link.out": _("signed out"),
    "link.lost.long": _("Link lost since {time}. What you see may be old."),
    "link.out.long": _("You are signed out. What you see may be old."),
    "link.again": _("Try now"),
    "link.signin": _("Sign in"),
    "link.back": _("The link is back, and nothing was missed."),
    "sound.on": _("Sound on"),
    "sound.blocked": _("Sound off"),
    "sound.muted": _("Silent until {time}"),
    "sound.blocked.long": _("A call should sound, but the browser keeps this page silent until you press something."),
    "sound.turnon": _("Turn sound on"),
    "sound.volume": _("Volume"),
    "sound.try": _("Try the sound"),
    "sound.mute": lambda n: ngettext("Silent for {count} minute", "Silent for {count} minutes", n),
    "sound.unmute": _("Sound again now"),
    "map.title": _("Map"),
    "map.late": _("a notice is overdue"),
    "map.in": _("Nearer"),
    "map.out": _("Farther"),
    "map.m": _("m"),
    "map.km": _("km"),
    "map.none": _("This browser cannot draw the map. The list beside it shows all of it."),
    "map.lost": _(
        "The map did not come: the connection broke. The list beside it shows all of it. Open the page again to try once more."
    ),
    "draw.tools": _("Drawing"),
    "draw.circle": _("Circle"),
    "draw.polygon": _("Shape"),
    "draw.radius": _("Radius"),
    "draw.metres": _("m"),
    "draw.clear": _("Clear the drawing"),
    "draw.circle.hint": _("Press the centre, then the edge."),
    "draw.circle.keys": _("By keyboard: arrows move the map, Space sets the centre, then type the radius."),
    "draw.polygon.hint": _("Press each corner; press the first one again to finish."),
    "draw.polygon.keys": _("By keyboard: arrows move the map, Space sets a corner, Enter finishes."),
    "draw.few": _("A shape needs three corners or more."),
    "draw.crossed": _("The sides cross. Move the corners so that they do not."),
    "state.heard": _("heard"),
    "state.accepted": _("accepted"),
    "state.unknown": _("unknown"),
    "state.failed": _("failed"),
    "state.expired": _("expired"),
    "state.pending": _("pending"),
    "state.ready": _("ready"),
}


# Units of relative time, longest first, in seconds; parts/time.ts has the same.
STEPS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3600), ("minute", 60))


def relative(seconds: float) -> str:
    """How far off a moment is, in words of the active language; negative seconds are the past."""
    for unit, size in STEPS:
        if abs(seconds) >= size:
            count = int(abs(seconds) // size)
            message = MESSAGES[f"{'ago' if seconds < 0 else 'in'}.{unit}"]
            text = str(message) if isinstance(message, (str, Promise)) else message(count)
            return text.replace("{count}", str(count))
    return str(MESSAGES["ago.now"])


def resolve(message: registry.Message, language: str) -> str | dict[str, str]:
    """The text in the active language, or one text for each plural category of `language`."""
    if isinstance(message, (str, Promise)):
        return str(message)
    return {category: message(n) for category, n in SAMPLES.get(language, SAMPLES["en"]).items()}


@lru_cache(maxsize=8)
def strings_json(language: str) -> str:
    """All texts as JSON, safe inside <script type="application/json">."""
    with override(language):
        table = {key: resolve(m, language) for key, m in {**MESSAGES, **registry.all_strings()}.items()}
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
