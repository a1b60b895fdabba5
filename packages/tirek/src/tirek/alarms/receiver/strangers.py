"""Accounts that stand on no panel: kept and shown within limits, so that nobody can fill the disk with them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from tirek.alarms.models import Problem, Signal, UnknownAccount
from tirek.alarms.receiver.reading import Reading
from tirek.live.emit import Change

#: Rows for frames of unknown accounts in a minute and in a day. What is above is not answered: it comes again.
ROWS_A_MINUTE = 120
ROWS_A_DAY = 10_000
#: So much of a frame is kept, in bytes. Panels send less.
RAW = 1024
#: Unknown accounts in all; and those that the worker leaves, so that new ones find room.
ACCOUNTS = 2000
ACCOUNTS_KEPT = 1500
#: Rows for their frames in all, and for how long either is kept after the last call.
ROWS_KEPT = 20_000
KEPT = timedelta(days=90)
#: The worker deletes so many at once: the receiver cannot write meanwhile (SQLite).
AT_ONCE = 500
#: The count of calls of one unknown account is written at most this often, in seconds.
WRITE_S = 5.0


@dataclass(slots=True)
class Call:
    """What an unknown account did in a batch, and before it since the last write."""

    count: int
    at: datetime
    line: bytes
    text: str


class Budget:
    """At most `rows` in `seconds`, in one burst or evenly."""

    def __init__(self, rows: int, seconds: float) -> None:
        self._rows, self._seconds = rows, seconds
        self._left = float(rows)
        self._filled = time.monotonic()

    def has(self, rows: int) -> bool:
        now = time.monotonic()
        self._left = min(self._rows, self._left + (now - self._filled) * self._rows / self._seconds)
        self._filled = now
        return self._left >= rows

    def spend(self, rows: int) -> None:
        self._left -= rows


class Strangers:
    """Used by the writer thread only."""

    def __init__(self) -> None:
        self._budgets = (Budget(ROWS_A_MINUTE, 60), Budget(ROWS_A_DAY, 86_400))
        self._uncounted: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str], float] = {}

    def admit(self, reading: Reading) -> bool:
        """Whether a frame of an unknown account gets a row; sets what it is answered."""
        if reading.answer == "ACK":
            reading.answer = settings.UNKNOWN_ACCOUNT_ANSWER
        if reading.heartbeat or reading.problem == Problem.CRC:
            return False
        rows = max(1, len(reading.message.events) if reading.message else 0)
        if not all(budget.has(rows) for budget in self._budgets):
            reading.answer = ""
            return False
        for budget in self._budgets:
            budget.spend(rows)
        return True

    def gather(self, readings: Iterable[Reading]) -> dict[tuple[str, str], Call]:
        """Calls of unknown accounts that are due to be written."""
        calls: dict[tuple[str, str], Call] = {}
        for reading in readings:
            item = reading.item
            if reading.card is not None or not item.raw.account or reading.problem == Problem.CRC:
                continue
            pair = (item.raw.account[:16], item.address[:64])
            count = calls[pair].count + 1 if pair in calls else self._uncounted.get(pair, 0) + 1
            calls[pair] = Call(count, item.at, item.raw.line[:RAW], _what(reading))
        now = time.monotonic()
        early = [pair for pair in calls if now - self._written.get(pair, -WRITE_S) < WRITE_S]
        for pair in early:
            self._uncounted[pair] = calls.pop(pair).count
        return calls

    def write(self, calls: dict[tuple[str, str], Call], changes: list[Change]) -> None:
        for (account, address), call in sorted(calls.items()):
            row = UnknownAccount.objects.filter(account=account, address=address)
            fields = {"last_seen": call.at, "last_raw": call.line, "last_text": call.text}
            if row.update(count=F("count") + call.count, **fields):
                continue
            if UnknownAccount.objects.count() < ACCOUNTS:
                UnknownAccount.objects.create(
                    account=account, address=address, first_seen=call.at, count=call.count, **fields
                )
                changes.append(Change("panel.changed", {"id": 0}, "alarms.view_unknownaccount"))

    def wrote(self, calls: dict[tuple[str, str], Call]) -> None:
        """The transaction was committed."""
        if len(self._written) > ACCOUNTS:
            self._written.clear()
            self._uncounted.clear()
        for pair in calls:
            self._written[pair] = time.monotonic()
            self._uncounted.pop(pair, None)


def prune(keep: timedelta = KEPT) -> int:
    """Clear away what strangers sent long ago, and the oldest of what is too much. Returns how much went."""
    limit = timezone.now() - keep
    rows = Signal.objects.filter(panel=None, alarm=None)
    # By number and not by time: a flood may come within one moment.
    newest_first = rows.order_by("-received_at", "-pk").values_list("pk", flat=True)
    gone = 0
    while surplus := list(newest_first[ROWS_KEPT : ROWS_KEPT + AT_ONCE]):
        gone += rows.filter(pk__in=surplus).delete()[0]
    while old := list(rows.filter(received_at__lt=limit).values_list("pk", flat=True)[:AT_ONCE]):
        gone += rows.filter(pk__in=old).delete()[0]
    accounts = UnknownAccount.objects.filter(last_seen__lt=limit).delete()[0]
    surplus = list(UnknownAccount.objects.order_by("-last_seen", "-pk").values_list("pk", flat=True)[ACCOUNTS_KEPT:])
    return gone + accounts + UnknownAccount.objects.filter(pk__in=surplus).delete()[0]


def _what(reading: Reading) -> str:
    """The frame in one word, for the list of unknown accounts: its events' codes, or what was wrong with it."""
    if reading.message and reading.message.events:
        return " ".join(f"{e.system} {e.code} {e.zone or ''}".strip() for e in reading.message.events)[:300]
    return reading.problem or reading.item.raw.token
