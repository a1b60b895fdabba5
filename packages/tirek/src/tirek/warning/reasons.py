"""Reasons that endpoints give, in the reader's language. Devices speak English; what is not known here is shown as it came."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KNOWN: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"silence|silent, ", _("microphone: silence")),
        (r"too quiet", _("microphone: too quiet")),
        (r"other sound|another sound|not the sound", _("microphone: another sound")),
        (r"no sound is made here", _("sounds without a probe")),
        (r"no sound was picked up", _("no sound was picked up")),
        (r"no probe", _("has no probe")),
        (r"silenced before it answered", _("silenced before it answered")),
        (r"silenced", _("silenced")),
        (r"replaced by a newer alert", _("replaced by a newer warning")),
        (r"a live alert took its place", _("a live warning took its place")),
        (r"its time ran out|^expired", _("came after its time")),
        (r"restarted while sounding", _("restarted while sounding")),
        (r"no voice speaks", _("has no voice for the language")),
        (r"recording .* (is not here|cannot be fetched)", _("the recording is missing")),
        (r"not ready before the end", _("was not ready before the end")),
        (r"\bit broke", _("broke while it sounded")),
        (r"amplifier", _("amplifier gives no current")),
        (r"bad signature", _("a message with a wrong signature was refused")),
        (r"unknown key", _("a message with an unknown key was refused")),
        (r"malformed|too long", _("a message that cannot be read was refused")),
        (r"replay with other content", _("a forged copy was refused")),
        (r"nobody commanded", _("nobody commanded it")),
        (r"sound card and probe answer", _("sound card and probe answer")),
        (r"waits for its time", _("waits for its time")),
        (r"this clock is", _("its clock is wrong")),
        (r"\d+ sounding stopped", _("stopped")),
    )
)


# Why Tirek itself set a correction aside, as it is kept with the correction.
OVER = "the warning that it follows has ended"
TOO_LATE = "it waited too long for the second person"
_NOTES: dict[str, Promise] = {
    OVER: _("the warning that it follows has ended"),
    TOO_LATE: _("it waited too long for the second person"),
}


def noted(note: str) -> str:
    """A note on an alert in the reader's language, when Tirek wrote it; what a person wrote stands as it is."""
    return str(_NOTES.get(note, note))


_PARTS = re.compile(r"(\d+) of (\d+) parts heard(?:; (.+))?")


def said(reason: str) -> str:
    """`reason` in the reader's language, when it is one that agents are known to give."""
    if parts := _PARTS.fullmatch(reason):
        heard = _("%(heard)s of %(all)s parts heard") % {"heard": parts[1], "all": parts[2]}
        return f"{heard}; {said(parts[3])}" if parts[3] else str(heard)
    return next((str(words) for pattern, words in _KNOWN if pattern.search(reason)), reason) if reason else ""


# What can hear an endpoint, by the names that agents give (`tirek_agent.audio.probe`).
_PROBES: dict[str, Promise] = {
    "microphone": _("microphone"),
    "current": _("current of the amplifier"),
    "loopback": _("the sound as it was rendered"),
    "none": _("no probe"),
}


def heard_by(probe: str) -> str:
    """The name of a probe in the reader's language; one that is not known stands for itself."""
    return str(_PROBES.get(probe, probe))
