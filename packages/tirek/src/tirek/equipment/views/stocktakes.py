"""Stocktakes: the list, the page for the phone, the result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.equipment import actions, queries
from tirek.equipment.forms import WhereForm
from tirek.equipment.models import Item, Stocktake
from tirek.facilities.models import Building

PAGE = 25


@require_GET
@page("equipment.view_stocktake")
def stocktakes(request: HttpRequest) -> HttpResponse:
    page_obj = Paginator(queries.stocktakes(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "rows": page_obj, "may_take": can(request.user, "equipment.take_stocktake")}
    return render(request, "equipment/stocktakes.html", context)


@require_http_methods(["GET", "POST"])
@page("equipment.take_stocktake")
def stocktake_new(request: HttpRequest) -> HttpResponse:
    initial = {"facility": request.GET.get("facility", "")}
    form = WhereForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_stocktake(request.user, form.cleaned_data["facility"])
        except PermissionDenied:
            form.add_error("facility", _("This facility lies outside what you may count."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return render(request, "equipment/stocktake_new.html", {"form": form})


@require_GET
@page("equipment.view_stocktake")
def stocktake(request: HttpRequest, pk: int) -> HttpResponse:
    found = _stocktake(request, pk)
    context = {
        **_state(found),
        "stocktake": found,
        "may_take": can(request.user, "equipment.take_stocktake", found),
        "may_apply": can(request.user, "equipment.change_item") and can(request.user, "equipment.move_item"),
        "buildings": list(Building.objects.filter(facility=found.facility_id)),
    }
    template = "equipment/stocktake.html" if found.closed_at is None else "equipment/stocktake_result.html"
    return render(request, template, context)


@require_GET
@page("equipment.view_stocktake")
def stocktake_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, for the open page."""
    found = _stocktake(request, pk)
    return render(request, "equipment/parts/stocktake_list.html", {**_state(found), "stocktake": found})


@require_POST
@page("equipment.take_stocktake")
def stocktake_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """One scan of a phone. It may send it again until it has an answer."""
    building = request.POST.get("building", "")
    try:
        answer = actions.scan_label(
            request.user,
            pk,
            request.POST.get("label", ""),
            building=Building.objects.filter(pk=int(building)).first() if building.isdecimal() else None,
            place=request.POST.get("place", ""),
            client_id=request.POST.get("client_id", ""),
            at=_moment(request.POST.get("at", "")),
        )
    except Stocktake.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return HttpResponse(str(refusal), status=409)
    item = answer.item
    return JsonResponse(
        {
            "kind": answer.kind,
            "text": answer.text,
            "name": f"{item.kind.name} {item.tag}" if item else answer.text,
            # Of a facility that the person may not see only that it is another one.
            "detail": _where(request.user, item) if item else "",
        }
    )


@require_POST
@page("equipment.take_stocktake")
def stocktake_close(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = actions.close_stocktake(request.user, pk)
    except Stocktake.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("equipment:stocktake", pk=pk)
    messages.success(request, _("The stocktake is closed."))
    return redirect(found)


@require_POST
@page("equipment.take_stocktake")
def stocktake_apply(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        changed = actions.apply_stocktake(
            request.user, pk, missing=_ids(request, "missing"), moves=_ids(request, "moves")
        )
    except Stocktake.DoesNotExist:
        raise Http404 from None
    except PermissionDenied:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, ngettext("%(n)d item was changed.", "%(n)d items were changed.", changed) % {"n": changed}
        )
    return redirect("equipment:stocktake", pk=pk)


def _stocktake(request: HttpRequest, pk: int) -> Stocktake:
    found: Stocktake | None = queries.stocktakes(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _state(found: Stocktake) -> dict[str, Any]:
    """What was found so far, or at the end, with the items by name."""
    if found.closed_at is None:
        count = queries.count_of(found)
        ids = {"found": count.found, "misplaced": list(count.misplaced), "missing": count.missing}
        why: dict[str, str] = {str(pk): reason for pk, reason in count.misplaced.items()}
    else:
        ids, why = found.result["items"], found.result["why"]
    scans = {scan.item_id: scan for scan in found.scans.select_related("building") if scan.item_id}
    rows = Item.objects.select_related("kind", "building", "facility").in_bulk(
        [pk for group in ids.values() for pk in group]
    )
    applied = set(found.result.get("applied", []))
    lines = {
        name: [
            {
                "item": rows[pk],
                "scan": scans.get(pk),
                "why": why.get(str(pk), ""),
                "applied": pk in applied,
            }
            for pk in group
            if pk in rows
        ]
        for name, group in ids.items()
    }
    total = len(found.expected)
    left = len(ids["missing"])
    return {
        "lines": lines,
        "unknown": list(found.scans.filter(item=None)),
        "expected": total,
        "done": total - left,
    }


def _where(user: Any, item: Item) -> str:
    visible = queries.items(user).filter(pk=item.pk).exists()
    if not visible:
        return ""
    building = item.building.name if item.building_id and item.building else ""
    return " · ".join(filter(None, (item.facility.name, building, item.place)))


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if pk.isdecimal()]


def _moment(text: str) -> datetime | None:
    """Milliseconds since 1970, as a phone says it."""
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
