"""Filters that many lists share."""

import django_filters
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tirek.accounts.models import Agency, Person
from tirek.ui.filters import OneRowFilter, SearchFilter

pytestmark = pytest.mark.django_db


class People(django_filters.FilterSet):
    q = SearchFilter("Name or code", field_name="username", lookup_expr="icontains")
    one = OneRowFilter("agency", queryset=Agency.objects.order_by("code"), label="Agency")

    class Meta:
        model = Person
        fields: list[str] = []


@pytest.fixture
def agencies():
    return [
        Agency.objects.create(code=code, name_kk=code, name_ru=code, name_en=code)
        for code in ("akimat", "police", "rescue")
    ]


@pytest.fixture
def people(agencies):
    return [Person.objects.create(username=f"of-{agency.code}", agency=agency) for agency in agencies]


def asked(run):
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


class TestOneRow:
    def test_the_chosen_row_is_found(self, agencies, people):
        found = People({"one": str(agencies[1].pk)}, Person.objects.all())
        assert list(found.qs) == [people[1]]
        assert found.form.cleaned_data["one"] == agencies[1]

    def test_choices_are_the_rows_after_an_empty_one(self, agencies):
        choices = list(People({}, Person.objects.all()).form.fields["one"].choices)
        assert choices[0][0] == ""
        assert [str(label) for _value, label in choices[1:]] == [str(agency) for agency in agencies]

    def test_looking_at_the_value_and_drawing_it_read_the_rows_once(self, agencies):
        found = People({"one": str(agencies[0].pk)}, Person.objects.all())

        def use():
            assert found.form.is_valid()
            drawn = str(found.form["one"])
            assert f'<option value="{agencies[0].pk}" selected>' in drawn
            str(found.form["one"])

        assert asked(use) == 1

    def test_a_page_that_neither_chooses_nor_draws_reads_nothing(self, agencies):
        found = People({}, Person.objects.all())
        assert asked(found.form.is_valid) == 0

    @pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 40, "1; drop"])
    def test_what_is_no_row_is_refused_and_filters_nothing(self, people, value):
        found = People({"one": value}, Person.objects.all())
        assert "one" in found.form.errors
        assert found.qs.count() == len(people)

    def test_the_next_request_sees_new_rows(self, agencies):
        str(People({}, Person.objects.all()).form["one"])
        Agency.objects.create(code="school", name_kk="s", name_ru="s", name_en="s")
        assert "school" in {a.code for a in People({}, Person.objects.all()).form.fields["one"].queryset}


class TestSearch:
    def test_it_says_what_it_finds_by_while_it_is_empty(self):
        drawn = str(People({}, Person.objects.all()).form["q"])
        assert 'type="search"' in drawn
        assert 'placeholder="Name or code"' in drawn
