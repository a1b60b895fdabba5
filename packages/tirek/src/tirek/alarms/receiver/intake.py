"""Store a batch of frames in one transaction, and say what to answer to each. Runs in the writer thread."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from tirek.alarms.kinds import PROBLEMS, alarm_kind, ended_kind
from tirek.alarms.models import Alarm, AlarmNote, Problem, Signal
from tirek.alarms.receiver.book import Book
from tirek.alarms.receiver.lives import Lives
from tirek.alarms.receiver.openings import AGAIN, Openings
from tirek.alarms.receiver.reading import Reading, Received, answer_bytes, read
from tirek.alarms.receiver.strangers import RAW, Strangers
from tirek.live.emit import Change, emit

log = logging.getLogger(__name__)

#: A repetition is known by its time stamp for a day; without one, numbers return soon, so only for minutes.
REPEATED = timedelta(hours=24)
REPEATED_UNSTAMPED = timedelta(minutes=10)
#: With so many frames at once, the times of answers that have left wait for a calmer moment: answers come first.
RUSH = 100
#: Two receivers on one PostgreSQL must not both take a repetition for the first.
INTAKE_LOCK = 0x7469_7266


def hold_intake() -> None:
    """Let one receiver at a time store. On SQLite a write transaction is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INTAKE_LOCK])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do after the commit: the bytes to send (None: nothing), and the signals to mark as answered then."""

    data: bytes | None
    answer: str
    signals: tuple[int, ...] = ()
    #: The frame was a good one of a panel in the register.
    known: bool = False


@dataclass(slots=True)
class _Known:
    """An earlier row with the same duplicate key."""

    signal: Signal
    closed: bool
    #: Somebody has accepted its alarm, so that a further call must be heard anew.
    accepted: bool = False
    #: Whether its panel was under test then; None where there is no alarm to tell by.
    is_test: bool | None = None
    copies: int = 0

    def join(self, other: _Known) -> None:
        """Another event of the same frame: what was done about one of them was done about the frame."""
        self.closed = self.closed or other.closed
        self.accepted = self.accepted or other.accepted
        self.is_test = other.is_test if self.is_test is None else self.is_test


@dataclass(slots=True)
class _Batch:
    """What one transaction is about to write."""

    fresh: list[tuple[Reading, list[Signal]]] = field(default_factory=list)
    repeated: dict[str, _Known] = field(default_factory=dict)
    #: Panel -> (new frames, repeated frames).
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def count(self, reading: Reading, signals: int = 0, copies: int = 0) -> None:
        if reading.card:
            before = self.counts.get(reading.card.pk, (0, 0))
            self.counts[reading.card.pk] = (before[0] + signals, before[1] + copies)


class Intake:
    """Turns frames into signals, alarms and answers. `clock` is replaced in tests."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self.clock = clock
        self.book = Book()
        self.lives = Lives(clock)
        self.strangers = Strangers()
        self._answered: list[tuple[int, datetime]] = []
        self._answered_lock = threading.Lock()

    def store(self, items: Sequence[Received]) -> list[Outcome]:
        """Commit what `items` say and return one outcome for each, in order. Raises: nothing was stored."""
        self.book.refresh(item.raw.account for item in items)
        readings = [read(item, self.book.find(item.raw.account, item.raw.line_prefix)) for item in items]
        known = [r for r in readings if r]
        to_store = [(i, r) for i, r in enumerate(readings) if r and self._wants_row(r)]
        rows: dict[int, tuple[Signal, ...]] = {}
        signs = self.lives.gather(known)
        calls = self.strangers.gather(known)
        with self._answered_lock:
            marks = list(self._answered) if len(items) < RUSH else []
        if to_store or signs or calls or marks:
            with transaction.atomic():
                hold_intake()
                batch = _Batch()
                self._sort_out(batch, to_store, rows)
                openings = Openings(self.clock())
                self.lives.write(signs, batch.counts, openings, batch.changes)
                self._apply(batch, openings)
                self._mark(marks)
                self.strangers.write(calls, batch.changes)
                emit(batch.changes)
            # Only what is committed is forgotten.
            with self._answered_lock:
                del self._answered[: len(marks)]
            self.lives.wrote(signs)
            self.strangers.wrote(calls)
        self.lives.heard(known)
        now = self.clock()
        return [self._outcome(r, rows.get(i, ()), now) for i, r in enumerate(readings)]

    def answered(self, signals: Sequence[int], at: datetime) -> None:
        """Note that the answers to these signals have left (any thread); written with the next small batch or by `flush`."""
        with self._answered_lock:
            self._answered.extend((pk, at) for pk in signals)

    def flush(self) -> None:
        """Write what waits to be noted. Called when no frames come."""
        if self._answered:
            self.store([])

    def _wants_row(self, reading: Reading) -> bool:
        if reading.card is None:
            return self.strangers.admit(reading)
        return not reading.heartbeat or reading.problem != ""

    def _sort_out(
        self, batch: _Batch, readings: list[tuple[int, Reading]], rows: dict[int, tuple[Signal, ...]]
    ) -> None:
        """Tell what is new from what is repeated."""
        batch.repeated = self._known({key: r.key for _i, r in readings for key in r.keys})
        for i, reading in readings:
            known = batch.repeated.get(reading.key)
            if known and self._is_repetition(known, reading):
                known.copies += 1
                batch.count(reading, copies=1)
                rows[i] = ()
            else:
                signals = _signals(reading)
                batch.fresh.append((reading, signals))
                batch.count(reading, signals=1)
                batch.repeated[reading.key] = _Known(
                    signals[0], closed=False, is_test=reading.card.under_test(reading.item.at) if reading.card else None
                )
                rows[i] = tuple(signals)

    def _known(self, keys: dict[str, str]) -> dict[str, _Known]:
        """The latest earlier frame for each key, told by all its rows. `keys`: key of a row -> key of its frame."""
        known: dict[str, _Known] = {}
        if not keys:
            return known
        found = Signal.objects.filter(duplicate_key__in=keys, received_at__gt=self.clock() - REPEATED)
        for signal in found.select_related("alarm").defer("raw").order_by("received_at", "pk"):
            key = keys[signal.duplicate_key]
            if signal.duplicate_key == key:
                known[key] = _earlier(signal)
            elif key in known:
                known[key].join(_earlier(signal))
        return known

    def _is_repetition(self, known: _Known, reading: Reading) -> bool:
        """Whether a frame repeats one that is stored.

        Without a time stamp a later call may look like an earlier one: panels exist that number every message 0001. So it
        counts as repeated only within minutes, and only while nobody has closed the alarm: a needless alarm is better than a
        lost one. Once it is accepted, it takes only as long as until a call of the same button rings again. The same holds for
        what is receipted though something is wrong with it: sent in clear, unreadable, of an unknown kind.
        """
        if known.signal.panel_id is None and reading.card is not None:
            return False  # it came before the panel was made known here, and called nobody then
        if reading.stamped or reading.repeats:
            return True
        if reading.card and known.is_test not in (None, reading.card.under_test(reading.item.at)):
            return False  # a press under test must not swallow a real one
        age = reading.item.at - known.signal.received_at
        return age < (AGAIN if known.accepted else REPEATED_UNSTAMPED) and not known.closed

    def _apply(self, batch: _Batch, openings: Openings) -> None:
        for reading, signals in batch.fresh:
            if reading.card:
                self._call(openings, reading, signals)
        openings.prepare()
        Signal.objects.bulk_create(s for _r, signals in batch.fresh for s in signals)
        _count_copies(batch.repeated.values())
        openings.finish(batch.changes)

    def _call(self, openings: Openings, reading: Reading, signals: list[Signal]) -> None:
        """Hand a reading's signals to the alarms that they open, join or end."""
        card, at = reading.card, reading.item.at
        if reading.message is None or not reading.taken:
            if kind := PROBLEMS.get(reading.problem):
                openings.call(card, kind, signals[0], at)
            return
        events = reading.message.events
        if reading.heartbeat:
            return
        if not events:
            openings.call(card, PROBLEMS[Problem.UNREADABLE], signals[0], at)
        for event, signal in zip(events, signals, strict=True) if events else ():
            if kind := alarm_kind(event):
                openings.call(card, kind, signal, at)
            elif kind := ended_kind(event):
                openings.ended(card, kind, signal, at)

    def _mark(self, marks: list[tuple[int, datetime]]) -> None:
        # The answers of one batch left at one moment: one statement for each moment.
        together: dict[datetime, list[int]] = defaultdict(list)
        for pk, at in dict(marks).items():
            together[at].append(pk)
        for at, signals in together.items():
            Signal.objects.filter(pk__in=signals).update(answered_at=at)
        times = dict(marks)
        answered = Signal.objects.filter(pk__in=times, alarm__isnull=False).order_by("pk")
        AlarmNote.objects.bulk_create(
            AlarmNote(alarm_id=alarm, at=times[pk], kind="answered", data={"panel": account, "answer": answer})
            for pk, alarm, account, answer in answered.values_list("pk", "alarm_id", "account", "answer")
        )

    def _outcome(self, reading: Reading | None, rows: Sequence[Signal], now: datetime) -> Outcome:
        if reading is None:
            return Outcome(None, "")
        marked = tuple(s.pk for s in rows if s.alarm_id) if reading.answer else ()
        known = reading.card is not None and not reading.problem
        return Outcome(answer_bytes(reading, now), reading.answer, marked, known)


def _earlier(signal: Signal) -> _Known:
    state = signal.alarm.state if signal.alarm else ""
    return _Known(
        signal,
        closed=state == Alarm.State.CLOSED,
        accepted=state in (Alarm.State.ACKNOWLEDGED, Alarm.State.IN_HAND),
        is_test=signal.alarm.is_test if signal.alarm else None,
    )


def _signals(reading: Reading) -> list[Signal]:
    """Rows for a frame: one for each event, or one alone."""
    raw, message, card = reading.item.raw, reading.message, reading.card
    common: dict[str, Any] = {
        "received_at": reading.item.at,
        "panel_id": card.pk if card else None,
        "account": raw.account[:16],
        "token": raw.token[:10],
        "sequence": raw.sequence[:4],
        "stamp": message.timestamp if message else None,
        "encrypted": raw.encrypted,
        "raw": raw.line if card else raw.line[:RAW],
        "address": reading.item.address[:64],
        "transport": reading.item.transport,
        "answer": reading.answer,
        "problem": reading.problem,
    }
    if message is None or not message.events:
        text = message.text if message else ""
        return [Signal(**common, duplicate_key=reading.key, kind="", text=_plain(text, 300))]
    rows = []
    for number, (event, key) in enumerate(zip(message.events, reading.keys, strict=True)):
        text = event.text or (message.text if number == 0 else "")
        if number == 1:
            common["raw"] = raw.line[:RAW]  # whole once is enough: a long frame may bring a hundred events
        rows.append(
            Signal(
                **common,
                duplicate_key=key,
                code=event.code[:8],
                system=event.system,
                qualifier=event.qualifier,
                kind=event.kind,
                zone=(event.zone or "")[:10],
                text=_plain(text, 300),
            )
        )
    return rows


def _plain(text: str, size: int) -> str:
    """Text without control characters (PostgreSQL stores no NUL), cut to what the column holds."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:size]


def _count_copies(known: Iterable[_Known]) -> None:
    alike: dict[int, list[int]] = defaultdict(list)
    for one in known:
        if one.copies:
            alike[one.copies].append(one.signal.pk)
    for copies, signals in alike.items():
        Signal.objects.filter(pk__in=signals).update(copies=F("copies") + copies)
