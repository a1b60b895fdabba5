"""Kinds of incident."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.incidents import actions
from tirek.incidents.forms import KindForm
from tirek.incidents.models import Incident, Kind


@require_GET
@page("incidents.view_kind")
def kinds(request: HttpRequest) -> HttpResponse:
    seen = Incident.objects.restrict(request.user, "view").order_by()
    counts = dict(seen.values_list("kind").annotate(n=Count("pk")))
    rows = [(kind, counts.get(kind.pk, 0)) for kind in Kind.objects.restrict(request.user, "view")]
    return render(request, "incidents/kinds.html", {"rows": rows, "may_change": can(request.user, actions.CHANGE_KIND)})


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_KIND)
def kind_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, Kind())


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE_KIND)
def kind_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Kind.objects.restrict(request.user, "change"), pk=pk))


def _edit(request: HttpRequest, kind: Kind) -> HttpResponse:
    form = KindForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        known = Kind.objects.get(pk=kind.pk) if kind.pk else Kind()
        try:
            actions.change_kind(request.user, known, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("incidents:kinds")
    return render(request, "incidents/kind_form.html", {"form": form, "kind": kind})
