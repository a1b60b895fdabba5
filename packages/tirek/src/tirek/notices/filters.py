"""Filters of the list of notices; they stand in the address."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.models import Agency
from tirek.facilities.filters import FirstDay, FromLinks, LastDay
from tirek.facilities.models import FacilityType
from tirek.notices.models import Notice
from tirek.places.filters import DistrictFilter, name_contains
from tirek.ui.filters import OneRowFilter, SearchFilter

AGES = [("30", _("within 30 days")), ("182", _("within six months")), ("365", _("within a year"))]
TERMS = [("overdue", _("over")), ("week", _("within a week")), ("month", _("within 30 days"))]
DAY = {"type": "date"}


class NoticeFilter(FromLinks):
    q = SearchFilter(_("Number or facility"), method="search")
    state = django_filters.MultipleChoiceFilter(
        choices=Notice.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    term = django_filters.ChoiceFilter(choices=TERMS, method="by_term", label=_("Term"))
    area = DistrictFilter("facility__area")
    type = django_filters.ModelMultipleChoiceFilter(
        queryset=FacilityType.objects.all(),
        field_name="facility__type",
        label=_("Type"),
        widget=forms.CheckboxSelectMultiple,
    )
    agency = OneRowFilter(queryset=Agency.objects.all(), field_name="facility__agency", label=_("Agency in charge"))
    asks = django_filters.ChoiceFilter(choices=[("yes", _("yes"))], method="by_wish", label=_("Asks for more time"))
    since = django_filters.ChoiceFilter(choices=AGES, method="by_age", label=pgettext_lazy("notice", "Issued"))
    issued_since = FirstDay(field_name="issued_at", label=_("issued from"), widget=forms.DateInput(attrs=DAY))
    issued_until = LastDay(field_name="issued_at", label=_("issued until"), widget=forms.DateInput(attrs=DAY))
    closed_since = FirstDay(field_name="closed_at", label=_("closed from"), widget=forms.DateInput(attrs=DAY))
    closed_until = LastDay(field_name="closed_at", label=_("closed until"), widget=forms.DateInput(attrs=DAY))
    from_links = ("issued_since", "issued_until", "closed_since", "closed_until")

    class Meta:
        model = Notice
        fields: list[str] = []

    def search(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        for word in value.split():
            rows = rows.filter(
                Q(number__icontains=word) | name_contains(word, "facility__") | Q(facility__code__icontains=word)
            )
        return rows

    def by_term(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        today = timezone.localdate()
        rows = rows.filter(state__in=Notice.OPEN)
        if value == "overdue":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__range=(today, today + timedelta(days=7 if value == "week" else 30)))

    def by_wish(self, rows: QuerySet[Notice], _name: str, _value: str) -> QuerySet[Notice]:
        return rows.filter(asks_for_time=True)

    def by_age(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        return rows.filter(issued_at__gte=timezone.now() - timedelta(days=int(value)))
