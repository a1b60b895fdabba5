"""Which panel was heard when. Kept in memory, written seldom: many heartbeats must not cost a write each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from tirek.alarms.models import Panel
from tirek.alarms.receiver.book import Card
from tirek.alarms.receiver.openings import Openings
from tirek.alarms.receiver.reading import Reading
from tirek.alarms.receiver.stamps import Stamps
from tirek.live.emit import Change


@dataclass(slots=True)
class Sign:
    """The newest sign of life of one panel in a batch."""

    card: Card
    at: datetime
    address: str
    profile: str
    #: Of a panel with a key: the newest time stamp it has sent so far.
    newest: datetime | None = None


@dataclass(slots=True)
class Signs:
    """What a batch says about the lives of panels, as far as it is worth writing."""

    alive: dict[int, Sign] = field(default_factory=dict)
    #: Panels that called with old time stamps, and when.
    old: dict[int, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.alive or self.old)


class Lives:
    """What is known of the panels' last signs of life. Used by the writer thread only."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._written: dict[int, datetime] = {}
        self._told: dict[int, tuple[str, str]] = {}
        self._written_old: dict[int, datetime] = {}
        #: Panels that are recorded as silent. Supervision keeps it up to date.
        self.silent: set[int] = set()
        self._stamps = Stamps()

    def gather(self, readings: Iterable[Reading]) -> Signs:
        """The signs of life in a batch that are worth writing.

        Only what a stranger cannot fake counts: a panel with a key is not alive because somebody sends in clear for it, or
        sends again what was recorded (`Stamps` has the rule).
        """
        signs = Signs()
        stamps: dict[int, list[datetime]] = defaultdict(list)
        for reading in readings:
            card, item = reading.card, reading.item
            if card is None or reading.problem:
                continue
            if not self._stamps.shows_life(reading):
                if self._stamps.is_old(reading) and _is_time(self._written_old.get(card.pk), card, item.at):
                    signs.old[card.pk] = item.at
                continue
            if card.key and reading.message and reading.message.timestamp:
                stamps[card.pk].append(reading.message.timestamp)
            if not reading.heartbeat or self._is_due(card, item.at, item.address, item.raw.profile):
                signs.alive[card.pk] = Sign(card, item.at, item.address, item.raw.profile)
        for pk, sign in signs.alive.items():
            signs.old.pop(pk, None)
            if sign.card.key:
                sign.newest = self._stamps.newest(sign.card, *stamps[pk])
        return signs

    def _is_due(self, card: Card, at: datetime, address: str, profile: str) -> bool:
        return (
            _is_time(self._written.get(card.pk), card, at)
            or card.pk in self.silent
            or self._told.get(card.pk) != (address, profile)
        )

    def write(
        self,
        found: Signs,
        counts: dict[int, tuple[int, int]],
        openings: Openings,
        changes: list[Change],
    ) -> None:
        """Write signs of life and numbers of frames; tell `openings` who speaks again."""
        signs = found.alive
        alike: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
        for pk in signs.keys() | counts.keys():
            alike[(*counts.get(pk, (0, 0)), pk in signs)].append(pk)
        newest = max((sign.at for sign in signs.values()), default=None)
        for (signals, copies, alive), panels in sorted(alike.items()):
            fields = {"last_seen": newest} if alive else {}
            if signals:
                fields["signals_total"] = F("signals_total") + signals
            if copies:
                fields["duplicates_total"] = F("duplicates_total") + copies
            Panel.objects.filter(pk__in=sorted(panels)).update(**fields)
        _write_stamps(signs)
        if found.old:
            Panel.objects.filter(pk__in=sorted(found.old)).update(old_stamps_at=max(found.old.values()))
        callers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for pk, sign in signs.items():
            if self._told.get(pk) != (sign.address, sign.profile):
                callers[sign.address, sign.profile].append(pk)
        for (address, profile), panels in sorted(callers.items()):
            Panel.objects.filter(pk__in=sorted(panels)).update(last_address=address, profile=profile)
        speaking = sorted(signs.keys() & self.silent)
        Panel.objects.filter(pk__in=speaking).update(silent_since=None)
        for pk in speaking:
            openings.speaks(signs[pk].card, signs[pk].at)
            changes.append(panel_changed(signs[pk].card))

    def heard(self, readings: Iterable[Reading]) -> None:
        """All that had to be stored of these frames is committed."""
        self._stamps.remember(readings)

    def wrote(self, signs: Signs) -> None:
        """The transaction was committed: remember what stands in the database."""
        self._written_old |= signs.old
        for pk, sign in signs.alive.items():
            self._written[pk] = sign.at
            self._told[pk] = (sign.address, sign.profile)
            self.silent.discard(pk)


def _is_time(written: datetime | None, card: Card, at: datetime) -> bool:
    return written is None or (at - written).total_seconds() >= card.write_s


def _write_stamps(signs: dict[int, Sign]) -> None:
    """Write the newest time stamps, all together. Another receiver may have written a newer one: that one stays."""
    panels = [
        Panel(pk=pk, newest_stamp=_newest(sign.card, Value(sign.newest, DateTimeField())))
        for pk, sign in sorted(signs.items())
        if sign.newest and sign.newest != sign.card.newest_stamp
    ]
    Panel.objects.bulk_update(panels, ["newest_stamp"])


def _newest(card: Card, stamp: Value) -> Case:
    """What becomes of the newest stamp. Nothing while its clock was started anew since the card was read: that one is of before."""
    newer = Greatest(Coalesce(F("newest_stamp"), stamp), stamp)
    same = Q(clock_anew_at=card.clock_anew_at) if card.clock_anew_at else Q(clock_anew_at__isnull=True)
    return Case(When(same, then=newer), default=F("newest_stamp"))


def panel_changed(card: Card) -> Change:
    return Change("panel.changed", {"id": card.pk}, "alarms.view_panel", card.area_path)
