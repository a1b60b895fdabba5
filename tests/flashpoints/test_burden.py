"""The burden table: months, runs, shares, and that it can be taken along."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.flashpoints import makers
from tirek.accounts.models import Assignment
from tirek.flashpoints import burden

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(small_province, person):
    north, south = small_province.districts
    run = makers.made_run(small_province.region, {north: 1.0, south: 1.0})
    chief, today = person("chief"), timezone.localdate()
    makers.flashpoint(run, north, chief, today - timedelta(days=200), 30)
    makers.flashpoint(run, north, chief, today - timedelta(days=180), 40)  # ten days of it are new
    makers.flashpoint(run, south, chief, today - timedelta(days=5), 30)
    return north, south, chief


def test_days_months_and_shares(world):
    north, south, chief = world
    rows = {row.area: row for row in burden.table(chief)}
    assert (rows[north].flags, rows[north].days, rows[north].longest_days) == (2, 60, 60)
    assert (rows[south].flags, rows[south].days) == (1, 6)
    assert rows[north].share + rows[south].share == pytest.approx(1)
    assert rows[north].share == rows[north].months / (rows[north].months + rows[south].months)
    assert (rows[north].population_share, rows[south].population_share) == (0.6, 0.4)
    assert rows[north].weight == pytest.approx(rows[north].share / 0.6)
    assert (rows[north].stands, rows[south].stands) == (False, True)


def test_months_in_a_row_are_not_counted_since_the_cap_counts_days(world, client_for):
    """Two short flags with a rest between them touch four calendar months: as if the cap of three were broken."""
    _north, _south, chief = world
    page = client_for(chief).get(reverse("flashpoints:burden"))
    names = [column.name for column in page.context["table"].columns]
    assert "longest_days" in names
    assert "longest" not in names


def test_what_is_older_than_two_years_is_left_out(world, small_province):
    north, _south, chief = world
    run = makers.made_run(small_province.region, {north: 1.0})
    makers.flashpoint(run, north, chief, timezone.localdate() - timedelta(days=1200), 90)
    assert {row.area: row.days for row in burden.table(chief)}[north] == 60


def test_only_the_districts_that_one_sees(world, person):
    _north, south, _chief = world
    assert [row.area for row in burden.table(person("overseer", south))] == [south]


def test_a_share_is_of_the_province_and_not_of_what_one_sees(world, person):
    """Of one district alone everybody would read that it carries just its even share."""
    north, south, chief = world
    whole = {row.area: row for row in burden.table(chief)}
    for area in (north, south):
        (row,) = burden.table(person("overseer", area))
        assert row == whole[area]
        assert row.share < 1
    assert whole[north].weight == pytest.approx(whole[north].months / (whole[north].months + whole[south].months) / 0.6)


def test_whoever_sees_only_the_border_reads_no_burden(world, person):
    north, south, _chief = world
    local = person("overseer", south)
    Assignment.objects.create(person=local, role="inspector", area=north.parent)
    assert [row.area for row in burden.table(local)] == [south]


def test_the_table_can_be_taken_along(world, client_for):
    north, _south, chief = world
    client = client_for(chief)
    assert "60 of 90" in client.get(reverse("flashpoints:burden")).content.decode()
    response = client.get(reverse("sheets:export", args=["flashpoint-burden", "csv"]))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert north.code in content.decode("utf-8-sig")
    assert "longest run, months" not in content.decode("utf-8-sig").lower()


def test_a_province_without_flags(small_province, person, client_for):
    content = client_for(person("overseer")).get(reverse("flashpoints:burden")).content.decode()
    assert "No district was a flash-point in this time." in content
