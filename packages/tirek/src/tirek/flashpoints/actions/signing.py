"""A person signs a district as a flash-point, lets it stand longer, or takes it back. By itself it only ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.flashpoints import rules, spells
from tirek.flashpoints.models import Cluster, Flashpoint, Outlook, Renewal, Run
from tirek.places.models import Area

SIGN = "flashpoints.sign_flashpoint"
RENEW = "flashpoints.renew_flashpoint"
WITHDRAW = "flashpoints.withdraw_flashpoint"


def sign(user: Person, area_pk: int, run_pk: int, reasons: str, *, days: int = rules.DEFAULT_DAYS) -> Flashpoint:
    """Sign a district as a flash-point from today on, for `days` days.

    Raises Area.DoesNotExist, Run.DoesNotExist, PermissionDenied, Refused when the run says nothing of it, is no longer the newest,
    when one stands already, or when it would stand longer than the cap allows.
    """
    with act(SIGN, user) as trace:
        area = Area.objects.select_for_update().defer("boundary").get(pk=area_pk)
        if not can_at(user, SIGN, area.path):
            raise PermissionDenied(SIGN)
        run = Run.objects.restrict(user, "view").get(pk=run_pk, state=Run.State.DONE)
        _must_say_something(run, area)
        today = timezone.localdate()
        until = today + timedelta(days=_checked(days) - 1)
        if standing := Flashpoint.objects.filter(area=area).standing(today).first():
            raise Refused(
                _("%(area)s is a flash-point until %(day)s already. Let it stand longer instead, with a reason.")
                % {"area": area.name, "day": _day(standing.expires_on)}
            )
        _must_keep_cap(area, today, until)
        made = Flashpoint.objects.create(
            area=area,
            run=run,
            reasons=_text(reasons, _("Say why: what you know besides the numbers.")),
            starts_on=today,
            expires_on=until,
            signed_by=user,
            signed_as=_role(user, area),
            is_sample=user.is_sample,
        )
        trace.on(made, after=snapshot(made))
    return made


def renew(user: Person, pk: int, reason: str, *, days: int = rules.DEFAULT_DAYS) -> Flashpoint:
    """Let a flash-point that stands end `days` days from today. Raises Flashpoint.DoesNotExist, Refused."""
    with act(RENEW, user) as trace:
        found = _standing(user, "renew", pk)
        today = timezone.localdate()
        until = today + timedelta(days=_checked(days) - 1)
        if until <= found.expires_on:
            raise Refused(_("It stands until %(day)s anyway.") % {"day": _day(found.expires_on)})
        _must_keep_cap(found.area, today, until)
        why = _text(reason, _("Say why it should stand longer."))
        before = snapshot(found)
        Renewal.objects.create(flashpoint=found, before=found.expires_on, expires_on=until, reason=why, made_by=user)
        found.expires_on = until
        found.save(update_fields=["expires_on"])
        trace.on(found, before=before, after=snapshot(found), why=why)
    return found


def withdraw(user: Person, pk: int, why: str) -> Flashpoint:
    """Take a flash-point back before it ends. Raises Flashpoint.DoesNotExist, Refused."""
    with act(WITHDRAW, user) as trace:
        found = _standing(user, "withdraw", pk)
        before = snapshot(found)
        take_back(found, user, _text(why, _("Say why it is taken back.")))
        trace.on(found, before=before, after=snapshot(found), why=found.withdrawn_why)
    return found


def take_back(found: Flashpoint, user: Person, why: str) -> None:
    """Within an act: end it today."""
    found.withdrawn_on, found.withdrawn_by, found.withdrawn_why = timezone.localdate(), user, why
    found.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_why"])


def rests_until(area: Area, today: date | None = None) -> date | None:
    """The first day on which the district may be signed again when it stood as long as it may, else None."""
    today = today or timezone.localdate()
    return spells.rests_until(_spans(area), today, rules.most_flag_days(), rules.REST_DAYS)


def _must_say_something(run: Run, area: Area) -> None:
    newest = Run.objects.filter(area=run.area_id, state=Run.State.DONE).order_by("-origin", "-pk").first()
    if newest != run:
        raise Refused(_("There is a newer computation. Look at it first, and sign from it."))
    outlook = Outlook.objects.filter(run=run, area=area).first()
    if outlook is None:
        raise Refused(_("The computation does not look at this area. Choose a district of its province."))
    if not outlook.enough and not Cluster.objects.filter(run=run, area=area).exists():
        raise Refused(
            _(
                "The computation can say nothing of this district, so nobody can sign it from there. Plan a measure instead."
            )
        )


def _must_keep_cap(area: Area, start: date, until: date) -> None:
    """Raises Refused when the district would stand for longer than the cap without a pause."""
    most = rules.most_flag_days()
    length = spells.length_with(_spans(area), start, until, rules.REST_DAYS)
    if length <= most:
        return
    left = most - (length - ((until - start).days + 1))
    if left > 0 and not Flashpoint.objects.filter(area=area).standing(start).exists():
        raise Refused(
            _("Without a pause a district is a flash-point for %(most)s days at most. %(left)s days are left.")
            % {"most": most, "left": left}
        )
    raise Refused(
        _(
            "Without a pause a district is a flash-point for %(most)s days at most. After %(rest)s days of rest it "
            "can be signed anew."
        )
        % {"most": most, "rest": rules.REST_DAYS}
    )


def _spans(area: Area) -> list[tuple[date, date]]:
    return [(row.starts_on, row.ends_on) for row in Flashpoint.objects.filter(area=area)]


def _checked(days: int) -> int:
    if not 1 <= days <= rules.MOST_DAYS:
        raise Refused(_("A flash-point is signed for 1 to %(most)s days.") % {"most": rules.MOST_DAYS})
    return days


def _role(user: Person, area: Area) -> str:
    """The role in which the person may sign here."""
    return next(grant.role for grant in user.grants(SIGN) if grant.covers(area.path))


def _standing(user: Person, action: str, pk: int) -> Flashpoint:
    rows: Any = Flashpoint.objects.restrict(user, action)
    found = rows.select_for_update(of=("self",)).select_related("area").defer("area__boundary").get(pk=pk)
    if not found.is_standing:
        raise Refused(_("This flash-point does not stand any more. Sign a new one from the newest computation."))
    return found


def _text(text: str, missing: str) -> str:
    if not text.strip():
        raise Refused(missing)
    return text.strip()


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
