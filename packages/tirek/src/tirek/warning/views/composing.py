"""The compose page: from opening to the second person in at most four acts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.accounts import second_factor
from tirek.accounts.access import is_sample_session
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.places.models import LANGUAGES
from tirek.warning import actions, intake, queries, registry, sound, wording
from tirek.warning.actions.presence import FactorNeeded
from tirek.warning.models import Alert, Mode
from tirek.warning.views.common import presence, refused, sent_json
from tirek_protocols.command import Audio

BUILDING_RADIUS_M = 150


@never_cache
@require_http_methods(["GET", "POST"])
@page("warning.compose_alert")
def compose(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """A new alert, or an own draft (`pk`)."""
    alert = get_object_or_404(queries.alerts(request.user), pk=pk) if pk else None
    if alert is not None and alert.state != Alert.State.DRAFT:
        # Pressed twice, or come back to: the first press has sent it already.
        return redirect("warning:alert", alert.pk)
    if request.method == "POST":
        return _store(request, alert)
    return _page(request, alert, _start_of(alert) if alert else _start(request))


def _page(request: HttpRequest, alert: Alert | None, start: dict[str, Any], status: int = 200) -> HttpResponse:
    parts = [("headline", _("Headline")), ("description", _("What happened")), ("instruction", _("What to do"))]
    context = {
        "alert": alert,
        "plans": queries.composable_plans(request.user),
        "start": start,
        "about": _alarm_text(request, alert, start) or start.get("label", ""),
        "parts": parts,
        "languages": list(wording.LANGUAGE_NAMES.items()),
        "sample": is_sample_session(request),
        "chosen_plan": start.get("plan", ""),
        "key": secrets.token_urlsafe(16),
    }
    return render(request, "warning/compose.html", context, status=status)


def _alarm_text(request: HttpRequest, alert: Alert | None, start: dict[str, Any]) -> str:
    """The alarm that is answered, in the reader's language."""
    if alert:
        return alert.alarm_text
    words = registry.words_of_alarm(request.user, intake.alarm_of(start))
    return words.get((get_language() or "ru")[:2], "")


def _start(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: ?alarm=&plan=&facility=&radius= or &area= or &lat=&lon=&radius=."""
    asked = request.GET
    start: dict[str, Any] = {"plan": asked.get("plan", ""), "alarm": asked.get("alarm", ""), "mode": ""}
    plan = queries.composable_plans(request.user).filter(code=start["plan"]).first()
    if plan is None:
        start["plan"] = ""
    building = asked.get("scope") == "building"
    radius = asked.get("radius", "") or (BUILDING_RADIUS_M if building else plan.radius_m if plan else 400)
    if asked.get("facility", "").isdigit():
        facility = Facility.objects.restrict(request.user, "view").filter(pk=asked["facility"]).first()
        if facility:
            start["shape"] = {"facility": facility.pk, "radius": int(float(radius))}
            start["label"] = facility.name
    elif asked.get("area", "").isdigit():
        start["shape"] = {"area": int(asked["area"])}
    elif asked.get("lat") and asked.get("lon"):
        start["shape"] = {"circle": {"lat": asked["lat"], "lon": asked["lon"], "radius": radius}}
    return start


def _start_of(alert: Alert) -> dict[str, Any]:
    """A draft as the page keeps it."""
    shape: dict[str, Any] = {"geometry": alert.geometry}
    if alert.circle:
        lat, lon, radius = alert.circle
        place = {language: alert.slots.get(language, {}).get("place", "") for language in LANGUAGES}
        shape = {"circle": {"lat": lat, "lon": lon, "radius": radius}, "place": place}
    return {
        "plan": alert.plan.code,
        "mode": alert.mode,
        "shape": shape,
        "texts": alert.texts,
        "alarm": alert.alarm_id or "",
        "label": alert.area_text,
    }


def _store(request: HttpRequest, alert: Alert | None) -> HttpResponseBase:
    """Keep the draft, and send it on when that was pressed."""
    sends = request.POST.get("act") == "send"
    try:
        draft = replace(intake.draft(request.user, sent_json(request, "draft")), key=_key(request))
        if alert is None:
            alert = actions.compose_alert(request.user, draft, presence(request))
            while alert.state in (Alert.State.REJECTED, Alert.State.ENDED):
                # Sent once more after its alert was over: another alert, however often that is pressed.
                draft = replace(draft, key=_hash(draft.key, alert.pk))
                alert = actions.compose_alert(request.user, draft, presence(request))
        else:
            alert = actions.revise_alert(request.user, alert.pk, draft)
        if alert.state != Alert.State.DRAFT:
            # Pressed twice: the first press has sent it already.
            return redirect("warning:alert", alert.pk)
        if sends:
            actions.send_for_confirmation(request.user, alert.pk, presence(request))
    except FactorNeeded:
        # The draft is kept; its page has the button to send it once the factor was shown.
        assert alert is not None
        return second_factor.demand(request, reverse("warning:alert", args=[alert.pk]))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("warning:edit", alert.pk) if alert else _again(request)
    if not sends:
        messages.success(request, _("The draft is kept. Nothing was sent."))
    return redirect("warning:alert", alert.pk)


def _key(request: HttpRequest) -> str:
    """The same for two presses on one page with the same content: what was changed in between is another alert."""
    page_key = request.POST.get("key", "")
    return _hash(page_key, request.POST.get("draft", "")) if page_key else ""


def _hash(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def _again(request: HttpRequest) -> HttpResponseBase:
    """The page again, with what was put in, since nothing was kept."""
    try:
        start = dict(sent_json(request, "draft"))
    except Refused:
        start = {}
    return _page(request, None, start, status=409)


@never_cache
@require_POST
@page("warning.compose_alert")
def read_back(request: HttpRequest) -> HttpResponse:
    """What the draft would do, as JSON, while it is being put together."""
    try:
        return JsonResponse(intake.read_back(request.user, sent_json(request)))
    except Refused as refusal:
        return refused(refusal)


@never_cache
@require_POST
@page("warning.compose_alert")
def listen(request: HttpRequest) -> HttpResponse:
    """What the draft would sound like, as WAV."""
    try:
        draft = intake.draft(request.user, sent_json(request))
        mode = draft.mode if draft.mode in Mode.values else Mode.EXERCISE
        return wav(sound.audio(sound.script(draft.plan, mode, draft.texts, draft.slots)), mode)
    except Refused as refusal:
        return refused(refusal)


def wav(parts: Iterable[Audio], mode: str) -> HttpResponse:
    """What sounds, to listen to here. Raises `Refused` when it cannot be made."""
    return HttpResponse(sound.wav(parts, mode), content_type="audio/wav")


@never_cache
@require_GET
@page("warning.compose_alert")
def places(request: HttpRequest) -> HttpResponse:
    """Facilities and areas for the search box."""
    return JsonResponse({"found": intake.places(request.user, request.GET.get("q", "")[:100])})


@never_cache
@require_GET
@page("warning.view_alert")
def listen_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """An alert that exists, as its endpoints play it."""
    alert = get_object_or_404(queries.alerts(request.user), pk=pk)
    try:
        return wav(sound.parts_of(alert), alert.mode)
    except Refused as refusal:
        return refused(refusal)
