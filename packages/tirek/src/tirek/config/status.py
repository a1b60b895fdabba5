"""What the supervisor says about its processes, as the status page shows it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.config.home import Home
from tirek.ui.registry import StatusItem

WORDS = {
    "running": (_("running"), "ok"),
    "starting": (_("starting"), "warn"),
    "waiting": (_("starting again soon"), "warn"),
    "stopped": (_("stopped"), ""),
}
PURPOSES = {
    "web": _("the pages"),
    "broker": _("carries commands and reports (MQTT)"),
    "receiver": _("hears alarm panels"),
    "dispatcher": _("sends warnings, takes in proofs"),
    "worker": _("background work"),
    "simulator": _("simulated loudspeakers and panels"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """`alive`: the supervisor runs now. `services`: its processes, with times as datetimes."""

    alive: bool = False
    at: datetime | None = None
    services: list[dict[str, Any]] = field(default_factory=list)

    @property
    def in_trouble(self) -> list[dict[str, Any]]:
        return [s for s in self.services if s["state"] not in {"running", "starting"}]


def read_status(home: Home) -> Status:
    """Read `TIREK_HOME/status.json`; an empty Status when there is none."""
    try:
        raw = json.loads((home.root / "status.json").read_text())
        os.kill(int(raw["pid"]), 0)
        alive = True
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
        return Status()
    except PermissionError:
        alive = True
    except ProcessLookupError:
        alive = False
    moments = ("since", "next_start")
    services = [
        s
        | {m: datetime.fromtimestamp(s[m], UTC) if s[m] else None for m in moments}
        | {"purpose": PURPOSES.get(s["name"], ""), "word": WORDS[s["state"]][0], "tone": WORDS[s["state"]][1]}
        for s in raw["services"]
    ]
    return Status(alive, datetime.fromtimestamp(raw["at"], UTC), services)


@page("ui.view_status")
def status_page(request: HttpRequest) -> HttpResponse:
    """Which processes run, since when, and what died."""
    template = "config/_services.html" if request.headers.get("HX-Request") else "config/status.html"
    return render(request, template, {"status": read_status(settings.HOME)})


def pill(request: HttpRequest) -> StatusItem | None:
    """What the top bar says of the services, to those who may look after them; nothing while all is well."""
    if not can(request.user, "ui.view_status"):
        return None
    status = read_status(settings.HOME)
    if not status.alive or not status.in_trouble:
        return None
    count = len(status.in_trouble)
    text = ngettext("%(count)d service is down", "%(count)d services are down", count) % {"count": count}
    return StatusItem("services", text, "warn", reverse("services"), "alert-triangle", short=str(count))
