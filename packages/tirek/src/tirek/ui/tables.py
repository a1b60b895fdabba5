"""Columns for registers (django-tables2), drawn by ui/table.html."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html

from tirek.ui.templatetags.tirek import ago, number, state_pill

PAGE_SIZES = (25, 50, 100)


def page_size(request: HttpRequest) -> int:
    """How many rows the person wants on a page (`per_page` in the address), the least of `PAGE_SIZES` unless said."""
    text = request.GET.get("per_page", "")
    return int(text) if text.isdigit() and int(text) in PAGE_SIZES else PAGE_SIZES[0]


def page_sizes(request: HttpRequest) -> list[tuple[int, str, bool]]:
    """The choices, for ui/parts/page_sizes.html: number of rows, address, and whether it is this one."""
    here = page_size(request)
    query = request.GET.copy()
    query.pop("page", None)
    sizes = []
    for size in PAGE_SIZES:
        query["per_page"] = str(size)
        sizes.append((size, f"?{query.urlencode()}", size == here))
    return sizes


class NumberColumn(tables.Column):
    """Right-aligned, grouped as the language does it, with an optional unit."""

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "num"}, "th": {"class": "num"}})
        super().__init__(*args, **kwargs)
        self.unit = unit

    def render(self, value: Any) -> str:
        return number(value, self.unit)


class StateColumn(tables.Column):
    """A state of proof: colour, shape and word."""

    def render(self, value: Any) -> str:
        return state_pill(value)


class AgoColumn(tables.Column):
    """A moment as "5 minutes ago", the exact time on hover."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "num mute"}, "th": {"class": "num"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return ago(value)


class NameColumn(tables.Column):
    """The record's name, leading to its page (`get_absolute_url`)."""

    def render(self, value: Any, record: Any) -> str:
        return format_html('<a class="row-link" href="{}">{}</a>', record.get_absolute_url(), value)
