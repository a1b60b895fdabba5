"""Times without reports: what a person knows of them, and what the register itself says."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.incidents import actions, months, queries, series
from tirek.incidents.forms import SilenceForm, WhyForm
from tirek.incidents.models import Silence
from tirek.places.models import Area
from tirek.places.queries import areas


@require_http_methods(["GET", "POST"])
@page("incidents.view_silence")
def silences(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    may_declare = can(user, actions.DECLARE)
    if request.method == "POST" and not may_declare:
        raise PermissionDenied(actions.DECLARE)
    form = SilenceForm(request.POST or None, user=user) if may_declare else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            actions.declare_silence(user, data["area"], data["first_month"], data["last_month"], data["why"])
        except PermissionDenied:
            form.add_error("area", _("This area lies outside what you may change."))
        except Refused as refusal:
            form.add_error("first_month", str(refusal))
        else:
            messages.success(request, _("Written down. Zeros of these months mean “not known” from now on."))
            return redirect("incidents:silences")
    rows = [(row, months.first_day(row.first_month), _last(row)) for row in queries.silences(user)[:200]]
    allowed = set(Silence.objects.restrict(user, "withdraw").values_list("pk", flat=True)) if may_declare else set()
    context = {"rows": rows, "form": form, "fell_silent": _fell_silent(user), "withdrawable": allowed}
    return render(request, "incidents/silences.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.WITHDRAW)
def silence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Silence.objects.restrict(request.user, "withdraw").select_related("area").defer("area__boundary")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_silence(request.user, pk, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back. The months count as they stand."))
            return redirect("incidents:silences")
    return render(request, "incidents/silence_withdraw.html", {"form": form, "silence": found})


def _last(row: Silence) -> Any:
    return months.first_day(row.last_month) if row.last_month is not None else None


def _fell_silent(user: Any) -> list[tuple[Area, int]]:
    """Districts whose silence the register itself notices, with the months it has lasted."""
    districts = list(areas(user).filter(kind=Area.Kind.DISTRICT).order_by("path"))
    if not districts:
        return []
    quiet = series.silent_months(districts)
    return [(area, months_) for area, months_ in zip(districts, quiet, strict=True) if months_]
