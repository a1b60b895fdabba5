"""Lists show what `restrict` shows, no more and no less, and their filters do what they say."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.inspections.support import make_finding, make_visit, requirements
from tirek.inspections import queries
from tirek.inspections.models import Finding, Inspection

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(small_province, inspector):
    for facility in small_province.facilities:
        make_finding(facility, inspector, requirements()[0])
        make_visit(facility, inspector, kind="unannounced")
    return small_province


@pytest.mark.parametrize("role", ["chief", "inspector", "facility_contact", "coordinator", None])
@pytest.mark.parametrize("bound", [None, "area", "agency"])
def test_a_list_is_what_restrict_gives(rows, person, role, bound):
    area = rows.districts[0] if bound == "area" else None
    agency = rows.agency if bound == "agency" else None
    somebody = person(role, area, agency=agency)
    rows.facilities[0].contacts.create(person=somebody, full_name="x", phone="1")
    for model, listed in ((Finding, queries.finding_list), (Inspection, queries.visit_list)):
        assert set(listed(somebody)) == set(model.objects.restrict(somebody, "view")), model


def test_a_closed_account_sees_nothing(rows, person):
    somebody = person("chief", is_active=False)
    assert not queries.finding_list(somebody).exists()
    assert not queries.visit_list(somebody).exists()


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 3),
        ("?point=perimeter", 3),
        ("?point=video", 0),
        ("?mandatory=True", 3),
        ("?mandatory=False", 0),
        ("?state=open", 3),
        ("?state=fixed", 0),
        ("?severity=serious&severity=minor", 3),
        ("?q=Hospital", 1),
        ("?since=2999-01-01", 0),
        ("?since=nonsense", 3),
    ],
)
def test_filters_of_findings(rows, chief, client_for, query, n):
    page = client_for(chief).get(reverse("inspections:findings") + query)
    assert page.context["total"] == n


def test_the_page_of_an_area(rows, chief, client_for):
    page = client_for(chief).get(f"{reverse('inspections:findings')}?area={rows.districts[0].pk}")
    assert page.context["total"] == 2
    page = client_for(chief).get(f"{reverse('inspections:visits')}?area={rows.districts[1].pk}&kind=unannounced")
    assert page.context["total"] == 1


@pytest.mark.parametrize("what", ["conflicts", "late", "half_year"])
def test_the_numbers_over_the_list_lead_to_as_many(rows, chief, client_for, what):
    client = client_for(chief)
    counts = client.get(reverse("inspections:visits")).context["counts"]
    page = client.get(f"{reverse('inspections:visits')}?what={what}")
    if what == "half_year":  # facilities above, visits below
        assert len({v.facility_id for v in page.context["filter"].qs}) == counts.half_year == 3
    else:
        assert page.context["total"] == getattr(counts, what)
