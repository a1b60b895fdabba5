"""What a facility says of itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.audit.act import Refused, act
from tirek.facilities.models import Facility
from tirek.requirements import queries
from tirek.requirements.actions.recording import record_standings
from tirek.requirements.models import Requirement, Standing

DECLARE = "requirements.declare_standing"


def declare_standing(user: Any, facility_pk: int, requirement_pk: int, state: str, note: str = "") -> Standing:
    """Write down what the facility says of one requirement, until somebody comes and looks. Raises Facility.DoesNotExist,
    Requirement.DoesNotExist, and Refused where an inspection has seen it or a reason is missing.
    """
    with act(DECLARE, user, why=note) as trace:
        facility = (
            Facility.objects.restrict(user, "view")
            .select_related("area")
            .select_for_update(of=("self",))
            .get(pk=facility_pk)
        )
        if not can(user, DECLARE, facility):
            raise PermissionDenied(DECLARE)
        requirement = Requirement.objects.select_related("edition__standard").get(pk=requirement_pk)
        if requirement.pk not in {one.pk for one in queries.checklist(facility)}:
            raise Refused(_("This requirement does not bind the facility."))
        if state not in (Standing.State.MET, Standing.State.UNMET, Standing.State.NA):
            raise Refused(_("Say whether it is met, not met or does not apply."))
        if state == Standing.State.NA and not note.strip():
            raise Refused(_("Say why it does not apply."))
        place = {"facility": facility, "standard": requirement.edition.standard_id, "key": requirement.key}
        old = Standing.objects.filter(**place).first()
        if old and old.said and old.said.is_known and old.said_source != "declared":
            day = timezone.localtime(old.said_since).strftime("%d.%m.%Y")
            raise Refused(_("An inspector saw this on %(day)s. Only another visit changes it.") % {"day": day})
        record_standings(
            facility, {requirement: (state, note.strip())}, source="declared", source_id=user.pk, at=timezone.now()
        )
        new = Standing.objects.get(**place)
        trace.on(
            facility,
            before={"requirement": str(requirement), "state": old.said_state if old else ""},
            after={"requirement": str(requirement), "state": state, "note": note.strip()},
        )
    return new
