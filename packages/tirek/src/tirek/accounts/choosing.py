"""Rows of a register that an act on many speaks of: those that were ticked, or all that its filters find.

choice = Choice(request, given, "facilities:register", filtered)
choice.rows                                                         what the person may see of them
choice.back                                                         the register with the same filters
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from tirek.accounts.saved_views import lasting


class Choice:
    """`given` is what the request says; `filtered(request, query)` is the register's filter over what the person may see."""

    def __init__(
        self, request: HttpRequest, given: QueryDict, register: str, filtered: Callable[[HttpRequest, QueryDict], Any]
    ) -> None:
        self.request, self.register, self.filtered = request, register, filtered
        self.all = given.get("all", "") == "1"
        self.query = lasting(given.get("query", ""))
        self.ids = sorted({int(text) for text in given.getlist("row") if text.isascii() and text.isdigit()})

    @property
    def rows(self) -> QuerySet[Any]:
        found = self.filtered(self.request, QueryDict(self.query))
        rows: QuerySet[Any] = found.qs if self.all else found.queryset.filter(pk__in=self.ids)
        return rows

    @property
    def back(self) -> str:
        return f"{reverse(self.register)}?{self.query or 'all=1'}"

    def export(self, sheet: str) -> str:
        """The address of the table of these rows; the register's own filters where all are chosen."""
        query = self.query if self.all else urlencode([("row", pk) for pk in self.ids])
        return f"{reverse('sheets:export', args=[sheet, 'xlsx'])}?{query}"
