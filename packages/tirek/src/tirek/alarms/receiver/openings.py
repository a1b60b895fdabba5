"""Open alarms and join signals to them: everything that one transaction does to the table of alarms.

Rows are locked in one order everywhere (panels, alarms, then the order lock of audit and events), so that the receiver and
the people at the desk never wait for each other in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from tirek.alarms.kinds import AUDIBLE, LIFE, urgency
from tirek.alarms.models import Alarm, AlarmNote, Kind, Panel, Signal
from tirek.alarms.receiver.book import Card
from tirek.audit.act import acts, snapshot
from tirek.facilities.models import Facility
from tirek.live.emit import Change

#: After so many lines of signals an alarm only counts further ones: a detector that chatters must not bury the time line.
LINES = 200
TRIES = 3
#: A further signal of one zone of a panel belongs to the call that was accepted while it comes within this time of the last;
#: later, somebody has pressed again. Only where a life may be in danger: a contact that is loose for days calls nobody anew.
AGAIN = timedelta(minutes=3)
#: Of a facility only its names and its area's path are read: they stand in the trace.
NAMES = ("name_kk", "name_ru", "name_en")

#: What an alarm changes when it rings again.
RUNG_AGAIN = ("state", "again_at", "again_acknowledged_at", "again_acknowledged_by", "taken_at", "taken_by")

Key = tuple[int, str, bool]
#: When a zone of a panel last called: (alarm, panel, zone) -> time.
Lately = dict[tuple[int, int | None, str], datetime]


@dataclass(slots=True)
class _Line:
    """What will be noted in the time line."""

    kind: str
    at: datetime
    card: Card
    signal: Signal | None = None


@dataclass(slots=True)
class _Case:
    """What happened to one (facility, kind, test or not) in this transaction."""

    card: Card
    calls: int = 0
    first: datetime | None = None
    last: datetime | None = None
    lines: list[_Line] = field(default_factory=list)
    alarm: Alarm | None = None
    is_new: bool = False
    closes: bool = False
    #: The line that makes an alarm ring again which somebody had accepted.
    again: _Line | None = None


class Openings:
    """Collect with `call`, `ended`, `falls_silent` and `speaks`; then `prepare`, store the signals, then `finish`."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._cases: dict[Key, _Case] = {}

    def call(self, card: Card, kind: Kind, signal: Signal, at: datetime) -> None:
        """A signal needs a person: it opens an alarm, or joins the one that is open."""
        case = self._case(card, kind, card.under_test(at))
        self._count(case, at)
        case.lines.append(_Line("signal", at, card, signal))

    def ended(self, card: Card, kind: Kind, signal: Signal, at: datetime) -> None:
        """The panel says that a condition has ended: noted in the open alarm, if there is one. A person closes it."""
        case = self._case(card, kind, card.under_test(at))
        case.lines.append(_Line("restore", at, card, signal))

    def falls_silent(self, card: Card, at: datetime) -> None:
        case = self._case(card, Kind.SILENT, False)
        self._count(case, at)
        case.lines.append(_Line("silent", at, card))

    def speaks(self, card: Card, at: datetime) -> None:
        """A panel is heard again: its alarm closes by itself when no other panel of the facility is silent."""
        case = self._case(card, Kind.SILENT, False)
        case.lines.append(_Line("speaks", at, card))
        case.closes = True

    def _case(self, card: Card, kind: Kind, is_test: bool) -> _Case:
        return self._cases.setdefault((card.facility, kind.value, is_test), _Case(card))

    def _count(self, case: _Case, at: datetime) -> None:
        case.calls += 1
        case.first = min(case.first or at, at)
        case.last = max(case.last or at, at)

    def prepare(self) -> None:
        """Lock the open alarms, make the new ones, and point the signals at them."""
        for attempt in range(TRIES):
            self._find_open()
            missing = {key: case for key, case in self._cases.items() if case.calls and case.alarm is None}
            try:
                with transaction.atomic():
                    self._open(missing)
                break
            except IntegrityError:
                # Somebody reopened an alarm of the same facility and kind in this moment: join that one.
                if attempt == TRIES - 1:
                    raise
                for case in missing.values():
                    case.alarm, case.is_new = None, False
        self._find_again()
        for case in self._cases.values():
            for line in case.lines:
                if line.signal and case.alarm:
                    line.signal.alarm = case.alarm

    def _find_open(self) -> None:
        facilities = {facility for facility, _kind, _test in self._cases}
        if not facilities:
            return
        found = Alarm.objects.filter(facility__in=facilities).exclude(state=Alarm.State.CLOSED)
        found = found.select_related("facility__area").defer("facility__area__boundary")
        for alarm in found.select_for_update(of=("self",)).order_by("pk"):
            case = self._cases.get((alarm.facility_id, alarm.kind, alarm.is_test))
            if case:
                case.alarm = alarm

    def _find_again(self) -> None:
        """See which accepted alarms must ring again.

        Whoever accepted an alarm knows of the buttons pressed by then. A call from a zone of a panel that was not heard in the
        minutes before it is another one: perhaps another person, perhaps a day later. A zone that goes on calling stays quiet.

        Where no life is in danger, each zone of a panel is heard once in an alarm: a loose contact, or a code that no table
        knows, would ring for ever, and whoever puts the panel under test to have peace silences its buttons as well.
        """
        accepted = {case.alarm.pk: case for case in self._cases.values() if case.alarm and _may_ring_again(case)}
        if not accepted:
            return
        since = min(case.first for case in accepted.values() if case.first) - AGAIN
        asked = Q(received_at__gte=since)
        if once := [pk for pk, case in accepted.items() if case.alarm and case.alarm.kind not in LIFE]:
            asked |= Q(alarm__in=once)
        rows = Signal.objects.filter(asked, alarm__in=accepted).exclude(kind="restore")
        heard = rows.values_list("alarm", "panel", "zone").annotate(last=Max("received_at"))
        lately = {(alarm, panel, zone): last for alarm, panel, zone, last in heard}
        for pk, case in accepted.items():
            calls = (line for line in case.lines if line.signal and line.kind == "signal")
            case.again = next((line for line in calls if _is_another(line, pk, lately, once=pk in once)), None)

    def _open(self, missing: dict[Key, _Case]) -> None:
        # Named in the trace and in the events: read once for all, not once for each.
        places = Facility.objects.select_related("area").only("area__path", *NAMES)
        facilities = places.in_bulk({facility for facility, _kind, _test in missing}) if missing else {}
        for (facility, kind, is_test), case in missing.items():
            case.is_new = True
            case.alarm = Alarm(
                facility=facilities[facility],
                kind=kind,
                urgency=urgency(kind, is_test),
                opened_at=case.first,
                last_signal_at=case.last,
                signal_count=case.calls,
                is_test=is_test,
                is_sample=case.card.is_sample,
            )
        Alarm.objects.bulk_create(case.alarm for case in missing.values() if case.alarm)

    def finish(self, changes: list[Change]) -> None:
        """Write the time lines, count, close what ended, and leave the trace of every alarm opened or closed."""
        touched = [case for case in self._cases.values() if case.alarm and case.lines]
        self._count_calls([case for case in touched if case.calls and not case.is_new])
        self._ring_again([case for case in touched if case.again])
        AlarmNote.objects.bulk_create(note for case in touched for note in _notes(case))
        with acts("alarms.open_alarm", system="receiver") as begin:
            for case in touched:
                if case.is_new and case.alarm:
                    begin().on(case.alarm, after=snapshot(case.alarm))
        self._close([case for case in touched if case.closes and not case.is_new])
        # All events of the transaction are written at once, at its end.
        for case in touched:
            data = {"id": case.alarm.pk if case.alarm else 0, "new": case.is_new or case.again is not None}
            changes.append(Change("alarm.changed", data, "alarms.view_alarm", case.card.area_path))

    def _count_calls(self, joined: list[_Case]) -> None:
        alarms = []
        for case in joined:
            if case.alarm and case.last:
                case.alarm.last_signal_at = max(case.alarm.last_signal_at, case.last)
                case.alarm.signal_count += case.calls
                alarms.append(case.alarm)
        Alarm.objects.bulk_update(alarms, ["last_signal_at", "signal_count"])

    def _ring_again(self, cases: list[_Case]) -> None:
        """Set accepted alarms back to new. Nobody has them in hand any more; who had is in the time line and in the log."""
        if not cases:
            return
        with acts("alarms.reopen_alarm", system="receiver") as begin:
            for case in cases:
                if case.alarm and case.again:
                    before = snapshot(case.alarm)
                    case.alarm.state, case.alarm.again_at = Alarm.State.NEW, case.again.at
                    case.alarm.again_acknowledged_at = case.alarm.again_acknowledged_by = None
                    case.alarm.taken_at = case.alarm.taken_by = None
                    begin().on(case.alarm, before=before, after=snapshot(case.alarm))
            Alarm.objects.bulk_update((case.alarm for case in cases if case.alarm), RUNG_AGAIN)

    def _close(self, cases: list[_Case]) -> None:
        """Close the alarms of facilities where no other panel is silent."""
        if not cases:
            return
        silent = Panel.objects.filter(facility__in={case.card.facility for case in cases}, silent_since__isnull=False)
        still = set(silent.values_list("facility_id", flat=True))
        close_by_themselves([c.alarm for c in cases if c.alarm and c.card.facility not in still], self._now)


def close_by_themselves(alarms: list[Alarm], now: datetime, outcome: str = Alarm.Outcome.ITSELF) -> None:
    """Close alarms whose cause has gone. Nobody closed them: `closed_by` stays empty."""
    with acts("alarms.close_alarm", system="receiver") as begin:
        befores = [snapshot(alarm) for alarm in alarms]
        for alarm in alarms:
            alarm.state, alarm.outcome, alarm.closed_at = Alarm.State.CLOSED, outcome, now
        Alarm.objects.bulk_update(alarms, ["state", "outcome", "closed_at"])
        AlarmNote.objects.bulk_create(
            AlarmNote(alarm=alarm, at=now, kind="closed", data={"outcome": outcome}) for alarm in alarms
        )
        for alarm, before in zip(alarms, befores, strict=True):
            begin().on(alarm, before=before, after=snapshot(alarm))


def _may_ring_again(case: _Case) -> bool:
    """Whether a call has come to an alarm that sounds, and that somebody had accepted."""
    alarm = case.alarm
    if alarm is None or case.is_new or not case.calls:
        return False
    return alarm.state != Alarm.State.NEW and alarm.kind in AUDIBLE and not alarm.is_test


def _is_another(line: _Line, alarm: int, lately: Lately, *, once: bool) -> bool:
    signal = line.signal
    last = lately.get((alarm, signal.panel_id, signal.zone)) if signal else None
    return last is None or (not once and line.at - last >= AGAIN)


def _notes(case: _Case) -> list[AlarmNote]:
    room = max(0, LINES - (0 if case.is_new or not case.alarm else case.alarm.signal_count))
    notes = []
    for line in case.lines:
        if line.kind == "signal":
            if room <= 0:
                continue
            room -= 1
        notes.append(AlarmNote(alarm=case.alarm, at=line.at, kind=line.kind, data=_data(line)))
    if case.again and case.again.signal:
        source = {"panel": case.again.card.account, "zone": case.again.signal.zone}
        notes.append(AlarmNote(alarm=case.alarm, at=case.again.at, kind="again", data=source))
    return notes


def _data(line: _Line) -> dict[str, object]:
    signal = line.signal
    if signal is None:
        return {"panel": line.card.account}
    return {
        "panel": line.card.account,
        "signal": signal.pk,
        "system": signal.system,
        "code": signal.code,
        "qualifier": signal.qualifier,
        "zone": signal.zone,
        "text": signal.text,
        "transport": signal.transport,
        "encrypted": signal.encrypted,
        "problem": signal.problem,
    }
