"""What the acts on passports share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused, Trace, snapshot
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.passports import content
from tirek.passports.compare import is_stale
from tirek.passports.models import Passport

# The facts themselves stand in the row and are named by their hash; the log keeps the hash.
NOT_LOGGED = ("facts",)


def taken(user: Any, verb: str, pk: int) -> Passport:
    """The passport, if `user` may do `verb` to it, with all versions of its facility locked. Raises Passport.DoesNotExist."""
    found: Passport = Passport.objects.restrict(user, verb).select_related("facility__area").get(pk=pk)
    hold(found.facility_id)
    found.refresh_from_db()
    return found


def hold(facility_id: int) -> None:
    """Let nobody else draw up, approve or agree to a version of this facility's passport until the act ends."""
    Facility.objects.select_for_update(of=("self",)).only("pk").get(pk=facility_id)


def must_be(passport: Passport, state: str) -> None:
    if passport.state != state:
        raise Refused(
            _("The passport is “%(state)s” now. Load the page again to see what can be done.")
            % {"state": passport.get_state_display()}
        )


def must_be_read(passport: Passport, sha256: str) -> None:
    """The person signs what their page showed: the hash that came with it is that of what stands in the row now."""
    if not sha256 or sha256 != passport.sha256 or sha256 != content.sha256(passport.facts):
        raise Refused(
            _("The passport is not the one that your page showed. Load the page again, read it, and sign that one.")
        )


def must_be_true(passport: Passport) -> None:
    """What is signed must still be so: the facts of today are those in the passport."""
    now = content.facts_of([passport.facility_id], day=False)[passport.facility_id]
    if is_stale(passport.facts, now):
        raise Refused(
            _(
                "Facts have changed since the passport was drawn up. Draw it up again, then it can be approved and agreed."
            )
        )


def log(passport: Passport) -> dict[str, Any]:
    return snapshot(passport, without=NOT_LOGGED)


def leave_trace(trace: Trace, passport: Passport, before: dict[str, Any] | None, why: str | None = None) -> None:
    """Write down the change, count the facility anew and tell open pages."""
    figures.recount([passport.facility_id])
    trace.on(passport, before=before, after=log(passport), why=why)
    trace.event(
        "passport.changed",
        {"id": passport.pk, "facility": passport.facility_id},
        permission="passports.view_passport",
        area_path=passport.area_path,
    )
