"""Measures of prevention: an owner, a day, closed with what was done."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.flashpoints import makers
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.flashpoints import actions
from tirek.flashpoints.models import Measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(small_province):
    return {
        "area": small_province.districts[0],
        "kind": Measure.Kind.LIGHTING,
        "text": "Light the way behind the market",
        "agency": small_province.agency,
        "due_on": timezone.localdate() + timedelta(days=14),
    }


def test_written_down_and_closed_with_what_was_done(person, fields):
    analyst = person("analyst")
    made = actions.add_measure(analyst, fields)
    assert made.is_open
    with pytest.raises(Refused, match="what was done"):
        actions.close_measure(analyst, made.pk, " ")
    closed = actions.close_measure(analyst, made.pk, "Four lamps stand")
    assert (closed.state, closed.closed_on, closed.closed_by) == ("done", timezone.localdate(), analyst)
    assert Entry.objects.latest("pk").after["outcome"] == "Four lamps stand"
    with pytest.raises(Refused, match="is closed"):
        actions.close_measure(analyst, made.pk, "again")


def test_dropped_with_why(person, fields):
    made = actions.add_measure(person("chief"), fields)
    assert actions.close_measure(person("secretary"), made.pk, "No money", done=False).state == "dropped"


def test_overdue_after_its_day(person, fields):
    made = actions.add_measure(person("chief"), fields | {"due_on": timezone.localdate() - timedelta(days=1)})
    assert made.is_late


def test_a_flash_point_of_another_district_does_not_fit(person, fields, small_province):
    chief = person("chief")
    south = small_province.districts[1]
    run = makers.made_run(small_province.region, {south: 1.0})
    with pytest.raises(Refused, match="another district"):
        actions.add_measure(chief, fields | {"flashpoint": makers.flashpoint(run, south, chief)})


def test_not_without_the_right_and_not_elsewhere(person, fields, small_province):
    with pytest.raises(PermissionDenied):
        actions.add_measure(person("overseer"), fields)
    with pytest.raises(PermissionDenied):
        actions.add_measure(person("analyst", small_province.districts[1]), fields)


def test_by_the_pages(person, client_for, fields, small_province):
    client = client_for(person("secretary"))
    north = small_province.districts[0]
    response = client.post(
        reverse("flashpoints:measure_new", args=[north.pk]),
        {"kind": "mediation", "text": "Talk", "agency": small_province.agency.pk, "due_on": fields["due_on"]},
    )
    made = Measure.objects.get()
    assert response.url == made.get_absolute_url()
    client.post(
        reverse("flashpoints:measure_edit", args=[made.pk]),
        {"kind": "mediation", "text": "Talk twice", "agency": small_province.agency.pk, "due_on": fields["due_on"]},
    )
    client.post(reverse("flashpoints:measure_close", args=[made.pk]), {"done": "yes", "outcome": "They talk"})
    made.refresh_from_db()
    assert (made.text, made.state, made.outcome) == ("Talk twice", "done", "They talk")
    assert client.get(reverse("flashpoints:measure_close", args=[made.pk])).status_code == 404
    listed = client.get(f"{reverse('flashpoints:measures')}?state=done&kind=mediation&area={north.pk}")
    assert "Talk twice" in listed.content.decode()
    assert "Talk twice" not in client.get(f"{reverse('flashpoints:measures')}?late=yes").content.decode()


def test_a_day_that_is_over_is_no_term(person, client_for, fields, small_province):
    client = client_for(person("secretary"))
    response = client.post(
        reverse("flashpoints:measure_new", args=[small_province.districts[0].pk]),
        {"kind": "other", "text": "Talk", "agency": small_province.agency.pk, "due_on": "2020-01-01"},
    )
    assert "This day is over" in response.content.decode()
    assert not Measure.objects.exists()
