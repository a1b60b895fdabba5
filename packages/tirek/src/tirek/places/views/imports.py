"""Importing: upload, look, confirm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.places import actions, uploads
from tirek.places.forms import SETTLEMENTS, MappingForm, UploadForm
from tirek.places.imports.plan import Deed, Plan
from tirek.places.imports.planning import PERMISSION
from tirek.places.tables import PlanTable

SESSION_KEY = "places_import"
PAGE = 50


@require_http_methods(["GET", "POST"])
@page(PERMISSION)
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        _forget(request)
        request.session[SESSION_KEY] = {
            "file": uploads.keep(form.cleaned_data["file"]),
            "what": form.cleaned_data["what"],
        }
        return redirect("places:preview")
    return render(request, "places/import.html", {"form": form})


@require_GET
@page(PERMISSION)
def preview(request: HttpRequest) -> HttpResponse:
    """What the import would do, row by row. Choosing other columns plans again."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("places:import")
    path, what = waiting
    try:
        plan = _plan(request, path, what, actions.preview_settlements, actions.preview_boundaries)
    except Refused as refusal:
        _forget(request)
        messages.error(request, str(refusal))
        return redirect("places:import")
    table = PlanTable(sorted(plan.rows, key=lambda row: (not row.errors, not row.remarks, row.number)))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "plan": plan,
        "counts": plan.counts,
        "table": table,
        "form": MappingForm(initial=plan.fields, what=what, columns=plan.columns),
        "what": dict(UploadForm.base_fields["what"].choices)[what],
    }
    return render(request, "places/preview.html", context)


@require_POST
@page(PERMISSION)
def confirm(request: HttpRequest) -> HttpResponse:
    waiting = _waiting(request)
    if waiting is None:
        messages.error(request, _("The file is no longer here. Upload it again."))
        return redirect("places:import")
    path, what = waiting
    try:
        plan = _plan(request, path, what, actions.import_settlements, actions.import_boundaries)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("places:preview")
    _forget(request)
    written = plan.counts[Deed.ADD] + plan.counts[Deed.CHANGE]
    messages.success(
        request,
        ngettext("%(n)d area was imported.", "%(n)d areas were imported.", written) % {"n": written},
    )
    return redirect("places:areas")


def _plan(request: HttpRequest, path: Path, what: str, settlements: Any, boundaries: Any) -> Plan:
    fields = _chosen_fields(request, what)
    if what == SETTLEMENTS:
        plan: Plan = settlements(request.user, path, fields=fields)
    else:
        plan = boundaries(request.user, path, what, fields=fields)
    return plan


def _chosen_fields(request: HttpRequest, what: str) -> dict[str, str] | None:
    """The columns that the person chose; None lets the import guess. A column that is not in the file fills nothing."""
    given = request.POST if request.method == "POST" else request.GET
    if "chosen" not in given:
        return None
    names = MappingForm(what=what, columns=[]).fields
    return {name: value for name in names if (value := given.get(name, ""))}


def _waiting(request: HttpRequest) -> tuple[Path, str] | None:
    kept = request.session.get(SESSION_KEY)
    path = uploads.find(kept["file"]) if kept else None
    return (path, kept["what"]) if path is not None else None


def _forget(request: HttpRequest) -> None:
    if kept := request.session.pop(SESSION_KEY, None):
        uploads.drop(kept["file"])
