"""Filters of the log; they stand in the address bar."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from tirek.audit.models import Entry
from tirek.audit.queries import object_kind
from tirek.audit.verbs import VERBS, phrase
from tirek.ui.filters import SearchFilter


def _day() -> DateInput:
    return DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFilter(django_filters.FilterSet):
    q = SearchFilter(_("Who or what"), method="by_words")
    verb = django_filters.MultipleChoiceFilter(label=_("Act"), choices=())
    object_type = django_filters.ChoiceFilter(label=_("On what"), choices=())
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=_day())
    before = django_filters.DateFilter(label=_("To"), field_name="at", lookup_expr="date__lte", widget=_day())

    class Meta:
        model = Entry
        fields = ["q", "verb", "object_type", "since", "before"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["verb"].extra["choices"] = sorted(((v, phrase(v)) for v in VERBS), key=lambda pair: pair[1])
        types = Entry.objects.order_by("object_type").values_list("object_type", flat=True).distinct()
        self.filters["object_type"].extra["choices"] = [(name, object_kind(name)) for name in types]

    def by_words(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        condition = Q()
        for word in value.split():
            either = Q()
            for form in {word, word.lower(), word.capitalize()}:  # SQLite folds the case of Latin letters only
                either |= Q(actor__icontains=form) | Q(object_name__icontains=form) | Q(why__icontains=form)
            condition &= either
        return entries.filter(condition)
