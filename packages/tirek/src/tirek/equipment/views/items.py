"""The list, a page for each item, and labels."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.equipment import actions, queries
from tirek.equipment.filters import ItemFilter
from tirek.equipment.forms import AddForm, ItemForm, MoveForm, RetireForm, TestForm, WhereForm
from tirek.equipment.labels import MOST, labels_pdf
from tirek.equipment.models import Item
from tirek.equipment.registry import live
from tirek.equipment.tables import ItemTable
from tirek.facilities.models import Facility

PAGE = 25


@require_GET
@page("equipment.view_item")
def items(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = ItemFilter(request.GET, queryset=queries.items(user), request=request)
    table = ItemTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    table.live = live(row.record.pk for row in table.page.object_list)
    total = table.page.paginator.count
    context = {
        "filter": found,
        "table": table,
        "total": total,
        "any": bool(total) or queries.items(user).exists(),
        "numbers": queries.numbers(user),
        "query": request.GET.urlencode(),
        "may_print": 0 < total <= MOST,
        "may_add": can(user, "equipment.add_item"),
        "may_see_stocktakes": can(user, "equipment.view_stocktake"),
        "may_see_kinds": can(user, "equipment.view_kind"),
    }
    return render(request, "equipment/items.html", context)


@require_GET
@page("equipment.view_item")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = queries.item(request.user, pk)
    except Item.DoesNotExist:
        raise Http404 from None
    user: Any = request.user
    now = live([found.pk]).get(found.pk)
    context = {
        "item": found,
        "live": now,
        "may_open": now is not None and bool(now.url) and can(user, now.permission),
        "overdue": queries.is_overdue(found),
        "tests": found.tests.all()[:50],
        "form": TestForm(),
        "may_change": can(user, "equipment.change_item", found),
        "may_move": can(user, "equipment.move_item", found),
        "may_test": found.state not in queries.NOT_EXPECTED and can(user, "equipment.test_item", found),
        "may_retire": found.state != Item.State.RETIRED and can(user, "equipment.retire_item", found),
    }
    return render(request, "equipment/item.html", context)


@require_GET
@page("equipment.view_item")
def by_tag(request: HttpRequest, tag: str) -> HttpResponse:
    """Where the code on a label leads."""
    found = queries.by_tag(tag)
    if found is None or not queries.items(request.user).filter(pk=found.pk).exists():
        raise Http404
    return redirect(found)


@require_GET
@page("equipment.view_item")
def labels(request: HttpRequest) -> HttpResponse:
    """Labels for what the filters leave, or for the items that are named (`id`)."""
    rows = queries.items(request.user)
    chosen = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
    rows = rows.filter(pk__in=chosen) if chosen else ItemFilter(request.GET, queryset=rows, request=request).qs
    found = list(rows.order_by("facility__code", "tag")[: MOST + 1])
    if not found:
        raise Http404
    if len(found) > MOST:
        return HttpResponse(_("More than %(most)d labels. Narrow the list down.") % {"most": MOST}, status=409)
    pdf = labels_pdf(found, lambda one: request.build_absolute_uri(reverse("equipment:tag", args=[one.tag])))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
@page("equipment.add_item")
def new(request: HttpRequest) -> HttpResponse:
    """First where (`?facility=<code>`), then what."""
    if not request.GET.get("facility"):
        return render(request, "equipment/where.html", {"form": WhereForm(user=request.user)})
    where = WhereForm(request.GET, user=request.user)
    if not where.is_valid():
        return render(request, "equipment/where.html", {"form": where})
    facility: Facility = where.cleaned_data["facility"]
    form = AddForm(request.POST or None, facility=facility)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        count, tag = fields.pop("count"), fields.pop("tag")
        try:
            made = actions.add_items(request.user, {**fields, "facility": facility}, count=count, tag=tag)
        except PermissionDenied:
            form.add_error(None, _("This facility lies outside what you may add to."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = ngettext("%(n)d item was added.", "%(n)d items were added.", len(made)) % {"n": len(made)}
            messages.success(request, done)
            if len(made) == 1:
                return redirect(made[0])
            return redirect(f"{facility.get_absolute_url()}?tab=equipment")
    return render(request, "equipment/item_form.html", {"form": form, "facility": facility})


@require_http_methods(["GET", "POST"])
@page("equipment.change_item")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _item(request, pk, "change")
    form = ItemForm(request.POST or None, instance=found, facility=found.facility)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_item(request.user, pk, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("equipment:item", pk=pk)
    return render(request, "equipment/item_form.html", {"form": form, "facility": found.facility, "item": found})


@require_http_methods(["GET", "POST"])
@page("equipment.move_item")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found = _item(request, pk, "move")
    initial = {
        "facility": found.facility,
        "building": found.building.name if found.building else "",
        "place": found.place,
    }
    form = MoveForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.move_item(
                request.user, pk, data["facility"], building=data["building"], place=data["place"], why=data["why"]
            )
        except PermissionDenied:
            form.add_error("facility", _("This facility lies outside what you may add to."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Moved."))
            return redirect("equipment:item", pk=pk)
    context = {"form": form, "item": found, "heading": _("Move it"), "act": _("Move"), "act_icon": "truck"}
    return render(request, "equipment/act_form.html", context)


@require_http_methods(["GET", "POST"])
@page("equipment.retire_item")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _item(request, pk, "retire")
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.retire_item(request.user, pk, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken out. Its record stays."))
            return redirect("equipment:item", pk=pk)
    context = {
        "form": form,
        "item": found,
        "heading": _("Take it out for good"),
        "act": _("Take out"),
        "act_icon": "archive-off",
    }
    return render(request, "equipment/act_form.html", context)


@require_http_methods(["GET", "POST"])
@page("equipment.test_item")
def test(request: HttpRequest, pk: int) -> HttpResponse:
    found = _item(request, pk, "test")
    form = TestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_test(request.user, pk, passed=data["passed"] == "1", on=data["on"], note=data["note"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The test is written down."))
            return redirect("equipment:item", pk=pk)
    context = {
        "form": form, "item": found, "heading": _("Write down a test"), "act": _("Write down"), "act_icon": "clipboard-check",
    }  # fmt: skip
    return render(request, "equipment/act_form.html", context)


test.__test__ = False  # type: ignore[attr-defined]


def _item(request: HttpRequest, pk: int, action: str) -> Item:
    rows = Item.objects.restrict(request.user, action).select_related("kind", "facility__area", "building")
    found = rows.defer("facility__area__boundary").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
