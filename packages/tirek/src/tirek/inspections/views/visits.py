"""The list of visits and the page of one."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can, can_at
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.inspections import checklist, payload, queries, registry
from tirek.inspections.actions import carrying, handing_in, planning
from tirek.inspections.clock import ms, read
from tirek.inspections.filters import VisitFilter
from tirek.inspections.forms import AnswerForm, AssignForm, HandInForm, PlanForm, RecheckForm
from tirek.inspections.models import Answer, Conflict, Inspection
from tirek.inspections.tables import ANSWER_PILL, VisitTable, day_of, finding_pill, visit_pill
from tirek.inspections.values import Value
from tirek.inspections.views.common import acted, parts
from tirek.requirements.models import Point, Requirement, Standing
from tirek.ui.templatetags.tirek import state_pill

PAGE = 25
VIEW, CARRY = "inspections.view_inspection", "inspections.carry_inspection"
FAR_M = 500  # a visit that was handed in farther away than this says so


@require_GET
@page(VIEW)
def visits(request: HttpRequest) -> HttpResponse:
    """All visits, with what needs a look above."""
    rows = queries.visit_list(request.user)
    found = VisitFilter(request.GET, rows, request=request)
    table = VisitTable(queries.listed(found.qs).order_by("-planned_on", "-pk"))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "parts": parts(request),
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "counts": queries.counts(request.user),
        "any": table.page.paginator.count or rows.exists(),
        "may_plan": can(request.user, planning.PLAN_ROUND),
        "may_carry": can(request.user, CARRY),
    }
    return render(request, "inspections/visits.html", context)


@require_GET
@page(VIEW)
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit."""
    visit = _visit(request, pk)
    user = request.user
    conflicts = list(visit.conflicts.filter(chosen="").select_related("requirement", "sent_by"))
    photos = list(visit.photos.filter(removed_at=None).select_related("file", "by", "requirement"))
    findings = list(visit.findings.select_related("requirement").defer("requirement__hint_en").order_by("pk"))
    verifies = list(visit.verifies.select_related("requirement", "found_by"))
    metres = queries.metres_off(visit)
    context = {
        "visit": visit,
        "pill": visit_pill(visit),
        "day": day_of(visit),
        "points": _points(visit, photos),
        "photos": photos,
        "findings": [(finding, finding_pill(finding)) for finding in findings],
        "verifies": [(finding, finding_pill(finding)) for finding in verifies],
        "conflicts": [_sides(conflict) for conflict in conflicts],
        "decided": visit.conflicts.exclude(chosen="").count(),
        "companions": list(visit.companions.all()),
        "editions": list(visit.editions.select_related("standard").defer("file")),
        "edition_note": payload.edition_note(visit),
        "clock_note": payload.clock_note(visit.clock_offset_s),
        "metres": metres,
        "is_far": metres is not None and metres > FAR_M,
        "sections": registry.sections.collect(request, visit),
        "point": _map_points(visit),
        "may": _may(user, visit),
    }
    return render(request, "inspections/visit.html", context)


@require_http_methods(["GET", "POST"])
@page(CARRY)
def fill_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The same checklist at the desk: each answer is sent by itself, like a phone's."""
    visit = _visit(request, pk, "carry")
    if visit.state not in planning.OPEN:
        messages.info(request, _("This visit is over."))
        return redirect(visit)
    if request.method == "POST":
        return _answered(request, visit)
    context = {
        "visit": visit,
        "pill": visit_pill(visit),
        "points": _points(visit, list(visit.photos.filter(removed_at=None)), every=True),
        "form": HandInForm(initial={name: getattr(visit, name) for name in HandInForm.base_fields}),
        "missing": request.session.pop(f"missing-{visit.pk}", []),
        "buildings": list(visit.facility.buildings.all()),
        "severities": Requirement.Severity.choices,
    }
    return render(request, "inspections/fill_in.html", context)


@require_POST
@page("inspections.submit_inspection")
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was filled in at the desk."""
    visit = _visit(request, pk, "carry")
    form = HandInForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why there is no signature."))
        return redirect("inspections:fill_in", pk)
    sent = ms(timezone.now())
    body = form.cleaned_data | {"device": f"desk-{request.user.pk}", "sent_at": sent, "finished_at": sent}
    try:
        handing_in.submit(request.user, visit.uid, body)
    except carrying.Put as refusal:
        request.session[f"missing-{visit.pk}"] = [m["text"] for m in refusal.facts.get("missing", [])][:30]
        messages.error(request, str(refusal))
        return redirect("inspections:fill_in", pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:fill_in", pk)
    messages.success(request, _("The visit is handed in."))
    return redirect(visit)


@require_POST
@page("inspections.choose_inspection")
def choose(request: HttpRequest, pk: int, conflict: int) -> HttpResponse:
    """Choose between two answers on the page."""
    visit = _visit(request, pk, "carry")
    choice, version = request.POST.get("choose", ""), request.POST.get("version", "")

    def act() -> None:
        try:
            carrying.choose(request.user, visit.uid, conflict, choice, int(version) if version.isdecimal() else None)
        except (Conflict.DoesNotExist, ValueError) as error:
            raise Http404 from error

    return acted(request, act, f"{visit.get_absolute_url()}#conflicts", _("The choice stands."))


@require_http_methods(["GET", "POST"])
@page("inspections.assign_inspection")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who goes, with whom, when."""
    visit = _visit(request, pk, "assign")
    form = AssignForm(request.POST or None, visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            planning.assign_visit(request.user, pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(visit)
    return render(request, "inspections/assign.html", {"form": form, "visit": visit})


@require_POST
@page("inspections.cancel_inspection")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    visit, why = _visit(request, pk, "cancel"), request.POST.get("why", "")
    act = lambda: planning.cancel_visit(request.user, pk, why)  # noqa: E731
    return acted(request, act, visit.get_absolute_url(), _("The visit is cancelled."))


@require_POST
@page("inspections.cancel_inspection")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk, "cancel")
    act = lambda: planning.reopen_visit(request.user, pk)  # noqa: E731
    return acted(request, act, visit.get_absolute_url(), _("The visit is open again."))


@require_http_methods(["GET", "POST"])
@page("inspections.plan_inspection")
def plan(request: HttpRequest, facility: int) -> HttpResponse:
    """Plan a visit to one facility."""
    found = _facility(request, facility)
    form = PlanForm(request.POST or None, people=_people(request, found))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            (made,) = planning.plan_visits(
                request.user,
                [found],
                kind=data["kind"],
                on=data["on"],
                inspector=data["inspector"],
                reason=data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except PermissionDenied:
            form.add_error(None, _("This lies outside of what you may do."))
        else:
            messages.success(request, _("The visit is planned."))
            return redirect(made)
    return render(request, "inspections/plan.html", {"form": form, "facility": found})


@require_http_methods(["GET", "POST"])
@page("inspections.plan_inspection")
def recheck(request: HttpRequest, facility: int) -> HttpResponse:
    """Plan a re-inspection of open findings."""
    found = _facility(request, facility)
    opened = queries.open_findings(found)
    chosen = [int(pk) for pk in request.GET.getlist("finding") if pk.isdecimal()] or [row.pk for row in opened]
    form = RecheckForm(
        request.POST or None, people=_people(request, found), findings=opened, initial={"findings": chosen}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = planning.plan_recheck(request.user, data["findings"], data["on"], data["inspector"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except PermissionDenied:
            form.add_error(None, _("This lies outside of what you may do."))
        else:
            messages.success(request, _("The re-inspection is planned."))
            return redirect(made)
    context = {"form": form, "facility": found, "again": True, "any": opened.exists()}
    return render(request, "inspections/plan.html", context)


@require_GET
@page(VIEW)
def points_json(request: HttpRequest) -> HttpResponse:
    """The visits of the list as points of a map; the same filters."""
    found = VisitFilter(request.GET, queries.visits(request.user), request=request)
    return JsonResponse({"points": [map_point(visit) for visit in found.qs.order_by("pk")[:2000]]})


def map_point(visit: Inspection, number: int | None = None) -> dict[str, Any]:
    name = visit.facility.name if number is None else f"{number}. {visit.facility.name}"
    states = {"submitted": "heard", "under_way": "accepted", "cancelled": "expired"}
    detail = f"{day_of(visit)} · {visit.get_state_display()}"
    return {
        "id": visit.pk,
        "lat": visit.facility.lat,
        "lon": visit.facility.lon,
        "state": states.get(visit.state, "ready"),
        "name": name,
        "detail": detail,
    }


def _visit(request: HttpRequest, pk: int, verb: str = "view") -> Inspection:
    rows = queries.visits(request.user) if verb == "view" else Inspection.objects.restrict(request.user, verb)
    related = ("facility__type", "facility__area__parent", "inspector", "round", "signature", "submitted_by")
    rows = rows.select_related(*related).defer("facility__area__boundary", "facility__area__parent__boundary")
    return get_object_or_404(rows, pk=pk)


def _facility(request: HttpRequest, pk: int) -> Facility:
    rows = Facility.objects.restrict(request.user, "view").select_related("area", "type")
    found = get_object_or_404(rows, pk=pk)
    if not any(g.covers(found.area.path, found.agency_id) for g in request.user.grants(planning.PLAN)):
        raise Http404
    return found


def _people(request: HttpRequest, facility: Facility) -> list[Any]:
    """Whom the person may send: everybody who may inspect it, or only themselves."""
    people = queries.inspectors([facility])
    sends = can_at(request.user, planning.ASSIGN, facility.area.path, facility.agency_id)
    return people if sends else [p for p in people if p.pk == request.user.pk]


def _may(user: Any, visit: Inspection) -> dict[str, bool]:
    is_open = visit.state in planning.OPEN
    verbs = {verb: can(user, f"inspections.{verb}_inspection", visit) for verb in ("carry", "assign", "cancel")}
    return {
        "fill_in": is_open and verbs["carry"],
        "choose": verbs["carry"],
        "assign": is_open and verbs["assign"],
        "cancel": is_open and verbs["cancel"],
        "reopen": visit.state == Inspection.State.CANCELLED and verbs["cancel"],
    }


def _points(visit: Inspection, photos: list[Any], *, every: bool = False) -> list[dict[str, Any]]:
    """The checklist point by point, each line with its answer, photos and where the facility stood before."""
    answers = {a.requirement_id: a for a in visit.answers.select_related("by", "building", "requirement__edition")}
    lines = checklist.of(visit) if every or visit.state != Inspection.State.CANCELLED or answers else []
    seen = {line.pk for line in lines}
    lines += [answer.requirement for answer in answers.values() if answer.requirement_id not in seen]
    before = {
        (row.standard_id, row.key): row
        for row in Standing.objects.filter(facility=visit.facility_id).exclude(source_id=visit.pk, source="inspection")
    }
    verified = {row.requirement_id: row for row in visit.verifies.select_related("found_by")}
    rows = [
        {
            "requirement": line,
            "answer": (answer := answers.get(line.pk)),
            "pill": _answer_pill(answer),
            "photos": [photo for photo in photos if photo.requirement_id == line.pk],
            "before": before.get((line.edition.standard_id, line.key)),
            "finding": verified.get(line.pk),
            "extra": line.pk not in seen,
        }
        for line in sorted(lines, key=lambda line: list(Point).index(Point(line.point)))
    ]
    return [
        {
            "point": Point(point).label,
            "rows": (own := list(group)),
            "answered": sum(row["answer"] is not None for row in own),
        }
        for point, group in groupby(rows, key=lambda row: row["requirement"].point)
    ]


def _answer_pill(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return state_pill(ANSWER_PILL[answer.state], answer.get_state_display())


def _sides(conflict: Conflict) -> dict[str, Any]:
    """A conflict as two columns."""
    return {
        "conflict": conflict,
        "title": conflict.requirement or _field_name(conflict.field),
        "sides": [
            {
                "key": "ours",
                "label": _("Stands now"),
                **_side(conflict.ours, (conflict.ours.get("by") or {}).get("name", "")),
            },
            {"key": "theirs", "label": _("Was sent later"), **_side(conflict.theirs, conflict.sent_by.full_name)},
        ],
        "version": conflict.ours.get("version", 0),
    }


def _side(side: dict[str, Any], who: str) -> dict[str, Any]:
    state = side.get("state", "")
    word = dict(Answer.State.choices).get(state, "")
    return {
        "pill": state_pill(ANSWER_PILL[state], word) if state in ANSWER_PILL else "",
        "text": side.get("text") or side.get("note") or "",
        "place": side.get("place", ""),
        "who": who,
        "at": read(side.get("at")),
        "empty": not side,
    }


def _field_name(name: str) -> str:
    return str(Inspection._meta.get_field(name).verbose_name)


def _map_points(visit: Inspection) -> list[dict[str, Any]]:
    points = [map_point(visit)]
    if visit.lat is not None and visit.lon is not None:
        here = {"id": 0, "lat": visit.lat, "lon": visit.lon, "state": "accepted", "name": _("The phone"), "detail": ""}
        points.append(here)
    return points


def _answered(request: HttpRequest, visit: Inspection) -> HttpResponse:
    """Take one answer in; a page without scripts goes back to the line, one with them gets the line anew."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("This answer cannot be read. Load the page again."), status=409)
    data = form.cleaned_data
    value = Value(
        data["state"],
        data["severity"] if data["state"] == Answer.State.UNMET else "",
        data["note"].strip(),
        data["place"].strip(),
        data["building"],
    )
    try:
        taken = carrying.answer(request.user, visit.pk, data["requirement"].pk, value, data["base"])
    except Refused as refusal:
        return HttpResponse(str(refusal), status=409)
    (outcome,) = taken.outcomes.values()
    if outcome["outcome"] == "conflict":
        messages.warning(
            request, _("Somebody else has answered this differently meanwhile. Both answers are kept: choose one.")
        )
    elif outcome["outcome"] == "refused":
        messages.error(request, outcome["detail"])
    if getattr(request, "htmx", False):
        visit.refresh_from_db()
        context = {
            "visit": visit,
            "row": _row(visit, data["requirement"].pk),
            "buildings": list(visit.facility.buildings.all()),
            "severities": Requirement.Severity.choices,
        }
        return render(request, "inspections/parts/fill_in_row.html", context)
    return redirect(f"{reverse('inspections:fill_in', args=[visit.pk])}#r{data['requirement'].pk}")


def _row(visit: Inspection, requirement: int) -> dict[str, Any]:
    photos = list(visit.photos.filter(removed_at=None, requirement=requirement))
    rows = [row for point in _points(visit, photos, every=True) for row in point["rows"]]
    return next(row for row in rows if row["requirement"].pk == requirement)
