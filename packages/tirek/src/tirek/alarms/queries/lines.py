"""The time line of an alarm in words. What is stored are facts (`AlarmNote.kind`, `data`); the words come here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tirek.alarms import registry
from tirek.alarms.kinds import PRESSED
from tirek.alarms.models import Alarm, AlarmNote, Problem, Zone
from tirek.alarms.queries.plans import choose
from tirek_protocols.dc09 import event_name


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One line: when, what, by whom. `sort` is one of signal, act, note, tirek, other: it chooses the mark before the line."""

    at: datetime
    text: str
    who: str = ""
    detail: str = ""
    sort: str = "tirek"
    url: str = ""


Zones = dict[tuple[str, str], Zone]


def time_line(alarm: Alarm, user: Any, *, own: bool = False) -> list[TimeLine]:
    """Everything that happened with an alarm, oldest first, in the reader's language. `own`: without other apps' lines."""
    zones = zones_of(alarm)
    notes = alarm.notes.select_related("person")
    lines = [_line(note, zones) for note in notes]
    if not own:
        lines += [TimeLine(x.at, x.text, sort="other", url=x.url) for x in registry.extra_lines(user, alarm.pk)]
    return sorted(lines, key=lambda line: line.at)


def zones_of(alarm: Alarm) -> Zones:
    """Zones of the facility's panels by (account, number)."""
    rows = Zone.objects.filter(panel__facility=alarm.facility_id).select_related("panel")
    return {(zone.panel.account, zone.number.lstrip("0")): zone for zone in rows}


def zone_name(zones: Zones, account: str, number: str) -> str:
    """ "zone 12, reception" or, for a zone that nobody named, "zone 12"; empty without a number."""
    if not number:
        return ""
    zone = zones.get((account, number.lstrip("0")))
    plain = _("zone %(number)s") % {"number": number}
    return f"{plain}, {zone.name}" if zone else plain


def signal_name(data: dict[str, Any]) -> str:
    """What a code says, in the reader's language."""
    language = (get_language() or "ru")[:2]
    if not data.get("code"):
        return Problem(data["problem"]).label if data.get("problem") else _("message without an event")
    return str(event_name(data["system"], data["code"], language, data.get("qualifier") or "new"))


def called_again(alarm: Alarm) -> str:
    """How an alarm came to ring again after it was accepted."""
    return _("Pressed again") if alarm.kind in PRESSED else _("Signalled again")


def _line(note: AlarmNote, zones: Zones) -> TimeLine:
    text, sort = _WORDS.get(note.kind, _unknown)(note, zones)
    return TimeLine(note.at, text, str(note.person or ""), _detail(note), sort)


Words = Callable[[AlarmNote, Zones], tuple[str, str]]


def _signal(note: AlarmNote, zones: Zones) -> tuple[str, str]:
    data = note.data
    where = zone_name(zones, data["panel"], data.get("zone", ""))
    parts = [signal_name(data), _("panel %(account)s") % {"account": data["panel"]}, where, data.get("text", "")]
    return ", ".join(part for part in parts if part), "signal"


def _detail(note: AlarmNote) -> str:
    """The technical side of a signal: its code, how it came, what was odd about it."""
    data = note.data
    if note.kind not in ("signal", "restore"):
        return ""
    protection = _("encrypted") if data.get("encrypted") else _("not encrypted")
    parts = [data.get("code", ""), "SIA DC-09", data.get("transport", "").upper(), protection]
    if data.get("problem") and data.get("code"):
        parts.append(str(Problem(data["problem"]).label))
    return " · ".join(part for part in parts if part)


def _answered(note: AlarmNote, _zones: Zones) -> tuple[str, str]:
    account, answer = note.data["panel"], note.data.get("answer", "ACK")
    if answer == "ACK":
        return _("Receipt sent to panel %(account)s") % {"account": account}, "tirek"
    return _("%(answer)s sent to panel %(account)s") % {"answer": answer, "account": account}, "tirek"


def _shown(note: AlarmNote, _zones: Zones) -> tuple[str, str]:
    seconds = number_format(note.data["ms"] / 1000, 1)
    return _("Shown at the desk (%(seconds)s s after it came in)") % {"seconds": seconds}, "tirek"


def _closed(note: AlarmNote, _zones: Zones) -> tuple[str, str]:
    outcome = note.data.get("outcome", "")
    label = Alarm.Outcome(outcome).label if outcome in Alarm.Outcome.values else outcome
    text = _("Closed: %(outcome)s") % {"outcome": label}
    return f"{text}. {note.text}" if note.text else text, "act"


def _step(note: AlarmNote, _zones: Zones) -> tuple[str, str]:
    words = {"step": choose(note.data.get("texts", {}))}
    return (_("Done: %(step)s") if note.kind == "step" else _("Not done after all: %(step)s")) % words, "act"


def _again(note: AlarmNote, zones: Zones) -> tuple[str, str]:
    panel = _("panel %(account)s") % {"account": note.data["panel"]}
    where = zone_name(zones, note.data["panel"], note.data["zone"])
    what = ", ".join(part for part in (called_again(note.alarm), panel, where) if part)
    return _("%(what)s: the alarm rings anew and must be accepted again") % {"what": what}, "tirek"


def _panel(template: Callable[[], str]) -> Words:
    return lambda note, _zones: (template() % {"account": note.data["panel"]}, "tirek")


def _act(template: Callable[[], str]) -> Words:
    return lambda note, _zones: (f"{template()}. {note.text}" if note.text else template(), "act")


def _unknown(note: AlarmNote, _zones: Zones) -> tuple[str, str]:
    return note.text or note.kind, "note"


_WORDS: dict[str, Words] = {
    "signal": _signal,
    "restore": _signal,
    "answered": _answered,
    "shown": _shown,
    "again": _again,
    "closed": _closed,
    "step": _step,
    "unstep": _step,
    "silent": _panel(lambda: _("Panel %(account)s does not answer")),
    "speaks": _panel(lambda: _("Panel %(account)s answers again")),
    "acknowledged": _act(lambda: _("Accepted")),
    "taken": _act(lambda: _("Taken in hand")),
    "reopened": _act(lambda: _("Taken up again")),
    "note": lambda note, _zones: (note.text, "note"),
}


def newest_signals(alarms: Iterable[Alarm]) -> dict[int, dict[str, Any]]:
    """For each alarm the facts of its newest signal: {"panel", "zone", "code", ...}."""
    notes = AlarmNote.objects.filter(alarm__in=list(alarms), kind__in=("signal", "silent", "again")).order_by(
        "at", "pk"
    )
    return {note.alarm_id: note.data for note in notes}
