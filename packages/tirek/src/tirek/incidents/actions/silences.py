"""Months of which a person knows that nothing reached the register."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.audit.act import Refused, act, snapshot
from tirek.incidents.actions.revising import reason
from tirek.incidents.models import Silence
from tirek.incidents.months import month_of
from tirek.places.models import Area

DECLARE, WITHDRAW = "incidents.declare_silence", "incidents.withdraw_silence"


def declare_silence(user: Any, area: Area, first: int, last: int | None, why: str) -> Silence:
    """Say that nothing of these months (integers, `months`) reached the register from an area; `last` None goes on.

    Raises PermissionDenied outside what `user` may declare in, Refused.
    """
    with act(DECLARE, user) as trace:
        if not can_at(user, DECLARE, area.path):
            raise PermissionDenied(DECLARE)
        now = month_of(timezone.localdate())
        if first > now or (last is not None and last > now):
            raise Refused(_("This lies in the future. Declare it when it is known."))
        if last is not None and last < first:
            raise Refused(_("The last month lies before the first."))
        made = Silence.objects.create(
            area=area, first_month=first, last_month=last, why=reason(why), declared_by=user, is_sample=area.is_sample
        )
        trace.on(made, after=snapshot(made), why=made.why)
    return made


def withdraw_silence(user: Any, pk: int, why: str) -> Silence:
    """Take a declaration back: the months count again as they stand. Raises Silence.DoesNotExist, Refused."""
    with act(WITHDRAW, user) as trace:
        allowed = Silence.objects.restrict(user, "withdraw").filter(pk=pk).values("pk")
        rows = Silence.objects.select_for_update(of=("self",)).select_related("area").defer("area__boundary")
        found: Silence = rows.get(pk__in=allowed)
        if found.withdrawn_at is not None:
            raise Refused(_("It is taken back already."))
        before = snapshot(found)
        found.withdrawn_by, found.withdrawn_at = user, timezone.now()
        found.save(update_fields=["withdrawn_by", "withdrawn_at"])
        trace.on(found, before=before, after=snapshot(found), why=reason(why))
    return found
