"""Sections that other apps put on a record's page, so that the record's app imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a page: a heading and a template with its context. `count` stands beside the heading."""

    key: str
    title: str | Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    count: int | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a record's page. `context` is called only when the tab is open; `count` stands beside its name."""

    key: str
    title: str | Promise
    template: str
    context: Callable[[], dict[str, Any]]
    count: int | None = None
    order: int = 50


Provider = Callable[[HttpRequest, Any], Section | None]
TabProvider = Callable[[HttpRequest, Any], Tab | None]


class Sections:
    """The sections of one kind of page. Apps add theirs in `AppConfig.ready()`."""

    def __init__(self) -> None:
        self._providers: list[Provider] = []

    def add(self, fn: Provider) -> Provider:
        """Let `fn(request, record)` give a section, or None where it has nothing to show this person."""
        if fn not in self._providers:
            self._providers.append(fn)
        return fn

    def collect(self, request: HttpRequest, record: Any) -> list[Section]:
        """The sections of one page, smaller `order` first."""
        found = [section for fn in self._providers if (section := fn(request, record)) is not None]
        return sorted(found, key=lambda section: section.order)


class Tabs:
    """The tabs of one kind of page. Apps add theirs in `AppConfig.ready()`."""

    def __init__(self) -> None:
        self._providers: list[TabProvider] = []

    def add(self, fn: TabProvider) -> TabProvider:
        """Let `fn(request, record)` give a tab, or None where this person has no business with it."""
        if fn not in self._providers:
            self._providers.append(fn)
        return fn

    def collect(self, request: HttpRequest, record: Any) -> list[Tab]:
        """The tabs of one page, smaller `order` further left."""
        found = [tab for fn in self._providers if (tab := fn(request, record)) is not None]
        return sorted(found, key=lambda tab: tab.order)
