"""Changes of thousands of deliveries at once. Plain SQL that SQLite and PostgreSQL both read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from tirek.warning.models import Attempt, Delivery, Endpoint

# Names of tables are ours, so they may stand in the text of a statement.
_DELIVERIES, _ATTEMPTS = Delivery._meta.db_table, Attempt._meta.db_table
UNANSWERED = (Delivery.State.PENDING, Delivery.State.UNKNOWN)


def many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row: fast on both databases, because it is prepared (SQLite) or pipelined (PostgreSQL)."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def moment(at: datetime | None) -> Any:
    """A time as the database's driver takes it in plain SQL."""
    return connection.ops.adapt_datetimefield_value(at)


def hold_deliveries(alert_ids: Iterable[int]) -> None:
    """Lock the deliveries of these alerts in the one order in which everybody locks them, before many are changed at once."""
    if connection.features.has_select_for_update:
        rows = Delivery.objects.select_for_update(no_key=True).filter(alert_id__in=list(alert_ids))
        list(rows.order_by("pk").values_list("pk"))


def hold_endpoints(endpoint_ids: Iterable[int]) -> None:
    """Lock these endpoints, in the same order everywhere. Deliveries that name them may still be written meanwhile."""
    if connection.features.has_select_for_update:
        rows = Endpoint.objects.select_for_update(no_key=True).filter(pk__in=list(endpoint_ids))
        list(rows.order_by("pk").values_list("pk"))


def insert_deliveries(alert_id: int, endpoint_ids: Iterable[int]) -> None:
    """One pending delivery for each endpoint."""
    many(
        f"INSERT INTO {_DELIVERIES} (alert_id, endpoint_id, state, reason, attempts, last_seq, proof) "  # noqa: S608
        "VALUES (%s, %s, 'pending', '', 0, 0, '{}')",
        [(alert_id, pk) for pk in endpoint_ids],
    )


def insert_attempts(lines: Iterable[tuple[int, datetime, int | None, str, str]]) -> None:
    """Lines of the log: delivery, time, number of the report, what, reason. What is there already stays as it is."""
    many(
        f"INSERT INTO {_ATTEMPTS} (delivery_id, at, seq, what, reason) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608
        "ON CONFLICT DO NOTHING",
        [(delivery, moment(at), seq, what, reason) for delivery, at, seq, what, reason in lines],
    )


def mark_sent(alert_id: int, now: datetime, next_try: datetime) -> int:
    """The broker has the command: pending deliveries become unknown. Returns how many.

    Every delivery of the alert gets a line in its log, those of a repeat too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_ATTEMPTS} (delivery_id, at, what, reason, seq) "  # noqa: S608
            f"SELECT id, %s, 'sent', '', NULL FROM {_DELIVERIES} WHERE alert_id = %s AND state <> 'expired'",
            [moment(now), alert_id],
        )
    waiting = Delivery.objects.filter(alert_id=alert_id)
    waiting.filter(sent_at=None).update(sent_at=now)
    changed = waiting.filter(state=Delivery.State.PENDING).update(state=Delivery.State.UNKNOWN)
    waiting.filter(state=Delivery.State.UNKNOWN).update(attempts=F("attempts") + 1, next_try_at=next_try)
    waiting.exclude(state__in=UNANSWERED).update(attempts=F("attempts") + 1)
    return changed


def expire_deliveries(alert_id: int, now: datetime, reason: str) -> int:
    """What has not answered will not any more. Returns how many."""
    hold_deliveries([alert_id])
    return Delivery.objects.filter(alert_id=alert_id, state__in=UNANSWERED).update(
        state=Delivery.State.EXPIRED, reason=reason, next_try_at=None, finished_at=now
    )


def as_json(value: Any) -> str:
    """JSON for a parameter of plain SQL; both databases store it as the column's own type."""
    return json.dumps(value)
