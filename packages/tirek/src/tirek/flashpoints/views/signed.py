"""Flash-points: the list, one of them with all that was said about it, and the forms of its acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.flashpoints import actions, queries
from tirek.flashpoints import board as boards
from tirek.flashpoints.filters import FlashpointFilter
from tirek.flashpoints.forms import AnswerForm, ObjectForm, RenewForm, SignForm, WhyForm
from tirek.flashpoints.models import Flashpoint, Objection, Renewal
from tirek.flashpoints.tables import FlashpointTable
from tirek.flashpoints.views.common import VIEW, done, visible_area

PAGE = 25


@require_GET
@page(VIEW)
def flashpoints(request: HttpRequest) -> HttpResponse:
    rows = queries.flashpoints(request.user)
    found = FlashpointFilter(request.GET, queryset=rows, request=request)
    table = FlashpointTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    total = table.page.paginator.count
    context = {"filter": found, "table": table, "total": total, "any": total or rows.exists()}
    return render(request, "flashpoints/flashpoints.html", context)


@require_GET
@page(VIEW)
def flashpoint(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    rows = queries.flashpoints(user).select_related("withdrawn_by")
    found = get_object_or_404(
        rows.prefetch_related(Prefetch("renewals", Renewal.objects.select_related("made_by"))), pk=pk
    )
    stands = found.is_standing
    context = {
        "flashpoint": found,
        "forecast": queries.forecasts(user, found.run).filter(area=found.area_id, horizon=1).first(),
        "outlook": queries.outlooks(user, found.run).filter(area=found.area_id).first(),
        "objections": [(one, _may_answer(user, one, found)) for one in queries.objections(user, found)],
        "renewals": found.renewals.all(),
        "measures": list(queries.measures(user).filter(flashpoint=found)),
        "may_renew": stands and can(user, actions.RENEW, found),
        "may_withdraw": stands and can(user, actions.WITHDRAW, found),
        "may_object": stands and can(user, actions.OBJECT, found),
        "may_measure": can(user, actions.ADD_MEASURE),
    }
    return render(request, "flashpoints/flashpoint.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.SIGN)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a district from the newest run of its province."""
    area = visible_area(request, pk)
    run = queries.newest_of(request.user, area)
    form = SignForm(request.POST or None)
    made: list[Flashpoint] = []

    def deed(data: dict[str, Any]) -> None:
        if run is None:
            raise Refused(_("Nothing is computed of this district yet. Compute forecasts of its province first."))
        made.append(actions.sign(request.user, pk, run.pk, data["reasons"], days=data["days"]))

    if done(request, form, deed):
        messages.success(request, _("Signed. It ends by itself."))
        return redirect(made[0])
    line = boards.build(request.user, run).line_of(pk) if run is not None else None
    context = {"area": area, "run": run, "line": line, "form": form}
    return render(request, "flashpoints/sign.html", context)


@require_http_methods(["GET", "POST"])
@page(actions.RENEW)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    found = _standing(request, pk, "renew")
    form = RenewForm(request.POST or None)
    if done(request, form, lambda data: actions.renew(request.user, pk, data["reason"], days=data["days"])):
        return redirect(found)
    return _form(request, found, form, _("Let it stand longer"), _("Let it stand"))


@require_http_methods(["GET", "POST"])
@page(actions.WITHDRAW)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _standing(request, pk, "withdraw")
    form = WhyForm(request.POST or None)
    if done(request, form, lambda data: actions.withdraw(request.user, pk, data["why"])):
        return redirect(found)
    return _form(request, found, form, _("Take the flash-point back"), _("Take it back"))


@require_http_methods(["GET", "POST"])
@page(actions.OBJECT)
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    found = _standing(request, pk, "object")
    form = ObjectForm(request.POST or None)
    if done(request, form, lambda data: actions.object_to(request.user, pk, data["text"])):
        messages.success(request, _("Your objection stands. Another person will answer it."))
        return redirect(found)
    return _form(request, found, form, _("Object to this flash-point"), _("Object"))


@require_http_methods(["GET", "POST"])
@page(actions.ANSWER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Objection.objects.restrict(request.user, "answer").select_related("flashpoint__area", "made_by")
    objection = get_object_or_404(rows, pk=pk)
    found, form = objection.flashpoint, AnswerForm(request.POST or None)

    def deed(data: dict[str, Any]) -> None:
        actions.answer_objection(request.user, pk, data["answer"], upheld=data["upheld"])

    if done(request, form, deed):
        return redirect(found)
    return _form(request, found, form, _("Answer the objection"), _("Answer"), objection=objection)


def _standing(request: HttpRequest, pk: int, action: str) -> Flashpoint:
    rows = Flashpoint.objects.restrict(request.user, action).standing()
    return get_object_or_404(rows.select_related("area"), pk=pk)


def _form(request: HttpRequest, found: Flashpoint, form: Form, heading: str, act: str, **more: Any) -> HttpResponse:
    context = {"flashpoint": found, "form": form, "heading": heading, "act": act, **more}
    return render(request, "flashpoints/act_form.html", context)


def _may_answer(user: Any, objection: Objection, found: Flashpoint) -> bool:
    open_to = objection.answered_at is None and user.pk not in actions.parties(objection, found)
    return open_to and can(user, actions.ANSWER, objection)
