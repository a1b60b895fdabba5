"""The list of passports, the page of one version, its paper, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.passports import actions, content, queries, words
from tirek.passports.actions.drafting import may_draw_up
from tirek.passports.compare import differences, of_the_day
from tirek.passports.filters import PassportFilter
from tirek.passports.forms import RefuseForm
from tirek.passports.models import Passport
from tirek.passports.paper import LANGUAGES
from tirek.passports.tables import PassportTable

VIEW = "passports.view_passport"
PAGE = 50
ACTS = ("approve", "agree", "refuse", "print")


@require_GET
@page(VIEW)
def passports(request: HttpRequest) -> HttpResponse:
    found = PassportFilter(request.GET, queryset=queries.facilities(request.user), request=request)
    table = PassportTable(found.qs)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    table.standings = queries.standings(request.user, (row.record.pk for row in table.page.object_list))
    context = {
        "filter": found,
        "table": table,
        "total": table.page.paginator.count,
        "counts": queries.counts(request.user),
    }
    return render(request, "passports/passports.html", context)


@require_GET
@page(VIEW)
def passport(request: HttpRequest, pk: int) -> HttpResponse:
    """One version. Opening the one in force also notices whether it is still true."""
    found = _one(request, pk)
    compared = found.state != Passport.State.REPLACED
    now = content.facts_of([found.facility_id])[found.facility_id] if compared else found.facts
    actions.check_one(found, now)
    may = {verb: can(request.user, f"passports.{verb}_passport", found) for verb in ACTS}
    may["agree"] = may["agree"] and found.approved_by_id != request.user.pk
    listed = found.facility.state == Facility.State.LISTED
    parts, files = words.parts(found.facts), found.plans.in_bulk()
    for part in parts:
        part.files.extend(files[plan["file"]] for plan in part.plans if plan["file"] in files)
    context: dict[str, Any] = {
        "passport": found,
        "facility": found.facility,
        "parts": parts,
        "differences": differences(found.facts, now),
        "since": of_the_day(found.facts, now),
        "versions": queries.versions(request.user, found.facility),
        "may": may,
        "may_draft": listed and may_draw_up(request.user, found.facility),
        "refuse_form": RefuseForm(),
    }
    return render(request, "passports/passport.html", context)


@require_GET
@page("passports.print_passport")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The passport as PDF, in Kazakh, in Russian or in both. Who took it stands in the log."""
    wanted = request.GET.get("language", "")
    languages = (wanted,) if wanted in LANGUAGES else LANGUAGES
    _one(request, pk)
    url = request.build_absolute_uri(Passport(pk=pk).get_absolute_url())
    try:
        found, made = actions.print_passport(request.user, pk, languages, url)
    except Passport.DoesNotExist as gone:
        raise Http404 from gone
    response = HttpResponse(made, content_type="application/pdf")
    name = f"passport-{found.facility.code}-{found.version}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page("passports.draft_passport")
def draw_up(request: HttpRequest, facility_pk: int) -> HttpResponse:
    """A draft from the facts of today."""
    facility = get_object_or_404(Facility.objects.restrict(request.user, "view"), pk=facility_pk)
    try:
        made = actions.draw_up(request.user, facility.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{facility.get_absolute_url()}?tab=passport")
    messages.success(request, _("The draft is drawn up from the facts of today. Read it through; then it is approved."))
    return redirect(made)


@require_POST
@page("passports.approve_passport")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    sha256 = request.POST.get("sha256", "")
    return _acted(
        request, pk, lambda: actions.approve(request.user, pk, sha256), _("Approved. Internal affairs agrees next.")
    )


@require_POST
@page("passports.agree_passport")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    sha256 = request.POST.get("sha256", "")
    return _acted(request, pk, lambda: actions.agree(request.user, pk, sha256), _("Agreed. The passport is in force."))


@require_POST
@page("passports.refuse_passport")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    why = request.POST.get("why", "")
    return _acted(
        request, pk, lambda: actions.refuse(request.user, pk, why), _("Sent back as a draft; the facility reads why.")
    )


def _acted(request: HttpRequest, pk: int, act: Callable[[], Any], done: str) -> HttpResponse:
    found = _one(request, pk)
    try:
        act()
    except Passport.DoesNotExist as gone:
        raise Http404 from gone
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(found)


def _one(request: HttpRequest, pk: int) -> Passport:
    """The passport, with what its page shows. 404 for what this person may not see."""
    rows = queries.passports(request.user).select_related("facility__agency")
    found: Passport = get_object_or_404(rows, pk=pk)
    return found
