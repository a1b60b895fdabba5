"""What inspections put on pages of others, and who may open the files of a visit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.files.models import StoredFile
from tirek.inspections import queries
from tirek.inspections.models import Finding, Inspection
from tirek.inspections.tables import finding_pill, visit_pill
from tirek.ui.sections import Tab

SHOWN = 20


def tab_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """Visits and findings of one facility."""
    if not can(request.user, "inspections.view_inspection"):
        return None
    visits = queries.visits(request.user).filter(facility=facility)
    count = visits.exclude(state=Inspection.State.CANCELLED).count()
    return Tab(
        "inspections",
        _("Inspections"),
        "inspections/parts/facility.html",
        lambda: _of_facility(request, facility),
        count,
        order=30,
    )


def holds(user: Any, stored: StoredFile) -> bool:
    """Whether the file is a photo or the signature of a visit that the person may see."""
    mine = Q(photos__file=stored) | Q(signature=stored)
    return Inspection.objects.restrict(user, "view").filter(mine).exists()


def _of_facility(request: HttpRequest, facility: Facility) -> dict[str, Any]:
    user = request.user
    visits = list(queries.listed(queries.visits(user)).filter(facility=facility).order_by("-planned_on", "-pk")[:SHOWN])
    findings = queries.findings(user).filter(facility=facility)
    opened = list(findings.filter(state=Finding.State.OPEN).order_by("found_on", "pk")[:SHOWN])
    area, agency = facility.area.path, facility.agency_id
    return {
        "facility": facility,
        "visits": [(visit, visit_pill(visit)) for visit in visits],
        "findings": [(finding, finding_pill(finding)) for finding in opened],
        "closed": findings.exclude(state=Finding.State.OPEN).count(),
        "may_plan": any(grant.covers(area, agency) for grant in user.grants("inspections.plan_inspection")),
    }
