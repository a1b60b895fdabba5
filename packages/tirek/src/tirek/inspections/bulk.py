"""Acts on many facilities of the register at once: plan inspections, plan a round of just these."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.facilities.registry import BulkAct, bulk_act
from tirek.inspections import queries
from tirek.inspections.actions import planning
from tirek.inspections.forms import PlanForm


class BulkPlanForm(PlanForm):
    """What the visits have in common."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        people = queries.inspectors()
        allowed = people if can(user, planning.ASSIGN) else [person for person in people if person.pk == user.pk]
        super().__init__(*args, people=allowed, **kwargs)


def plan(user: Any, pk: int, data: dict[str, Any]) -> object:
    """Plan a visit to one facility."""
    facility = Facility.objects.restrict(user, "view").select_related("area").get(pk=pk)
    return planning.plan_visits(
        user,
        [facility],
        kind=data["kind"],
        on=date.fromisoformat(data["on"]) if data["on"] else None,
        inspector=Person.objects.get(pk=data["inspector"]) if data["inspector"] else None,
        reason=data["reason"],
    )


def plain(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": cleaned["kind"],
        "on": cleaned["on"].isoformat() if cleaned["on"] else "",
        "inspector": cleaned["inspector"].pk if cleaned["inspector"] else None,
        "reason": cleaned["reason"],
    }


def offer() -> None:
    """Put the acts on the register; called when the app is ready."""
    bulk_act(
        BulkAct(
            "plan_inspections",
            _("Plan inspections"),
            icon="calendar-plus",
            permission=planning.PLAN,
            each=plan,
            form=BulkPlanForm,
            plain=plain,
            note=_("A facility with a visit of this kind that is still open is left out."),
            order=15,
        )
    )
    bulk_act(
        BulkAct(
            "plan_round",
            _("Plan a round"),
            icon="route",
            permission=planning.PLAN_ROUND,
            leads_to="inspections:round_new",
            order=16,
        )
    )
