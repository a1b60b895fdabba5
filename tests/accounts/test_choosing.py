"""Rows that an act on many speaks of."""

import django_filters
import pytest
from django.http import QueryDict
from django.test import RequestFactory

from tirek.accounts.choosing import Choice
from tirek.accounts.models import Person

pytestmark = pytest.mark.django_db


class People(django_filters.FilterSet):
    class Meta:
        model = Person
        fields = ["username"]


def filtered(_request, query):
    """The register of who is not hidden."""
    return People(query, queryset=Person.objects.exclude(username="hidden"))


def chosen(text):
    return Choice(RequestFactory().get("/"), QueryDict(text), "accounts:people", filtered)


@pytest.fixture
def people():
    return {name: Person.objects.create(username=name) for name in ("asel", "dana", "hidden")}


def test_ticked_rows_whatever_the_filters_say(people):
    choice = chosen(f"row={people['asel'].pk}&row={people['dana'].pk}&query=username%3Dnobody")
    assert {person.username for person in choice.rows} == {"asel", "dana"}


def test_all_that_the_filters_find(people):
    assert [person.username for person in chosen("all=1&query=username%3Ddana").rows] == ["dana"]
    assert {person.username for person in chosen("all=1").rows} == {"asel", "dana"}


@pytest.mark.parametrize("how", ["row={pk}", "all=1&query=username%3Dhidden"])
def test_never_what_the_person_may_not_see(people, how):
    assert list(chosen(how.format(pk=people["hidden"].pk)).rows) == []


@pytest.mark.parametrize("row", ["", "x", "-1", "²", "1.5"])
def test_what_is_no_number_of_a_row_is_passed_over(people, row):
    assert chosen(f"row={row}").ids == []


def test_the_way_back_and_to_the_table_keep_the_filters(people):
    choice = chosen("all=1&query=username%3Ddana%26page%3D3")
    assert choice.back.endswith("?username=dana")
    assert choice.export("people").endswith("?username=dana")
    assert chosen("row=7&row=5&row=7").export("people").endswith("?row=5&row=7")
    assert chosen("").back.endswith("?all=1")
