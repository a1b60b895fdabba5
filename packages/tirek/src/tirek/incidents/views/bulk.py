"""Acts on many incidents: what is chosen, how many, what exactly; then it is done to one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tirek.accounts.choosing import Choice
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.incidents import actions, queries
from tirek.incidents.filters import IncidentFilter
from tirek.incidents.forms import WhyForm
from tirek.incidents.models import Incident
from tirek.ui.registry import Text

MOST = 200
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that can be done to many at once; all share the reason."""

    key: str
    label: Text
    icon: str
    permission: str
    action: str
    each: Callable[[Any, int, str], object]


DEEDS = (
    Deed("verify", gettext_lazy("Verify"), "circle-check", actions.VERIFY, "verify", actions.verify_incident),
    Deed("refute", gettext_lazy("Refute"), "circle-x", actions.REFUTE, "refute", actions.refute_incident),
)


def deeds_for(user: Any) -> list[Deed]:
    return [deed for deed in DEEDS if user.grants(deed.permission)]


def _filtered(request: HttpRequest, query: QueryDict) -> IncidentFilter:
    return IncidentFilter(query, queryset=queries.incidents(request.user), request=request)


@require_http_methods(["GET", "POST"])
@page("incidents.view_incident")
def bulk(request: HttpRequest) -> HttpResponse:
    """Confirm an act on many, then do it."""
    given = request.POST if request.method == "POST" else request.GET
    choice = Choice(request, given, "incidents:incidents", _filtered)
    if given.get("act") == "export":
        return redirect(choice.export("incidents"))
    deed = next((deed for deed in DEEDS if deed.key == given.get("act", "")), None)
    if deed is None:
        raise Http404
    if not request.user.grants(deed.permission):
        raise PermissionDenied(deed.permission)
    allowed = Incident.objects.restrict(request.user, deed.action).filter(pk__in=choice.rows.values("pk"))
    ids = sorted(allowed.values_list("pk", flat=True)[: MOST + 1])
    too_many = len(ids) > MOST
    form = WhyForm(request.POST or None)
    same = given.get("count") == str(len(ids))
    if request.method == "POST" and ids and same and not too_many and form.is_valid():
        return render(
            request,
            "incidents/bulk_done.html",
            {"deed": deed, "outcome": _do(request.user, deed, ids, form.cleaned_data["why"]), "back": choice.back},
        )
    context = {
        "deed": deed,
        "form": form,
        "choice": choice,
        "count": len(ids),
        "most": MOST,
        "too_many": too_many,
        "changed": request.method == "POST" and not same,
        "some": list(queries.incidents(request.user).filter(pk__in=ids[:SHOWN])),
        "more": max(0, len(ids) - SHOWN),
    }
    return render(request, "incidents/bulk.html", context)


def _do(user: Any, deed: Deed, ids: list[int], why: str) -> dict[str, Any]:
    """Each in a transaction of its own; one that refuses does not hold up the others."""
    names = dict(Incident.objects.filter(pk__in=ids).values_list("pk", "code"))
    refused: list[tuple[int, str, str]] = []
    for pk in ids:
        try:
            deed.each(user, pk, why)
        except Refused as refusal:
            refused.append((pk, names[pk], str(refusal)))
        except (ObjectDoesNotExist, PermissionDenied):
            refused.append((pk, names[pk], _("You may not do this to this incident.")))
    return {"done": len(ids) - len(refused), "refused": refused}
