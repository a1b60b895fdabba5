"""From events of the DC-09 code tables to kinds of alarm."""

from __future__ import annotations

from tirek.alarms.models import URGENCY, Kind, Problem
from tirek_protocols.dc09 import Event, find_code

#: Kinds of the code tables that need a person.
OPENING: dict[str, Kind] = {
    "panic": Kind.PANIC,
    "holdup": Kind.HOLDUP,
    "duress": Kind.DURESS,
    "fire": Kind.FIRE,
    "medical": Kind.MEDICAL,
    "burglary": Kind.BURGLARY,
    "tamper": Kind.TAMPER,
    "trouble": Kind.TROUBLE,
}
#: Frames that could not be taken, and what the desk is told. A wrong check sum is noise on the line: the panel sends again.
PROBLEMS: dict[str, Kind] = {
    Problem.NO_KEY: Kind.TROUBLE,
    Problem.WRONG_KEY: Kind.TROUBLE,
    Problem.TIME: Kind.TROUBLE,
    Problem.UNREADABLE: Kind.OTHER,
    Problem.TOKEN: Kind.OTHER,
}
#: Kinds for which a life may be in danger: they sound on the desk and take its focus.
LIFE = frozenset((Kind.PANIC, Kind.HOLDUP, Kind.DURESS, Kind.FIRE, Kind.MEDICAL))
#: Kinds that sound on the desk until somebody accepts them.
AUDIBLE = LIFE | {Kind.BURGLARY, Kind.TAMPER, Kind.OTHER}
#: Kinds that a person makes by pressing something.
PRESSED = (Kind.PANIC, Kind.HOLDUP, Kind.DURESS, Kind.MEDICAL)
#: Urgency of an alarm of a panel under test: below everything real.
TEST_URGENCY = 90


def alarm_kind(event: Event) -> Kind | None:
    """The kind of alarm that an event opens or joins, or None when it needs nobody.

    A code that no table knows needs somebody: better a needless look than a lost call.
    """
    if event.kind in OPENING:
        return OPENING[event.kind]
    if event.kind == "other" and find_code(event.system, event.code) is None:
        return Kind.OTHER
    return None


def ended_kind(event: Event) -> Kind | None:
    """The kind of alarm whose end an event reports, or None."""
    return OPENING.get(event.concerns) if event.kind == "restore" else None


def urgency(kind: str, is_test: bool = False) -> int:
    """0 is the most urgent."""
    return TEST_URGENCY if is_test else URGENCY[kind]
