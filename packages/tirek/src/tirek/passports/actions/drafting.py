"""Drawing up a passport from living facts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.audit.act import Refused, act
from tirek.facilities.models import Facility
from tirek.passports import content, paper
from tirek.passports.actions.common import hold, leave_trace, log
from tirek.passports.models import Passport

DRAFT = "passports.draft_passport"


def may_draw_up(user: Any, facility: Facility) -> bool:
    """Whether `user` holds the permission where this facility lies, or at this facility as its contact."""
    return can(user, DRAFT) and any(
        facility.contacts.filter(person=user).exists()
        if grant.own_only
        else grant.covers(facility.area.path, facility.agency_id)
        for grant in user.grants(DRAFT)
    )


def draw_up(user: Any, facility_id: int) -> Passport:
    """A draft from the facts of today. A draft that nobody has approved is drawn up anew under its number.

    Raises Facility.DoesNotExist, PermissionDenied, Refused (while a version waits for agreement, or off the register).
    """
    with act(DRAFT, user) as trace:
        seen = Facility.objects.restrict(user, "view").select_related("area")
        facility: Facility = seen.defer("area__boundary").get(pk=facility_id)
        if not may_draw_up(user, facility):
            raise PermissionDenied(DRAFT)
        hold(facility.pk)
        if facility.state != Facility.State.LISTED:
            raise Refused(_("The facility is not on the register. A passport is drawn up for those that are."))
        passport = Passport.objects.filter(facility=facility, state__in=Passport.OPEN).first()
        if passport is not None and passport.state == Passport.State.APPROVED:
            raise Refused(
                _("Version %(n)d is approved and waits for agreement. It must be agreed or sent back first.")
                % {"n": passport.version}
            )
        before = log(passport) if passport else None
        if passport is None:
            last = Passport.objects.filter(facility=facility).aggregate(n=Max("version"))["n"] or 0
            passport = Passport(facility=facility, version=last + 1)
        passport.facts = content.facts_of([facility.pk])[facility.pk]
        passport.sha256 = content.sha256(passport.facts)
        passport.made_by, passport.made_at = user, timezone.now()
        passport.is_sample = facility.is_sample
        passport.save()
        passport.plans.set(content.plan_ids(passport.facts))
        leave_trace(trace, passport, before)
    paper.prepare(passport.plans.all())
    return passport
