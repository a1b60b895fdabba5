"""The list of findings and the page of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.inspections import queries
from tirek.inspections.actions import findings as actions
from tirek.inspections.actions import planning
from tirek.inspections.filters import FindingFilter
from tirek.inspections.models import Finding, Inspection
from tirek.inspections.tables import FindingTable, finding_pill
from tirek.inspections.views.common import parts

PAGE = 25
VIEW = "inspections.view_finding"


@require_GET
@page(VIEW)
def findings(request: HttpRequest) -> HttpResponse:
    rows = queries.finding_list(request.user)
    found = FindingFilter(request.GET, rows, request=request)
    table = FindingTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    total = table.page.paginator.count
    context = {"parts": parts(request), "filter": found, "table": table, "total": total, "any": total or rows.exists()}
    return render(request, "inspections/findings.html", context)


@require_GET
@page(VIEW)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        queries.findings(request.user).select_related(
            "facility__area", "requirement__edition__standard", "found_by", "inspection", "building", "withdrawn_by"
        ),
        pk=pk,
    )
    rechecks = found.rechecks.select_related("facility", "inspector").exclude(state=Inspection.State.CANCELLED)
    is_open = found.state == Finding.State.OPEN
    area, agency = found.facility.area.path, found.facility.agency_id
    context = {
        "finding": found,
        "pill": finding_pill(found),
        "photos": list(queries.photos_of(found)),
        "rechecks": list(rechecks),
        "may_withdraw": is_open and can(request.user, actions.WITHDRAW, found),
        "is_own": found.found_by_id == request.user.pk,
        "may_plan": is_open and any(g.covers(area, agency) for g in request.user.grants(planning.PLAN)),
    }
    return render(request, "inspections/finding.html", context)


@require_POST
@page("inspections.withdraw_finding")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = actions.withdraw_finding(request.user, pk, request.POST.get("why", ""))
    except Finding.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:finding", pk)
    messages.success(request, _("The finding is withdrawn."))
    return redirect(found)
