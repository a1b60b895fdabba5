"""Filters of the list of people; they stand in the address bar."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import Agency, Assignment, Person
from tirek.accounts.queries import matching, running
from tirek.accounts.roles import ROLE_CHOICES
from tirek.ui.filters import SearchFilter


class PeopleFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name, position or phone"), method="by_words")
    role = django_filters.MultipleChoiceFilter(label=_("Role"), choices=ROLE_CHOICES, method="by_role")
    agency = django_filters.ModelChoiceFilter(label=_("Agency"), queryset=Agency.objects.none())
    state = django_filters.ChoiceFilter(
        label=_("State of the account"), choices=[("open", _("open")), ("closed", _("closed"))], method="by_state"
    )

    class Meta:
        model = Person
        fields = ["q", "role", "agency", "state"]

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["agency"].queryset = Agency.objects.restrict(user, "view")

    def by_words(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(matching(value))

    def by_role(self, people: QuerySet[Person], name: str, value: list[str]) -> QuerySet[Person]:
        if not value:
            return people
        held = Assignment.objects.filter(running(), role__in=value)
        return people.filter(pk__in=held.values("person"))

    def by_state(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(is_active=value == "open")
