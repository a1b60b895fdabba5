"""Possible duplicates: two beside each other, and a person who decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.incidents import actions, queries
from tirek.incidents.models import Incident, Pair

PAGE = 10


@require_GET
@page("incidents.view_pair")
def pairs(request: HttpRequest) -> HttpResponse:
    found = Paginator(queries.pairs(request.user), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "pairs": found.object_list,
        "page_obj": found,
        "total": found.paginator.count,
        "may_decide": can(request.user, actions.DECIDE),
        "any": Incident.objects.restrict(request.user, "view").exists(),
    }
    return render(request, "incidents/pairs.html", context)


@require_POST
@page(actions.DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`keep` says which of the two stays: its id, or "both"."""
    user: Any = request.user
    pair = queries.pairs(user).filter(pk=pk, pk__in=Pair.objects.restrict(user, "decide").values("pk")).first()
    if pair is None:
        raise Http404
    keep, why = request.POST.get("keep", ""), request.POST.get("why", "")
    try:
        if keep == "both":
            actions.keep_apart(user, pk, why)
            messages.success(request, _("They stay two. They are not offered again."))
        elif keep in (str(pair.first_id), str(pair.second_id)):
            kept, gone = (pair.first, pair.second) if keep == str(pair.first_id) else (pair.second, pair.first)
            actions.merge_incident(user, gone.pk, kept.pk, why or _("the same incident, told twice"))
            messages.success(request, _("%(gone)s is merged into %(kept)s.") % {"gone": gone.code, "kept": kept.code})
        else:
            messages.error(request, _("Choose which of the two stays, or that they are different."))
    except Incident.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("incidents:pairs")
