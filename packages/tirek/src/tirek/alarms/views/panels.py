"""Panels, their signals, and accounts that nobody knows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.alarms import actions
from tirek.alarms.forms import PanelFilter, PanelForm
from tirek.alarms.models import Panel, UnknownAccount
from tirek.alarms.queries import panels as query
from tirek.alarms.receiver import status
from tirek.alarms.tables import PanelTable
from tirek.audit.act import Refused

PAGE = 50
SIGNALS = 50


@require_GET
@page("alarms.view_panel")
def panels(request: HttpRequest) -> HttpResponse:
    form = PanelFilter(request.GET or None)
    table = PanelTable(form.narrow(query.panels(request.user)))
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "form": form,
        "table": table,
        "counts": query.panel_counts(request.user),
        "unknown": query.unknown_accounts(request.user).count(),
        "receiver": status.read(),
        "may_add": can(request.user, "alarms.add_panel"),
    }
    return render(request, "alarms/panels.html", context)


@require_GET
@page("alarms.view_panel")
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _panel(request, pk)
    page_obj = Paginator(found.signals.order_by("-received_at", "-pk"), SIGNALS).get_page(request.GET.get("page"))
    context = {
        "panel": found,
        "signals": query.signal_lines(list(page_obj)),
        "page_obj": page_obj,
        "now": timezone.now(),
        "may_change": can(request.user, "alarms.change_panel", found),
        "may_test": can(request.user, "alarms.test_panel", found),
    }
    return render(request, "alarms/panel.html", context)


@require_http_methods(["GET", "POST"])
@page("alarms.add_panel")
def panel_new(request: HttpRequest) -> HttpResponse:
    form = PanelForm(request.POST or None, user=request.user, initial={"facility": request.GET.get("facility")})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_panel(request.user, form.chosen_facility, form.fields_for_act(), form.key_hex)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The panel is known now. Its next signal will be taken."))
            return redirect("alarms:panel", pk=made.pk)
    return render(request, "alarms/panel_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@page("alarms.change_panel")
def panel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _panel(request, pk)
    form = PanelForm(request.POST or None, user=request.user, panel=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_panel(
                request.user,
                pk,
                form.chosen_facility,
                form.fields_for_act(),
                form.key_hex,
                form.cleaned_data["drop_key"],
            )
        except Panel.DoesNotExist:
            raise Http404 from None
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("alarms:panel", pk=pk)
    return render(request, "alarms/panel_form.html", {"form": form, "panel": found})


@require_POST
@page("alarms.test_panel")
def panel_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a panel under test for ?minutes (0 ends the test)."""
    text = request.POST.get("minutes", "")
    try:
        actions.start_test(request.user, pk, int(text) if text.isascii() and text.isdigit() else -1)
    except Panel.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("alarms:panel", pk=pk)


@require_POST
@page("alarms.change_panel")
def panel_clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a panel's clock anew."""
    try:
        actions.start_clock_anew(request.user, pk)
    except Panel.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Its clock starts anew with its next call."))
    return redirect("alarms:panel", pk=pk)


@require_GET
@page("alarms.view_unknownaccount")
def unknown(request: HttpRequest) -> HttpResponse:
    page_obj = Paginator(query.unknown_accounts(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"row": row, "text": query.unknown_text(row), "frame": query.readable(bytes(row.last_raw))} for row in page_obj
    ]
    context = {"rows": rows, "page_obj": page_obj, "may_add": can(request.user, "alarms.add_panel")}
    return render(request, "alarms/unknown.html", context)


@require_http_methods(["GET", "POST"])
@page("alarms.add_panel")
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a panel of an unknown account."""
    found = UnknownAccount.objects.restrict(request.user, "view").filter(pk=pk).first()
    if found is None:
        raise Http404
    form = PanelForm(request.POST or None, user=request.user, account=found.account)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.adopt_account(request.user, pk, form.chosen_facility, form.fields_for_act(), form.key_hex)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The panel is known now. What it has sent so far is its history."))
            return redirect("alarms:panel", pk=made.pk)
    context = {"form": form, "unknown": found, "text": query.unknown_text(found)}
    return render(request, "alarms/panel_form.html", context)


def _panel(request: HttpRequest, pk: int) -> Any:
    try:
        return query.panel(request.user, pk)
    except Panel.DoesNotExist:
        raise Http404 from None
