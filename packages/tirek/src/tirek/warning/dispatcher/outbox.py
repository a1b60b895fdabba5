"""What has to go out: due commands, tries again, copies to take back. All state is in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from tirek.live.emit import Change, emit
from tirek.warning import bulk
from tirek.warning.models import Alert, Attempt, Command, Delivery

# Who claims a command has so long to publish it; then another dispatcher may try. Twice is harmless: endpoints drop copies.
CLAIM = timedelta(seconds=3)
FIRST_TRY_AGAIN = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
TRIES_AT_ONCE = 500
COMMANDS_AT_ONCE = 50
# Orders to sound an alert that has ended, or that a person silenced.
CALLED_OFF = Q(action="play", alert__state=Alert.State.ENDED) | Q(action="play", alert__silenced_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Due:
    """A command to publish."""

    pk: int
    nonce: str
    payload: bytes
    alert_id: int | None
    action: str


@dataclass(frozen=True, slots=True)
class Again:
    """A command to send once more to one endpoint."""

    code: str
    payload: bytes


class Watcher:
    """Says cheaply whether anything may have changed in the database since the last look."""

    def __init__(self) -> None:
        self._version: object = None

    def changed(self) -> bool:
        """SQLite counts the commits of others; elsewhere the question itself is one look into a small index."""
        if connection.vendor != "sqlite":
            return Command.objects.filter(published_at=None, cleared_at=None).exists()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = cursor.fetchone()
        before, self._version = self._version, version
        return bool(version != before)


def claim_due(now: datetime) -> list[Due]:
    """Commands that nobody has published yet, oldest first, claimed for a moment."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = Command.objects.filter(free, published_at=None, cleared_at=None, not_after__gt=now).exclude(CALLED_OFF)
    if not waiting.exists():
        return []
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:COMMANDS_AT_ONCE])
        Command.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=now + CLAIM)
    return [Due(row.pk, row.nonce, bytes(row.payload), row.alert_id, row.action) for row in rows]


def mark_published(sent: Sequence[Due], begun: datetime, now: datetime) -> None:
    """The broker has these commands, handed over from `begun` on. Deliveries of what plays become `unknown`: no answer yet."""
    with transaction.atomic():
        fresh = set(
            Command.objects.select_for_update(no_key=True)
            .filter(pk__in=[due.pk for due in sent], published_at=None)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        Command.objects.filter(pk__in=fresh).update(published_at=now)
        # An alert may need several commands for its many addressees; its deliveries are marked once.
        alerts = {due.alert_id for due in sent if due.pk in fresh and due.action == "play" and due.alert_id}
        bulk.hold_deliveries(alerts)
        changes = []
        for alert in Alert.objects.filter(pk__in=alerts).select_related("area"):
            bulk.mark_sent(alert.pk, begun, now + FIRST_TRY_AGAIN)
            changes.append(Change("alert.changed", {"id": alert.pk}, "warning.view_alert", alert.area.path))
        emit(changes)


def claim_tries(now: datetime) -> list[Again]:
    """Deliveries without an answer, or without proof, whose time to be asked again has come. Their next time is set."""
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_try_at__lte=now, alert__state=Alert.State.ISSUED, alert__silenced_at=None)
            .filter(state__in=(Delivery.State.UNKNOWN, Delivery.State.ACCEPTED, Delivery.State.FAILED))
            .order_by("next_try_at")
            .values_list("pk", "alert_id", "endpoint__code", "attempts")[:TRIES_AT_ONCE]
        )
        payloads = _latest_plays({alert_id for _pk, alert_id, *_rest in rows}, now)
        bulk.many(
            f"UPDATE {Delivery._meta.db_table} SET attempts = attempts + 1, next_try_at = %s WHERE id = %s",  # noqa: S608
            [(bulk.moment(now + wait_after(attempts)), pk) for pk, _alert, _code, attempts in rows],
        )
        Attempt.objects.bulk_create(
            Attempt(delivery_id=pk, at=now, what="sent", reason="again")
            for pk, alert_id, *_rest in rows
            if alert_id in payloads
        )
    return [Again(code, payload) for _pk, alert_id, code, _attempts in rows for payload in payloads.get(alert_id, ())]


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the try with this number (1 is the broadcast): 5, 10, 20, 40 s ... 5 minutes."""
    return min(FIRST_TRY_AGAIN * 2 ** min(max(attempts, 1), 10), LONGEST_WAIT)


def _latest_plays(alerts: set[int], now: datetime) -> dict[int, list[bytes]]:
    """The commands of the newest sounding of each alert, while they are valid."""
    found: dict[int, list[bytes]] = {}
    newest: dict[int, int] = {}
    rows = Command.objects.filter(alert_id__in=alerts, action="play", not_after__gt=now, cleared_at=None)
    for alert_id, sounding, payload in rows.order_by("-round", "pk").values_list("alert_id", "round", "payload"):
        if newest.setdefault(alert_id, sounding) == sounding:
            found.setdefault(alert_id, []).append(bytes(payload))
    return found


def _followed() -> Q:
    """Orders to sound that a later sounding of the same alert follows."""
    newer = Command.objects.filter(alert=OuterRef("alert"), action="play", round__gt=OuterRef("round"))
    return Q(Exists(newer.exclude(published_at=None)), action="play")


def to_take_back(now: datetime) -> list[tuple[int, str]]:
    """Commands (key, nonce) whose retained copy must go: over, called off, or followed by a newer sounding."""
    over = Q(not_after__lte=now) | CALLED_OFF | _followed()
    rows = Command.objects.filter(over, cleared_at=None).exclude(published_at=None)
    return list(rows.order_by("pk").values_list("pk", "nonce")[:TRIES_AT_ONCE])


def mark_taken_back(pks: Sequence[int], now: datetime) -> None:
    """The broker keeps these no more."""
    Command.objects.filter(pk__in=pks).update(cleared_at=now)


def give_up_unpublished(now: datetime) -> None:
    """Commands that ran out, or were called off, before any broker had them: nothing is left to do."""
    waiting = Command.objects.filter(published_at=None, cleared_at=None)
    over = waiting.filter(Q(not_after__lte=now) | CALLED_OFF)
    with transaction.atomic():
        # One that is being published at this moment is looked at again the next time.
        free = over.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
        Command.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(cleared_at=now)


def still_valid(now: datetime) -> list[Due]:
    """What a broker should be holding now: published again whenever the link comes up, since brokers forget.

    Not what was called off or followed by a newer sounding while the broker was away: who missed it would begin it now.
    """
    rows = Command.objects.filter(cleared_at=None, not_after__gt=now).exclude(published_at=None)
    rows = rows.exclude(CALLED_OFF).exclude(_followed())
    return [Due(row.pk, row.nonce, bytes(row.payload), row.alert_id, row.action) for row in rows.order_by("pk")]


def due_repeats(now: datetime) -> list[int]:
    """Alerts that have to sound once more."""
    rows = Alert.objects.filter(state=Alert.State.ISSUED, next_repeat_at__lte=now)
    return list(rows.values_list("pk", flat=True))


def due_expiries(now: datetime) -> list[int]:
    """Alerts whose time ran out."""
    rows = Alert.objects.filter(state=Alert.State.ISSUED, expires_at__lte=now)
    return list(rows.values_list("pk", flat=True))
