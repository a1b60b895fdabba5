"""Accounts that stand on no panel: kept and shown within limits, so that nobody can fill the disk with them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F

from tirek.alarms.models import Problem, UnknownAccount
from tirek.alarms.receiver.reading import Reading
from tirek.live.emit import Change

#: Rows a minute for frames of unknown accounts, and unknown accounts in all. What is above is not answered: it comes again.
ROWS_A_MINUTE = 120
ACCOUNTS = 2000
#: The count of calls of one unknown account is written at most this often, in seconds.
WRITE_S = 5.0


@dataclass(slots=True)
class Call:
    """What an unknown account did in a batch, and before it since the last write."""

    count: int
    at: datetime
    line: bytes
    text: str


class Strangers:
    """Used by the writer thread only."""

    def __init__(self) -> None:
        self._budget = float(ROWS_A_MINUTE)
        self._filled = time.monotonic()
        self._uncounted: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str], float] = {}

    def admit(self, reading: Reading) -> bool:
        """Whether a frame of an unknown account gets a row; sets what it is answered."""
        if reading.answer == "ACK":
            reading.answer = settings.UNKNOWN_ACCOUNT_ANSWER
        if reading.heartbeat or reading.problem == Problem.CRC:
            return False
        now = time.monotonic()
        self._budget = min(ROWS_A_MINUTE, self._budget + (now - self._filled) * ROWS_A_MINUTE / 60)
        self._filled = now
        if self._budget < 1:
            reading.answer = ""
            return False
        self._budget -= 1
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
            calls[pair] = Call(count, item.at, item.raw.line, _what(reading))
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


def _what(reading: Reading) -> str:
    """The frame in one word, for the list of unknown accounts: its events' codes, or what was wrong with it."""
    if reading.message and reading.message.events:
        return " ".join(f"{e.system} {e.code} {e.zone or ''}".strip() for e in reading.message.events)[:300]
    return reading.problem or reading.item.raw.token
