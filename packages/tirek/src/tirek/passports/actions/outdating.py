"""Noticing that a passport in force no longer says what is so. Facts change without anybody thinking of the passport."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tirek.audit.act import act
from tirek.passports import content
from tirek.passports.actions.common import leave_trace, log
from tirek.passports.compare import is_stale
from tirek.passports.content import Facts
from tirek.passports.models import Passport

OUTDATE = "passports.outdate_passport"
BATCH = 200


def check_all() -> int:
    """Compare every passport in force with the facts of today; mark those that differ. Returns how many marks changed."""
    in_force = Passport.objects.filter(state=Passport.State.AGREED)
    ids = list(in_force.order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    changed = 0
    for start in range(0, len(ids), BATCH):
        rows = list(in_force.filter(pk__in=ids[start : start + BATCH]))
        changed += _check(rows, content.facts_of((row.facility_id for row in rows), day=False), now)
    return changed


def check_one(passport: Passport, facts: Facts) -> bool:
    """The same for one passport, whose facility's facts are known. Whether its mark changed."""
    if passport.state != Passport.State.AGREED:
        return False
    changed = bool(_check([passport], {passport.facility_id: facts}, timezone.now()))
    if changed:
        passport.refresh_from_db(fields=["stale_since"])
    return changed


def _check(passports: Sequence[Passport], facts: dict[int, Facts], now: datetime) -> int:
    wrong = [
        passport
        for passport in passports
        if is_stale(passport.facts, facts[passport.facility_id]) != (passport.stale_since is not None)
    ]
    return sum(_mark(passport.pk, stale=passport.stale_since is None, now=now) for passport in wrong)


def _mark(pk: int, *, stale: bool, now: datetime) -> bool:
    with transaction.atomic():
        rows = Passport.objects.select_for_update(of=("self",)).select_related("facility__area")
        passport = rows.filter(pk=pk, state=Passport.State.AGREED).first()
        if passport is None or (passport.stale_since is not None) == stale:
            return False  # somebody else was first
        with act(OUTDATE, system="passports") as trace:
            before = log(passport)
            passport.stale_since = now if stale else None
            passport.save(update_fields=["stale_since"])
            leave_trace(trace, passport, before)
    return True
