"""What follows an alert: whether a message still may, and what becomes of corrections whose alert is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, acts, snapshot
from tirek.warning import queries, rules
from tirek.warning.actions.rows import tell
from tirek.warning.models import Alert
from tirek.warning.reasons import OVER

State = Alert.State


def demand_open(alert: Alert) -> None:
    """Raise `Refused` when what `alert` follows was ended by a person: nobody may correct a warning after its all-clear.

    Time that runs out ends a warning, not the danger: for a day after it a correction or an all-clear may still follow.
    The caller holds both rows, see `rows.locked_alert`.
    """
    if alert.follows is not None and not is_open(alert.follows):
        raise Refused(_("The warning that this message follows has ended. Compose a new one."))


def is_open(alert: Alert) -> bool:
    """Whether `alert` runs, or its time ran out lately and nothing has followed it."""
    return alert.state == State.ISSUED or queries.can_be_called_off(alert)


def demand_the_only_one(alert: Alert) -> None:
    """Raise `Refused` when another correction of the same alert is being prepared or waits."""
    others = Alert.objects.filter(follows=alert.follows_id, state__in=(State.DRAFT, State.WAITING)).exclude(pk=alert.pk)
    if alert.follows_id and others.exists():
        raise Refused(_("Another correction of this warning is being prepared already."))


def refuse_while_one_waits(old: Alert, now: datetime) -> list[Alert]:
    """Raise `Refused` while a correction of `old` is with the second person. Returns those that have waited too long.

    Otherwise two corrections could be decided, and the one that is issued last would win by chance.
    """
    waiting = _held_waiting(old.followed_by.all())
    if any(row.sent_at and now - row.sent_at <= rules.CONFIRM_WITHIN for row in waiting):
        raise Refused(_("A correction of this warning waits for the second person. Decide on that one first."))
    return waiting


def hold_followers(old: Alert, *, but: Alert | None = None) -> list[Alert]:
    """Let go of prepared corrections of `old`, and lock those that wait. They are for `set_aside` in the end."""
    drop_prepared(old, but=but)
    return _held_waiting(old.followed_by.exclude(pk=but.pk if but else None))


def drop_prepared(old: Alert, *, but: Alert | None = None) -> None:
    """Let go of corrections of `old` that were prepared and not sent."""
    old.followed_by.exclude(pk=but.pk if but else None).filter(state=State.DRAFT).delete()


def _held_waiting(rows: QuerySet[Alert]) -> list[Alert]:
    waiting = rows.select_for_update(of=("self",)).filter(state=State.WAITING)
    return list(waiting.select_related("area").order_by("pk"))


def set_aside(waiting: Sequence[Alert], now: datetime, why: str = OVER) -> None:
    """Reject corrections that nobody may issue any more. Their authors read why; each has its entry in the log.

    Comes last in a transaction, since it takes the order lock.
    """
    if not waiting:
        return
    with acts("warning.reject_alert", system="warning") as begin:
        for alert in waiting:
            before, trace = snapshot(alert), begin()
            alert.state, alert.note, alert.ended_at = State.REJECTED, why, now
            alert.save(update_fields=["state", "note", "ended_at"])
            trace.on(alert, before=before, after=snapshot(alert), why=why)
            tell(trace, alert)
