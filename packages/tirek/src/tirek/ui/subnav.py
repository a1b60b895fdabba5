"""The navigation inside a part: a part holds one `SubNav`, and the apps of the part put their pages into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from tirek.ui import registry as frame
from tirek.ui.registry import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One entry."""

    key: str
    label: Text
    url_name: str
    permissions: tuple[str, ...]
    order: int


class SubNav:
    """The entries of one part; `nav` is the part's key in the top bar, which stays lit on all of its pages."""

    def __init__(self, nav: str) -> None:
        self.nav = nav
        self.places: dict[str, Place] = {}

    def add(self, key: str, label: Text, url_name: str, permission: str | tuple[str, ...], order: int = 50) -> None:
        """Put a page into the navigation; pages below its address belong to it. Any of the permissions opens it."""
        permissions = (permission,) if isinstance(permission, str) else tuple(permission)
        self.places[key] = Place(key, label, url_name, permissions, order)
        frame.nav_part(self.nav, url_name)

    def entries(self, user: Any, path: str, current: str = "") -> list[dict[str, Any]]:
        """The entries that `user` may open. `here` is the one with the key `current`, else the one that `path` lies below."""
        entries: list[dict[str, Any]] = []
        for place in sorted(self.places.values(), key=lambda place: (place.order, place.key)):
            if not any(user.grants(permission) for permission in place.permissions):
                continue
            try:
                url = reverse(place.url_name)
            except NoReverseMatch:
                continue
            entries.append({"key": place.key, "label": place.label, "url": url, "here": place.key == current})
        inside = [entry for entry in entries if path.startswith(entry["url"])]
        if inside and not any(entry["here"] for entry in entries):
            max(inside, key=lambda entry: len(entry["url"]))["here"] = True
        return entries
