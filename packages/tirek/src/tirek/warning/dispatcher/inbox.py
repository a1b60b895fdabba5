"""What endpoints say: verified, and stored in group commits. Runs in one thread; asyncio is elsewhere."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction

from tirek.audit import chain
from tirek.live.emit import Change, emit
from tirek.warning import bulk
from tirek.warning.dispatcher import beats, oddities
from tirek.warning.dispatcher.verdicts import Known, judge
from tirek.warning.models import Command, Delivery, Endpoint
from tirek_protocols.command import Beat, CommandError, Report, VerifyKey, decode_beat, decode_report, topics

log = logging.getLogger(__name__)

T = TypeVar("T")
Place = tuple[int, int]
"""Of a delivery: alert and endpoint."""

CACHED_COMMANDS = 4096
# What the database's drivers raise when it cannot be reached or is too busy: everything else is about the data.
AWAY = (OperationalError, InterfaceError)
_COLUMNS = (
    "pk", "alert_id", "endpoint_id", "state", "reason", "last_seq", "accepted_at", "heard_at", "finished_at",
    "next_try_at", "proof",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it came, and when."""

    topic: str
    payload: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """An endpoint as the inbox knows it."""

    pk: int
    code: str
    key: VerifyKey
    area_path: str


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the inbox knows it."""

    alert_id: int | None
    action: str
    area_path: str
    not_after: datetime


@dataclass
class Inbox:
    """Reads letters and keeps what they say. `counted` is what came in since the start, by kind."""

    counted: Counter[str] = field(default_factory=Counter)
    _senders: dict[str, Sender] = field(default_factory=dict)
    _orders: dict[str, Order] = field(default_factory=dict)
    _doubted: set[str] = field(default_factory=set)

    def take(self, letters: Sequence[Letter]) -> None:
        """Store all that `letters` say, in one transaction if it can be. Safe to repeat with the same letters.

        A letter that cannot be stored at all is dropped and logged: it must not keep the others waiting for ever. Raises
        what `AWAY` names when the database is away.
        """
        try:
            self._take(letters)
        except AWAY:
            raise
        except Exception:
            if len(letters) > 1:
                for letter in letters:
                    self.take([letter])
            else:
                self.counted["dropped"] += 1
                log.exception("message on %s cannot be stored: %r", letters[0].topic, letters[0].payload[:1000])

    def _take(self, letters: Sequence[Letter]) -> None:
        opened: list[tuple[Sender, Report, datetime]] = []
        signs: list[beats.Received] = []
        self._doubted.clear()
        self._meet({code for letter in letters if (code := topics.endpoint_of(letter.topic))})
        for letter in letters:
            self._open(letter, opened, signs)
        if not opened and not signs:
            return
        self._look_up({report.command for _sender, report, _at in opened if report.command})
        with transaction.atomic():
            changes, odd = self._reports(opened)
            bulk.hold_endpoints({sender.pk for sender, _sign in signs} | {one.sender.pk for one in odd})
            told, entries = oddities.store(odd)
            changes += [*told, *beats.store(signs)]
            # Both take the order lock: it comes after every row, see `actions.issuing`.
            chain.append_all(entries)
            emit(changes)

    def _open(self, letter: Letter, opened: list[tuple[Sender, Report, datetime]], signs: list[beats.Received]) -> None:
        """Verify one letter and put it where it belongs; count it when it is not what it claims."""
        code = topics.endpoint_of(letter.topic)
        sender = self._senders.get(code) if code else None
        if sender is None:
            self._odd("unknown sender", letter)
            return
        try:
            message = self._verified(letter, sender)
        except CommandError as error:
            self._odd(f"forged or broken ({type(error).__name__})", letter)
            return
        if message.endpoint != sender.code:
            self._odd("in the name of another", letter)
        elif isinstance(message, Beat):
            self.counted["beats"] += 1
            signs.append((sender, beats.Sign(message, letter.at)))
        else:
            self.counted["reports"] += 1
            opened.append((sender, message, letter.at))

    def _verified(self, letter: Letter, sender: Sender) -> Report | Beat:
        decode = decode_beat if letter.topic.endswith("/beat") else decode_report
        try:
            return decode(letter.payload, sender.key)
        except CommandError:
            # The device may have enrolled anew since we read its key. A flood of forgeries must not become one of queries.
            if sender.code in self._doubted:
                raise
            self._doubted.add(sender.code)
            del self._senders[sender.code]
            self._meet({sender.code})
            if sender.code not in self._senders:
                raise
            return decode(letter.payload, self._senders[sender.code].key)

    def _odd(self, what: str, letter: Letter) -> None:
        self.counted["refused"] += 1
        log.warning("message on %s dropped: %s", letter.topic, what)

    def _meet(self, codes: set[str]) -> None:
        """Know the senders of these codes."""
        strangers = codes - self._senders.keys()
        for start in _steps(strangers):
            rows = Endpoint.objects.filter(code__in=start).exclude(public_key=None).select_related("area")
            for row in rows:
                key = VerifyKey.from_bytes(bytes(row.public_key))
                self._senders[row.code] = Sender(row.pk, row.code, key, row.area.path)

    def forget(self) -> None:
        """Read senders anew: enrolments and areas change."""
        self._senders.clear()

    def _look_up(self, nonces: set[str]) -> None:
        if len(self._orders) > CACHED_COMMANDS:
            self._orders.clear()
        for part in _steps(nonces - self._orders.keys()):
            rows = Command.objects.filter(nonce__in=part).values_list(
                "nonce", "alert_id", "action", "alert__area__path", "not_after"
            )
            self._orders.update((nonce, Order(*rest)) for nonce, *rest in rows)

    def _reports(self, opened: list[tuple[Sender, Report, datetime]]) -> tuple[list[Change], list[oddities.Odd]]:
        """Apply reports in the order of their numbers. Returns what open pages should hear, and what belongs nowhere."""
        opened.sort(key=lambda item: item[1].seq)
        plays: list[tuple[Sender, Report, datetime, int]] = []
        odd: list[oddities.Odd] = []
        for sender, report, at in opened:
            order = self._orders.get(report.command)
            if order is not None and order.alert_id is not None and order.action in ("play", "silence"):
                plays.append((sender, report, at, order.alert_id))
            else:
                odd.append(oddities.Odd(sender, report, at, order.action if order else ""))
        known, pks = self._deliveries({alert for *_rest, alert in plays}, {item[0].pk for item in plays})
        before = dict(known)
        lines: list[tuple[int, datetime, int, str, str]] = []
        for sender, report, at, alert_id in plays:
            place = (alert_id, sender.pk)
            if place not in known:
                # It sounded an alert that was not for it.
                odd.append(oddities.Odd(sender, report, at, ""))
                continue
            if self._orders[report.command].action == "play":
                known[place] = judge(known[place], report, at, self._orders[report.command].not_after)
            lines.append((pks[place], at, report.seq, report.state, report.reason[:200]))
        changed = {place: now for place, now in known.items() if now != before[place]}
        _write(changed, pks)
        bulk.insert_attempts(lines)
        paths = {alert_id: self._orders[report.command].area_path for _s, report, _a, alert_id in plays}
        return list(_changes(changed, before, paths)), [one for one in odd if one.what]

    def _deliveries(self, alerts: set[int], endpoints: set[int]) -> tuple[dict[Place, Known], dict[Place, int]]:
        known: dict[Place, Known] = {}
        pks: dict[Place, int] = {}
        for part in _steps(endpoints):
            # Locked in one order, so that two dispatchers wait for each other instead of blocking each other.
            rows = Delivery.objects.select_for_update(no_key=True).filter(alert_id__in=alerts, endpoint_id__in=part)
            rows = rows.order_by("pk")
            for pk, alert_id, endpoint_id, *rest in rows.values_list(*_COLUMNS):
                known[alert_id, endpoint_id] = Known(*rest)
                pks[alert_id, endpoint_id] = pk
        return known, pks


def _steps(items: Iterable[T], size: int = 5000) -> Iterable[list[T]]:
    """`items` in lists short enough for one SQL statement."""
    rows = list(items)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _write(changed: dict[Place, Known], pks: dict[Place, int]) -> None:
    bulk.many(
        f"UPDATE {Delivery._meta.db_table} SET state = %s, reason = %s, last_seq = %s, accepted_at = %s, "  # noqa: S608
        "heard_at = %s, finished_at = %s, next_try_at = %s, proof = %s WHERE id = %s",
        [
            (
                now.state, now.reason, now.last_seq, bulk.moment(now.accepted_at), bulk.moment(now.heard_at),
                bulk.moment(now.finished_at), bulk.moment(now.next_try_at), bulk.as_json(now.proof), pks[place],
            )
            for place, now in changed.items()
        ],
    )  # fmt: skip


def _changes(changed: dict[Place, Known], before: dict[Place, Known], paths: dict[int, str]) -> Iterable[Change]:
    """One event for each alert, with the endpoints whose state is another now. `paths`: area of each alert."""
    by_alert: dict[int, list[tuple[int, str]]] = {}
    for place, now in changed.items():
        if now.state != before[place].state:
            by_alert.setdefault(place[0], []).append((place[1], now.state))
    for alert_id, states in by_alert.items():
        data = {"alert": alert_id, "changes": states}
        yield Change("deliveries.changed", data, "warning.view_alert", paths[alert_id])
