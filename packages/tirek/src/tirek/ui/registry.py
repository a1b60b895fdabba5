"""What apps tell the frame of the pages, so that `ui` need not know them.

Each app registers in its AppConfig.ready():

    registry.nav("alarms", _("Duty desk"), "alarms:desk", "urgent", "alarms.view_alarm", order=10)
    registry.search_provider(search_alarms)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place in the top bar. `permissions`: any of them opens it; none means everybody who is logged in.

    `short` stands for a long label where there is little room, in the bar of a phone.
    """

    key: str
    label: Text
    url_name: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    short: Text = ""


@dataclass(frozen=True, slots=True)
class UserLink:
    """One line of the menu behind the person's name."""

    label: Text
    url_name: str
    icon: str
    permission: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer of the search. Made with keywords: the front-end build finds the icons in use by `icon="..."`."""

    title: str
    subtitle: str
    url: str
    icon: str
    kind: Text


@dataclass(frozen=True, slots=True)
class SampleBar:
    """The bar over pages that show sample data. A choice is sent by POST to `action` as the field "as"."""

    action: str
    choices: Sequence[tuple[str, Text]]
    current: str


@dataclass(frozen=True, slots=True)
class StatusItem:
    """A pill in the top bar.

    `tone` is "", "ok", "warn", "live" or "exercise". The item with the key "mode" also says which mode the page is in.
    `short` stands for a long label on a phone.
    """

    key: str
    label: Text
    tone: str = ""
    url: str = ""
    icon: str = ""
    title: Text = ""
    short: str = ""


SearchProvider = Callable[[Any, str], Iterable[Hit]]
# A text, or a function from a number to the text with that number's plural form (see ui.messages).
Message = Text | Callable[[int], str]

_nav: dict[str, NavEntry] = {}
_nav_parts: dict[str, list[str]] = {}
_user_links: dict[str, UserLink] = {}
_providers: list[SearchProvider] = []
_sample_bars: list[Callable[[HttpRequest], SampleBar | None]] = []
_status_items: list[Callable[[HttpRequest], StatusItem | None]] = []
_strings: dict[str, Message] = {}


def nav(
    key: str,
    label: Text,
    url_name: str,
    icon: str,
    permission: str | tuple[str, ...] = (),
    order: int = 50,
    short: Text = "",
) -> None:
    """Put a place into the navigation. Smaller `order` stands further left."""
    permissions = (permission,) if isinstance(permission, str) else tuple(permission)
    _nav[key] = NavEntry(key, label, url_name, icon, permissions, order, short)


def nav_part(key: str, url_name: str) -> None:
    """Say that pages below this address belong to the place `key` of the navigation."""
    parts = _nav_parts.setdefault(key, [])
    if url_name not in parts:
        parts.append(url_name)


def user_link(key: str, label: Text, url_name: str, icon: str, permission: str = "", order: int = 50) -> None:
    """Put a line into the menu behind the person's name."""
    _user_links[key] = UserLink(label, url_name, icon, permission, order)


def search_provider(fn: SearchProvider) -> SearchProvider:
    """Let `fn(user, query)` answer the search. It returns only what the user may see, best first, at most ten hits."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def sample_bar(
    fn: Callable[[HttpRequest], SampleBar | None],
) -> Callable[[HttpRequest], SampleBar | None]:
    """Let `fn(request)` fill the bar over the page while sample data is loaded."""
    if fn not in _sample_bars:
        _sample_bars.append(fn)
    return fn


def status_item(
    fn: Callable[[HttpRequest], StatusItem | None],
) -> Callable[[HttpRequest], StatusItem | None]:
    """Let `fn(request)` put a pill into the top bar."""
    if fn not in _status_items:
        _status_items.append(fn)
    return fn


def strings(messages: Mapping[str, Message]) -> None:
    """Add texts for the page's scripts: `t("desk.new")` in TypeScript finds the key "desk.new"."""
    _strings.update(messages)


def nav_for(user: Any) -> list[NavEntry]:
    """The entries that `user` may open, in order."""
    if not user.is_authenticated:
        return []
    return [
        entry
        for entry in sorted(_nav.values(), key=lambda e: (e.order, e.key))
        if not entry.permissions or any(user.grants(permission) for permission in entry.permissions)
    ]


def nav_parts(key: str) -> list[str]:
    """Names of the addresses whose pages belong to the place `key` besides its own."""
    return list(_nav_parts.get(key, ()))


def user_links_for(user: Any) -> list[UserLink]:
    """The lines of the person's menu that `user` may open, in order."""
    links = sorted(_user_links.values(), key=lambda link: (link.order, link.url_name))
    return [link for link in links if not link.permission or user.grants(link.permission)]


def search(user: Any, query: str) -> list[Hit]:
    """What all providers find, in the order in which they were registered."""
    return [hit for provider in _providers for hit in provider(user, query)]


def sample_bar_for(request: HttpRequest) -> SampleBar | None:
    return next((bar for fn in _sample_bars if (bar := fn(request)) is not None), None)


def status_for(request: HttpRequest) -> list[StatusItem]:
    return [item for fn in _status_items if (item := fn(request)) is not None]


def all_strings() -> dict[str, Message]:
    return dict(_strings)
