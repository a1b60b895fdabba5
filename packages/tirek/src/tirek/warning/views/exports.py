"""The time line of an event, on a page and on paper, and the CAP message as it was issued."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tirek.accounts.guards import page
from tirek.warning import paper, queries
from tirek.warning import timeline as course
from tirek.warning.models import Alert


def _issued(request: HttpRequest, pk: int) -> Alert:
    alert = get_object_or_404(queries.alerts(request.user).select_related("follows", "ended_by"), pk=pk)
    if alert.issued_at is None:
        raise Http404
    return alert


@never_cache
@require_GET
@page("warning.view_alert")
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole event on one page."""
    alert = _issued(request, pk)
    found = course.of(request.user, alert)
    context = {"alert": alert, "found": found, "tally": found.tally, "silent": queries.silent(request.user, alert)}
    return render(request, "warning/timeline.html", context)


@never_cache
@require_GET
@page("warning.view_alert")
def timeline_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for machines, with its hash."""
    alert = _issued(request, pk)
    found = course.of(request.user, alert)
    answer = JsonResponse(
        found.plain() | {"sha256": found.digest()}, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="{alert.identifier}.json"'
    return answer


@never_cache
@require_GET
@page("warning.view_alert")
def timeline_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on A4."""
    alert = _issued(request, pk)
    url = request.build_absolute_uri(request.path.removesuffix(".pdf") + "/")
    answer = HttpResponse(paper.timeline_pdf(course.of(request.user, alert), url), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{alert.identifier}.pdf"'
    return answer


@never_cache
@require_GET
@page("warning.view_alert")
def cap_xml(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed message, byte for byte as it was issued."""
    alert = _issued(request, pk)
    answer = HttpResponse(alert.cap, content_type="application/cap+xml")
    answer["Content-Disposition"] = f'inline; filename="{alert.identifier}.xml"'
    return answer
