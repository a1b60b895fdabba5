"""Filters of the register; they stand in the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.models import Agency
from tirek.facilities.models import Facility, FacilityType, Proposal
from tirek.facilities.registry import passport_states
from tirek.facilities.words import search_condition
from tirek.places.filters import districts
from tirek.places.models import Area
from tirek.places.queries import in_order
from tirek.ui.filters import SearchFilter

Box = tuple[float, float, float, float]
YEAR = timedelta(days=365)
# Asked for less often: they stand behind "More filters".
RARE = ("state", "agency", "protection", "passport")


class Choices(django_filters.MultipleChoiceFilter):
    """Several values of one column: any of them. No row comes twice, so none has to be looked for twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [])
        super().__init__(*args, **kwargs, distinct=False, widget=forms.CheckboxSelectMultiple)


class SomeDay(forms.DateField):
    """A day that has one before it and one after it in every zone: at the edges of the calendar the sums on it overflow."""

    default_validators = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class FirstDay(django_filters.DateFilter):
    """From the begin of a day on, by a column of moments."""

    field_class = SomeDay

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__gte": midnight(value)}) if value else qs


class LastDay(django_filters.DateFilter):
    """Up to the end of a day, by a column of moments."""

    field_class = SomeDay

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__lt": midnight(value + timedelta(days=1))}) if value else qs


class FromLinks(django_filters.FilterSet):
    """Filters that a link brings along, such as a figure of the reports: they are drawn only while they are in use."""

    from_links: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.from_links:
            if not self.data.get(name):
                self.form.fields[name].widget = forms.HiddenInput()


class FacilityFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name, address or code"), method="search")
    area = Choices(method="inside", label=_("District"))
    type = Choices(label=_("Type"))
    category = Choices(choices=Facility._meta.get_field("category").choices, label=_("Category"))
    notices = django_filters.ChoiceFilter(
        choices=[
            ("open", pgettext_lazy("notices", "open")),
            ("overdue", pgettext_lazy("notices", "overdue")),
            ("none", pgettext_lazy("notices", "none")),
        ],
        method="by_notices",
        label=_("Notices"),
    )
    inspected = django_filters.ChoiceFilter(
        choices=[
            ("this_year", _("this year")),
            ("year", _("in the last 12 months")),
            ("old", _("not for a year")),
            ("never", pgettext_lazy("inspected", "never")),
        ],
        method="by_inspection",
        label=_("Inspected"),
    )
    protection = django_filters.ChoiceFilter(
        choices=[
            ("50", _("below 50 %")),
            ("70", _("below 70 %")),
            ("90", _("below 90 %")),
            ("unknown", _("not known")),
        ],
        method="by_protection",
        label=_("Protection"),
    )
    passport = Choices(choices=passport_states, method="by_passport", label=_("Passport"))
    agency = Choices(label=_("Agency in charge"))
    state = Choices(choices=Facility.State.choices, label=_("State"))

    class Meta:
        model = Facility
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, when a choice is looked at or drawn: an answer without a form needs none of them.
        self.filters["area"].extra["choices"] = lambda: [(area.pk, area.name) for area in self.areas]
        self.filters["type"].extra["choices"] = lambda: self.types
        self.filters["agency"].extra["choices"] = lambda: self.agencies
        self.form.fields["state"].when_empty = Facility.State.LISTED.label

    @cached_property
    def areas(self) -> list[Area]:
        return in_order(districts(self.request))

    @cached_property
    def types(self) -> list[tuple[int, str]]:
        return [(row.pk, row.name) for row in FacilityType.objects.all()]

    @cached_property
    def agencies(self) -> list[tuple[int, str]]:
        return [(row.pk, row.name) for row in Agency.objects.order_by("code")]

    def search(self, rows: QuerySet[Facility], _name: str, value: str) -> QuerySet[Facility]:
        return rows.filter(search_condition(value))

    def inside(self, rows: QuerySet[Facility], _name: str, value: list[str]) -> QuerySet[Facility]:
        chosen = [Q(area__path__startswith=area.path) for area in self.areas if str(area.pk) in value]
        return rows.filter(reduce(or_, chosen)) if chosen else rows

    def by_notices(self, rows: QuerySet[Facility], _name: str, value: str) -> QuerySet[Facility]:
        if value == "overdue":
            return rows.filter(figures__notices_overdue__gt=0)
        return (
            rows.filter(figures__notices_open__gt=0) if value == "open" else rows.exclude(figures__notices_open__gt=0)
        )

    def by_inspection(self, rows: QuerySet[Facility], _name: str, value: str) -> QuerySet[Facility]:
        today = timezone.localdate()
        if value == "never":
            return rows.filter(figures__inspected_on=None)
        if value == "old":
            return rows.filter(Q(figures__inspected_on=None) | Q(figures__inspected_on__lt=today - YEAR))
        since = today.replace(month=1, day=1) if value == "this_year" else today - YEAR
        return rows.filter(figures__inspected_on__gte=since)

    def by_protection(self, rows: QuerySet[Facility], _name: str, value: str) -> QuerySet[Facility]:
        if value == "unknown":
            return rows.filter(figures__protection=None)
        return rows.filter(figures__protection__lt=int(value))

    def by_passport(self, rows: QuerySet[Facility], _name: str, value: list[str]) -> QuerySet[Facility]:
        if not value:
            return rows
        wanted = Q(figures__passport_state__in=value)
        if "none" in value:
            wanted |= Q(figures__passport_state="") | Q(figures=None)
        return rows.filter(wanted)

    def filter_queryset(self, queryset: QuerySet[Facility]) -> QuerySet[Facility]:
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            rows = rows.filter(state=Facility.State.LISTED)
        box = read_box(self.data.get("box", ""))
        return in_box(rows, box) if box else rows


class ProposalFilter(django_filters.FilterSet):
    """Proposals; without a choice those that wait."""

    state = django_filters.MultipleChoiceFilter(
        choices=Proposal.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    act = django_filters.ChoiceFilter(choices=Proposal.Act.choices, label=_("What is proposed"))

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["state"].when_empty = _("those that wait")

    def filter_queryset(self, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(state__in=Proposal.OPEN)


def read_box(text: str) -> Box | None:
    """A part of the map, "west,south,east,north" in degrees; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if west <= east and south <= north else None


def in_box(rows: QuerySet[Facility], box: Box) -> QuerySet[Facility]:
    west, south, east, north = box
    return rows.filter(lon__range=(west, east), lat__range=(south, north))


def without(query: Any, name: str) -> str:
    """The query string without one field, for the link that takes a filter away."""
    rest = query.copy()
    rest.pop(name, None)
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


def midnight(day: date) -> datetime:
    """The begin of a day, here."""
    return timezone.make_aware(datetime.combine(day, time()))
