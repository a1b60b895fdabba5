"""Filters of the register; they stand in the address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.facilities.filters import Choices, in_box, read_box
from tirek.incidents.models import Incident, Kind, Signal, Silence
from tirek.places.filters import districts, name_contains
from tirek.places.models import Area
from tirek.places.queries import in_order
from tirek.ui.filters import SearchFilter

DAY = {"type": "date"}
# Asked for less often: they stand behind "More filters".
RARE = ("group", "where", "source", "duplicates")
PERIODS = {"30": 30, "90": 90, "365": 365}


def search_condition(text: str) -> Q:
    """Every word stands in the number, the place, the description or the name of the area."""
    condition = Q()
    for word in text.split():
        areas = Area.objects.filter(name_contains(word) | name_contains(word.capitalize()))
        condition &= Q(words__contains=word.casefold()) | Q(area__in=areas.values("pk"))
    return condition


class InAreas(django_filters.FilterSet):
    """What lies in chosen districts."""

    area = Choices(method="inside", label=_("District"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, when a choice is looked at or drawn: an answer without a form needs none of them.
        self.filters["area"].extra["choices"] = lambda: [(area.pk, area.name) for area in self.areas]

    @cached_property
    def areas(self) -> list[Area]:
        return in_order(districts(self.request))

    def inside(self, rows: QuerySet, _name: str, value: list[str]) -> QuerySet:
        chosen = [Q(area__path__startswith=area.path) for area in self.areas if str(area.pk) in value]
        return rows.filter(reduce(or_, chosen)) if chosen else rows


class IncidentFilter(InAreas):
    q = SearchFilter(_("Number, place or words"), method="search")
    period = django_filters.ChoiceFilter(
        choices=[
            ("30", _("last 30 days")),
            ("90", _("last 90 days")),
            ("365", _("last 12 months")),
            ("year", _("this year")),
        ],
        method="in_period",
        label=_("Period"),
    )
    since = django_filters.DateFilter(
        field_name="last_day", lookup_expr="gte", label=_("from"), widget=forms.DateInput(attrs=DAY)
    )
    until = django_filters.DateFilter(
        field_name="first_day", lookup_expr="lte", label=_("until"), widget=forms.DateInput(attrs=DAY)
    )
    kind = Choices(field_name="kind", label=_("Kind"))
    severity = Choices(choices=Incident._meta.get_field("severity").choices, label=_("Severity"))
    verification = Choices(choices=Incident.Verification.choices, label=_("Verification"))
    mode = Choices(field_name="discovery_mode", choices=Incident.Mode.choices, label=_("How it came to light"))
    group = Choices(field_name="kind__group", choices=Kind.Group.choices, label=_("Group"))
    where = Choices(field_name="where_precision", choices=Incident.Where.choices, label=_("Place known"))
    source = Choices(field_name="source_kind", choices=Incident.Source.choices, label=_("Source"))
    duplicates = django_filters.ChoiceFilter(
        choices=[("all", pgettext_lazy("duplicates", "shown")), ("only", pgettext_lazy("duplicates", "these alone"))],
        method="by_duplicates",
        label=_("Merged into others"),
    )
    facility = django_filters.CharFilter(field_name="facility__code", lookup_expr="iexact", widget=forms.HiddenInput)

    class Meta:
        model = Incident
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = lambda: self.kinds
        self.form.fields["duplicates"].when_empty = pgettext_lazy("duplicates", "hidden")

    @cached_property
    def kinds(self) -> list[tuple[int, str]]:
        return [(kind.pk, kind.name) for kind in Kind.objects.all()]

    def search(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        return rows.filter(search_condition(value))

    def in_period(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        return rows.filter(last_day__gte=start_of(value))

    def by_duplicates(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        return rows.exclude(duplicate_of=None) if value == "only" else rows

    def filter_queryset(self, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("duplicates"):
            rows = rows.filter(duplicate_of=None)
        box = read_box(self.data.get("box", ""))
        return in_box(rows, box) if box else rows


class SilenceFilter(InAreas):
    class Meta:
        model = Silence
        fields: list[str] = []


class SignalFilter(InAreas):
    name = Choices(label=pgettext_lazy("figures", "Signal"))

    class Meta:
        model = Signal
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["name"].extra["choices"] = lambda: self.names

    @cached_property
    def names(self) -> Iterable[tuple[str, str]]:
        rows = Signal.objects.restrict(self.request.user, "view").order_by("name").values_list("name", flat=True)
        return [(name, name) for name in rows.distinct()]


def start_of(period: str) -> date:
    """The first day of a period of the filter."""
    today = timezone.localdate()
    return today.replace(month=1, day=1) if period == "year" else today - timedelta(days=PERIODS[period])
