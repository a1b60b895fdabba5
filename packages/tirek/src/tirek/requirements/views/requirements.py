"""One requirement, and how facilities stand on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.requirements import actions, queries, words
from tirek.requirements.actions.declaring import DECLARE
from tirek.requirements.compare import difference
from tirek.requirements.forms import DeclareForm, StateFilter
from tirek.requirements.models import Edition, Requirement, Standing

PAGE = 50


@require_GET
@page("requirements.view_edition")
def requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """One requirement: its words, its rules, how facilities stand, and how it was in other editions."""
    found = _requirement(pk)
    types = words.type_names()
    in_force = found.edition.state == Edition.State.IN_FORCE
    ids = _bound_ids(found, request)
    counts = queries.counts_of_states([found], request.user).get((found.edition.standard_id, found.key), {})
    known = sum(counts.get(state, 0) for state in ("met", "unmet", "na"))
    context = {
        "requirement": found,
        "in_force": in_force,
        "applies": words.applies(found.applies, types),
        "live": words.live(found.live_check),
        "remark": words.remarks(found),
        "evidence": words.evidence(found.evidence),
        "texts": [(code, found.text_in(code), getattr(found, f"hint_{code}")) for code in ("kk", "ru", "en")],
        "counts": {state: counts.get(state, 0) for state in ("met", "unmet", "na")},
        "unknown": max(0, len(ids) - known),
        "bound": len(ids),
        "editions": _history(found, types),
    }
    return render(request, "requirements/requirement.html", context)


def _history(found: Requirement, types: dict[str, str]) -> list[dict[str, Any]]:
    """The requirement in each edition, newest first, with what was changed since the one before."""
    rows = queries.over_editions(found)
    lines = []
    for number, row in enumerate(rows):
        line: dict[str, Any] = {"row": row, "first": number + 1 == len(rows)}
        if not line["first"]:
            change = difference(rows[number + 1], row)
            line["wordings"] = change.wordings
            line["values"] = [
                (words.FIELDS[v.field], words.value(v.field, v.old, types), words.value(v.field, v.new, types))
                for v in change.values
            ]
        lines.append(line)
    return lines


@require_GET
@page("requirements.view_edition")
def facilities(request: HttpRequest, pk: int) -> HttpResponse:
    """The facilities that a requirement binds, by how they stand: ?state=unmet."""
    found = _requirement(pk)
    ids = _bound_ids(found, request)
    known = {
        row.facility_id: row
        for row in Standing.objects.filter(
            standard=found.edition.standard_id, key=found.key, facility__in=queries.visible(request.user)
        )
    }
    form = StateFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    if state:
        ids = [fid for fid in ids if (known[fid].state if fid in known else Standing.State.UNKNOWN) == state]
    page_of = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    rows = Facility.objects.select_related("type", "area").defer("area__boundary").in_bulk(list(page_of.object_list))
    context = {
        "requirement": found,
        "form": form,
        "total": len(ids),
        "page_obj": page_of,
        "rows": [(rows[fid], known.get(fid)) for fid in page_of.object_list],
    }
    return render(request, "requirements/facilities.html", context)


@require_GET
@page("requirements.view_standing")
def standing(request: HttpRequest, pk: int, facility: int) -> HttpResponse:
    """Where one facility stands on one requirement: what counts, what else was said, and what was known before."""
    return render(request, "requirements/standing.html", _standing(request, pk, facility))


def _standing(request: HttpRequest, pk: int, facility_pk: int, form: DeclareForm | None = None) -> dict[str, Any]:
    facility = get_object_or_404(Facility.objects.restrict(request.user, "view").select_related("type"), pk=facility_pk)
    if not can(request.user, "requirements.view_standing"):
        raise Http404
    found = _requirement(pk)
    now = Standing.objects.filter(facility=facility, standard=found.edition.standard_id, key=found.key).first()
    seen = now is not None and now.said is not None and now.said.is_known and now.said_source != "declared"
    return {
        "requirement": found,
        "facility": facility,
        "standing": now,
        "former": queries.former(facility, found.edition.standard_id, found.key)[:50],
        "form": form or DeclareForm(),
        "may_declare": not seen
        and found.edition.state == Edition.State.IN_FORCE
        and can(request.user, DECLARE, facility),
        "may_open": can(request.user, "requirements.view_edition"),
        "applies": words.applies(found.applies, words.type_names()),
        "evidence": words.evidence(found.evidence),
    }


@require_POST
@page(DECLARE)
def declare(request: HttpRequest, pk: int, facility: int) -> HttpResponse:
    form = DeclareForm(request.POST)
    context = _standing(request, pk, facility, form)
    if form.is_valid():
        try:
            actions.declare_standing(request.user, facility, pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down as what the facility says."))
            return redirect("requirements:standing", pk, facility)
    return render(request, "requirements/standing.html", context, status=422)


def _requirement(pk: int) -> Requirement:
    rows = Requirement.objects.select_related("edition__standard").defer("edition__file")
    return get_object_or_404(rows, pk=pk)


def _bound_ids(found: Requirement, request: HttpRequest) -> list[int]:
    """The facilities that it binds and the person may see, the most important category first."""
    ids, binds = queries.binding([found], request.user)
    bound = {pk for pk, row in zip(ids, binds[:, 0].tolist(), strict=True) if row}
    order = queries.visible(request.user).order_by("category", "code").values_list("pk", flat=True)
    return [pk for pk in order if pk in bound]
