"""What the views of warning share: who is at the screen, and how a refusal is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tirek.accounts import second_factor
from tirek.accounts.access import is_sample_session
from tirek.audit.act import Refused
from tirek.audit.plain import normal
from tirek.warning.actions import Presence
from tirek.warning.actions.presence import FactorNeeded

MOST_JSON = 1_000_000


def presence(request: HttpRequest) -> Presence:
    """How surely the person at the screen is who they say."""
    return Presence(fresh_factor=second_factor.fresh(request), sample=is_sample_session(request))


def acted(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponseBase:
    """Do `act` and go `back` (a name of an address or a path); a refusal is shown there.

    When a second factor is wanted, the person shows it and comes back to the page, to press again.
    """
    try:
        act()
    except FactorNeeded:
        return second_factor.demand(request, back)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)


def sent_json(request: HttpRequest, field: str = "") -> Mapping[str, Any]:
    """The JSON object in the body, or in the form's `field`, in the form that both databases keep.

    Raises `Refused` when it is none.
    """
    text = request.POST.get(field, "") if field else request.body[: MOST_JSON + 1]
    try:
        if len(text) > MOST_JSON:
            raise ValueError
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("The page sent something that cannot be read. Open it again.")) from error
    if not isinstance(data, dict):
        raise Refused(_("The page sent something that cannot be read. Open it again."))
    return dict(normal(data))


def refused(refusal: Refused) -> HttpResponse:
    """A refusal for scripts: 409 with the sentence for people."""
    return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
