"""Writing a notice from what a visit found."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.inspections.models import Inspection
from tirek.notices import actions, queries
from tirek.notices.forms import DemandForm, WordsForm
from tirek.notices.models import Notice

DRAFT = "notices.draft_notice"


@require_http_methods(["GET", "POST"])
@page(DRAFT)
def draft(request: HttpRequest, inspection_pk: int) -> HttpResponse:
    """A new notice from a visit."""
    rows = Inspection.objects.restrict(request.user, "view").select_related("facility__area", "inspector")
    inspection = get_object_or_404(rows, pk=inspection_pk)
    return _written(request, inspection, None)


@require_http_methods(["GET", "POST"])
@page(DRAFT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft again."""
    rows = Notice.objects.restrict(request.user, "draft").select_related("inspection__facility__area")
    notice = get_object_or_404(rows, pk=pk, state=Notice.State.DRAFT)
    return _written(request, notice.inspection, notice)


def _written(request: HttpRequest, inspection: Inspection, notice: Notice | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    lines = {line.finding_id: line for line in notice.lines.select_related("finding__requirement")} if notice else {}
    findings = [line.finding for line in lines.values()] + list(queries.free_findings(inspection))
    demands = [DemandForm(data, finding=finding, line=lines.get(finding.pk)) for finding in findings]
    words = WordsForm(data, initial={"intro_kk": notice.intro_kk, "intro_ru": notice.intro_ru} if notice else None)
    if data is not None and all([words.is_valid(), *(form.is_valid() for form in demands)]):
        chosen = [form.demand for form in demands if form.demand is not None]
        intro = {"kk": words.cleaned_data["intro_kk"], "ru": words.cleaned_data["intro_ru"]}
        try:
            if notice is None:
                notice = actions.draft_notice(request.user, inspection.pk, chosen, intro)
            else:
                actions.change_draft(request.user, notice.pk, chosen, intro)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Read it through, then issue it."))
            return redirect(notice)
    context = {"inspection": inspection, "notice": notice, "demands": demands, "words": words}
    return render(request, "notices/draft.html", context)
