"""Upgrade plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.jobs.models import Job
from tirek.jobs.views import context_of
from tirek.upgrades import actions, charts, paper, queries, words
from tirek.upgrades.computing import district_names
from tirek.upgrades.filters import LineFilter, PlanFilter
from tirek.upgrades.forms import CompareForm, PlanForm, first_area
from tirek.upgrades.models import UpgradePlan
from tirek.upgrades.tables import LineTable, PlanTable

PAGE = 25
VIEW = "upgrades.view_upgradeplan"
COPIED = ("name", "area", "budget", "scenario", "mandatory_first", "least_per_district", "tier_weights")


@require_GET
@page(VIEW)
def plans(request: HttpRequest) -> HttpResponse:
    rows = queries.listed_plans(request.user)
    found = PlanFilter(request.GET, queryset=rows, request=request)
    table = PlanTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "any": rows.exists(),
        "may_add": can(request.user, actions.ADD),
        "may_see_measures": can(request.user, "upgrades.view_measure"),
        "may_see_scenarios": can(request.user, "upgrades.view_scenario"),
    }
    return render(request, "upgrades/plans.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.ADD)
def new(request: HttpRequest) -> HttpResponse:
    """A new plan; ?from= takes what another one was computed from."""
    initial: dict[str, Any] = {"area": first_area(request.user)}
    other = request.GET.get("from", "")
    if other.isdecimal() and len(other) < 18 and (old := queries.plans(request.user).filter(pk=int(other)).first()):
        initial = {name: getattr(old, name) for name in COPIED}
    form = PlanForm(request.POST or None, request=request, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_plan(request.user, form.values)
            actions.start_computing(request.user, made.pk)
        except PermissionDenied:
            form.add_error("area", _("This area lies outside what you may plan for."))
        else:
            return redirect(made)
    return render(request, "upgrades/plan_form.html", {"form": form, "back": reverse("upgrades:plans")})


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        UpgradePlan.objects.restrict(request.user, "change").exclude(state=UpgradePlan.State.ADOPTED), pk=pk
    )
    form = PlanForm(request.POST or None, request=request, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan(request.user, pk, form.values)
            actions.start_computing(request.user, pk)
        except PermissionDenied:
            form.add_error("area", _("This area lies outside what you may plan for."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("upgrades:plan", pk)
    return render(request, "upgrades/plan_form.html", {"form": form, "plan": found, "back": found.get_absolute_url()})


@never_cache
@require_GET
@page(VIEW)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: what it buys, how sure it is, and how it leans on money and weights."""
    found = _plan(request, pk)
    job = Job.objects.filter(pk=found.job_id).first() if found.job_id else None
    is_open = found.state != UpgradePlan.State.ADOPTED
    context: dict[str, Any] = {
        "plan": found,
        "may_change": is_open and can(request.user, actions.CHANGE, found),
        "may_compute": is_open and can(request.user, actions.COMPUTE, found),
        "may_adopt": found.state == UpgradePlan.State.COMPUTED and can(request.user, actions.ADOPT, found),
        "may_remove": is_open and can(request.user, actions.REMOVE, found),
        "may_add": can(request.user, actions.ADD),
        "others": queries.plans(request.user).exclude(pk=pk).exclude(state=UpgradePlan.State.DRAFT)[:12],
        "stale": found.state == UpgradePlan.State.COMPUTED and found.result.get("choices", {}) != found.choices,
    }
    if job is not None and (job.is_open or (job.state != Job.State.DONE and found.state == UpgradePlan.State.DRAFT)):
        context |= {**context_of(job), "follow": True, "own_job": job.person_id == request.user.pk}
    if found.state != UpgradePlan.State.DRAFT:
        context |= _computed(request, found, context["may_change"])
    return render(request, "upgrades/plan.html", context)


def _computed(request: HttpRequest, found: UpgradePlan, may_change: bool) -> dict[str, Any]:
    result = found.result
    every = list(queries.lines(found))
    shown = LineFilter(request.GET, queryset=queries.lines(found), request=request)
    buttons = _buttons(request, found) if may_change else None
    table = LineTable(shown.qs, buttons=buttons)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    near = {int(pk): share for pk, share in result.get("near", [])}
    chosen = [int(pk) for pk in found.choices]
    unmet = result.get("unmet", [])[:200]
    rows = Facility.objects.filter(pk__in={*near, *chosen, *unmet}).select_related("type", "area")
    named = rows.defer("area__boundary").in_bulk()
    in_plan = {line.facility_id for line in every}
    return {
        "result": result,
        "outcome": words.outcome(result),
        "shortage": words.shortage(result, district_names([pk for pk, _n in result.get("short", [])])),
        "filter": shown,
        "table": table,
        "total": table.page.paginator.count,
        "lines": len(every),
        "mandatory": sum(line.unmet_before - line.unmet_after for line in every),
        "estimated": sum(any(one.get("estimated") for one in line.measures) for line in every),
        "curve": charts.frontier(result),
        "bought": queries.bought(every),
        "near": [(named[pk], share, buttons(pk) if buttons else "") for pk, share in near.items() if pk in named],
        "unmet": [named[pk] for pk in unmet if pk in named],
        "out": [
            (named[pk], buttons(pk) if buttons else "")
            for pk in chosen
            if pk in named and (found.choices[str(pk)] == "out" or pk not in in_plan)
        ],
        "query": request.GET.urlencode(),
    }


def _buttons(request: HttpRequest, found: UpgradePlan) -> Any:
    def buttons(facility_pk: int) -> str:
        context = {"plan": found, "facility_pk": facility_pk, "choice": found.choices.get(str(facility_pk), "")}
        return render_to_string("upgrades/parts/choice.html", context, request=request)

    return buttons


@require_POST
@page(actions.COMPUTE)
def compute(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda: actions.start_computing(request.user, pk), "")


@require_POST
@page(actions.CHANGE)
def choose(request: HttpRequest, pk: int, facility: int) -> HttpResponse:
    """Put a facility in, take it out, or leave it to the computation."""
    choice = request.POST.get("choice", "")
    try:
        found = actions.choose(request.user, pk, facility, choice)
    except UpgradePlan.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("upgrades:plan", pk)
    if request.htmx:
        context = {"plan": found, "facility_pk": facility, "choice": choice, "fresh": True}
        return render(request, "upgrades/parts/choice.html", context)
    return redirect("upgrades:plan", pk)


@require_POST
@page(actions.ADOPT)
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda: actions.adopt_plan(request.user, pk), _("The plan is adopted."))


@require_POST
@page(actions.REMOVE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda: actions.remove_plan(request.user, pk), _("Removed."), to="upgrades:plans")


def _act(request: HttpRequest, pk: int, deed: Any, said: str, to: str = "") -> HttpResponse:
    try:
        deed()
    except UpgradePlan.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("upgrades:plan", pk)
    if said:
        messages.success(request, said)
    return redirect(to) if to else redirect("upgrades:plan", pk)


@require_GET
@page(VIEW)
def compare(request: HttpRequest) -> HttpResponse:
    """Two plans side by side: ?a=1&b=2."""
    computed = queries.plans(request.user).exclude(state=UpgradePlan.State.DRAFT)
    form = CompareForm(request.GET or None, plans=computed)
    found = None
    if form.is_valid():
        found = queries.comparison(form.cleaned_data["a"], form.cleaned_data["b"])
    return render(request, "upgrades/compare.html", {"form": form, "found": found, "computed": computed.count()})


@require_GET
@page(VIEW)
def map_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The facilities of a plan as points; the same filters as its table."""
    found = _plan(request, pk)
    rows = LineFilter(request.GET, queryset=queries.lines(found), request=request).qs
    points = [
        {
            "id": line.facility_id,
            "lat": line.facility.lat,
            "lon": line.facility.lon,
            "state": "facility",
            "name": line.facility.name,
            "detail": words.money(line.cost),
        }
        for line in rows
    ]
    return JsonResponse({"points": points})


@require_GET
@page(VIEW)
def order_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The order list by agency and facility, for print."""
    found = _plan(request, pk)
    if found.state == UpgradePlan.State.DRAFT:
        raise Http404
    url = request.build_absolute_uri(found.get_absolute_url())
    name = f"tirek-plan-{found.year}-{found.pk}.pdf"
    return HttpResponse(
        paper.order_pdf(found, url),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _plan(request: HttpRequest, pk: int) -> UpgradePlan:
    rows = queries.plans(request.user).select_related("area", "scenario", "made_by", "adopted_by")
    return get_object_or_404(rows, pk=pk)
