"""Kinds of equipment."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.equipment import actions, queries
from tirek.equipment.forms import KindForm
from tirek.equipment.models import Item, Kind


@require_GET
@page("equipment.view_kind")
def kinds(request: HttpRequest) -> HttpResponse:
    mine = Item.objects.restrict(request.user, "view").values("pk")
    here = Q(items__in=mine) & ~Q(items__state=Item.State.RETIRED)
    rows = queries.kinds(request.user).annotate(n=Count("items", filter=here))
    groups = [(label, [row for row in rows if row.group == value]) for value, label in Kind.Group.choices]
    context = {
        "groups": [(label, group) for label, group in groups if group],
        "may_change": can(request.user, "equipment.change_kind"),
    }
    return render(request, "equipment/kinds.html", context)


@require_http_methods(["GET", "POST"])
@page("equipment.change_kind")
def kind_new(request: HttpRequest) -> HttpResponse:
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_kind(request.user, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("equipment:kinds")
    return render(request, "equipment/kind_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@page("equipment.change_kind")
def kind_edit(request: HttpRequest, pk: int) -> HttpResponse:
    kind = Kind.objects.restrict(request.user, "change").filter(pk=pk).first()
    if kind is None:
        raise Http404
    form = KindForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        actions.change_kind(request.user, pk, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("equipment:kinds")
    return render(request, "equipment/kind_form.html", {"form": form, "kind": kind})
