"""Rounds: the draft with its preview, the running round with its coverage, and the days of the inspectors."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.inspections import draw, queries, routing
from tirek.inspections.actions import planning
from tirek.inspections.filters import RoundFilter
from tirek.inspections.forms import AssignRoundForm, RoundForm, RoutesForm
from tirek.inspections.models import Inspection, Round
from tirek.inspections.tables import RoundTable, VisitTable, visit_pill
from tirek.inspections.views.common import acted, parts
from tirek.inspections.views.visits import map_point

PAGE, PREVIEW = 25, 50
VIEW = "inspections.view_round"
PLAN = planning.PLAN_ROUND


@require_GET
@page(VIEW)
def rounds(request: HttpRequest) -> HttpResponse:
    found = RoundFilter(request.GET, queries.rounds(request.user), request=request)
    table = RoundTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    total = table.page.paginator.count
    context = {"parts": parts(request), "filter": found, "table": table, "total": total}
    context["any"] = total or Round.objects.restrict(request.user, "view").exists()
    context["may_plan"] = can(request.user, PLAN)
    return render(request, "inspections/rounds.html", context)


@require_http_methods(["GET", "POST"])
@page(PLAN)
def new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    start = {"starts_on": today, "ends_on": today + timedelta(days=90)} | _asked(request)
    form = RoundForm(request.POST or None, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan_round(request.user, form.fields_of_round())
        except PermissionDenied:
            form.add_error("area", _("This lies outside of what you may do."))
        else:
            return redirect(made)
    return render(request, "inspections/round_form.html", {"form": form})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address already says of a new round: `?facilities=1,2,3` chosen elsewhere, `?area=4`, `?name=`."""
    given = ",".join(request.GET.getlist("facilities")).split(",")  # as a list, or each by itself as a form sends them
    ids = [int(text) for text in given if text.isascii() and text.isdigit()]
    area = request.GET.get("area", "")
    found: dict[str, Any] = {"name": request.GET.get("name", "")[:160]}
    if ids:
        found |= {"rule": Round.Rule.CHOSEN, "facilities": ids, "area": queries.area_of_all(ids)}
    if area.isascii() and area.isdigit():
        found["area"] = int(area)
    return found


@require_http_methods(["GET", "POST"])
@page(PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Round.objects.restrict(request.user, "plan").select_related("area"), pk=pk)
    form = RoundForm(request.POST or None, user=request.user, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change_round(request.user, pk, form.fields_of_round())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except PermissionDenied:
            form.add_error("area", _("This lies outside of what you may do."))
        else:
            return redirect(found)
    return render(request, "inspections/round_form.html", {"form": form, "round": found})


@require_GET
@page(VIEW)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft shows who would be in and why; a running round how far it is."""
    found = get_object_or_404(queries.rounds(request.user), pk=pk)
    context: dict[str, Any] = {
        "parts": parts(request),
        "round": found,
        "may_plan": can(request.user, PLAN, found),
    }
    draft = found.state == Round.State.DRAFT
    context |= _preview(request, found) if draft else _coverage(request, found)
    return render(request, f"inspections/{'round_draft' if draft else 'round'}.html", context)


@require_POST
@page(PLAN)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    act = lambda: planning.start_round(request.user, pk)  # noqa: E731
    return acted(request, act, reverse("inspections:round", args=[pk]), _("The round runs. Now give the visits out."))


@require_POST
@page(PLAN)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    act = lambda: planning.close_round(request.user, pk)  # noqa: E731
    return acted(request, act, reverse("inspections:round", args=[pk]), _("The round is closed."))


@require_POST
@page(planning.ASSIGN)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the visits of a round out."""
    found = get_object_or_404(Round.objects.restrict(request.user, "view"), pk=pk)
    form = AssignRoundForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose at least one inspector."))
        return redirect(found)
    people, by_area = list(form.cleaned_data["inspectors"]), form.cleaned_data["how"] == "area"
    act = lambda: planning.assign_round(request.user, pk, people, by_area=by_area)  # noqa: E731
    return acted(request, act, found.get_absolute_url(), _("The visits are given out. Now plan the routes."))


@require_POST
@page(planning.ASSIGN)
def routes(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker plan the routes."""
    found = get_object_or_404(Round.objects.restrict(request.user, "view").select_related("area"), pk=pk)
    form = RoutesForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect(found)
    return redirect(routing.start(request.user, found, form.cleaned_data))


@require_GET
@page(VIEW)
def day(request: HttpRequest) -> HttpResponse:
    """The visits of one inspector on one day: in order, on the map, with times and ways; prints as the day's sheet."""
    on = parse_date(request.GET.get("on", "")) if len(request.GET.get("on", "")) <= 10 else None
    on = on or timezone.localdate()
    people = queries.inspectors()
    wanted = request.GET.get("inspector", "")
    busy = Counter(
        queries.visits(request.user).filter(planned_on=on, inspector__isnull=False).values_list("inspector", flat=True)
    )
    person = next((p for p in people if str(p.pk) == wanted), None)
    person = person or next((p for p in people if p.pk == request.user.pk), None)
    person = person or next((p for p in people if p.pk in busy), people[0] if people else None)
    context: dict[str, Any] = {
        "parts": parts(request),
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "person": person,
        "people": [(p, busy.get(p.pk, 0)) for p in people if p.pk in busy or p == person],
        "may_assign": can(request.user, planning.ASSIGN),
    }
    if person is not None:
        context |= _day(request, person, on)
    return render(request, "inspections/day.html", context)


@require_POST
@page(planning.ASSIGN)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a visit up or down in its day."""
    rows = Inspection.objects.restrict(request.user, "assign").select_related("inspector")
    visit = get_object_or_404(rows, pk=pk)
    back = reverse("inspections:day")
    if visit.inspector is None or visit.planned_on is None:
        messages.error(request, _("Give the visit an inspector and a day first."))
        return redirect(visit)
    visits = queries.day(request.user, visit.inspector, visit.planned_on)
    order = [row.pk for row in visits]
    place = order.index(visit.pk) if visit.pk in order else 0
    other = place + (-1 if request.POST.get("to") == "up" else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    times = sorted(row.planned_at for row in visits if row.planned_at) if all(r.planned_at for r in visits) else []
    moves = [(key, visit.planned_on, n, times[n - 1] if times else None) for n, key in enumerate(order, start=1)]
    address = f"{back}?on={visit.planned_on:%Y-%m-%d}&inspector={visit.inspector_id}"
    return acted(request, lambda: planning.move_visits(request.user, moves), address)


def _preview(request: HttpRequest, found: Round) -> dict[str, Any]:
    drawn = queries.drawn(found)
    inside = [row for row in drawn if row.is_in]
    shown = inside if request.GET.get("show") != "out" else [row for row in drawn if not row.is_in]
    table = Paginator(shown, PREVIEW).get_page(request.GET.get("page"))
    facilities = Facility.objects.select_related("type", "area").defer("area__boundary")
    by_id = facilities.in_bulk([row.candidate.pk for row in table])
    words = {
        "all": _("every facility"),
        "due": _("not visited for long enough"),
        "never": _("never visited"),
        "recent": _("visited not long ago"),
        "drawn": _("drawn"),
        "not_drawn": _("not drawn"),
        "chosen": _("chosen by hand"),
        "not_chosen": _("not chosen"),
    }
    random = found.rule == Round.Rule.RANDOM
    return {
        "inside": len(inside),
        "outside": len(drawn) - len(inside),
        "showing_out": request.GET.get("show") == "out",
        "reasons": [(words[why], n) for why, n in Counter(row.why for row in inside).most_common()],
        "table": table,
        "rows": [
            (
                by_id[row.candidate.pk],
                row,
                words[row.why],
                draw.number_of(found.seed, row.candidate.code)[:12] if random else "",
            )
            for row in table
            if row.candidate.pk in by_id
        ],
        "random": random,
    }


def _coverage(request: HttpRequest, found: Any) -> dict[str, Any]:
    visits = queries.visit_list(request.user).filter(round=found)
    rows = visits.order_by().exclude(state=Inspection.State.CANCELLED)
    done = Count("pk", filter=Q(state=Inspection.State.SUBMITTED))
    people = list(
        rows.filter(inspector__isnull=False)
        .values("inspector", "inspector__full_name")
        .annotate(n=Count("pk"), done=done, planned=Count("planned_on"))
        .order_by("inspector__full_name")
    )
    days = list(
        rows.filter(planned_on__gte=timezone.localdate(), inspector__isnull=False)
        .values("planned_on", "inspector", "inspector__full_name")
        .annotate(n=Count("pk"))
        .order_by("planned_on", "inspector__full_name")[:30]
    )
    table = VisitTable(queries.listed(visits).order_by("planned_on", "planned_order", "pk"))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    today = timezone.localdate()
    to_give_out = queries.to_give_out(request.user, found).count()
    return {
        "table": table,
        "to_give_out": to_give_out,
        "out_of_reach": found.visits - found.done - found.under_way - to_give_out,
        "people": people,
        "days": days,
        "days_left": (found.ends_on - today).days,
        "running": found.state == Round.State.RUNNING,
        "assign_form": AssignRoundForm(),
        "routes_form": RoutesForm(initial={"first": max(today, found.starts_on)}),
        "random": found.rule == Round.Rule.RANDOM,
    }


def _day(request: HttpRequest, person: Person, on: date) -> dict[str, Any]:
    visits = queries.day(request.user, person, on)
    planned = routing.day_of(person, visits)
    return {
        "legs": [(leg, visit_pill(leg.visit), leg.visit.state in planning.NOT_BEGUN) for leg in planned.legs],
        "metres": planned.metres,
        "line": planned.line if visits else None,
        "points": [map_point(visit, number) for number, visit in enumerate(visits, start=1)],
    }
