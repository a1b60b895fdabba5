"""What this app puts on pages of others."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities import actions
from tirek.facilities.models import Document, Facility, FacilityType, ListDecision
from tirek.facilities.queries import documents, facilities
from tirek.files.models import StoredFile
from tirek.places.models import Area
from tirek.ui.sections import Section, Tab


def facilities_of_area(request: HttpRequest, area: Area) -> Section | None:
    """How many facilities of which type stand in an area."""
    if not can(request.user, "facilities.view_facility"):
        return None
    inside = facilities(request.user).filter(area__path__startswith=area.path)
    counts = dict(inside.order_by().values_list("type").annotate(n=Count("pk")))
    types = FacilityType.objects.in_bulk(counts)
    rows = sorted(((types[pk], n) for pk, n in counts.items()), key=lambda row: -row[1])
    context = {"rows": rows, "url": f"{reverse('facilities:register')}?area={area.pk}"}
    return Section("facilities", _("Facilities"), "facilities/parts/area.html", context, sum(counts.values()), order=10)


def documents_tab(request: HttpRequest, facility: Facility) -> Tab:
    """Plans and papers of a facility."""

    def context() -> dict[str, Any]:
        return {
            "facility": facility,
            "papers": documents(facility),
            "may_change": can(request.user, actions.CHANGE, facility),
        }

    count = facility.documents.filter(replaced_by=None).count()
    return Tab("documents", _("Documents"), "facilities/parts/documents.html", context, count or None, order=60)


def holds_file(user: Any, stored: StoredFile) -> bool:
    """Whether a facility or a decision that `user` may see holds a file (`files.registry.holder`)."""
    seen = Facility.objects.restrict(user, "view")
    if Document.objects.filter(file=stored, facility__in=seen).exists():
        return True
    return bool(ListDecision.objects.restrict(user, "view").filter(file=stored).exists())
