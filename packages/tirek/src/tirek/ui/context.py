"""What every page's frame needs. Computed only when a template asks, so that partial answers cost nothing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from tirek.live.hub import newest_id
from tirek.ui import registry
from tirek.ui.assets import asset
from tirek.ui.messages import strings_json

THEMES = ("light", "dark")


def theme_cookie(request: HttpRequest) -> str:
    """The theme that this browser has chosen, or ""."""
    chosen = request.COOKIES.get("tirek_theme", "")
    return chosen if chosen in THEMES else ""


class Shell:
    """The frame of one page: `ui` in templates."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> Any:
        return getattr(self.request, "user", None)

    @property
    def known(self) -> bool:
        """Whether somebody is logged in, and has a password of their own: with a one-time one nothing else is open."""
        user = self.user
        return bool(user is not None and user.is_authenticated and user.one_time_until is None)

    @property
    def theme(self) -> str:
        """The person's choice: the cookie, else what stands in their record, else "" (the page decides)."""
        return theme_cookie(self.request) or getattr(self.user, "theme", "")

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        """Entries with their address; the one that the page belongs to is `here`."""
        entries: list[dict[str, Any]] = []
        for entry in registry.nav_for(self.user) if self.known else []:
            try:
                url = reverse(entry.url_name)
            except NoReverseMatch:
                continue
            entries.append(
                {
                    "key": entry.key,
                    "label": entry.label,
                    "short": entry.short or entry.label,
                    "icon": entry.icon,
                    "url": url,
                    "here": False,
                }
            )
        inside = [(len(url), e) for e in entries for url in _addresses(e) if self.request.path.startswith(url)]
        if inside:
            max(inside, key=lambda found: found[0])[1]["here"] = True
        return entries

    @cached_property
    def account_links(self) -> list[dict[str, Any]]:
        links = registry.user_links_for(self.user) if self.known else []
        return [{"label": link.label, "icon": link.icon, "url": reverse(link.url_name)} for link in links]

    @cached_property
    def status(self) -> list[registry.StatusItem]:
        return registry.status_for(self.request) if self.known else []

    @property
    def mode(self) -> str:
        """ "live", "exercise" or "" (no such thing here)."""
        return next((item.tone for item in self.status if item.key == "mode"), "")

    @cached_property
    def sample(self) -> registry.SampleBar | None:
        return registry.sample_bar_for(self.request)

    @cached_property
    def since(self) -> int:
        """The newest live event when this page was drawn: its link starts there, so nothing is missed in between."""
        return newest_id()

    @property
    def zone(self) -> str:
        return settings.TIME_ZONE

    @property
    def icons(self) -> str:
        return asset("icons.svg")

    @property
    def base_map(self) -> str:
        """Address of the operator's base map, or "" without one."""
        return reverse("ui:base_map") if self.known and settings.PMTILES_FILE else ""

    @property
    def messages(self) -> str:
        return strings_json(get_language() or settings.LANGUAGE_CODE)

    @property
    def path(self) -> str:
        """Where to come back to after a change of language."""
        return self.request.get_full_path()


def _addresses(entry: dict[str, Any]) -> list[str]:
    """Where an entry of the navigation leads, and the addresses of its parts."""
    found = [entry["url"]]
    for url_name in registry.nav_parts(entry["key"]):
        try:
            found.append(reverse(url_name))
        except NoReverseMatch:
            continue
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame as `ui`."""
    return {"ui": Shell(request)}
