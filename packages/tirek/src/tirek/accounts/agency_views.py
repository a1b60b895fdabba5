"""Pages about agencies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts import actions, queries
from tirek.accounts.access import can
from tirek.accounts.forms import AgencyForm, posted
from tirek.accounts.guards import page
from tirek.accounts.models import Agency
from tirek.accounts.tables import AgencyTable, PeopleTable

PER_PAGE = 50


@require_GET
@page("accounts.view_agency")
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies that one may see."""
    table = AgencyTable(queries.agencies(request.user))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(
        request, "accounts/agencies.html", {"table": table, "may_add": can(request.user, "accounts.add_agency")}
    )


@require_GET
@page("accounts.view_agency")
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency and its people."""
    one = get_object_or_404(queries.agencies(request.user), pk=pk)
    table = None
    if can(request.user, "accounts.view_person"):
        table = PeopleTable(queries.people(request.user).filter(agency=one), exclude=("agency",))
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    may_change = can(request.user, "accounts.change_agency", one)
    return render(request, "accounts/agency.html", {"agency": one, "table": table, "may_change": may_change})


@page("accounts.add_agency")
def add_agency(request: HttpRequest) -> HttpResponse:
    """Write down an agency."""
    form = AgencyForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.add_agency(request.user, **form.cleaned_data))
    return render(request, "accounts/agency_form.html", {"form": form, "agency": None})


@page("accounts.change_agency")
def change_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is written about an agency."""
    one = get_object_or_404(Agency.objects.restrict(request.user, "change"), pk=pk)
    form = AgencyForm(posted(request), instance=one, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.change_agency(request.user, pk, **form.cleaned_data))
    return render(request, "accounts/agency_form.html", {"form": form, "agency": one})
