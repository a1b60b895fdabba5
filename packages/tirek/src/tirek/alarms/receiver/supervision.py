"""Panels that should have been heard, and tests that are over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tirek.alarms.models import Alarm, Panel
from tirek.alarms.receiver.intake import Intake, hold_intake
from tirek.alarms.receiver.lives import panel_changed
from tirek.alarms.receiver.openings import Openings, close_by_themselves
from tirek.live.emit import Change, emit

log = logging.getLogger(__name__)

#: A panel is silent when nothing came for this many heartbeats.
MISSED = 2.5
#: How often to look, in seconds.
LOOK_S = 5.0


class Supervision:
    """Looks for silent panels. Used by the writer thread only, so it never races with the intake."""

    def __init__(self, intake: Intake, clock: Callable[[], datetime]) -> None:
        self._intake = intake
        self._clock = clock
        self._looked: datetime | None = None
        self._listening_since = clock()

    def start_again(self) -> None:
        """Frames could not be taken for a while: give every panel the time of one heartbeat again."""
        self._listening_since = self._clock()

    def tick(self) -> None:
        """Look if it is time. Called about once a second."""
        now = self._clock()
        if self._looked is None or (now - self._looked).total_seconds() >= LOOK_S:
            self._looked = now
            self.look(now)

    def look(self, now: datetime) -> None:
        """Record panels that have fallen silent, and close what tests have left open."""
        self._intake.lives.silent = set(Panel.objects.filter(silent_since__isnull=False).values_list("pk", flat=True))
        late = self._late(now)
        if late:
            self._record(late, now)
        self._end_tests(now)

    def _late(self, now: datetime) -> list[int]:
        watched = Panel.objects.filter(silent_since=None, heartbeat_s__gt=0, last_seen__isnull=False)
        rows = watched.filter(last_seen__lt=now - timedelta(seconds=MISSED)).values_list(
            "pk", "last_seen", "heartbeat_s"
        )
        return [pk for pk, seen, heartbeat in rows if now > self._due(seen, heartbeat)]

    def _due(self, seen: datetime, heartbeat_s: int) -> datetime:
        """When a panel counts as silent. While the receiver was down nobody could be heard, hence the grace of one heartbeat."""
        return max(
            seen + timedelta(seconds=MISSED * heartbeat_s), self._listening_since + timedelta(seconds=heartbeat_s)
        )

    def _record(self, late: list[int], now: datetime) -> None:
        cards = self._intake.book.cards(late)
        with transaction.atomic():
            hold_intake()
            changes: list[Change] = []
            openings = Openings(now)
            # Asked again under the lock: a heartbeat may have come, or the panel may be gone.
            rows = Panel.objects.filter(pk__in=cards, silent_since=None).select_for_update().order_by("pk")
            fallen = list(rows.values_list("pk", flat=True))
            Panel.objects.filter(pk__in=fallen).update(silent_since=now)
            for pk in fallen:
                openings.falls_silent(cards[pk], now)
                changes.append(panel_changed(cards[pk]))
            openings.prepare()
            openings.finish(changes)
            emit(changes)
        self._intake.lives.silent.update(late)
        log.warning("%d panels have fallen silent", len(late))

    def _end_tests(self, now: datetime) -> None:
        """Close the alarms of tests when no panel of the facility is under test any more."""
        left = Alarm.objects.filter(is_test=True).exclude(state=Alarm.State.CLOSED)
        over = list(left.exclude(facility__panels__test_until__gt=now).values_list("pk", flat=True))
        if not over:
            return
        with transaction.atomic():
            # Asked again under the lock: somebody may have closed one meanwhile.
            rows = Alarm.objects.filter(pk__in=over).exclude(state=Alarm.State.CLOSED).order_by("pk")
            rows = rows.select_related("facility__area").defer("facility__area__boundary")
            alarms = list(rows.select_for_update(of=("self",)))
            close_by_themselves(alarms, now, Alarm.Outcome.TEST)
            emit(
                Change("alarm.changed", {"id": alarm.pk, "new": False}, "alarms.view_alarm", alarm.area_path)
                for alarm in alarms
            )
