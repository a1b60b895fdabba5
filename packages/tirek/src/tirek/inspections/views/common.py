"""What the pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.inspections.models import Inspection, Round


def parts(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room that the person may open, as tabs."""
    found = [
        ("visits", _("Visits"), "inspections:visits", "inspections.view_inspection"),
        ("findings", _("Findings"), "inspections:findings", "inspections.view_finding"),
        ("rounds", _("Rounds"), "inspections:rounds", "inspections.view_round"),
        ("day", _("Routes of a day"), "inspections:day", "inspections.view_round"),
    ]
    return [
        {"key": key, "label": label, "url": reverse(url), "count": None}
        for key, label, url, permission in found
        if request.user.grants(permission)
    ]


def acted(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Do `act` and go `back`; a refusal is shown there. What is not there for this person is 404."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    except PermissionDenied:
        messages.error(request, _("This lies outside of what you may do."))
    except (Inspection.DoesNotExist, Round.DoesNotExist) as error:
        raise Http404 from error
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
