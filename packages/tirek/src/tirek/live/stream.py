"""The stream of server-sent events that open pages read."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tirek.accounts.endings import why_ended
from tirek.live.hub import hub, newest_id
from tirek.live.models import Event

BEAT_S = 5.0
REVIEW_S = 30.0
CATCH_UP = 500


def may_hear(event: Event, user: Any) -> bool:
    """Whether `user` holds the event's permission in its area. Facility contacts hear ids only, so they hear all."""
    if not event.permission:
        return True
    return any(
        grant.area_path is None or not event.area_path or event.area_path.startswith(grant.area_path)
        for grant in user.grants(event.permission)
    )


def frame(kind: str, data: Any, event_id: int | None = None) -> bytes:
    """One server-sent event as bytes."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def stream(request: HttpRequest) -> HttpResponseBase:
    """`GET /live/stream?since=<id>`: everything newer than `since`, then everything as it happens.

    Without `since` it starts now. When what lies between was already cleared away, `event: reset` tells the page to load
    itself anew.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponse(status=401)
    if not isinstance(request, ASGIRequest):  # under WSGI one open page would hold a whole worker for good
        return HttpResponse("Live events need an ASGI server.", status=503, content_type="text/plain")
    since = _number(request.headers.get("Last-Event-ID") or request.GET.get("since"))
    response = StreamingHttpResponse(_events(request, user, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


stream.guard = ()  # type: ignore[attr-defined]  # any person who is logged in; each event is checked


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


async def _events(request: HttpRequest, user: Any, since: int | None) -> AsyncIterator[bytes]:
    newest = await sync_to_async(newest_id)()
    # Joined before the catch-up, and the hub reads on from `newest` at the latest: nothing falls between the two.
    listener = hub.join(newest)
    try:
        last = newest if since is None else since
        yield b"retry: 1000\n\n" + frame("hello", {"id": newest, "now": _now()}, last)
        if last > newest or await sync_to_async(_was_cleared)(last):
            yield frame("reset", {}, newest)
            last = newest
        while events := await sync_to_async(_after)(last):
            for event in events:
                last = event.pk
                if await _hears(event, user):
                    yield frame(event.kind, event.data, event.pk)
        reviewed = time.monotonic()
        while not listener.overrun:
            try:
                event = await asyncio.wait_for(listener.queue.get(), BEAT_S)
            except TimeoutError:
                yield frame("beat", {"now": _now()})
            else:
                if event.pk > last:
                    last = event.pk
                    if await _hears(event, user):
                        yield frame(event.kind, event.data, event.pk)
            if time.monotonic() - reviewed > REVIEW_S:
                reviewed = time.monotonic()
                user = await sync_to_async(_review)(request, user)
                if user is None:
                    return
    finally:
        hub.leave(listener)


async def _hears(event: Event, user: Any) -> bool:
    if hasattr(user, "_assignments"):
        return may_hear(event, user)
    return await sync_to_async(may_hear)(event, user)


def _after(last: int) -> list[Event]:
    return list(Event.objects.filter(pk__gt=last).order_by("pk")[:CATCH_UP])


def _was_cleared(last: int) -> bool:
    """Whether events after `last` have been cleared away (see `live.prune`)."""
    oldest = Event.objects.order_by("pk").values_list("pk", flat=True).first()
    return last > 0 and oldest is not None and oldest > last + 1


def _review(request: HttpRequest, user: Any) -> Any:
    """The person as they are now, or None when the session or the account has ended meanwhile.

    Asked as a new request of this session would be: one query for the session, one for the person.
    """
    anew = HttpRequest()
    anew.session = type(request.session)(request.session.session_key)
    person = get_user(anew)  # nobody if the session has expired, the account is closed or the password another
    if person.pk != user.pk or why_ended(anew.session, person):
        return None
    return person


def _now() -> int:
    return time.time_ns() // 1_000_000
