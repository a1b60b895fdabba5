"""Rows that an act locks, and what every act on an alert tells open pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, Trace
from tirek.warning.models import Alert


def locked_alert(user: Any, verb: str, alert_id: int) -> Alert:
    """The alert, locked until the transaction ends, if `user` may do `verb` on it. What it follows is locked with it.

    The permission is checked on the row after it is locked. (`restrict()` makes rows distinct, which PostgreSQL does not
    lock.) Raises `Refused` when there is no such alert, `PermissionDenied` when it is not the user's.
    """
    alert = _held(alert_id)
    if alert is None:
        raise Refused(_("There is no such alert. It may have been discarded."))
    require(user, f"warning.{verb}_alert", alert)
    return alert


def _held(alert_id: int) -> Alert | None:
    """The older one first: whoever ends an alert goes from it to what follows it, too, so nobody waits in a circle."""
    older = Alert.objects.filter(pk=alert_id).values("follows")
    rows = Alert.objects.select_for_update(of=("self",)).filter(Q(pk=alert_id) | Q(pk__in=older))
    found = {row.pk: row for row in rows.select_related("area", "plan", "author").order_by("pk")}
    alert = found.get(alert_id)
    if alert is not None and alert.follows_id:
        alert.follows = found[alert.follows_id]
    return alert


def tell(trace: Trace, alert: Alert, **more: Any) -> None:
    """Tell open pages that `alert` changed."""
    trace.event("alert.changed", {"id": alert.pk, **more}, permission="warning.view_alert", area_path=alert.area_path)
