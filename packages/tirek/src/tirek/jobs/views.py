"""One's jobs, how far they are, and the button that stops them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_tables2 import RequestConfig

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.jobs import actions
from tirek.jobs.models import Job
from tirek.jobs.queries import VIEW, Progress, jobs_of, progress_of
from tirek.jobs.tables import JobTable
from tirek.ui.templatetags.tirek import number

PAGE = 25
LONG_S = 90


@require_GET
@page()
def jobs(request: HttpRequest) -> HttpResponse:
    hidden = () if can(request.user, VIEW) else ("person",)
    table = JobTable(jobs_of(request.user).select_related("person"), exclude=hidden)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    return render(request, "jobs/jobs.html", {"table": table})


@require_GET
@page()
def job(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "jobs/job.html", context_of(_visible(request, pk)))


@never_cache
@require_GET
@page()
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a page that shows how far a job is. With ?follow=1 the page goes on when the job has ended."""
    found = _visible(request, pk)
    follow = "follow" in request.GET
    if follow and not found.is_open and (url := where_next(found)):
        return HttpResponseClientRedirect(url)
    return render(request, "jobs/parts/progress.html", {**context_of(found), "follow": follow})


@require_POST
@page()
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = actions.stop_job(request.user, pk)
    except Job.DoesNotExist as error:
        raise Http404 from error
    if getattr(request, "htmx", False):
        return render(request, "jobs/parts/progress.html", {**context_of(found), "follow": "follow" in request.POST})
    return redirect(found)


def context_of(found: Job) -> dict[str, object]:
    """What the parts of this room need to show a job: for pages of other apps too."""
    progress = progress_of(found)
    return {"job": found, "progress": progress, "words": _words(found, progress), "next": where_next(found)}


def where_next(found: Job) -> str:
    """Where its person goes when it has ended: to its result, or to the page that it belongs to."""
    return found.result.get("url") or found.url


def _words(found: Job, progress: Progress) -> list[str]:
    """ "1,200 of 20,000", "340 a second", "about 55 s left": as much of it as is known."""
    words = []
    if found.total:
        words.append(_("%(done)s of %(total)s") % {"done": number(found.done), "total": number(found.total)})
    if progress.rate is not None and progress.rate >= 1:
        words.append(_("%(rate)s a second") % {"rate": number(round(progress.rate))})
    if progress.left:
        long = progress.left > LONG_S
        time = number(round(progress.left / 60), _("min")) if long else number(progress.left, pgettext("seconds", "s"))
        words.append(_("about %(time)s left") % {"time": time})
    return words


def _visible(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(jobs_of(request.user).select_related("person"), pk=pk)
